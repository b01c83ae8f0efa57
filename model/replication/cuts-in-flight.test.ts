// Parts of a cut that are on their way while something else happens to the conversation: another cut takes the place of theirs, or
// records lie around what only a cut can carry.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import { AppliedLog } from "./applied-log.ts";
import type { Cut } from "./cut.ts";
import type { RecordsMessage, SnapshotMessage } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import { Sender } from "./sender.ts";
import type { SendingSide } from "./sending.ts";

const life = 1 as Incarnation;

function recordAt(sequence: number): CausalRecord {
  return { dot: { sequence }, size: 100 } as unknown as CausalRecord;
}

class Conversation {
  readonly log = new AppliedLog();
  readonly sent: (RecordsMessage | SnapshotMessage)[] = [];
  readonly sender = new Sender(1 as CloudletId, [0 as ScopeId]);
  cut: Cut = { kind: "cut", applied: [], outside: [], versions: [] };
  blockedAt = 0;
  readonly side: SendingSide;

  constructor() {
    this.side = {
      incarnation: life,
      // One record a part.
      batchBytes: 1,
      log: this.log,
      next: (_, at) => at,
      forwards: () => true,
      peerHas: () => false,
      carries: () => true,
      peerHasAll: () => false,
      peerHasOlder: () => false,
      cutFor: () => this.cut,
      blockedAt: () => this.blockedAt,
      keyCount: Infinity,
      unappliedFrom: () => [],
      send: (_to, message) => void this.sent.push(message),
      resends: () => true,
      repeatsForEver: () => true,
      followsSnapshot: () => true,
    };
  }

  cutOf(...sequences: number[]): void {
    this.cut = { ...this.cut, versions: sequences.map(recordAt) };
  }
}

test("where another cut takes the place of one whose parts are in flight, no part is sent again as if it were one of the new cut", () => {
  const talk = new Conversation();
  for (const sequence of [1, 2, 3]) talk.log.append(recordAt(sequence), null);
  talk.log.dropTo(3);
  talk.cutOf(1, 2, 3);
  talk.sender.start(talk.side, life, true, true);
  talk.sender.pump(talk.side, 0);
  expect(talk.sent.map((message) => message.kind === "snapshot" && [message.part, message.parts])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  // The log goes on and is shortened at once; one version is left of all.
  talk.log.append(recordAt(4), null);
  talk.log.dropTo(4);
  talk.cutOf(4);
  talk.sender.pump(talk.side, 1);
  for (let now = 10_000_000; now < 30_000_000; now += 10_000_000) talk.sender.timedOut(talk.side, now);
  const told = talk.sent.map((message) => message.kind === "snapshot" && [message.cut, message.upTo, message.parts]);
  expect([...new Set(told.map(String))]).toEqual(["1,3,3", "2,4,1"]);
  expect(told.length).toBeGreaterThan(4);
});

test("no batch of records passes over a position whose content only a cut can carry: its acknowledgement would stand for both", () => {
  const talk = new Conversation();
  talk.log.append(recordAt(1), null);
  talk.log.append({ kind: "blocked" }, null);
  talk.log.append(recordAt(3), null);
  talk.blockedAt = 2;
  talk.cutOf(1, 2, 3);
  talk.sender.start(talk.side, life, true, true);
  talk.sender.pump(talk.side, 0);
  expect(talk.sent.map(({ kind, after, upTo }) => [kind, after, upTo])).toEqual([
    ["records", 0, 1],
    ["snapshot", 0, 3],
    ["snapshot", 0, 3],
    ["snapshot", 0, 3],
  ]);
});
