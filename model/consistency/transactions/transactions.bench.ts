// How fast transactions are judged: a history of a store that shows every session a recent state, whole and with its own writes in it,
// as Plume's text; read, and judged by each model. One variant has a read spoilt, so that evidence is looked for too.

import { RngRoot } from "../../../sim/kernel/rng.ts";
import type { Benchmark, Sample } from "../../../sim/bench/benchmark.ts";
import { workMilliseconds } from "../../../sim/cli/wallclock.ts";
import { assert } from "../../assert.ts";
import { checkHistory } from "../check.ts";
import { readHistory } from "../formats/read-history.ts";
import type { History } from "../history.ts";
import type { ModelName } from "../models.ts";

const PER_TRANSACTION = 20;
/** Transactions by which what a session reads may be behind. */
const LAG = 200;

interface Shape {
  readonly events: number;
  readonly sessions: number;
  readonly keys: number;
  /** Four transactions more: one session writes a key twice, another reads the second value and then the first. */
  readonly spoilt: boolean;
}

/** The file. Transactions take effect in the order of the lines. */
function text({ events, sessions, keys, spoilt }: Shape): Uint8Array {
  const rng = new RngRoot(`transactions ${events} ${sessions}`).stream;
  /** By key: its writers' transactions and values, ascending. */
  const written: { readonly transaction: number; readonly value: number }[][] = Array.from({ length: keys }, () => []);
  const shown = new Uint32Array(sessions);
  const count = Math.ceil(events / PER_TRANSACTION);
  const lines: string[] = [];
  let value = 0;
  for (let transaction = 0; transaction < count; transaction += 1) {
    const session = rng.intInclusive(sessions - 1);
    const upTo = Math.max(shown[session]!, transaction - rng.intInclusive(LAG));
    const own = new Map<number, number>();
    for (let at = 0; at < PER_TRANSACTION; at += 1) {
      const key = rng.intInclusive(keys - 1);
      const onKey = written[key]!;
      if (rng.chance(500_000)) {
        value += 1;
        own.set(key, value);
        lines.push(`w(${key},${value},${session},${transaction})`);
        continue;
      }
      let place = onKey.length - 1;
      while (place >= 0 && onKey[place]!.transaction >= upTo) place -= 1;
      lines.push(`r(${key},${own.get(key) ?? onKey[place]?.value ?? 0},${session},${transaction})`);
    }
    for (const [key, last] of own) written[key]!.push({ transaction, value: last });
    shown[session] = transaction + 1;
  }
  if (spoilt) {
    lines.push(`w(0,${value + 1},0,${count})`, `w(0,${value + 2},0,${count + 1})`);
    lines.push(`r(0,${value + 2},1,${count + 2})`, `r(0,${value + 1},1,${count + 3})`);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function read(bytes: Uint8Array): History {
  const outcome = readHistory(bytes, { fileName: "generated" });
  assert(outcome.kind === "read", "what is generated can be read");
  return outcome.history;
}

function judge(history: History, model: ModelName, wanted: "holds" | "violated"): number {
  const began = workMilliseconds();
  const verdict = checkHistory(history, { models: [model] }).verdicts.get(model);
  const taken = workMilliseconds() - began;
  assert(verdict?.kind === wanted, "the store is consistent unless it is spoilt");
  return taken;
}

function measure(shape: Shape, repetitions: number): readonly Sample[] {
  const samples: Sample[] = [];
  const good = text({ ...shape, spoilt: false });
  const bad = text({ ...shape, spoilt: true });
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const began = workMilliseconds();
    const history = read(good);
    const parsed = workMilliseconds() - began;
    const judged = judge(history, "TCC", "holds");
    samples.push({ variant: "parse", value: parsed }, { variant: "TCC", value: judged });
    samples.push({ variant: "total", value: parsed + judged });
    for (const model of ["RC", "RA"] as const) samples.push({ variant: model, value: judge(history, model, "holds") });
    samples.push({ variant: "TCC.violated", value: judge(read(bad), "TCC", "violated") });
  }
  return samples;
}

const transactions = (name: string, shape: Omit<Shape, "spoilt">, repetitions: number): Benchmark => ({
  name,
  unit: "ms",
  run: ({ small }) =>
    measure({ ...shape, events: small ? 5_000 : shape.events, spoilt: false }, small ? 1 : repetitions),
});

/** `npm run bench -- --only check.txn`; `.total` is parsing and judging TCC. */
export const transactionBenchmarks: readonly Benchmark[] = [
  transactions("check.txn.210k", { events: 210_000, sessions: 51, keys: 5_000 }, 5),
  transactions("check.txn.1m", { events: 1_000_000, sessions: 1_000, keys: 20_000 }, 2),
];
