/** A queue arrives whole and in order over ways that lose, repeat and reorder, as long as there is a way back. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import type { Message } from "../replication/messages.ts";
import type { CausalRecord } from "../replication/record.ts";
import { recordSize } from "../replication/wire.ts";
import { FifoLink } from "./fifo-link.ts";

const one = 1 as Incarnation;

function record(sequence: number): CausalRecord {
  const dot = { origin: 0 as CloudletId, incarnation: one, stream: 0 as StreamId, sequence };
  const content = { kind: "put", dot, key: "k", value: "v", prev: [], deps: [] } as const;
  const stamp = { wall: sequence, logical: 0, lamport: sequence };
  return { ...content, stamp, size: recordSize({ ...content, stamp }) };
}

function openLink(peer: number): FifoLink {
  const link = new FifoLink({ peer: peer as CloudletId, out: [0 as ScopeId], in: [0 as ScopeId] });
  link.up = true;
  return link;
}

/** Takes what a message brings and has it stored at once. */
function takeAll(link: FifoLink, message: Message): readonly number[] {
  if (message.kind !== "records") return [];
  const taken = link.take(message).map(({ dot }) => dot.sequence);
  link.storedWith(0);
  return taken;
}

const fate = fc.constantFrom("arrives", "arrives", "lost", "twice", "overtakes", "wait");

prop("a queue arrives whole and in order", fc.array(fate, { maxLength: 120 }), (fates) => {
  const sender = openLink(1);
  const receiver = openLink(0);
  sender.beginQueue([]);
  const forth: Message[] = [];
  const back: Message[] = [];
  const taken: number[] = [];
  const send = (message: Message): void => void forth.push(message);
  const arrive = (message: Message | undefined): void => {
    if (message === undefined) return;
    taken.push(...takeAll(receiver, message));
    const ack = receiver.acknowledgement(0);
    if (ack !== null) back.push(ack);
  };
  const acknowledge = (message: Message | undefined): void => {
    if (message?.kind === "ack") sender.acknowledged(message, one);
  };
  let queued = 0;
  const enqueue = (): void => {
    queued += 1;
    sender.enqueue(record(queued));
    sender.pump(one, send);
  };
  for (const what of fates) {
    enqueue();
    if (what === "lost") forth.shift();
    else if (what === "twice") {
      arrive(forth[0]);
      acknowledge(back[0]);
    } else if (what === "overtakes") arrive(forth.pop());
    else if (what === "arrives") {
      arrive(forth.shift());
      acknowledge(back.shift());
    } else {
      sender.timedOut();
      sender.pump(one, send);
    }
  }
  for (let round = 0; round < 10 && (sender.isWaiting || forth.length > 0); round += 1) {
    while (forth.length > 0) arrive(forth.shift());
    while (back.length > 0) acknowledge(back.shift());
    sender.timedOut();
    sender.pump(one, send);
  }
  expect(taken).toEqual(Array.from({ length: queued }, (_, index) => index + 1));
  expect(sender.queue).toEqual([]);
});

describe("a receiver", () => {
  const message = (after: number, upTo: number, more: Partial<Message & { kind: "records" }> = {}): Message => ({
    kind: "records",
    incarnation: one,
    epoch: 1,
    to: 0,
    base: 0,
    after,
    upTo,
    records: Array.from({ length: upTo - after }, (_, index) => record(after + 1 + index)),
    ...more,
  });

  test("takes of a message what is new, in its turn", () => {
    const link = openLink(0);
    expect(takeAll(link, message(2, 4))).toEqual([]);
    expect(takeAll(link, message(0, 3))).toEqual([1, 2, 3]);
    expect(takeAll(link, message(2, 5))).toEqual([4, 5]);
    expect(takeAll(link, message(0, 5))).toEqual([]);
  });

  test("starts anew with a new queue, and hears no more of the old one", () => {
    const link = openLink(0);
    expect(takeAll(link, message(0, 2))).toEqual([1, 2]);
    expect(takeAll(link, message(0, 1, { epoch: 2 }))).toEqual([1]);
    expect(takeAll(link, message(2, 3))).toEqual([]);
    expect(takeAll(link, message(0, 1, { incarnation: 2 as Incarnation }))).toEqual([1]);
    expect(takeAll(link, message(1, 2, { epoch: 2 }))).toEqual([]);
  });

  test("that restarted goes on where it had acknowledged", () => {
    const link = openLink(0);
    expect(takeAll(link, message(7, 9, { base: 7 }))).toEqual([8, 9]);
    // A late message of before the restart takes nothing back.
    expect(takeAll(link, message(4, 6, { base: 4 }))).toEqual([]);
    expect(link.acknowledgement(0)).toMatchObject({ upTo: 9 });
  });

  test("acknowledges what is stored, and waits for the disk", () => {
    const link = openLink(0);
    const taken = message(0, 2);
    if (taken.kind === "records") link.take(taken);
    link.storedWith(5);
    expect(link.acknowledgement(4)).toBeNull();
    expect(link.acknowledgement(5)).toMatchObject({ kind: "ack", upTo: 2 });
    expect(link.acknowledgement(6)).toBeNull();
  });
});

test("a sender keeps to its window and doubles its patience", () => {
  const link = openLink(1);
  link.beginQueue(Array.from({ length: 1_000 }, (_, index) => record(index + 1)));
  let sent = 0;
  const send = (message: Message): void => void (sent += message.kind === "records" ? message.records.length : 0);
  link.pump(one, send);
  expect(sent).toBe(512);
  link.acknowledged({ kind: "ack", incarnation: one, epoch: 1, upTo: 100, beyond: [] }, one);
  link.pump(one, send);
  expect(sent).toBe(612);
  const patience = [1, 2, 3, 4, 5, 6].map(() => {
    link.timedOut();
    return link.patience() / 1_000_000;
  });
  expect(patience).toEqual([2, 4, 8, 16, 32, 32]);
});
