// How fast histories are read: a million operations of two text formats, a hundred thousand of Jepsen's EDN. The check itself is
// measured apart.

import type { Benchmark, Sample } from "../../../sim/bench/benchmark.ts";
import { workMilliseconds } from "../../../sim/cli/wallclock.ts";
import { readHistory } from "./read-history.ts";
import { utf8 } from "./text.ts";

const SESSIONS = 10;
const KEYS = 1_000;

/** The text of one operation: writes and reads of what was written before, in turn. */
type Line = (at: number, isRead: boolean, session: number, key: number, value: number) => string;

function fileOf(count: number, line: Line): Uint8Array {
  const lines: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const isRead = (at & 1) === 1;
    const write = at >> 1;
    const session = (at * 7) % SESSIONS;
    lines.push(line(at, isRead, session, (write * 7_919) % KEYS, write + 1));
  }
  return utf8(lines.join("\n"));
}

const plume: Line = (at, isRead, session, key, value) => `${isRead ? "r" : "w"}(${key},${value},${session},${at})`;

const jsonl: Line = (at, isRead, session, key, value) =>
  `{"session":"client-${session}","op":"${isRead ? "read" : "write"}","key":"key-${key}","value":${value},"start":${at * 10},"end":${at * 10 + 5}}`;

const edn: Line = (at, isRead, session, key, value) => {
  const name = isRead ? "read" : "write";
  const rest = `:process ${session}, :link nil, :index ${at * 2}`;
  return (
    `{:type :invoke, :f :${name}, :value [${key} ${isRead ? "nil" : value}], :time ${at * 1_000}, ${rest}}\n` +
    `{:type :ok, :f :${name}, :value [${key} ${value}], :time ${at * 1_000 + 500}, ${rest}}`
  );
};

const formats = [
  { variant: "plume", count: 1_000_000, line: plume },
  { variant: "jsonl", count: 1_000_000, line: jsonl },
  { variant: "jepsen-edn", count: 100_000, line: edn },
] as const;

/** Milliseconds of processor time from bytes to columns. */
export const parseBenchmark: Benchmark = {
  name: "check.parse",
  unit: "ms",
  run: ({ small }) => {
    const samples: Sample[] = [];
    for (const { variant, count, line } of formats) {
      const bytes = fileOf(small ? count / 20 : count, line);
      for (let repetition = 0; repetition < 3; repetition += 1) {
        const begin = workMilliseconds();
        const outcome = readHistory(bytes, { fileName: variant });
        const value = workMilliseconds() - begin;
        if (outcome.kind === "refused") throw new Error(`${variant}: ${outcome.problems[0]?.found ?? "refused"}`);
        samples.push({ variant, value });
      }
    }
    return samples;
  },
};
