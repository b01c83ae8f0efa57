// Marks and views in drawn worlds: over many runs every change of marks that is declared is seen, and no other, and nothing is
// left out that has to be met. That each rule cries when it is broken is in plants/matrix.test.ts.

import { expect, test } from "vitest";
import { transitions } from "../../model/control/transitions.ts";
import { firstPlanOf } from "../run/run.ts";
import { generateWatching } from "../run/generate-watching.ts";
import { runScenario } from "../run/runner.ts";
import { markTable } from "./names.ts";

const RUNS = 100;
const ONLY = ["mark-rules", "view-age", "accepts-whatever-marks"] as const;
/** A report that comes some other way than over the link: model/control/aliveness.test.ts and its transcripts have it. */
const ELSEWHERE = new Set(["autonomous > unknown"]);

test(`every declared change of marks is seen, and every mark that watching can reach, in ${RUNS} drawn worlds`, () => {
  const seen = new Set<string>();
  const reached = new Set<string>();
  for (let number = 0; number < RUNS; number += 1) {
    const scenario = generateWatching(`transitions-${number}`);
    const { cloudlets } = firstPlanOf(scenario);
    const { report } = runScenario(scenario, {
      only: ONLY,
      observers: [
        {
          watching(_at, cloudlet, event) {
            if (event.kind !== "marked" || cloudlets[event.about]?.upper !== cloudlet) return;
            seen.add(`${event.from} > ${event.to}`);
          },
        },
      ],
    });
    const violated = report.properties.filter(([, { verdict }]) => verdict === "violated");
    expect([scenario.seed, violated]).toEqual([scenario.seed, []]);
    for (const [name, count] of report.marks) if (count > 0) reached.add(name);
  }
  const declared = transitions.map(({ from, to }) => `${from} > ${to}`).filter((change) => !ELSEWHERE.has(change));
  expect([...seen].sort()).toEqual(declared.sort());
  const watched = markTable.filter(
    ({ needsAliveness, needsOperations, isRare }) =>
      needsAliveness === true && needsOperations !== true && isRare !== true,
  );
  expect(watched.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
}, 60_000);
