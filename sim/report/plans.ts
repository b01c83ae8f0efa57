// The topologies of a run as pictures: one for each plan that it went through, with what the change to it was and when cloudlets
// were told. Bytes on links are those of the whole run in all of them. Leaves out when each cloudlet really went over, which is
// in the trace.

import type { Topology } from "../../model/topology/topology.ts";
import { renderMicros } from "../cli/tables.ts";
import type { LinkFigures } from "../run/report.ts";
import type { DurationSpec, PlanChange } from "../scenario/scenario.ts";
import type { Episode } from "./episodes.ts";
import { element, escaped } from "./markup.ts";
import { renderTree } from "./tree.ts";

/** Changes of one plan that are written out; more are counted, and marked in the picture. */
const CHANGES_MAX = 8;
/** Names beside a bar. */
const NAMES_MAX = 3;

/** What the pictures are drawn from. */
export interface PlanPictures {
  /** Any of the family. */
  readonly topology: Topology;
  /** In the order in which they were told. */
  readonly changes: readonly PlanChange[];
  readonly links: readonly LinkFigures[];
  readonly troubled: ReadonlySet<string>;
}

/** The picture of each plan; without headings where there is but one. */
export function renderPlans({ topology, changes, links, troubled }: PlanPictures): string {
  const { plans } = topology;
  const shared = { links, troubled };
  if (plans.length === 1) {
    return renderTree({ ...shared, topology, titleId: "topology-title", moved: new Set(), isExplained: true });
  }
  return plans
    .map((plan, index) => {
      const former = plans[index - 1] ?? null;
      const moves = former === null ? [] : movesBetween(former, plan);
      const titleId = `plan-${index + 1}-title`;
      const change = changes[index - 1];
      const when = change === undefined ? "from the beginning" : `from ${renderMicros(change.at)} on`;
      const says = change === undefined ? "" : `${changeText(moves)}. ${toldText(change.told)}`;
      return element(
        "div",
        { class: "plan", id: `plan-${index + 1}` },
        element("h3", { id: titleId }, `Plan ${index + 1}, ${when}`),
        says === "" ? "" : element("p", { class: "says" }, escaped(says)),
        renderTree({
          ...shared,
          topology: plan,
          titleId,
          moved: new Set(moves.map(({ name }) => name)),
          isExplained: index === plans.length - 1,
        }),
      );
    })
    .join("");
}

/** When plans were told, for a timeline. */
export function planEpisodes({ plans }: Topology, changes: readonly PlanChange[], end: number): readonly Episode[] {
  return changes.map(({ at, told }, index) => {
    const moves = movesBetween(plans[index] as Topology, plans[index + 1] as Topology);
    const names = moves.slice(0, NAMES_MAX).map(({ name }) => name);
    const more = moves.length > names.length ? ` and ${moves.length - names.length} more` : "";
    const what = names.length === 0 ? "" : `: other uppers for ${names.join(", ")}${more}`;
    return { text: `plan ${index + 2}${what}`, from: at, until: Math.min(end, at + longest(told)), hits: null };
  });
}

interface Move {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

function movesBetween(former: Topology, plan: Topology): readonly Move[] {
  const upperOf = ({ cloudlets }: Topology, id: number): string | null => {
    const upper = cloudlets[id]?.upper ?? null;
    return upper === null ? null : (cloudlets[upper]?.name ?? null);
  };
  return plan.cloudlets.flatMap(({ id, name }) => {
    const [from, to] = [upperOf(former, id), upperOf(plan, id)];
    return from === to ? [] : [{ name, from, to }];
  });
}

function changeText(moves: readonly Move[]): string {
  if (moves.length === 0) return "other flows, the same uppers";
  const shown = moves.slice(0, CHANGES_MAX).map(({ name, from, to }) => {
    if (to === null) return `${name} alone, no longer below ${from ?? ""}`;
    return from === null ? `${name} below ${to}` : `${name} below ${to}, no longer below ${from}`;
  });
  const more = moves.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function toldText(told: DurationSpec): string {
  const last = longest(told);
  if (last === 0) return "Everybody is told at once.";
  return told.kind === "constant"
    ? `Everybody is told ${renderMicros(last)} later.`
    : `Cloudlets are told one by one, most of them within ${renderMicros(last)}.`;
}

// Of times without an end, a usual one.
function longest(told: DurationSpec): number {
  switch (told.kind) {
    case "constant":
      return told.value;
    case "uniform":
      return told.max;
    case "exponential":
      return told.mean * 3;
    case "lognormal":
      return told.median * 3;
    case "normal":
      return told.mean + told.deviation * 3;
    case "pareto":
      return told.min * 3;
    case "empirical":
      return told.observations.at(-1)?.value ?? 0;
  }
}
