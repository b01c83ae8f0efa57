// The oracle of real-time causal consistency against brute force: all operations of a tiny history as nodes, all edges of
// happens-before, conflict and real time drawn, and a cycle sought by transitive closure.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CausalRecord } from "../../model/replication/record.ts";
import { sameDot } from "../../model/replication/record.ts";
import type { CloudletId } from "../../model/ids.ts";
import { prop } from "../../properties/prop.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { type OpenWrite, Stage } from "./stage.ts";

interface Operation {
  readonly session: number;
  readonly start: number;
  end: number;
  readonly wrote: CausalRecord | null;
  readonly read: { readonly key: string; readonly returned: readonly CausalRecord[] } | null;
}

/** Is there a cycle of session order, reads-from, overwrites, hidden-before-returned and real time? */
function isCyclic(operations: readonly Operation[]): boolean {
  const count = operations.length;
  const edges = operations.map(() => new Array<boolean>(count).fill(false));
  const edge = (from: number, to: number): void => void ((edges[from] as boolean[])[to] = true);
  const writeOf = new Map(operations.flatMap(({ wrote }, at) => (wrote === null ? [] : [[wrote, at] as const])));
  for (const [to, { session, wrote, read }] of operations.entries()) {
    for (const [from, other] of operations.entries()) {
      if (from < to && other.session === session) edge(from, to);
      if (wrote?.prev.some((dot) => other.wrote !== null && sameDot(dot, other.wrote.dot))) edge(from, to);
    }
    for (const version of read?.returned ?? []) edge(writeOf.get(version) as number, to);
  }
  const closed = closure(edges);
  for (const [reader, { read }] of operations.entries()) {
    const [returned] = read?.returned ?? [];
    if (read === null || returned === undefined || read.key.startsWith("all/")) continue;
    for (const [other, { wrote }] of operations.entries()) {
      if (wrote === null || wrote === returned || wrote.key !== read.key) continue;
      if (closed[other]?.[reader] === true) edge(other, writeOf.get(returned) as number);
    }
  }
  for (const [from, { end }] of operations.entries()) {
    for (const [to, { start }] of operations.entries()) if (end < start) edge(from, to);
  }
  return closure(edges).some((row, at) => row[at] === true);
}

function closure(edges: readonly (readonly boolean[])[]): boolean[][] {
  const closed = edges.map((row) => row.slice());
  for (let middle = 0; middle < closed.length; middle += 1) {
    for (const row of closed) {
      if (row[middle] !== true) continue;
      for (let to = 0; to < closed.length; to += 1) if (closed[middle]?.[to] === true) row[to] = true;
    }
  }
  return closed;
}

/** A stage that notes down its operations. */
class Notebook {
  readonly stage = new Stage(trio, ["rtc"]);
  readonly operations: Operation[] = [];
  readonly open = new Map<number, { readonly write: OpenWrite; readonly operation: Operation }>();

  begin(cloudlet: number, session: number, key: string, wall: number): CausalRecord {
    const write = this.stage.begin(cloudlet, session, key, { wall });
    const operation: Operation = { session, start: this.stage.now, end: Infinity, wrote: write.record, read: null };
    this.operations.push(operation);
    this.open.set(session, { write, operation });
    return write.record;
  }

  end(session: number): void {
    const found = this.open.get(session);
    if (found === undefined) return;
    this.open.delete(session);
    found.write.end();
    // Answered one step of time before it is applied.
    found.operation.end = this.stage.now - 10;
  }

  write(cloudlet: number, session: number, key: string, wall: number): CausalRecord {
    const record = this.begin(cloudlet, session, key, wall);
    this.end(session);
    return record;
  }

  read(cloudlet: number, session: number, key: string): readonly CausalRecord[] {
    const returned = this.stage.read(cloudlet, session, key);
    const { now } = this.stage;
    this.operations.push({ session, start: now, end: now, wrote: null, read: { key, returned } });
    return returned;
  }
}

// Mostly one key, so that there is something to conflict about.
const keys = ["last/a", "last/a", "last/a", "last/a", "last/a", "last/b", "lamport/a", "all/a"] as const;
const move = fc.record({
  kind: fc.nat(9),
  cloudlet: fc.nat(2),
  session: fc.nat(1),
  key: fc.nat(7),
  pick: fc.nat(1_000),
});
const moves = fc.array(move, { minLength: 40, maxLength: 70 });

let violations = 0;
let onlyAtTheEnd = 0;

interface Move {
  readonly kind: number;
  readonly cloudlet: number;
  readonly session: number;
  readonly key: number;
  readonly pick: number;
}

