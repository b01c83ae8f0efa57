/**
 * What a black box sees of a run, and what the oracles know: whatever a checker finds wrong in the recorded history must be
 * something that an oracle found wrong in the run. The converse need not hold: what nobody read, no black box sees.
 *
 * A verdict of the checkers that no oracle shares is a mistake in one of them, or in the recorder. The planted bugs here are the
 * core's; checkers that overlook something are caught in consistency/, where histories come from elsewhere.
 */
import { describe, expect, test } from "vitest";
import { checkHistory } from "../model/consistency/check.ts";
import { type ModelName, models } from "../model/consistency/models.ts";
import { InvariantViolation } from "../model/assert.ts";
import { recordRun } from "../sim/history/build-history.ts";
import type { OracleName } from "../sim/oracles/names.ts";
import { plantScenario } from "../sim/plants/matrix.ts";
import type { Plant } from "../sim/plants/plant.ts";
import { plantOptions, plantTable } from "../sim/plants/plants.ts";

/** Models whose order is real time's: clocks that are wrong break them, and only these oracles say so. */
const realTime: ReadonlyMap<ModelName, readonly OracleName[]> = new Map([
  ["RTC", ["rtc"]],
  ["RTC-arb", ["rtc", "rtc-arb"]],
]);

/**
 * What no run promises. Where the last writer wins everywhere alike, a session may read a value, then another one that wins over
 * it and was written without knowing of it, so that no order of its own explains both: that is CCv and neither CM nor PRAM.
 */
const unpromised: readonly ModelName[] = ["LIN", "SER", "CM", "PRAM"];
const promised: readonly ModelName[] = models.map(({ name }) => name).filter((name) => !unpromised.includes(name));

interface Finding {
  readonly number: number;
  readonly model: ModelName;
  readonly cried: readonly OracleName[];
}

/** Runs the scenario of that number; returns what the checkers found, each with the oracles that cried in the same run. */
function findingsOf(number: number, plant?: Plant): readonly Finding[] {
  try {
    const { history, report } = recordRun(
      plantScenario(number, plant?.world),
      plant === undefined ? {} : plantOptions(plant),
    );
    const { verdicts } = checkHistory(history, { models: promised });
    const cried = report.properties.filter(([, { verdict }]) => verdict === "violated").map(([oracle]) => oracle);
    return [...verdicts].flatMap(([model, { kind }]) => (kind === "violated" ? [{ number, model, cried }] : []));
  } catch (error) {
    // How some bugs show themselves: the core stops, and there is no history to judge.
    if (plant !== undefined && error instanceof InvariantViolation) return [];
    throw error;
  }
}

function isShared({ model, cried }: Finding): boolean {
  const named = realTime.get(model);
  return named === undefined ? cried.length > 0 : cried.some((oracle) => named.includes(oracle) || !isOfClocks(oracle));
}

function isOfClocks(oracle: OracleName): boolean {
  return oracle === "rtc" || oracle === "rtc-arb";
}

describe("whatever a black box finds wrong, an oracle finds wrong too", () => {
  const runs = Array.from({ length: 60 }, (_, number) => number);
  test(`in ${runs.length} drawn runs without a bug, where only real time is broken, by clocks that are wrong`, () => {
    const findings = runs.flatMap((number) => findingsOf(number));
    expect(findings.filter((finding) => !isShared(finding))).toEqual([]);
    expect(findings.filter(({ model }) => !realTime.has(model))).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
  });

  const seen = new Map<string, readonly ModelName[]>();
  test.each(plantTable.map((plant) => [plant.name, plant] as const))(
    "in runs with the planted bug %s",
    (name, plant) => {
      const findings = [0, 1, 2, 3].flatMap((number) => findingsOf(number, plant));
      const models = new Set(findings.filter(({ model }) => !realTime.has(model)).map(({ model }) => model));
      if (models.size > 0) seen.set(name, [...models]);
      expect(findings.filter((finding) => !isShared(finding))).toEqual([]);
    },
  );

  test("enough planted bugs are seen from outside, under models of every kind", () => {
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        "store-drops-loser",
        "resolver-picks-first",
        "stale-cache",
        "two-caches",
        "cut-drops-unseen",
      ]),
    );
    expect([...seen.values()].flat()).toEqual(
      expect.arrayContaining(["CC", "CCv", "MV", "SEC", "RYW", "MR", "RA", "TCC"]),
    );
  });
});
