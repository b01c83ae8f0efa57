// Each oracle catches the bugs it was made for, alone too; and 2 000 runs without a bug raise no alarm.

import { expect, test } from "vitest";
import { oracleTable } from "../oracles/names.ts";
import { runScenario } from "../run/runner.ts";
import { plantScenario, runPlantJob } from "./matrix.ts";
import { plantOptions, plantTable } from "./plants.ts";
import { PLANT_RUNS_MAX, runMatrix } from "./run-matrix.ts";

test("every oracle has a planted bug of its own", () => {
  const made = new Set(plantTable.map(({ catches }) => catches[0]));
  expect(oracleTable.map(({ name }) => name).filter((name) => !made.has(name))).toEqual([]);
});

test.each(plantTable.map((plant) => ({ ...plant, plant })))(
  "$name is caught by $catches, each alone",
  ({ name, catches, plant }) => {
    const { alarms } = runPlantJob({ plant: name, first: 0, count: PLANT_RUNS_MAX, until: catches });
    for (const oracle of catches) {
      const alarm = alarms.find((one) => one.oracle === oracle);
      if (alarm === undefined) throw new Error(`${oracle} did not catch ${name}`);
      expect(alarm.evidence).not.toBe("");
      const number = Number(alarm.seed.slice(alarm.seed.lastIndexOf("-") + 1));
      const { report } = runScenario(plantScenario(number), { ...plantOptions(plant), only: [oracle] });
      expect(report.properties.map(([found, { verdict }]) => [found, verdict])).toEqual([[oracle, "violated"]]);
    }
  },
);

test("without a bug no oracle cries (2 000 runs)", { timeout: 240_000 }, async () => {
  const matrix = await runMatrix({ plants: [], cleanRuns: 2_000 });
  expect(matrix.falseAlarms).toEqual([]);
  expect(matrix.cleanRunCount).toBe(2_000);
});
