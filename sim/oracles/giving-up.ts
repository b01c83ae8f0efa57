// Which records the ground truth may give up: those that nothing which is still to come can be compared with. In a long run with
// deletes and overwrites that is nearly all that was ever written, and without it memory would grow with the run.
//
// A record is *final* when
//   1. everybody whom it reaches has applied it, and nobody else has ever got it,
//   2. its write was answered,
//   3. no fault to come ends the process of anybody whom it reaches, so that nobody will ever be without it again.
// What is final is never applied again, arrives only where it is known, is in no gap, lost nowhere, and waited for by nobody.
//
// Kept are all records that are not final; final ones that stand somewhere; those that the past of a session, or an oracle, names
// (`TruthListener.keeps`); and what one of these leads to:
//   - One that is not final: its nearest past and what it overwrote, since it is still to be compared with both.
//   - A final one: those of its nearest past that reach somebody whom it does not reach, since who reads it takes them over; and,
//     where reads return one version, what it overwrote, since a read that hides it may have passed that (rtc.ts): as far
//     back as such a read looks, and not when its key is *quiet*: all records of the key are final, the same single version or
//     none stands with everybody, and all who may write the key are among them. Whoever writes it next then follows all that
//     stands and all that this overwrote, so that nothing written from now on can be concurrent with these. (Where deletes
//     are collected it can, while the delete goes here and still stands there: a read that would look further finds that the
//     list was cut short, and stops the run as below.)
//
// Why no verdict changes. Each comparison that an oracle makes is about a record that is being written, applied, received or
// returned, or that stands, and about those in lists kept with it. Records of the second kind are kept by the rules above, or are final
// in a list of a record that is final itself: such a list is not read again, but for the two uses named. Records of the first kind
// are named by their dots. A dot that was given up is told from one that nobody wrote (given-up.ts): it may arrive again where
// it is known, and is counted then; anything else stops the run, which is repeated with everything kept. So what the argument
// overlooks about bad cores costs time, not truth. Sums over all records are kept up by those who make them (`givenUp`).
//
// Everything is kept where plans change, sessions move, or replicas write by themselves.

import { returnsOne } from "./resolution.ts";
import type { Whereabouts } from "./whereabouts.ts";

/** How many overwritten versions a read may look back over, behind one that it hides (rtc.ts). */
export const DEPTH_MAX = 64;

/** When records are given up. */
export interface GivingUp {
  /** How many records there must be before any is given up; infinity: all are kept. */
  readonly from: number;
  /** By cloudlet: from when on no fault ends its process or copies its disk. */
  readonly endsBy: readonly number[];
  /** Null but to see that it is found. */
  readonly bug: GivingUpBug | null;
}

/** Planted bugs: giving up a record before everybody has it, or although a session may be held to it. */
export const givingUpBugs = ["before-everybody-has-it", "what-sessions-are-held-to"] as const;

/** One of them. */
export type GivingUpBug = (typeof givingUpBugs)[number];

/** Nothing is ever given up. */
export const KEEP_ALL: GivingUp = { from: Infinity, endsBy: [], bug: null };

/** Hands over the records that have become final. `isSafe`: the cloudlet runs, and no fault to come ends that. */
export function findFinal(
  truth: Whereabouts,
  isSafe: (cloudlet: number) => boolean,
  bug: GivingUpBug | null,
  found: (record: number) => void,
): void {
  const { reach, setOf, endedAt, appliedCount } = truth;
  // By set; asked once for each.
  const safe: (boolean | undefined)[] = [];
  for (let record = 0; record < truth.recordCount; record += 1) {
    if (truth.isFinal(record) || endedAt.data[record] === Infinity || truth.astray.has(record)) continue;
    const set = setOf.data[record] as number;
    const members = reach.membersOf(set);
    const isHasty = bug === "before-everybody-has-it" && appliedCount.data[record] === members.length - 1;
    if (appliedCount.data[record] !== members.length && !isHasty) continue;
    if (!(safe[set] ??= members.every(isSafe))) continue;
    if (isHasty || members.every((member) => truth.isApplied(member, record))) found(record);
  }
}

