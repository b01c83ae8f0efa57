// Sets of cloudlets that streams reach, many of them equal and most of them small. A small set is a list, a large one a
// bitset; equal ones are one. Asking is one load, or a search in a short list; nothing is allocated by asking.

import type { CloudletId } from "../ids.ts";
import { shareLists } from "./sharing.ts";

/** A set of cloudlets; treat it as opaque. */
export interface Reach {
  readonly size: number;
  /** One bit per cloudlet; null when the list is kept alone. */
  readonly bits: Uint32Array | null;
  /** Ascending; null until somebody asks for it. */
  list: readonly CloudletId[] | null;
}

/** Bytes of all sets together beyond which a topology is refused (T13). */
export const REACH_BYTES_MAX = 67_108_864;

/** Up to this length a list is searched from front to back. */
const SCAN_MAX = 8;

/** Makes and keeps the sets of one topology. */
export interface ReachSets {
  /** The set of some cloudlets (ascending) and of all that are in some other sets. */
  union(own: readonly CloudletId[], others: readonly Reach[]): Reach;
  /** The one copy of an ascending list. */
  list(list: readonly CloudletId[]): readonly CloudletId[];
  /** The members of a set, ascending. */
  members(reach: Reach): readonly CloudletId[];
  /** Bytes taken by all sets, roughly. */
  bytes(): number;
}

/** Is the cloudlet in the set? */
export function isIn(reach: Reach, cloudlet: CloudletId): boolean {
  const bits = reach.bits;
  if (bits !== null) return ((bits[cloudlet >>> 5]! >>> (cloudlet & 31)) & 1) === 1;
  return positionIn(reach.list!, cloudlet) >= 0;
}

/** Where a number stands in an ascending list; -1 when it does not. */
export function positionIn(list: readonly number[], sought: number): number {
  if (list.length <= SCAN_MAX) {
    for (let index = 0; index < list.length; index += 1) if (list[index] === sought) return index;
    return -1;
  }
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < sought) low = middle + 1;
    else high = middle;
  }
  return list[low] === sought ? low : -1;
}

/** An empty collection of sets over cloudlets 0 .. cloudlets - 1. */
export function makeReachSets(cloudlets: number): ReachSets {
  const words = (cloudlets + 31) >>> 5;
  const lists = shareLists<readonly CloudletId[]>();
  const bitsets = shareLists<Uint32Array>();
  const known = new Map<readonly CloudletId[] | Uint32Array, Reach>();
  /** Where the next bitset is made. */
  const bits = new Uint32Array(words);
  let bytes = 0;

  function keep(key: readonly CloudletId[] | Uint32Array, reach: Reach): Reach {
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, reach);
    bytes += reach.bits === null ? 8 * reach.size : reach.bits.byteLength;
    return reach;
  }

  function small(own: readonly CloudletId[], others: readonly Reach[]): Reach {
    const members = new Set(own);
    for (const other of others) for (const member of other.list!) members.add(member);
    const list = lists.one(members.size === own.length ? own : [...members].sort((a, b) => a - b));
    return keep(list, { size: list.length, bits: null, list });
  }

  function large(own: readonly CloudletId[], others: readonly Reach[]): Reach {
    bits.fill(0);
    for (const member of own) bits[member >>> 5]! |= 1 << (member & 31);
    for (const other of others) {
      if (other.bits !== null) for (let word = 0; word < words; word += 1) bits[word]! |= other.bits[word]!;
      else for (const member of other.list!) bits[member >>> 5]! |= 1 << (member & 31);
    }
    const size = countBits(bits);
    const shared = bitsets.copyOf(bits);
    return keep(shared, { size, bits: shared, list: size === own.length ? lists.one(own) : null });
  }

  return {
    union(own, others) {
      let size = own.length;
      let allSmall = true;
      for (const other of others) {
        size += other.size;
        allSmall &&= other.bits === null;
      }
      return allSmall && size <= words ? small(own, others) : large(own, others);
    },
    list: (list) => lists.one(list),
    members(reach) {
      reach.list ??= lists.one(listOf(reach.bits!, reach.size));
      return reach.list;
    },
    bytes: () => bytes,
  };
}

function countBits(bits: Uint32Array): number {
  let count = 0;
  for (let word of bits) {
    for (; word !== 0; word &= word - 1) count += 1;
  }
  return count;
}

function listOf(bits: Uint32Array, size: number): CloudletId[] {
  const list: CloudletId[] = [];
  for (let cloudlet = 0; list.length < size; cloudlet += 1) {
    if (((bits[cloudlet >>> 5]! >>> (cloudlet & 31)) & 1) === 1) list.push(cloudlet as CloudletId);
  }
  return list;
}
