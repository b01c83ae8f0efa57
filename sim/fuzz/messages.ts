// Valid messages, drawn at random, for the fuzzer to damage: all kinds, all versions of records, numbers at the borders of
// their encodings, texts of all planes, and now and then a name that does not exist.

import type { CloudletId, Incarnation, ScopeId, StreamId } from "../../model/ids.ts";
import type { Message, Range, SnapshotMessage } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import { ttlMax } from "../../model/replication/time-limit.ts";
import { idMax } from "../../model/replication/wire-parts.ts";
import { stampMax } from "../../model/replication/wire-record.ts";
import { recordSize, wireVersion } from "../../model/replication/wire.ts";
import type { Duration } from "../../model/units.ts";
import { pick } from "../../model/random.ts";
import type { Rng } from "../../model/random.ts";

/** The world that messages speak of: names below these exist. */
export interface FuzzWorld {
  readonly streams: number;
  readonly cloudlets: number;
  readonly prefix: string;
}

const borders = [0, 1, 2, 127, 128, 16_383, 16_384, idMax, 2 ** 32, Number.MAX_SAFE_INTEGER];
const texts = ["", "k", "key/1", "ä", "\u{1f600}", "\u0000", "e\u0301", "x".repeat(200)];

function number(rng: Rng, min: number, max: number): number {
  const drawn = rng.chance(700_000) ? rng.intInclusive(20) : pick(rng, borders);
  return Math.min(max, Math.max(min, drawn));
}

function dot(rng: Rng, world: FuzzWorld): Dot {
  const isKnown = !rng.chance(5_000);
  return {
    stream: (isKnown ? rng.intInclusive(world.streams - 1) : number(rng, 0, idMax)) as StreamId,
    origin: (isKnown ? rng.intInclusive(world.cloudlets - 1) : number(rng, 0, idMax)) as CloudletId,
    incarnation: number(rng, 1, idMax) as Incarnation,
    sequence: number(rng, 1, idMax),
  };
}

function dots(rng: Rng, world: FuzzWorld): Dot[] {
  return Array.from({ length: rng.intInclusive(2) }, () => dot(rng, world));
}

function record(rng: Rng, world: FuzzWorld): CausalRecord {
  const version = rng.intInclusive(wireVersion) + 1;
  const isSealed = version > wireVersion;
  const kind = isSealed ? ("sealed" as const) : pick(rng, ["put", "delete"] as const);
  const ttl = kind === "put" && rng.chance(300_000) ? (number(rng, 1, ttlMax) as Duration) : undefined;
  // The end of a put names that put alone, and its stamp is above another.
  const isEnd = kind === "delete" && rng.chance(300_000);
  const least = isEnd ? 1 : 0;
  const content = {
    kind,
    dot: dot(rng, world),
    key: (rng.chance(980_000) ? world.prefix : "") + pick(rng, texts),
    value: kind === "put" ? pick(rng, texts) : "",
    prev: isEnd ? [dot(rng, world)] : dots(rng, world),
    deps: dots(rng, world),
    stamp: {
      wall: number(rng, 0, stampMax),
      logical: number(rng, least, stampMax),
      lamport: number(rng, least, stampMax),
    },
    ...(ttl !== undefined && { ttl }),
    ...(isEnd && { ends: true as const }),
    ...(version > 1 && { version }),
    ...(isSealed && { body: Uint8Array.from({ length: 1 + rng.intInclusive(8) }, () => rng.intInclusive(255)) }),
  };
  return { ...content, size: recordSize(content) };
}

function ranges(rng: Rng): Range[] {
  const found: Range[] = [];
  let least = 1;
  for (let left = rng.intInclusive(3); left > 0; left -= 1) {
    const first = least + rng.intInclusive(200);
    const last = first + rng.intInclusive(200);
    found.push({ first, last });
    least = last + 2;
  }
  return found;
}

/** Some message. */
export function drawMessage(rng: Rng, world: FuzzWorld): Message {
  const incarnation = number(rng, 1, idMax) as Incarnation;
  switch (rng.intInclusive(4)) {
    case 0: {
      const least = 1 + rng.intInclusive(2);
      const heard = {
        incarnation: number(rng, 0, idMax) as Incarnation,
        round: number(rng, 0, Number.MAX_SAFE_INTEGER),
      };
      const known = Array.from({ length: rng.intInclusive(2) }, () => ({
        ...dot(rng, world),
        ranges: ranges(rng),
        digest: number(rng, 0, 2 ** 30),
      }));
      return {
        kind: "hello",
        incarnation,
        round: number(rng, 0, Number.MAX_SAFE_INTEGER),
        hears: heard,
        asks: rng.chance(500_000),
        speaks: { least, most: least + rng.intInclusive(2) },
        known: known.map(({ stream, origin, incarnation: life, ranges: of, digest }) => ({
          stream,
          origin,
          incarnation: life,
          ranges: of,
          digest,
        })),
      };
    }
    case 1: {
      const base = number(rng, 0, 2 ** 40);
      const after = base + rng.intInclusive(300);
      return {
        kind: "records",
        incarnation,
        epoch: number(rng, 0, Number.MAX_SAFE_INTEGER),
        to: number(rng, 0, idMax) as Incarnation | 0,
        base,
        after,
        upTo: after + 1 + rng.intInclusive(300),
        records: Array.from({ length: rng.intInclusive(3) }, () => record(rng, world)),
      };
    }
    case 2: {
      const after = number(rng, 0, 2 ** 40);
      const part = number(rng, 1, 2 ** 32);
      const covered = (): SnapshotMessage["applied"] =>
        Array.from({ length: rng.intInclusive(2) }, () => {
          const { stream, origin, incarnation: life } = dot(rng, world);
          return { stream, origin, incarnation: life, ranges: ranges(rng) };
        });
      return {
        kind: "snapshot",
        incarnation,
        epoch: number(rng, 0, Number.MAX_SAFE_INTEGER),
        to: number(rng, 0, idMax) as Incarnation | 0,
        after,
        upTo: after + 1 + rng.intInclusive(300),
        cut: number(rng, 0, Number.MAX_SAFE_INTEGER),
        part,
        parts: part + (rng.chance(300_000) ? 0 : rng.intInclusive(3)),
        applied: covered(),
        outside: Array.from({ length: rng.intInclusive(1) }, () => ({
          scope: rng.intInclusive(1) as ScopeId,
          needs: covered(),
        })),
        versions: Array.from({ length: rng.intInclusive(2) }, () => record(rng, world)),
      };
    }
    case 3:
      return {
        kind: "parts",
        incarnation,
        epoch: number(rng, 0, Number.MAX_SAFE_INTEGER),
        cut: number(rng, 0, Number.MAX_SAFE_INTEGER),
        ranges: ranges(rng),
      };
    default:
      return {
        kind: "ack",
        incarnation,
        epoch: number(rng, 0, Number.MAX_SAFE_INTEGER),
        upTo: number(rng, 0, Number.MAX_SAFE_INTEGER),
        beyond: ranges(rng),
      };
  }
}