/** By record, 1 for those that must be kept. `name` hands over those that sessions and oracles name. */
export function findKept(truth: Whereabouts, name: (keep: (record: number) => void) => void): Uint8Array {
  const { nearest, overwritten, reach, setOf, keyOf, resolverOfKey } = truth;
  const isKept = new Uint8Array(truth.recordCount);
  const isQuiet = quietKeys(truth);
  // By record, how many overwrites it lies behind one that stands, or is kept for another reason.
  const depth = new Uint8Array(truth.recordCount);
  // In the order in which they were found, those of a smaller depth first.
  let open: number[] = [];
  let deeper: number[] = [];
  const keep = (record: number): void => {
    if (record < 0 || (isKept[record] === 1 && depth[record] === 0)) return;
    isKept[record] = 1;
    depth[record] = 0;
    open.push(record);
  };
  for (let record = 0; record < truth.recordCount; record += 1) if (!truth.isFinal(record)) keep(record);
  truth.shadow.eachVersion((_key, record) => void keep(record));
  name(keep);
  const follow = (record: number, level: number): void => {
    const isFinal = truth.isFinal(record);
    const set = setOf.data[record] as number;
    for (let at = nearest.begin(record); at < nearest.end(record); at += 1) {
      const earlier = nearest.items[at] as number;
      if (!isFinal || !reach.covers(set, setOf.data[earlier] as number)) keep(earlier);
    }
    const key = keyOf.data[record] as number;
    const isAsked = isQuiet[key] !== 1 && level <= DEPTH_MAX && returnsOne(resolverOfKey[key] ?? "lww-hlc");
    for (let at = overwritten.begin(record); at < overwritten.end(record); at += 1) {
      const earlier = overwritten.items[at] as number;
      if (!isFinal) keep(earlier);
      else if (isAsked && isKept[earlier] === 0) {
        isKept[earlier] = 1;
        depth[earlier] = level + 1;
        deeper.push(earlier);
      }
    }
  };
  while (open.length > 0) {
    for (let record = open.pop(); record !== undefined; record = open.pop()) {
      follow(record, depth[record] as number);
    }
    [open, deeper] = [deeper, open];
  }
  return isKept;
}

/** By key, 1 for those with a record that is not final. */
export function movingKeys(truth: Whereabouts): Uint8Array {
  const isMoving = new Uint8Array(truth.keyNames.length);
  for (let record = 0; record < truth.recordCount; record += 1) {
    if (!truth.isFinal(record)) isMoving[truth.keyOf.data[record] as number] = 1;
  }
  return isMoving;
}

// By key, 1 for those that are quiet.
function quietKeys(truth: Whereabouts): Uint8Array {
  const { reach, setOf, keyOf, streamOf, topology } = truth;
  const isQuiet = new Uint8Array(truth.keyNames.length).fill(1);
  // Streams whose writers all reach each other, and who are all that may write in their scope.
  const streamCount = new Int32Array(topology.scopes.length);
  for (const { scope } of topology.streams) streamCount[scope] = (streamCount[scope] as number) + 1;
  const isShared = topology.streams.map(
    ({ id, scope, origins }) => streamCount[scope] === 1 && origins.every((origin) => reach.reaches(id, origin)),
  );
  for (let record = 0; record < truth.recordCount; record += 1) {
    if (truth.isFinal(record) && isShared[streamOf.data[record] as number] === true) continue;
    isQuiet[keyOf.data[record] as number] = 0;
  }
  const version = new Int32Array(isQuiet.length).fill(-1);
  const holders = new Int32Array(isQuiet.length);
  truth.shadow.each((_cloudlet, key, code) => {
    if (code < 0 || (version[key] !== -1 && version[key] !== code)) isQuiet[key] = 0;
    version[key] = code;
    holders[key] = (holders[key] as number) + 1;
  });
  for (let key = 0; key < isQuiet.length; key += 1) {
    if (holders[key] === 0 || isQuiet[key] === 0) continue;
    const set = setOf.data[version[key] as number] as number;
    if (holders[key] !== reach.membersOf(set).length) isQuiet[key] = 0;
  }
  return isQuiet;
}
