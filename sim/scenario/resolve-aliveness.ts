/**
 * Aliveness, from the form to the scenario: times that fit together, sources that observe something, and people who may say what they
 * say.
 *
 * Leaves out what becomes of it (world/watching.ts, oracles/mark-rules.ts).
 */
import { defaultAliveness } from "../../model/control/aliveness-settings.ts";
import { viewClasses } from "../../model/control/view.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { instant, micros, type Duration } from "../../model/units.ts";
import type { AlivenessSetting, ObservedSource, PersonsWord } from "./aliveness.ts";
import type { FormPath } from "./problem.ts";
import { showQuantity } from "./quantity.ts";
import { checkedQuantity, checkedSpread, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

/** What aliveness is checked against. */
export interface AlivenessContext {
  readonly sites: SiteNames;
  /** Null where it was refused: who is above whom is not checked then. */
  readonly topology: Topology | null;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

type Form = NonNullable<ScenarioForm["aliveness"]>;
type TimeName = "period" | "slowest" | "silentAfter" | "calmFor" | "backlogAge";

/** The section of a form that has it. */
export function resolveAliveness(section: Form, context: AlivenessContext): AlivenessSetting {
  const { watch, reporting, backlogAge, fencing } = defaultAliveness;
  const time = (name: TimeName, usual: Duration): Duration => {
    const written = section[name];
    const value = written === undefined ? usual : micros(checkedQuantity("duration", written));
    if (value > 0) return value;
    const what = `expected a time longer than nothing, found ${written ?? ""}`;
    context.problems.add(["aliveness", name], `${what}; write for example ${showQuantity("duration", usual)}`);
    return usual;
  };
  const period = time("period", reporting.period);
  const slowest = time("slowest", reporting.slowest);
  const silentAfter = time("silentAfter", watch.silentAfter);
  const settings = {
    watch: { silentAfter, calmFor: time("calmFor", watch.calmFor) },
    reporting: { period, slowest },
    backlogAge: time("backlogAge", backlogAge),
    fencing: { on: section.fencing?.on ?? fencing.on, schemaMin: section.fencing?.schemaMin ?? null },
  };
  const shown = (value: Duration): string => showQuantity("duration", value);
  if (silentAfter <= period) {
    const what = `expected a time longer than the period of reports, ${shown(period)}, found ${shown(silentAfter)}`;
    context.problems.add(
      ["aliveness", ...(section.silentAfter === undefined ? ["period"] : ["silentAfter"])],
      `${what}; who reports in time would count as silent: write for example silentAfter: ${shown(micros(3 * period))}`,
    );
  }
  if (slowest < period) {
    const what = `expected a time not shorter than the period of reports, ${shown(period)}, found ${shown(slowest)}`;
    context.problems.add(
      ["aliveness", ...(section.slowest === undefined ? ["period"] : ["slowest"])],
      `${what}; out of reach reports only become rarer: write a longer slowest`,
    );
  }
  const path: FormPath = ["aliveness"];
  return {
    settings,
    observed: (section.observe ?? []).map((one, index) => sourceOf(one, [...path, "observe", index], context)),
    confirmations: (section.confirmations ?? []).map((one, index) =>
      wordOf(one, [...path, "confirmations", index], context),
    ),
  };
}

function sourceOf(
  form: NonNullable<Form["observe"]>[number],
  path: FormPath,
  { sites, problems }: AlivenessContext,
): ObservedSource {
  const { least = 0, most = Math.max(100, least) } = form;
  const interval = checkedSpread(form.every);
  if (interval.kind === "constant" && interval.value === 0) {
    problems.add([...path, "every"], `expected a time longer than nothing, found ${form.every}; write for example 1s`);
  }
  if (most < least) {
    problems.add(
      [...path, "most"],
      `expected a value of at least ${least}, the least, found ${most}; exchange the two`,
    );
  }
  const classes = [...new Set(form.classes ?? viewClasses.map(({ name }) => name))];
  return { at: sites.select(form.at, [...path, "at"]), classes, interval, least, most };
}

function wordOf(
  { at, by, about, says, why = "" }: NonNullable<Form["confirmations"]>[number],
  path: FormPath,
  { sites, topology, duration, problems }: AlivenessContext,
): PersonsWord {
  const moment = checkedQuantity("duration", at);
  if (moment >= duration) {
    const what = `expected a time before the load ends (duration), found ${at}`;
    problems.add([...path, "at"], `${what}; make one of them fit`);
  }
  const areKnown = [sites.check(by, [...path, "by"]), sites.check(about, [...path, "about"])];
  if (!areKnown.includes(false) && topology !== null) checkIsBelow(by, about, path, topology, problems);
  return { at: instant(moment), by, about, says, detail: why };
}

function checkIsBelow(by: string, about: string, path: FormPath, topology: Topology, problems: ProblemList): void {
  const [speaker, subject] = [topology.cloudletNamed(by), topology.cloudletNamed(about)];
  if (speaker === null || subject === null || isEverBelow(topology, speaker, subject)) return;
  const above = topology.ancestors(subject).map((id) => topology.cloudlets[id]?.name ?? "");
  if (above.length === 0) {
    const what = `expected a cloudlet below ${by}, found ${about}, which has nobody above it`;
    problems.add([...path, "about"], `${what}: nobody can say so of it; leave it out`);
    return;
  }
  const what = `expected a cloudlet above ${about}, found ${by}`;
  problems.add([...path, "by"], `${what}; only who is above it may say so: write by: ${above.join(" or ")}`);
}

// Under any plan: who says so under another one is told that he may not, as the run goes.
function isEverBelow({ plans }: Topology, speaker: CloudletId, subject: CloudletId): boolean {
  return plans.some((plan) => plan.relation(speaker, subject) === "lower");
}
