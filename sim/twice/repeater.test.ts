// The guard: drawn runs are the same in another thread, and whatever of the real machine is let into a run is found at its first event.

import { afterAll, expect, test } from "vitest";
import type { Instant } from "../../model/units.ts";
import { leakTable } from "../plants/leaks.ts";
import { generatedScenario } from "../run/generate.ts";
import { checkDeterminism } from "../run/repetition.ts";
import type { RunOptions } from "../run/run.ts";
import { TRACE, traceKinds } from "../trace/kinds.ts";
import { Repeater } from "./repeater.ts";

const repeater = new Repeater();
afterAll(() => repeater.end());
const resolvers = new Map<never, never>();

test("drawn runs are the same in another thread, event by event (4 runs)", async () => {
  for (let seed = 0; seed < 4; seed += 1) {
    const scenario = generatedScenario(`twice/${seed}`, { operations: 60 });
    expect((await repeater.repeat({ scenario, resolvers, bug: null })).kind).toBe("same");
  }
});

test.each([
  // A stamp is the first thing that local time goes into.
  ["leaks-wall-clock", ["stamped"], ["wall"]],
  // A timer, or what was planned before or after it.
  ["leaks-dice", traceKinds.map(({ name }) => name), []],
  ["leaks-order", ["sent"], ["peer"]],
])("%s is found at the first event that it changes", async (bug, kinds, columns) => {
  const scenario = generatedScenario("twice/leak", { operations: 60 });
  const repeated = await repeater.repeat({ scenario, resolvers, bug });
  if (repeated.kind === "same" || repeated.difference === null) throw new Error("no event was found");
  const { left, right } = repeated.difference;
  const names = traceKinds.flatMap(({ name }) => (TRACE[name as keyof typeof TRACE] === left?.kind ? [name] : []));
  expect(kinds).toEqual(expect.arrayContaining(names));
  expect(left?.cloudlet).toBeGreaterThanOrEqual(0);
  expect(left).not.toEqual(right);
  expect(repeated.difference.columns).toEqual(expect.arrayContaining(columns));
});

test("every leak is in the table above", () => {
  expect(leakTable.map(({ name }) => name)).toEqual(["leaks-wall-clock", "leaks-dice", "leaks-order"]);
});

test("events that agree and chance that does not is a difference, too, and the stream is named", () => {
  const scenario = generatedScenario("twice/chance", { operations: 60 });
  let runCount = 0;
  const options: RunOptions = {
    watch: (world) => {
      // The second run draws twice, from a stream that nobody else has.
      const stream = world.rng.stream.fork("nobody");
      runCount += 1;
      for (let draw = 0; draw < runCount; draw += 1) stream.double();
      return { look: () => Infinity as Instant };
    },
  };
  const streams = [`${scenario.seed}/nobody`];
  expect(checkDeterminism(scenario, options)).toEqual({ kind: "different", difference: null, streams });
});
