// Each oracle catches the bugs it was made for, alone too; and runs without a bug raise no alarm: `npm start` has 2 100 more of those, and
// `causeway plants --clean 2000` as many as one asks for.

import { beforeAll, expect, test } from "vitest";
import { oracleTable } from "../oracles/names.ts";
import { runScenario } from "../run/runner.ts";
import { plantScenario } from "./matrix.ts";
import { plantNamed, plantOptions, everyPlant } from "./plants.ts";
import { isSound, type Matrix, runMatrix } from "./run-matrix.ts";

/** Enough to see an oracle that cries easily; more of them are for the commands above. */
const CLEAN_RUNS = 100;

test("every oracle has a planted bug of its own", () => {
  const made = new Set(everyPlant.map(({ catches }) => catches[0]));
  expect(oracleTable.map(({ name }) => name).filter((name) => !made.has(name))).toEqual([]);
});

// One matrix for all questions: every bug until its oracles have cried, and the runs without a bug.
let matrix: Matrix;
beforeAll(async () => {
  matrix = await runMatrix({ cleanRuns: CLEAN_RUNS });
}, 360_000);

test.each(everyPlant.map((plant) => ({ ...plant, plant })))(
  "$name is caught by $catches, each alone",
  ({ name, catches, plant }) => {
    const row = matrix.rows.find((one) => one.plant === plant);
    if (row === undefined) throw new Error(`the matrix has no row for ${name}`);
    expect(row.missed).toEqual([]);
    for (const oracle of catches) {
      const alarm = row.result.alarms.find((one) => one.oracle === oracle);
      if (alarm === undefined) throw new Error(`${oracle} did not catch ${name}`);
      expect(alarm.evidence).not.toBe("");
      const number = Number(alarm.seed.slice(alarm.seed.lastIndexOf("-") + 1));
      const { report } = runScenario(plantScenario(number, plant.world), { ...plantOptions(plant), only: [oracle] });
      expect(report.properties.map(([found, { verdict }]) => [found, verdict])).toEqual([[oracle, "violated"]]);
    }
  },
);

test(`without a bug no oracle cries (${CLEAN_RUNS} runs)`, () => {
  expect(matrix.falseAlarms).toEqual([]);
  expect(matrix.cleanRunCount).toBe(CLEAN_RUNS);
  expect(isSound(matrix)).toBe(true);
});

// Simple rules that are known to break in random worlds, with the planted bug that is each of them, and the property that
// it breaks. The bugs are run above; this holds that none of the rules is left without one.
test.each([
  [
    "dependencies by scope instead of by stream, where flows of several directions meet",
    "waits-for-unreachable",
    "convergence",
  ],
  ["the nearest dependencies in one list, whom they reach or not", "nearest-as-cops", "causal-delivery"],
  ["a store that drops what last-writer-wins would hide", "store-drops-loser", "exact-conflicts"],
  ["a store that drops what the upper layer would hide", "layers-drop-loser", "exact-conflicts"],
  ["a bound on clocks that holds the stamps too", "stamps-clamped", "reads-resolve"],
  ["dependencies without what is replaced", "replaced-not-awaited", "causal-delivery"],
  ["dependencies with what is replaced, but not with its dependencies", "replaced-without-past", "causal-delivery"],
  ["of two records of one session only the later, across scopes", "later-of-own", "monotonic-writes"],
  ["a session that moves and writes at once where its past has not come", "visible-while-behind", "causal-delivery"],
  ["a session that moves and reads where its past has not come, unmarked", "behind-not-said", "read-your-writes"],
  ["only what reaches the new cloudlet kept after a move", "moves-with-local-past", "causal-delivery"],
  ["a move without context", "moves-without-past", "causal-delivery"],
])("%s: planted as %s, and caught by %s", (_rule, name, oracle) => {
  expect(plantNamed(name)?.catches).toContain(oracle);
});
