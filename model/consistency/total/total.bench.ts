// How fast models of one order for all are judged: a store on which operations take effect one after the other, each within its
// interval. Registers whose values were written once need no search; the rest shows how far the searches go.

import type { Rng } from "../../random.ts";
import { RngRoot } from "../../../sim/kernel/rng.ts";
import type { Benchmark, Sample } from "../../../sim/bench/benchmark.ts";
import { workMilliseconds } from "../../../sim/cli/wallclock.ts";
import { assert } from "../../assert.ts";
import { checkHistory } from "../check.ts";
import { type History, operationKind, outcome } from "../history.ts";
import { HistoryBuilder } from "../history-builder.ts";
import type { ModelName } from "../models.ts";

interface Shape {
  readonly operations: number;
  readonly sessions: number;
  readonly keys: number;
  readonly perTransaction: number;
  /** Different values; 0 where each is written once. */
  readonly values: number;
}

/** Operations overlap their neighbours of other sessions, not those of their own. */
function drawn({ operations, sessions, keys, perTransaction, values }: Shape): History {
  const rng: Rng = new RngRoot(`total ${operations} ${sessions} ${keys}`).stream;
  const builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 });
  const state = new Uint32Array(keys);
  /** By session: when its last operation ended. */
  const free = new Float64Array(sessions);
  for (let at = 0; at < operations; at += perTransaction) {
    const session = rng.intInclusive(sessions - 1);
    const of = builder.session(session);
    const moment = at * 10;
    const start = Math.max(free[session]! + 1, moment - rng.intInclusive(50));
    const end = Math.max(start, moment) + rng.intInclusive(3);
    free[session] = end;
    if (perTransaction > 1) builder.beginTransaction();
    for (let inside = 0; inside < perTransaction; inside += 1) {
      const on = rng.intInclusive(keys - 1);
      const key = builder.key(on);
      const isRead = rng.chance(600_000);
      if (!isRead) state[on] = values === 0 ? at + inside + 1 : 1 + rng.intInclusive(values - 1);
      const version = builder.version(key, state[on]!);
      builder.add(of, isRead ? operationKind.read : operationKind.write, outcome.ok, key, isRead ? 0 : version, at + 1);
      if (isRead) builder.list(version);
      builder.times(start, end);
    }
  }
  return builder.build();
}

function measure(model: ModelName, shape: Shape, repetitions: number): readonly Sample[] {
  const history = drawn(shape);
  return Array.from({ length: repetitions }, () => {
    const began = workMilliseconds();
    const verdict = checkHistory(history, { models: [model] }).verdicts.get(model);
    const value = workMilliseconds() - began;
    assert(verdict?.kind === "holds", "the store takes one operation after the other");
    return { variant: "", value };
  });
}

const total = (name: string, model: ModelName, shape: Shape): Benchmark => ({
  name,
  unit: "ms",
  run: ({ small }) =>
    measure(model, { ...shape, operations: Math.min(shape.operations, small ? 1_000 : Infinity) }, small ? 1 : 5),
});

/** `npm run bench -- --only check.lin`, `npm run bench -- --only check.ser` */
export const totalBenchmarks: readonly Benchmark[] = [
  total("check.lin.100k", "LIN", { operations: 100_000, sessions: 20, keys: 100, perTransaction: 1, values: 0 }),
  total("check.lin.1m", "LIN", { operations: 1_000_000, sessions: 20, keys: 1_000, perTransaction: 1, values: 0 }),
  total("check.lin.search", "LIN", { operations: 20_000, sessions: 10, keys: 20, perTransaction: 1, values: 5 }),
  total("check.ser", "SER", { operations: 10_000, sessions: 10, keys: 100, perTransaction: 5, values: 0 }),
];
