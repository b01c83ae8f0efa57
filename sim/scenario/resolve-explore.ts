/**
 * An exploration, from the form to the scenario: defaults, and refusals of what has no place where time is abstract and every order is
 * tried.
 *
 * Leaves out whether the bounds can be searched in the memory that there is (sim/explore/estimate.ts).
 */
import { bytes } from "../../model/units.ts";
import { isWriteOp } from "../../model/replication/draft.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { cloudletsMax, waysMax } from "../explore/actions.ts";
import { writesMax } from "../explore/program.ts";
import { Ways } from "../explore/ways.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList } from "./resolving.ts";
import type { ExploreSetting, ScriptStep } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

const MEMORY_DEFAULT = "2GiB";
/** Records of so many characters stay together below the first window of a link (model/replication/sender.ts). */
const REQUESTS_MAX = 2_048;

/** The bounds of a form that has some. `topology` is null where it was refused. */
export function resolveExplore(
  form: ScenarioForm,
  topology: Topology | null,
  script: readonly ScriptStep[],
  problems: ProblemList,
): ExploreSetting {
  const { explore = {} } = form;
  refuseParts(form, problems);
  refuseScopes(form, problems);
  refuseScript(form, script, problems);
  if (topology !== null) refuseSize(topology, problems);
  const { crashes = 0 } = explore;
  return {
    losses: explore.losses ?? 0,
    duplicates: explore.duplicates ?? 0,
    crashes,
    cuts: explore.cuts ?? 0,
    firings: explore.firings ?? 1,
    acknowledgements: explore.acknowledgements ?? "ride",
    greetings: explore.greetings ?? (explore.order === "kept" ? "free" : "prompt"),
    disks: explore.disks ?? (crashes > 0 ? "slow" : "prompt"),
    order: explore.order ?? "any",
    start: explore.start ?? "connected",
    memory: bytes(checkedQuantity("size", explore.memory ?? MEMORY_DEFAULT)),
    depth: explore.depth ?? null,
    sometimes: explore.sometimes ?? [],
  };
}

// What chance or the clock decides in a run, exploration has in a way of its own or not at all.
function refuseParts(form: ScenarioForm, problems: ProblemList): void {
  const refuse = (path: FormPath, isGiven: boolean, why: string): void => {
    if (isGiven) problems.add(path, `${why} where a scenario is explored`, "key");
  };
  refuse(
    ["clients"],
    form.clients !== undefined,
    "expected requests of a script, found groups of clients; write a script",
  );
  refuse(
    ["faults"],
    form.faults !== undefined,
    "expected bounds such as explore.losses, found faults at stated times; leave them out",
  );
  refuse(["detachments"], form.detachments !== undefined, "expected nobody to be detached; leave detachments out");
  refuse(["travellers"], form.travellers !== undefined, "expected sessions that stay; leave travellers out");
  refuse(["logs"], form.logs !== undefined, "expected whole logs, found limits; leave logs out");
  refuse(["wire"], form.wire !== undefined, "expected one version of the byte form; leave wire out");
  refuse(["causality"], form.causality === "cloudlet", "expected causality: session, found cloudlet; leave it out");
  const { explore } = form;
  if (explore?.order !== "kept" || explore.greetings !== "prompt") return;
  const why = "expected greetings that arrive in their order, found prompt together with order: kept";
  problems.add(["explore", "greetings"], `${why}; leave one of the two out`);
}

function refuseScopes({ scopes = [], explore }: ScenarioForm, problems: ProblemList): void {
  for (const [at, { collect, resolver, durability }] of scopes.entries()) {
    if (collect !== undefined) {
      problems.add(
        ["scopes", at, "collect"],
        "expected deletes that stay where a scenario is explored; leave collect out",
      );
    }
    if (typeof resolver === "object") {
      problems.add(
        ["scopes", at, "resolver"],
        "expected a resolver of the core's where a scenario is explored; name one",
      );
    }
    if (durability === "memory" && (explore?.crashes ?? 0) > 0) {
      const why = "expected disk where processes may die, since what was only in memory is lost with them";
      problems.add(["scopes", at, "durability"], `${why}, found memory; change it, or explore.crashes`);
    }
  }
}

function refuseScript(
  { script: forms = [] }: ScenarioForm,
  script: readonly ScriptStep[],
  problems: ProblemList,
): void {
  if (script.length === 0) {
    problems.add(
      ["explore"],
      "expected a script to explore, found none; write the requests of each session into script",
      "key",
    );
  }
  const writes = script.filter(({ op }) => isWriteOp(op)).length;
  if (writes > writesMax) {
    problems.add(
      ["script"],
      `expected at most ${writesMax} writes to explore, found ${writes}; a few show the same`,
      "key",
    );
  }
  // What is sent at once is not limited then, which the names of states leave out (`AbstractTime`).
  const written = script.reduce((sum, { op }) => sum + JSON.stringify(op).length, 0);
  if (written > REQUESTS_MAX) {
    problems.add(
      ["script"],
      `expected requests of at most ${REQUESTS_MAX} characters together to explore, found ${written}; shorter values show the same`,
      "key",
    );
  }
  for (const [at, step] of forms.entries()) {
    if (!("ttl" in step) || step.ttl === undefined) continue;
    problems.add(
      ["script", at, "ttl"],
      "expected a write that lasts, since time is abstract where a scenario is explored; leave ttl out",
    );
  }
}

function refuseSize(topology: Topology, problems: ProblemList): void {
  const { length } = topology.cloudlets;
  if (length > cloudletsMax) {
    problems.add(
      ["topology"],
      `expected at most ${cloudletsMax} cloudlets to explore, found ${length}; three show most`,
      "key",
    );
    return;
  }
  const ways = new Ways(topology).ends.length;
  if (ways <= waysMax) return;
  problems.add(
    ["flows"],
    `expected at most ${waysMax} pairs of neighbours to explore, found ${ways}; use fewer flows`,
    "key",
  );
}
