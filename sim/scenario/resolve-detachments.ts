/**
 * Decisions about members that are away, from the form to the scenario: names that exist, times within the load, and somebody who
 * may decide.
 *
 * Leaves out what a decision does (model/replication/absences.ts) and when it is told (world/decisions.ts).
 */
import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { collectingStreams, deciderOf, isCollecting } from "../../model/replication/collecting-streams.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { instant, type Duration } from "../../model/units.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList, type SiteNames } from "./resolving.ts";
import type { Detachment } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** What decisions are checked against. */
export interface DetachmentContext {
  readonly sites: SiteNames;
  /** Null where it was refused: who may decide is not checked then. */
  readonly topology: Topology | null;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

/** The decisions of a form, in its order. */
export function resolveDetachments(form: ScenarioForm, context: DetachmentContext): Detachment[] {
  const { duration, sites, problems } = context;
  const forms = form.detachments ?? [];
  if (forms.length > 0 && form.plans !== undefined) {
    const why = "expected a topology that stays as it is where members are detached, since who counts is asked of it";
    problems.add(["detachments"], `${why}; found detachments together with plans; leave one of the two out`);
  }
  const { protocol = "causeway" } = form;
  if (forms.length > 0 && protocol !== "causeway") {
    const what = "expected causeway, whose members can be detached, where there are detachments";
    problems.add(["protocol"], `${what}, found ${protocol}; leave one of the two out`);
  }
  const isClosing = forms.some((one) => "close" in one);
  for (const name of ["retain", "checkpoint"] as const) {
    if (!isClosing || form.logs?.[name] === undefined) continue;
    const what = "expected whole logs where members are closed, since what is lost with one is told record by record";
    problems.add(["logs", name], `${what}; found ${name} together with close; leave one of the two out`);
  }
  return forms.map((one, index): Detachment => {
    const path: FormPath = ["detachments", index];
    const kind = "detach" in one ? "detach" : "close";
    const member = "detach" in one ? one.detach : one.close;
    const at = checkedQuantity("duration", one.at);
    if (at >= duration) {
      const what = `expected a time before the load ends (duration), found ${one.at}`;
      problems.add([...path, "at"], `${what}; make one of them fit`);
    }
    const areKnown = [sites.check(one.decides, [...path, "decides"]), sites.check(member, [...path, kind])];
    if (one.decides === member) {
      problems.add([...path, kind], `expected another cloudlet than ${member}, which decides; nobody detaches itself`);
    } else if (!areKnown.includes(false)) checkDecider(one.decides, member, kind, path, context);
    return { at: instant(at), kind, decides: one.decides, member };
  });
}

function checkDecider(
  decides: string,
  member: string,
  kind: Detachment["kind"],
  path: FormPath,
  { topology, problems }: DetachmentContext,
): void {
  if (topology === null) return;
  const idOf = (name: string): CloudletId => {
    const found = topology.cloudlets.find((cloudlet) => cloudlet.name === name);
    assert(found !== undefined, "names were checked before");
    return found.id;
  };
  const [decider, away] = [idOf(decides), idOf(member)];
  const shared = collectingStreams(topology, away);
  const deciders = new Set(shared.map((stream) => deciderOf(topology, stream)));
  if (deciders.has(decider) || (kind === "close" && hears(topology, decider, away))) return;
  deciders.delete(away);
  const names = [...deciders].map((id) => topology.cloudlets[id]?.name).join(" or ");
  if (names !== "") {
    const why = `expected who decides about ${member}, found ${decides}`;
    problems.add([...path, "decides"], `${why}; write ${names}, the highest member of a stream that collects`);
  } else {
    const why = `expected a cloudlet that others collect deletes with, found ${member}`;
    const remedy = "give collect to a two-way scope in which somebody stands above it";
    problems.add([...path, kind], `${why}; ${remedy}`);
  }
}

// Does the first receive what the second writes into a scope that does not collect, and write into that scope itself?
function hears(topology: Topology, decider: CloudletId, member: CloudletId): boolean {
  return topology.scopes.some(({ id }) => {
    const [own, its] = [topology.streamOf(id, decider), topology.streamOf(id, member)];
    return own !== null && its !== null && topology.reaches(its, decider) && !isCollecting(topology, its);
  });
}
