// Records and messages as the replication core may exchange them: any numbers and texts that the types allow, not only
// those that some run would produce. For encoders, resolvers and orders, which must not depend on where values come from.

import fc from "fast-check";
import type { CloudletId, Incarnation, ScopeId, StreamId } from "../../model/ids.ts";
import type { Known, Message, Range } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot, Stamp } from "../../model/replication/record.ts";
import { ttlMax } from "../../model/replication/time-limit.ts";
import { stampMax } from "../../model/replication/wire-record.ts";
import { recordSize, wireVersion } from "../../model/replication/wire.ts";
import type { Duration } from "../../model/units.ts";

const identifierMax = 2 ** 31 - 1;

// Small numbers are the common case, the borders of encodings the interesting one.
const numbers = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 3) }),
    fc.integer({ min, max: Math.min(max, min + 300) }),
    fc.constantFrom(
      ...[127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 32, 2 ** 53 - 1].filter((n) => n >= min && n <= max),
    ),
    fc.maxSafeInteger().map((n) => min + (Math.abs(n) % (max - min + 1))),
  );

/** Dots of few writers, so that equal ones occur; or of any. */
export function dots(): fc.Arbitrary<Dot> {
  return fc.record({
    stream: numbers(0, identifierMax).map((id) => id as StreamId),
    origin: numbers(0, identifierMax).map((id) => id as CloudletId),
    incarnation: numbers(1, identifierMax).map((id) => id as Incarnation),
    sequence: numbers(1, identifierMax),
  });
}

/** Any stamp. */
export function stamps(): fc.Arbitrary<Stamp> {
  const whole = numbers(0, stampMax);
  return fc.record({ wall: whole, logical: whole, lamport: whole });
}

// A delete has no value, version 1 is not written down, and what no reader knows has a body instead of a value.
function versioned(
  rest: Omit<CausalRecord, "size" | "version" | "body">,
  version: number,
  body: Uint8Array,
): Omit<CausalRecord, "size"> {
  if (version > wireVersion) {
    const { dot, key, prev, deps, stamp, ends } = rest;
    return { kind: "sealed", dot, key, value: "", prev, deps, stamp, ...(ends && { ends }), version, body };
  }
  const content = rest.kind === "put" ? rest : { ...rest, value: "" };
  return version === 1 ? content : { ...content, version };
}

/** Records of all versions, known and unknown, with texts of all planes of Unicode. */
export function records(): fc.Arbitrary<CausalRecord> {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.string({ unit: "grapheme", maxLength: 12 }));
  return fc
    .record({
      kind: fc.constantFrom("put" as const, "delete" as const, "notice" as const),
      dot: dots(),
      key: text,
      value: text,
      prev: fc.array(dots(), { maxLength: 3 }),
      deps: fc.array(dots(), { maxLength: 4 }),
      stamp: stamps(),
      version: fc.constantFrom(1, 2, 3, 300),
      body: fc.uint8Array({ minLength: 1, maxLength: 12 }),
      hasMoved: fc.boolean(),
      ttl: fc.option(numbers(1, ttlMax).map((limit) => limit as Duration)),
      isEnd: fc.boolean(),
      notice: fc.constantFrom("summary", "detach", "close", "back", "return"),
      members: fc.array(
        numbers(0, identifierMax).map((id) => id as CloudletId),
        { maxLength: 2 },
      ),
      covers: fc.array(
        fc.record({
          stream: numbers(0, identifierMax).map((id) => id as StreamId),
          origin: numbers(0, identifierMax).map((id) => id as CloudletId),
          incarnation: numbers(1, identifierMax).map((id) => id as Incarnation),
          ranges: ranges(identifierMax),
        }),
        { maxLength: 3 },
      ),
      ready: fc.array(dots(), { maxLength: 3 }),
    })
    .map(({ version, body, hasMoved, ttl, isEnd, notice: kind, members, covers, ready, ...rest }) => {
      const notice = { kind, members, covers, ready } as const;
      const said = {
        ...rest,
        ...(hasMoved && { moved: true as const }),
        ...(rest.kind === "put" && ttl !== null && { ttl }),
        ...(isEnd && !hasMoved && canEnd(rest) && { ends: true as const }),
        ...(rest.kind === "notice" && { notice }),
      };
      const content = versioned(said, version, body);
      return { ...content, size: recordSize(content) };
    });
}

