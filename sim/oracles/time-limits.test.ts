// Time limits by hand: each way to get one wrong, told apart; and what is no mistake.

import { expect, test } from "vitest";
import type { CloudletId } from "../../model/ids.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";
import { SLACK } from "./time-limits.ts";

const SECOND = 1_000_000;

/** What the oracle says of a story in the end. */
function told(story: (stage: Stage) => void): readonly string[] {
  const stage = new Stage(trio, ["time-limits"]);
  story(stage);
  stage.finish();
  const { checks, evidence } = stage.verdict("time-limits");
  expect(checks).toBeGreaterThan(0);
  return evidence;
}

test("a put that is ended when its time is over is right, and so is one that was replaced before", () => {
  const evidence = told((stage) => {
    const lease = stage.write(EAST, 1, "last/a", { ttl: SECOND });
    stage.write(EAST, 1, "last/b", { ttl: SECOND });
    stage.write(EAST, 1, "last/b");
    stage.now += SECOND;
    stage.delete(EAST, lease, { isEnd: true });
    stage.now += 10 * SECOND;
  });
  expect(evidence).toEqual([]);
});

test.each<[string, string, (stage: Stage) => void]>([
  [
    "before its time is over",
    "us left",
    (stage) => {
      const lease = stage.write(EAST, 1, "last/a", { ttl: SECOND });
      stage.now += SECOND - 100;
      stage.delete(EAST, lease, { isEnd: true });
    },
  ],
  [
    "by somebody else",
    "is another cloudlet's",
    (stage) => {
      const lease = stage.write(EAST, 1, "last/a", { ttl: SECOND });
      stage.apply(HUB, lease);
      stage.now += SECOND;
      stage.delete(HUB, lease, { isEnd: true });
    },
  ],
  [
    "after it was replaced",
    "did not stand there any more",
    (stage) => {
      const lease = stage.write(EAST, 1, "last/a", { ttl: SECOND });
      stage.write(EAST, 1, "last/a");
      stage.now += SECOND;
      stage.delete(EAST, lease, { isEnd: true });
    },
  ],
  [
    "though it was to last",
    "was to last",
    (stage) => void stage.delete(EAST, stage.write(EAST, 1, "last/a"), { isEnd: true }),
  ],
  [
    "with a stamp of now, and wins over what came after it",
    "and what it ends does not",
    (stage) => {
      const lease = stage.write(EAST, 1, "last/a", { ttl: SECOND });
      const other = stage.write(WEST, 2, "last/a");
      stage.now += SECOND;
      stage.delete(EAST, lease, { isEnd: true, stamp: { wall: stage.now, logical: 1, lamport: 9 } });
      stage.apply(EAST, other);
    },
  ],
])("ended %s", (_how, why, story) => {
  const evidence = told(story);
  expect(evidence).toHaveLength(1);
  expect(evidence[0]).toContain(why);
});

test.each([
  ["is not ended at all", (): void => undefined],
  ["is replaced much later", (stage: Stage) => void stage.write(EAST, 1, "last/a")],
])("a put that %s outlives its time", (_how, after) => {
  const late = (wait: number): readonly string[] =>
    told((stage) => {
      stage.write(EAST, 1, "last/a", { ttl: SECOND });
      stage.now += SECOND + wait;
      after(stage);
    });
  expect(late(SLACK - 1_000)).toEqual([]);
  expect(late(SLACK + 1_000)).toEqual([expect.stringContaining("still stood at east")]);
});

test("a put whose cloudlet's processor keeps inputs waiting may stand so much longer, and no more", () => {
  const late = (wait: number): readonly string[] =>
    told((stage) => {
      stage.write(EAST, 1, "last/a", { ttl: SECOND });
      stage.now += SECOND + wait;
      stage.oracles.observer.served(stage.at, EAST as CloudletId, 2 * SECOND, 0);
    });
  expect(late(SLACK + 2 * SECOND - 1_000)).toEqual([]);
  expect(late(SLACK + 2 * SECOND + 1_000)).toEqual([expect.stringContaining("still stood at east")]);
});
