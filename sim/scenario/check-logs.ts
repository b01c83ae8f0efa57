/**
 * What logs that are cut, and deletes that go for good, are not combined with: each is a mistake of the scenario.
 *
 * Leaves out what they are made of (schema.ts).
 */
import type { ProblemList } from "./resolving.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/**
 * Reports logs that are cut where something needs all of them. Checkpoints begin a log behind what they hold. Backups do not hold them, and
 * a cloudlet that goes over to another plan asks what it applied before for its past (model/replication/opening.ts).
 */
export function checkLogs({ logs, faults, plans }: Scenario, problems: ProblemList): void {
  const exchanged = faults.find(({ kind }) => kind === "restoreBackup" || kind === "cloneDisk");
  const add = (name: "checkpoint" | "retain", text: string): void => {
    if (logs[name] !== null) problems.add(["logs", name], text);
  };
  if (exchanged !== undefined) {
    const found = `found it together with a fault of kind ${exchanged.kind}`;
    const why = "expected no checkpoints where disks are exchanged, since a backup does not hold one";
    add("checkpoint", `${why}; ${found}; leave one of the two out`);
  }
  if (plans === undefined || plans.length === 0) return;
  for (const name of ["retain", "checkpoint"] as const) {
    const why = "expected whole logs where the topology changes, since what opens then is worked out from them";
    add(name, `${why}; found ${name} together with plans; leave one of the two out`);
  }
}

/** Reports deletes that go for good where the topology changes: all members of a stream have to say so, and under another plan it has others. */
export function refuseCollection({ scopes = [] }: ScenarioForm, problems: ProblemList): void {
  for (const [at, { collect }] of scopes.entries()) {
    if (collect === undefined) continue;
    const why =
      "expected deletes that are kept where the topology changes, since who has to know of them changes with it";
    problems.add(["scopes", at, "collect"], `${why}; found collect together with plans; leave one of the two out`);
  }
}
