/**
 * The report on a stream against the report on the whole history: of all models, also those that are only concluded.
 */
import { check, models, pick, reportStream, StreamChecker, StreamFacts } from "causeway-sim/model";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { drawHistory } from "./draw.ts";
import { drawConflicts } from "./draw-conflicts.ts";
import { historyOf } from "./notation.ts";
import { mixed } from "./stream-draw.ts";

const COUNT = 1_500;

test("what a report on a stream says of any model is what the whole history says, unless it is unknown", () => {
  const rng = new RngRoot("stream report").stream;
  const wrong: string[] = [];
  const met = new Map<string, number>();
  for (let count = 0; count < COUNT; count += 1) {
    const text = rng.chance(400_000)
      ? drawConflicts(rng)
      : drawHistory(rng, {
          replaced: rng.chance(500_000),
          times: rng.chance(500_000),
          marks: rng.chance(500_000),
          operations: 9,
          keys: 3,
          kind: pick(rng, ["register", "register", "siblings", "mixed"]),
        });
    const history = historyOf(text);
    if (history.operationCount === 0) continue;
    const checker = new StreamChecker([]);
    const facts = new StreamFacts();
    facts.take(history, 0);
    for (const operation of mixed(rng, history)) checker.add(operation);
    const { verdicts } = reportStream(checker, "-", facts);
    const outcome = check(history);
    if (outcome.kind !== "checked") continue;
    for (const model of models.map(({ name }) => name)) {
      const kind = outcome.report.verdicts[model] ?? "missing";
      const said = verdicts[model] ?? "missing";
      met.set(`${model} ${said}`, (met.get(`${model} ${said}`) ?? 0) + 1);
      if (said !== "unknown" && said !== kind) wrong.push(`${model} of ${text}: online ${said}, whole ${kind}`);
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  for (const what of ["holds", "violated"])
    for (const model of ["RYW-shared", "MR-shared", "MW-shared", "WFR-shared", "TCC", "RA", "RC"])
      if (what === "holds" || !/^R[AC]$/.test(model))
        expect([model, what, (met.get(`${model} ${what}`) ?? 0) > 10]).toEqual([model, what, true]);
  for (const model of ["PRAM", "CM", "SER", "LIN", "RTC", "RTC-arb"])
    expect([model, (met.get(`${model} violated`) ?? 0) > 10]).toEqual([model, true]);
}, 120_000);
