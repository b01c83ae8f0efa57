// Sender and receiver of one link over a channel that loses, repeats and reorders: everything arrives in the end,
// acknowledgements say only what is stored, and a copy is its own.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import { AppliedLog } from "./applied-log.ts";
import type { AckMessage, RecordsMessage } from "./messages.ts";
import { Receiver } from "./receiver.ts";
import type { CausalRecord } from "./record.ts";
import { Sender } from "./sender.ts";
import { batchBytes, type SendingSide, windowBytes, windowBytesFirst } from "./sending.ts";

const peer = 1 as CloudletId;
const life = 1 as Incarnation;

// A record is its position in the apply order; every seventh is not carried to this peer.
function recordAt(position: number, size: number): CausalRecord {
  return { dot: { sequence: position }, size } as unknown as CausalRecord;
}
const isCarried = (position: number): boolean => position % 7 !== 0;

class Link {
  readonly applied: CausalRecord[] = [];
  readonly appliedLog = new AppliedLog();
  readonly toReceiver: RecordsMessage[] = [];
  readonly toSender: AckMessage[] = [];
  readonly sender = new Sender(peer, [0 as ScopeId]);
  receiver = new Receiver(0 as CloudletId);
  now = 0;
  sent = 0;
  // What the receiver's log holds, in order, and how much of it is stored.
  readonly log: number[] = [];
  stored = 0;
  readonly side: SendingSide;

  constructor() {
    this.side = {
      incarnation: life,
      batchBytes,
      log: this.appliedLog,
      next: (_, at) => at,
      forwards: (record) => isCarried(record.dot.sequence),
      peerHas: () => false,
      carries: () => false,
      peerHasAll: () => false,
      peerHasOlder: () => false,
      cutFor: () => null,
      blockedAt: () => 0,
      keyCount: Infinity,
      unappliedFrom: () => [],
      send: (_to, message) => {
        if (message.kind !== "records") throw new Error("nothing is older than the log");
        this.sent += message.records.length;
        this.toReceiver.push(message);
      },
      resends: () => true,
      repeatsForEver: () => true,
      followsSnapshot: () => true,
    };
  }

  apply(size: number): void {
    const record = recordAt(this.applied.length + 1, size);
    this.applied.push(record);
    this.appliedLog.append(record, null);
    this.sender.pump(this.side, this.now);
  }

  receive(message: RecordsMessage): void {
    for (const { dot } of message.records) if (!this.log.includes(dot.sequence)) this.log.push(dot.sequence);
    this.receiver.received(message, this.log.length);
    this.acknowledge();
  }

  store(count: number): void {
    this.stored = Math.min(this.log.length, this.stored + count);
    this.acknowledge();
  }

  acknowledge(): void {
    this.receiver.stored(this.stored);
    const ack = this.receiver.acknowledgement();
    if (ack === null) return;
    // Whatever is acknowledged is stored, if it is carried at all.
    const isStored = (position: number): boolean =>
      !isCarried(position) || this.log.slice(0, this.stored).includes(position);
    for (let position = 1; position <= ack.upTo; position += 1) expect(isStored(position)).toBe(true);
    for (const { first, last } of ack.beyond) {
      expect(first).toBeGreaterThan(ack.upTo + 1);
      for (let position = first; position <= last; position += 1) expect(isStored(position)).toBe(true);
    }
    this.toSender.push(ack);
  }

  hear(ack: AckMessage): void {
    this.sender.acknowledged(this.side, ack, this.now);
  }

  // The ways are good from now on: everything is delivered, stored and acknowledged, timers run out when due.
  settle(): void {
    for (let quiet = 0; quiet < 3;) {
      const message = this.toReceiver.shift();
      const ack = this.toSender.shift();
      if (message !== undefined) this.receive(message);
      if (ack !== undefined) this.hear(ack);
      this.store(Infinity);
      if (message !== undefined || ack !== undefined) quiet = 0;
      else {
        quiet += 1;
        this.now += this.sender.timeout();
        if (this.sender.waiting) this.sender.timedOut(this.side, this.now);
      }
    }
  }
}

const doings = fc.constantFrom(
  "apply",
  "apply",
  "deliver",
  "deliver",
  "lose",
  "repeat",
  "ack",
  "loseAck",
  "store",
  "time",
  "reconnect",
  "swap",
);
const doing = fc.tuple(doings, fc.noBias(fc.nat({ max: 1_000 })));
const scripts = fc.oneof(
  fc.array(doing, { maxLength: 20 }),
  fc.array(doing, { minLength: 40, maxLength: 150 }),
  fc.array(doing, { minLength: 40, maxLength: 150 }),
);

const runs = 300;
const census = { runs: 0, gaps: 0, lost: 0 };

