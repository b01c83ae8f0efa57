// The event queue against a sorted list: order, ties, cancelling, memory, shuffling.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../model/units.ts";
import { EVENT_KIND_MAX, EventQueue, NO_TICKET } from "./queue.ts";
import type { Ticket } from "./queue.ts";
import { RngRoot } from "./rng.ts";

/** What the twin keeps: a plain list, sorted whenever somebody looks. */
interface TwinEvent {
  readonly at: number;
  readonly seq: number;
  readonly ticket: Ticket;
}

type Step = { readonly kind: "push"; readonly after: number } | { readonly kind: "pop" | "peek" | "cancel"; n: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("push" as const), after: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("pop" as const, "peek" as const), n: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel" as const), n: fc.nat(1_000) }) },
);

describe("event queue", () => {
  test("agrees with a sorted list over random pushes, pops, peeks and cancellations (many ties)", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue();
        const twin: TwinEvent[] = [];
        const tickets: Ticket[] = [NO_TICKET];
        let seq = 0;
        const sorted = (): TwinEvent[] => twin.sort((left, right) => left.at - right.at || left.seq - right.seq);
        for (const { kind, ...rest } of steps) {
          if (kind === "push" && "after" in rest) {
            const at = instant(queue.at + rest.after);
            const ticket = queue.push(at, seq % (EVENT_KIND_MAX + 1), seq, -seq, seq * 7, { seq });
            twin.push({ at, seq, ticket });
            tickets.push(ticket);
            seq += 1;
          } else if (kind === "pop") {
            const expected = sorted().shift();
            expect(queue.pop()).toBe(expected !== undefined);
            if (expected === undefined) continue;
            expect([queue.at, queue.seq, queue.kind, queue.a, queue.b, queue.c, queue.payload]).toEqual([
              expected.at,
              expected.seq,
              expected.seq % (EVENT_KIND_MAX + 1),
              expected.seq,
              0 - expected.seq,
              expected.seq * 7,
              { seq: expected.seq },
            ]);
          } else if (kind === "peek") {
            expect(queue.next()).toBe(sorted()[0]?.at ?? null);
          } else if ("n" in rest) {
            const ticket = tickets[rest.n % tickets.length] as Ticket;
            const pending = twin.findIndex((event) => event.ticket === ticket);
            expect(queue.cancel(ticket)).toBe(pending >= 0);
            if (pending >= 0) twin.splice(pending, 1);
          }
          expect(queue.size).toBe(twin.length);
        }
        for (const expected of sorted()) {
          expect(queue.pop()).toBe(true);
          expect(queue.seq).toBe(expected.seq);
        }
        expect(queue.pop()).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("stays in order when half of 20 000 events are cancelled in between (compaction)", () => {
    const rng = new RngRoot("compaction").stream;
    const queue = new EventQueue();
    const kept: { readonly at: number; readonly seq: number }[] = [];
    const doomed: Ticket[] = [];
    for (let seq = 0; seq < 20_000; seq += 1) {
      const at = instant(rng.intInclusive(5_000));
      const ticket = queue.push(at, 0, 0, 0, 0, null);
      if (rng.chance(600_000)) doomed.push(ticket);
      else kept.push({ at, seq });
    }
    for (const ticket of doomed) expect(queue.cancel(ticket)).toBe(true);
    kept.sort((left, right) => left.at - right.at || left.seq - right.seq);
    const left: { at: number; seq: number }[] = [];
    while (queue.pop()) left.push({ at: queue.at, seq: queue.seq });
    expect(left).toEqual(kept);
  });

  test("does not grow under one million arm and cancel pairs over 100 pending timers", () => {
    const queue = new EventQueue();
    const tickets = new Float64Array(100);
    for (let round = 0; round < 1_000_000; round += 1) {
      const timer = round % 100;
      queue.cancel(tickets[timer] as number);
      tickets[timer] = queue.push(instant(round + 1_000_000_000), 1, timer, 0, 0, null);
    }
    expect(queue.size).toBe(100);
    expect(queue.capacity).toBeLessThanOrEqual(1_024);
  });

  test("an event without payload never shows the one of its slot's earlier event, popped or cancelled", () => {
    const queue = new EventQueue();
    const cancelled = queue.push(instant(5), 0, 0, 0, 0, { big: 1 });
    queue.push(instant(5), 0, 0, 0, 0, { big: 2 });
    queue.cancel(cancelled);
    expect([queue.pop(), queue.payload]).toEqual([true, { big: 2 }]);
    for (let i = 0; i < 3; i += 1) queue.push(instant(6), 0, 0, 0, 0, null);
    for (let i = 0; i < 3; i += 1) expect([queue.pop(), queue.payload]).toEqual([true, null]);
  });

  test("compaction right after a pop keeps the rest and nothing more (600 events, 500 cancelled)", () => {
    const queue = new EventQueue();
    const tickets = Array.from({ length: 600 }, (_, i) => queue.push(instant(i), 0, i, 0, 0, null));
    queue.pop();
    for (const ticket of tickets.slice(1, 501)) expect(queue.cancel(ticket)).toBe(true);
    const left: number[] = [];
    while (queue.pop()) left.push(queue.a);
    expect(left).toEqual(Array.from({ length: 99 }, (_, i) => 501 + i));
  });

  test("a ticket of an event that left does not cancel the event that took its slot", () => {
    const queue = new EventQueue();
    const old = queue.push(instant(1), 0, 1, 0, 0, null);
    queue.pop();
    queue.push(instant(2), 0, 2, 0, 0, null);
    expect(queue.cancel(old)).toBe(false);
    expect(queue.pop()).toBe(true);
    expect(queue.a).toBe(2);
  });

  test("the past, fractions, not-a-number and unknown kinds throw", () => {
    const queue = new EventQueue();
    queue.push(instant(10), 0, 0, 0, 0, null);
    queue.pop();
    expect(() => queue.push(instant(9), 0, 0, 0, 0, null)).toThrow("an event in the past");
    expect(() => queue.push(10.5 as never, 0, 0, 0, 0, null)).toThrow("no whole microsecond");
    expect(() => queue.push(Number.NaN as never, 0, 0, 0, 0, null)).toThrow("an event in the past");
    expect(() => queue.push(Infinity as never, 0, 0, 0, 0, null)).toThrow("no whole microsecond");
    expect(() => queue.push(instant(10), EVENT_KIND_MAX + 1, 0, 0, 0, null)).toThrow("kind out of range");
    expect(queue.size).toBe(0);
  });

  test("shuffling: ties leave in a drawn order, the same for the same seed, and instants stay in order", () => {
    const leave = (seed: string | null): number[] => {
      const queue = new EventQueue(seed === null ? {} : { shuffle: new RngRoot(seed).stream });
      for (let i = 0; i < 60; i += 1) queue.push(instant(i % 3), 0, i, 0, 0, null);
      const order: number[] = [];
      while (queue.pop()) {
        expect(queue.a).toBe(queue.seq);
        order.push(queue.a);
      }
      return order;
    };
    const plain = leave(null);
    const shuffled = leave("one");
    expect(plain.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i * 3));
    expect(shuffled).not.toEqual(plain);
    expect(leave("one")).toEqual(shuffled);
    expect(leave("two")).not.toEqual(shuffled);
    expect(shuffled.map((i) => i % 3)).toEqual(plain.map((i) => i % 3));
    expect(shuffled.toSorted((left, right) => left - right)).toEqual(plain.toSorted((left, right) => left - right));
  });
});
