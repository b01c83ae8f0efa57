// How much processor time a stream takes, and how many versions are kept at most: the second must not grow with the length. Of many
// sessions each write has long clocks, and few of them know it when it wins a conflict.

import type { Benchmark, Sample } from "../../../sim/bench/benchmark.ts";
import { historyText } from "../../../sim/bench/histories.ts";
import { workMilliseconds } from "../../../sim/cli/wallclock.ts";
import { assert } from "../../assert.ts";
import { StreamChecker } from "./stream-checker.ts";
import type { StreamOperation } from "./stream-types.ts";

const shape = {
  sessions: 10,
  keys: 200,
  writePercent: 50,
  lag: 1_000,
  shows: "written-last",
  isViolated: false,
} as const;

/** Lines of Plume's text as operations of a stream. */
function* operationsOf(text: string): Generator<StreamOperation> {
  let line = 0;
  for (const [, what = "", key = "", value = "", session = ""] of text.matchAll(/(\w)\((\d+),(\d+),(\d+),\d+\)/g)) {
    line += 1;
    const version = { id: value === "0" ? null : value, text: value };
    yield {
      line,
      session,
      key,
      kind: what === "w" ? "write" : "read",
      outcome: "ok",
      versions: [version],
      text: what,
      isRegister: true,
      showsMore: false,
      isOfList: false,
      isUnnamed: false,
      isDelete: false,
      mayBeNamed: false,
      isInTransaction: false,
    };
  }
}

/** What is streamed: two lengths of one stream, and one of many sessions. */
const streams = [
  { ...shape, operations: 100_000 },
  { ...shape, operations: 400_000 },
  { ...shape, operations: 100_000, sessions: 300, keys: 1_000, lag: 20_000 },
] as const;

/** Reading is not part of it. */
export const streamBenchmarks: readonly Benchmark[] = [
  {
    name: "check.stream",
    unit: "ms",
    run: ({ small }) =>
      streams.flatMap((large): readonly Sample[] => {
        const operations = small ? large.operations / 20 : large.operations;
        const stream = [...operationsOf(historyText("check.stream", { ...large, operations }))];
        const checker = new StreamChecker();
        let most = 0;
        const begin = workMilliseconds();
        for (const operation of stream) {
          checker.add(operation);
          most = Math.max(most, checker.versionCount);
        }
        const end = workMilliseconds();
        assert(checker.end().get("CCv")?.kind === "holds", "the verdict on a generated stream is known");
        const many = large.sessions === shape.sessions ? "" : `.${large.sessions}`;
        const variant = `${operations / 1_000}k${many}`;
        return [
          { variant, value: end - begin },
          { variant: `${variant}.kept`, value: most, unit: "versions" },
        ];
      }),
  },
];
