// The oracle of moves on hand-made histories: what a session may take along, what must be there when it is let in, and what an
// answer must name.

import { expect, test } from "vitest";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type { ClientOp, ClientResult } from "../../model/replication/io.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import { bytes } from "../../model/units.ts";
import { EAST, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const session = 7 as SessionId;
const nothing = { dots: [], ceiling: { wall: 0, logical: 0, lamport: 0 } };

/** A session that moves on a stage. */
class Story {
  readonly stage = new Stage(trio, ["session-moves"]);
  #ops = 1_000;

  /** It asks, and is answered this. */
  tell(cloudlet: number, op: ClientOp, result: ClientResult): void {
    const { observer } = this.stage.oracles;
    const id = (this.#ops += 1) as OpId;
    this.stage.now += 10;
    observer.requested(this.stage.at, cloudlet as CloudletId, session, id, op, this.stage.at);
    observer.replied(this.stage.at, cloudlet as CloudletId, session, id, result, "request");
  }

  /** It leaves the east for the west with these records. */
  leave(bundle: readonly CausalRecord[], bytesMax = 1_000): void {
    const op = { kind: "detach", to: WEST as CloudletId, applied: [], bytesMax: bytes(bytesMax) } as const;
    this.tell(EAST, op, { kind: "detached", context: nothing, bundle, applied: [] });
  }

  /** It comes to the west with them, and is told what is missing. */
  arrive(bundle: readonly CausalRecord[] | null, behind?: readonly Dot[]): void {
    this.stage.oracles.observer.moved(this.stage.at, WEST as CloudletId, session, session);
    const op = { kind: "attach", policy: "carry", context: nothing, bundle } as const;
    this.tell(WEST, op, {
      kind: "attached",
      ...(behind === undefined ? { state: "current" } : { state: "behind", behind }),
    });
  }

  /** What the oracle says in the end, without times and what records are. */
  evidence(): readonly string[] {
    this.stage.finish();
    return this.stage
      .verdict("session-moves")
      .evidence.map((sentence) => sentence.replaceAll(/ \([^)]*\)| at [0-9.]+ s/g, ""));
  }
}

test("its own past, where it leads, and nothing else", () => {
  const story = new Story();
  const own = story.stage.write(EAST, session, "last/x");
  const local = story.stage.write(EAST, session, "east/x");
  const other = story.stage.write(EAST, 8, "last/y");
  story.leave([own, local, other]);
  expect(story.evidence()).toEqual([
    "s7 left east with c1.1/t10#1, which is not of its past, never reaches where it goes, or is there",
    "s7 left east with c1.1/t0#2, which is not of its past, never reaches where it goes, or is there",
  ]);
});

test("no more than was allowed", () => {
  const story = new Story();
  const own = story.stage.write(EAST, session, "last/x");
  story.leave([own], own.size - 1);
  expect(story.evidence()).toEqual([`s7 left with ${own.size} bytes, allowed were ${own.size - 1}`]);
});

test("who is let in has what it brought, and is told what is missing", () => {
  const brought = new Story();
  const own = brought.stage.write(EAST, session, "last/x");
  brought.leave([own]);
  brought.arrive([own]);
  expect(brought.evidence()).toEqual([
    "s7 was answered at west before c1.1/t0#1, which it brought, was applied there",
    "s7 was answered at west as if nothing were missing: c1.1/t0#1 is in its past, and not there",
  ]);

  const right = new Story();
  const record = right.stage.write(EAST, session, "last/x");
  right.leave([record]);
  right.arrive([record]);
  right.stage.apply(WEST, record);
  expect(right.evidence()).toEqual([]);
});

test("a mark covers all that is missing, and names nothing else", () => {
  const short = new Story();
  const one = short.stage.write(EAST, 8, "last/x");
  const two = short.stage.write(EAST, 9, "all/y");
  for (const key of ["last/x", "all/y"]) short.stage.read(EAST, session, key);
  short.leave([]);
  short.arrive(null, [one.dot]);
  expect(short.evidence()).toEqual([
    "s7 was answered at west with a mark that does not cover all that is missing: c1.1/t2#1 is in its past, and not there",
  ]);

  const long = new Story();
  const there = long.stage.write(EAST, session, "last/x");
  long.stage.apply(WEST, there);
  const elsewhere = long.stage.write(EAST, 8, "last/y");
  long.leave([]);
  long.arrive(null, [there.dot]);
  long.arrive(null, [elsewhere.dot]);
  expect(long.evidence()).toEqual([
    "s7 was answered at west as behind of c1.1/t0#1, which is not missing there",
    "s7 was answered at west as behind of c1.1/t0#2, which is not missing there",
  ]);

  const exact = new Story();
  const past = [exact.stage.write(EAST, session, "last/x"), exact.stage.write(EAST, session, "all/y")];
  exact.leave([]);
  exact.arrive(null, [(past[1] as CausalRecord).dot]);
  expect([two.key, exact.evidence()]).toEqual(["all/y", []]);
});
