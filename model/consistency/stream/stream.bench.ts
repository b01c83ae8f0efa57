// How much processor time a stream takes, and how many versions are kept at most: the second must not grow with the length.

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

/** Two lengths of one stream. */
export const streamBenchmarks: readonly Benchmark[] = [
  {
    name: "check.stream",
    unit: "ms",
    run: ({ small }) =>
      [100_000, 400_000].flatMap((length): readonly Sample[] => {
        const operations = small ? length / 20 : length;
        const stream = [...operationsOf(historyText("check.stream", { ...shape, operations }))];
        const checker = new StreamChecker();
        let most = 0;
        const begin = workMilliseconds();
        for (const operation of stream) {
          checker.add(operation);
          most = Math.max(most, checker.versionCount);
        }
        const end = workMilliseconds();
        assert(checker.end().get("CCv")?.kind === "holds", "the verdict on a generated stream is known");
        const variant = `${operations / 1_000}k`;
        return [
          { variant, value: end - begin },
          { variant: `${variant}.kept`, value: most, unit: "versions" },
        ];
      }),
  },
];