function run(link: Link, script: readonly (readonly [string, number])[]): void {
  link.sender.start(link.side, life, false, true);
  for (const [what, number] of script) {
    const message = link.toReceiver[number % Math.max(1, link.toReceiver.length)];
    const ack = link.toSender[number % Math.max(1, link.toSender.length)];
    link.now += number;
    if (what === "apply") link.apply(1 + number * 50);
    else if (what === "store") link.store(1 + (number % 3));
    else if (what === "time") {
      link.now += link.sender.timeout();
      if (link.sender.waiting) link.sender.timedOut(link.side, link.now);
    } else if (what === "reconnect") {
      link.sender.stop();
      link.sender.start(link.side, life, number % 2 === 0, true);
      link.sender.pump(link.side, link.now);
    } else if (what === "swap") {
      if (message !== undefined) link.toReceiver.push(...link.toReceiver.splice(number % link.toReceiver.length, 1));
    } else if (what === "ack" || what === "loseAck") {
      if (ack === undefined) continue;
      link.toSender.splice(link.toSender.indexOf(ack), 1);
      if (what === "ack") link.hear(ack);
      if (ack.beyond.length > 0) census.gaps += 1;
    } else if (message !== undefined) {
      if (what !== "repeat") link.toReceiver.splice(link.toReceiver.indexOf(message), 1);
      if (what === "lose") census.lost += 1;
      else link.receive(message);
    }
  }
}

prop(
  "over any channel everything that is carried arrives in the end, and acknowledgements say only what is stored",
  scripts,
  (script) => {
    const link = new Link();
    run(link, script);
    link.settle();
    const carried = link.applied.map(({ dot }) => dot.sequence).filter(isCarried);
    expect(link.log.toSorted((a, b) => a - b)).toEqual(carried);
    // All of it is known to be stored: nothing is in flight and no timer is wanted.
    expect(link.sender.waiting).toBe(false);
    const sentBefore = link.sent;
    link.settle();
    expect(link.sent).toBe(sentBefore);
    census.runs += 1;
  },
  { numRuns: runs },
);

afterAll(() => {
  if (census.runs < runs) return;
  expect(census.lost).toBeGreaterThan(runs / 2);
  expect(census.gaps).toBeGreaterThan(runs / 10);
});

test("an answer that ends a backoff, with nothing left to wait for, leaves a timer that is known to run", () => {
  const link = new Link();
  const { sender } = link;
  sender.start(link.side, life, true, true);
  const answered = (): void => {
    link.receive(link.toReceiver.pop() as RecordsMessage);
    link.store(Infinity);
    link.hear(link.toSender.pop() as AckMessage);
  };
  // 1. A batch is sent again: its answer says nothing of how long the way takes, and the backoff stays.
  link.apply(1);
  link.now += sender.timeout();
  sender.timedOut(link.side, link.now);
  answered();
  // 2. The next one is answered at once. Whoever runs the timer is to be told to stop it.
  link.apply(1);
  sender.armed = true;
  answered();
  expect([sender.waiting, sender.armed]).toEqual([false, true]);
});

prop("a copied link goes its own way", fc.tuple(scripts, scripts), ([before, after]) => {
  const link = new Link();
  run(link, before);
  const sender = link.sender.clone();
  const receiver = link.receiver.clone();
  const states = [sender.state(), receiver.state()];
  expect(states).toEqual([link.sender.state(), link.receiver.state()]);
  run(link, after);
  expect([sender.state(), receiver.state()]).toEqual(states);
});

const bytesIn = (messages: readonly RecordsMessage[]): number =>
  messages.reduce((sum, { records }) => sum + records.reduce((inner, { size }) => inner + size, 0), 0);

test("a window's worth is in flight at most; it begins small and grows by what is acknowledged", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  for (let count = 0; count < 2_000; count += 1) link.apply(count === 1_500 ? 2 * batchBytes : 1_000);
  expect(bytesIn(link.toReceiver)).toBeGreaterThanOrEqual(windowBytesFirst);
  expect(bytesIn(link.toReceiver)).toBeLessThan(windowBytesFirst + batchBytes);
  let most = 0;
  for (let rounds = 0; link.toReceiver.length > 0; rounds += 1) {
    expect(rounds).toBeLessThan(100);
    const flying = link.toReceiver.splice(0);
    most = Math.max(most, bytesIn(flying));
    for (const message of flying) {
      if (bytesIn([message]) > batchBytes) expect(message.records).toHaveLength(1);
    }
    link.now += 20_000;
    const upTo = flying.at(-1)?.upTo ?? 0;
    const ack = { kind: "ack", incarnation: life, epoch: link.sender.epoch, upTo, beyond: [] } as const;
    link.sender.acknowledged(link.side, ack, link.now);
  }
  expect(most).toBeGreaterThanOrEqual(windowBytes);
  expect(most).toBeLessThan(windowBytes + 2 * batchBytes);
});