// The end of a put replaces that one alone, and its stamp is just above another.
function canEnd({ kind, prev, stamp }: Pick<CausalRecord, "kind" | "prev" | "stamp">): boolean {
  return kind === "delete" && prev.length === 1 && stamp.logical > 0 && stamp.lamport > 0;
}

function ranges(max: number): fc.Arbitrary<Range[]> {
  return fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 200 })), { maxLength: 4 }).map((pairs) => {
    const result: Range[] = [];
    let least = 1;
    for (const [gap, length] of pairs) {
      const first = least + gap;
      const last = Math.min(max, first + length);
      result.push({ first, last });
      least = last + 2;
    }
    return result;
  });
}

/** Any message. */
export function messages(): fc.Arbitrary<Message> {
  const incarnation = numbers(1, identifierMax).map((id) => id as Incarnation);
  const position = numbers(0, 2 ** 40);
  const known: fc.Arbitrary<Known> = fc.record({
    stream: numbers(0, identifierMax).map((id) => id as StreamId),
    origin: numbers(0, identifierMax).map((id) => id as CloudletId),
    incarnation,
    ranges: ranges(identifierMax),
    digest: numbers(0, 2 ** 30),
  });
  const knowns = fc.array(known, { maxLength: 4 });
  const covered = fc.array(
    known.map(({ stream, origin, incarnation: life, ranges: list }) => ({
      stream,
      origin,
      incarnation: life,
      ranges: list,
    })),
    { maxLength: 4 },
  );
  const outside = fc.record({ scope: numbers(0, identifierMax).map((id) => id as ScopeId), needs: covered });
  return fc.oneof(
    fc
      .record({
        incarnation,
        epoch: position,
        to: fc.oneof(fc.constant(0 as const), incarnation),
        after: position,
        length: fc.integer({ min: 1, max: 1_000 }),
        cut: position,
        part: fc.integer({ min: 1, max: 300 }),
        more: fc.nat({ max: 300 }),
        applied: covered,
        outside: fc.array(outside, { maxLength: 2 }),
        versions: fc.array(records(), { maxLength: 3 }),
      })
      .map(({ length, more, ...rest }) => ({
        kind: "snapshot" as const,
        ...rest,
        upTo: rest.after + length,
        parts: rest.part + more,
      })),
    fc.record({
      kind: fc.constant("parts" as const),
      incarnation,
      epoch: position,
      cut: position,
      ranges: ranges(identifierMax),
    }),
    fc.record({
      kind: fc.constant("hello" as const),
      incarnation,
      round: position,
      hears: fc.record({ incarnation: fc.oneof(fc.constant(0 as const), incarnation), round: position }),
      asks: fc.boolean(),
      speaks: fc.tuple(numbers(1, 300), fc.nat({ max: 3 })).map(([least, more]) => ({ least, most: least + more })),
      known: knowns,
    }),
    fc
      .record({
        incarnation,
        epoch: position,
        to: fc.oneof(fc.constant(0 as const), incarnation),
        base: position,
        gap: fc.nat({ max: 1_000 }),
        length: fc.integer({ min: 1, max: 1_000 }),
        records: fc.array(records(), { maxLength: 3 }),
      })
      .map(({ gap, length, ...rest }) => ({
        kind: "records" as const,
        ...rest,
        after: rest.base + gap,
        upTo: rest.base + gap + length,
      })),
    fc.record({
      kind: fc.constant("ack" as const),
      incarnation,
      epoch: position,
      upTo: position,
      beyond: ranges(identifierMax),
    }),
  );
}
