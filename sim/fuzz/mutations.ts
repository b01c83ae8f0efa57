// What is done to the bytes of valid messages: everything a bad link, a bad disk or a bad neighbour may do. Most results get
// a checksum that fits, since bytes whose checksum does not fit are never looked into.

import { checksum, checksumSize } from "../../model/replication/checksum.ts";
import { pick } from "../../model/random.ts";
import type { Rng } from "../../model/random.ts";

type Mutation = (rng: Rng, bytes: readonly number[], other: readonly number[]) => number[];

const place = (rng: Rng, bytes: readonly number[]): number => rng.intInclusive(Math.max(0, bytes.length - 1));

// Numbers that are too long, too large or never end.
const hostile: readonly (readonly number[])[] = [
  [0x80, 0x00],
  [0xff, 0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0x80],
];

const table = {
  intact: (_rng, bytes) => [...bytes],
  cut: (rng, bytes) => bytes.slice(0, place(rng, bytes)),
  flip: (rng, bytes) => {
    const changed = [...bytes];
    for (let left = 1 + rng.intInclusive(3); left > 0; left -= 1) {
      const at = place(rng, bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << rng.intInclusive(7));
    }
    return changed;
  },
  set: (rng, bytes) => bytes.with(place(rng, bytes), pick(rng, [0, 1, 2, 3, 0x7f, 0x80, 0xff])),
  insert: (rng, bytes) => bytes.toSpliced(place(rng, bytes), 0, rng.intInclusive(255)),
  append: (rng, bytes) => [...bytes, ...Array.from({ length: 1 + rng.intInclusive(3) }, () => rng.intInclusive(255))],
  remove: (rng, bytes) => bytes.toSpliced(place(rng, bytes), 1 + rng.intInclusive(3)),
  splice: (rng, bytes, other) => [...bytes.slice(0, place(rng, bytes)), ...other.slice(place(rng, other))],
  number: (rng, bytes) => bytes.toSpliced(place(rng, bytes), 1, ...pick(rng, hostile)),
  lengthen: (rng, bytes) => lengthened(bytes, place(rng, bytes)),
  random: (rng) => Array.from({ length: rng.intInclusive(60) }, () => rng.intInclusive(255)),
  likeMessage: (rng) => [
    1 + rng.intInclusive(2),
    rng.intInclusive(3),
    ...Array.from({ length: rng.intInclusive(60) }, () => rng.intInclusive(rng.chance(500_000) ? 3 : 255)),
  ],
} as const satisfies Record<string, Mutation>;

/** What was done to some bytes. */
export type MutationName = keyof typeof table;

/** All of them. */
export const mutationNames = Object.keys(table) as readonly MutationName[];

// The same number in one byte more, where a number ends here.
function lengthened(bytes: readonly number[], at: number): number[] {
  const byte = bytes[at] ?? 0;
  return byte < 0x80 ? bytes.toSpliced(at, 1, byte | 0x80, 0) : [...bytes];
}

/** Something is done to a message; `other` is another message. */
export function mutate(
  rng: Rng,
  name: MutationName,
  bytes: Uint8Array,
  other: Uint8Array,
  refits: boolean,
): Uint8Array {
  if (!refits) return Uint8Array.from(table[name](rng, [...bytes], [...other]));
  const inner = (message: Uint8Array): number[] => [...message.subarray(0, message.length - checksumSize)];
  return withChecksum(table[name](rng, inner(bytes), inner(other)));
}

/** These bytes with the checksum that fits behind them. */
export function withChecksum(bytes: readonly number[]): Uint8Array {
  const whole = Uint8Array.from([...bytes, 0, 0, 0, 0]);
  new DataView(whole.buffer).setUint32(bytes.length, checksum(whole, 0, bytes.length), true);
  return whole;
}