test("a timeout halves the window: what is acknowledged after it makes room for less", () => {
  const newBytesAfterAck = (timeouts: number): number => {
    const link = new Link();
    link.sender.start(link.side, life, false, true);
    for (let count = 0; count < 2_000; count += 1) link.apply(1_000);
    const acknowledge = (upTo: number): void => {
      const ack = { kind: "ack", incarnation: life, epoch: link.sender.epoch, upTo, beyond: [] } as const;
      link.sender.acknowledged(link.side, ack, link.now);
    };
    let flying = link.toReceiver.splice(0);
    while (bytesIn(flying) < windowBytes) {
      link.now += 20_000;
      acknowledge(flying.at(-1)?.upTo ?? 0);
      flying = link.toReceiver.splice(0);
    }
    for (let left = timeouts; left > 0; left -= 1) {
      link.now += link.sender.timeout();
      link.sender.timedOut(link.side, link.now);
    }
    link.toReceiver.splice(0);
    const last = flying.at(-1)?.upTo ?? 0;
    acknowledge(flying[0]?.upTo ?? 0);
    return bytesIn(link.toReceiver.filter(({ upTo }) => upTo > last));
  };
  expect(newBytesAfterAck(0)).toBeGreaterThan(0);
  expect(newBytesAfterAck(2)).toBe(0);
});

test("a sender whose window is full and unanswered goes on when the rest of the log carries nothing", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  for (let count = 0; count < 600; count += 1) link.apply(1_000);
  for (let timeouts = 0; timeouts < 40; timeouts += 1) {
    link.toReceiver.splice(0);
    link.now += link.sender.timeout();
    link.sender.timedOut(link.side, link.now);
  }
  expect(link.sender.waiting).toBe(true);
  expect(link.toReceiver.length).toBeGreaterThan(0);
});

test("new records are not kept waiting by what is repeated while nobody answers", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  for (let count = 0; count < 600; count += 1) link.apply(1_000);
  for (let timeouts = 0; timeouts < 60; timeouts += 1) {
    link.now += link.sender.timeout();
    link.sender.timedOut(link.side, link.now);
  }
  link.toReceiver.splice(0);
  while (!isCarried(link.applied.length + 1)) link.apply(1_000);
  link.toReceiver.splice(0);
  link.now += 1_000_000;
  link.apply(1_000);
  const sent = link.toReceiver.flatMap(({ records }) => records.map(({ dot }) => dot.sequence));
  expect(sent).toContain(link.applied.length);
  expect(link.sender.timeout()).toBe(250_000);
});

test("one sample of an hour, from a machine that was suspended, is forgotten after some usual ones", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  for (let count = 0; count < 70; count += 1) {
    if (count === 2) expect(link.sender.timeout()).toBe(30_000_000);
    link.apply(1_000);
    const flying = link.toReceiver.splice(0);
    link.now += count === 0 ? 3_600_000_000 : 20_000;
    const upTo = flying.at(-1)?.upTo ?? 0;
    const ack = { kind: "ack", incarnation: life, epoch: link.sender.epoch, upTo, beyond: [] } as const;
    if (flying.length > 0) link.sender.acknowledged(link.side, ack, link.now);
  }
  expect(link.sender.timeout()).toBeLessThan(1_000_000);
});

test("where nobody ever answers, all is sent again and again, in bounded pieces", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  for (let count = 0; count < 600; count += 1) link.apply(1_000);
  const times = new Map<number, number>();
  for (let timeouts = 0; timeouts < 60; timeouts += 1) {
    for (const { records } of link.toReceiver.splice(0)) {
      for (const { dot } of records) times.set(dot.sequence, (times.get(dot.sequence) ?? 0) + 1);
    }
    link.now += link.sender.timeout();
    link.sender.timedOut(link.side, link.now);
  }
  const carried = link.applied.map(({ dot }) => dot.sequence).filter(isCarried);
  for (const position of carried) expect(times.get(position) ?? 0).toBeGreaterThanOrEqual(3);
});

test("acknowledgements of another life or epoch are not for this conversation", () => {
  const link = new Link();
  link.sender.start(link.side, life, false, true);
  link.apply(10);
  const ack = { kind: "ack", incarnation: life, epoch: link.sender.epoch, upTo: 1, beyond: [] } as const;
  expect(link.sender.acknowledged(link.side, { ...ack, epoch: ack.epoch - 1 }, 1)).toBe(false);
  expect(link.sender.acknowledged(link.side, { ...ack, incarnation: 2 as Incarnation }, 1)).toBe(false);
  expect(link.sender.waiting).toBe(true);
  expect(link.sender.acknowledged(link.side, ack, 1)).toBe(true);
  expect(link.sender.waiting).toBe(false);
});

test("a batch that comes again while the disk is slow is remembered once", () => {
  const receiver = new Receiver(0 as CloudletId);
  const position = { epoch: 1, to: life, base: 0, after: 0, upTo: 1 } as const;
  receiver.received({ incarnation: life, ...position }, 1);
  const once = receiver.state().length;
  for (let count = 0; count < 100; count += 1) receiver.received({ incarnation: life, ...position }, 1);
  expect(receiver.state()).toHaveLength(once);
  receiver.stored(1);
  expect(receiver.acknowledgement()).toMatchObject({ upTo: 1, beyond: [] });
});