/** Plays a drawn move; `ends` in 10 of them end a write. */
function play(notebook: Notebook, { kind, cloudlet, session: any, key: drawnKey, pick }: Move, ends: number): void {
  const { stage } = notebook;
  const session = cloudlet * 2 + any;
  const key = keys[drawnKey] as string;
  if (kind < 2) {
    // Stamps are drawn from the same few values, so that clocks are badly skewed.
    if (!notebook.open.has(session)) notebook.begin(cloudlet, session, key, (pick % 9) * 100);
  } else if (kind < 2 + ends) {
    notebook.end(session);
  } else if (kind < 7) {
    if (!notebook.open.has(session)) notebook.read(cloudlet, session, key);
  } else {
    const ready = stage.written.filter((record) => isDeliverable(stage, cloudlet, record));
    const record = ready[pick % Math.max(1, ready.length)];
    if (record !== undefined) stage.apply(cloudlet, record);
  }
}

function isDeliverable(stage: Stage, cloudlet: number, record: CausalRecord): boolean {
  return (
    stage.booth(record.dot.origin).applied.has(record) &&
    !stage.booth(cloudlet).applied.has(record) &&
    stage.topology.reaches(record.dot.stream, cloudlet as CloudletId) &&
    stage.isReady(cloudlet, record)
  );
}

/** Does the oracle say what the search says? */
function judge({ stage, operations }: Notebook): void {
  const online = stage.verdict("rtc").violations;
  stage.finish();
  const found = stage.verdict("rtc").violations > 0;
  expect(found).toBe(isCyclic(operations));
  if (found) violations += 1;
  if (found && online === 0) onlyAtTheEnd += 1;
}

describe("the verdict is that of a search for cycles among all operations", () => {
  for (const [name, ends] of [
    ["short writes", 3],
    ["long writes, many reads", 1],
  ] as const) {
    const judged = (drawn: readonly Move[]): void => {
      const notebook = new Notebook();
      for (const one of drawn) play(notebook, one, ends);
      judge(notebook);
    };
    prop(name, moves, judged, { numRuns: 400 });
  }

  // The story of a ring (see below) with other things happening in between.
  const between = fc.array(fc.array(move, { maxLength: 2 }), { minLength: 9, maxLength: 9 });
  const stamps = fc.shuffledSubarray([100, 300, 500], { minLength: 3 });
  prop(
    "rings of three, disturbed",
    fc.tuple(between, stamps),
    ([noises, walls]) => {
      const notebook = new Notebook();
      const { stage } = notebook;
      const [low, middle, high] = walls as [number, number, number];
      const bring = (cloudlet: number, record: CausalRecord): void => {
        if (isDeliverable(stage, cloudlet, record)) stage.apply(cloudlet, record);
      };
      const records: CausalRecord[] = [];
      const steps = [
        () => records.push(notebook.begin(HUB, 11, "last/a", middle)),
        () => records.push(notebook.write(EAST, 12, "last/a", high)),
        () => records.push(notebook.write(WEST, 13, "last/a", low)),
        () => notebook.end(11),
        () => bring(WEST, records[0] as CausalRecord),
        () => notebook.read(WEST, 13, "last/a"),
        () => notebook.read(HUB, 11, "last/a"),
        () => bring(HUB, records[1] as CausalRecord),
        () => notebook.read(HUB, 11, "last/a"),
      ];
      for (const [at, step] of steps.entries()) {
        for (const noise of noises[at] as readonly Move[]) play(notebook, noise, 3);
        step();
      }
      judge(notebook);
    },
    { numRuns: 400 },
  );

  test("the histories above had violations, some of them found only at the end", () => {
    expect(violations).toBeGreaterThan(20);
    expect(onlyAtTheEnd).toBeGreaterThan(20);
  });
});

describe("told one by one", () => {
  test("a later write that loses, with the loser in the reader's past, is a violation at once", () => {
    const { stage, ...notebook } = golden();
    notebook.book.write(EAST, 1, "last/x", 500);
    const [one] = stage.written;
    const two = notebook.book.write(WEST, 2, "last/x", 50);
    stage.apply(WEST, one as CausalRecord);
    expect(notebook.book.read(WEST, 2, "last/x")).toEqual([one]);
    const { violations: found, evidence } = stage.verdict("rtc");
    expect(found).toBe(1);
    expect(evidence[0]).toContain("s2 at west");
    expect(evidence[0]).toContain("it must come first, and last");
    expect(stage.pasts.get(two)?.size).toBe(0);
  });

  test("the same with a loser that nobody read is none: the reader cannot know", () => {
    const { stage, book } = golden();
    const one = book.write(EAST, 1, "last/x", 500);
    book.write(WEST, 2, "last/x", 50);
    stage.apply(WEST, one);
    book.read(WEST, 3, "last/x");
    stage.finish();
    expect(stage.verdict("rtc")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("overlapping writes may win in any order", () => {
    const { stage, book } = golden();
    const one = book.begin(EAST, 1, "last/x", 500);
    const two = book.begin(WEST, 2, "last/x", 50);
    book.end(1);
    book.end(2);
    stage.apply(WEST, one);
    expect(book.read(WEST, 2, "last/x")).toEqual([one]);
    stage.finish();
    expect(stage.verdict("rtc").violations).toBe(0);
    expect(stage.written).toEqual([one, two]);
  });

  test("return-them-all is never out of order: nothing is hidden", () => {
    const { stage, book } = golden();
    const one = book.write(EAST, 1, "all/x", 500);
    const two = book.write(WEST, 2, "all/x", 50);
    stage.apply(WEST, one);
    expect(new Set(book.read(WEST, 2, "all/x"))).toEqual(new Set([one, two]));
    stage.finish();
    expect(stage.verdict("rtc")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("three writes in a ring, no two of them wrong by themselves, are found at the end", () => {
    // 1. The middle one lasts all the time. 2. The high one ends before the low one begins. 3. One reader has low and
    // middle in its past and reads middle, another has middle and high and reads high. So low < middle < high, yet high
    // was over before low began.
    const { stage, book } = golden();
    const middle = book.begin(HUB, 1, "last/x", 300);
    const high = book.write(EAST, 2, "last/x", 500);
    const low = book.write(WEST, 3, "last/x", 100);
    book.end(1);
    stage.apply(WEST, middle);
    expect(book.read(WEST, 3, "last/x")).toEqual([middle]);
    expect(book.read(HUB, 1, "last/x")).toEqual([middle]);
    stage.apply(HUB, high);
    expect(book.read(HUB, 1, "last/x")).toEqual([high]);
    expect(stage.verdict("rtc").violations).toBe(0);
    stage.finish();
    const { violations: found, evidence } = stage.verdict("rtc");
    expect(isCyclic(book.operations)).toBe(true);
    expect(found).toBe(1);
    expect(evidence[0]).toContain("no order fits all reads and real time");
    expect(evidence[0]).toContain("c1.1/t0#1 ended before the start of");
    expect(stage.pasts.get(low)?.size).toBe(0);
  });

  test("a write that was never answered is over when what follows it is", () => {
    // 1. The first write is visible at the east and its answer never comes. 2. The second overwrites it and is answered.
    // 3. Only then the third begins, in the west, and loses to the first.
    const { stage, book } = golden();
    const first = book.begin(EAST, 1, "last/x", 900);
    stage.apply(EAST, first);
    const second = book.write(EAST, 2, "last/x", 900);
    book.write(WEST, 3, "last/x", 100);
    stage.apply(WEST, first);
    expect(book.read(WEST, 3, "last/x")).toEqual([first]);
    expect(stage.pasts.get(second)?.has(first)).toBe(true);
    expect(isCyclic(book.operations)).toBe(true);
    expect(stage.verdict("rtc").violations).toBe(1);
  });

  test("a message that is received before it was sent, and a record sent before it was written", () => {
    const { stage } = golden();
    const { observer } = stage.oracles;
    const hello = { kind: "hello", incarnation: 1, round: 1, asks: true, known: [] } as never;
    observer.received(stage.at, EAST as CloudletId, HUB as CloudletId, hello, (stage.at + 1) as never);
    expect(stage.verdict("rtc")).toMatchObject({ violations: 1 });
    const record = stage.write(EAST, 1, "last/x");
    const batch = {
      kind: "records",
      incarnation: 1,
      epoch: 1,
      to: 1,
      base: 0,
      after: 0,
      upTo: 1,
      records: [record],
    } as never;
    observer.received(stage.at, EAST as CloudletId, HUB as CloudletId, batch, 1 as never);
    expect(stage.verdict("rtc")).toMatchObject({ violations: 2 });
    expect(stage.verdict("rtc").evidence[1]).toContain("before it was written");
  });

  test("a record that nobody wrote", () => {
    const { stage } = golden();
    const record = stage.write(EAST, 1, "last/x");
    stage.apply(HUB, { ...record, dot: { ...record.dot, sequence: 7 } });
    expect(stage.verdict("rtc").evidence[0]).toContain("c1.1/t0#7");
  });
});

function golden(): { readonly stage: Stage; readonly book: Notebook } {
  const book = new Notebook();
  return { stage: book.stage, book };
}
