// The truth of a small world about records and versions, by brute force over bit masks: bit i stands for record i.

import { pick, type Rng } from "../model/random.ts";
import type { ClientOp, KeyAnswer, ReplicationCore } from "../model/replication/io.ts";
import { dotName, sameDot } from "../model/replication/record.ts";
import type { CausalRecord, Stamp } from "../model/replication/record.ts";
import { compareHybrid, compareLamport } from "../model/replication/stamp.ts";
import type { Scope, Topology } from "../model/topology/topology.ts";
import { micros } from "../model/units.ts";
import { drawOther, mergeComplaints, rightAnswer } from "./merges.ts";

/** A record and its truth. */
export interface Told {
  readonly record: CausalRecord;
  /** All that is in this one's past. */
  readonly past: bigint;
  /**
   * All that was replaced by this one, directly or through what it replaced. Under several plans directly only: what stood
   * between may never get to where the two ends are.
   */
  readonly replaced: bigint;
  /** The inserts that this removal from a set found at its cloudlet. */
  readonly taken: bigint;
}

/** Breaches of: both orders of stamps extend happens-before. */
export function faultsOfStamp(told: readonly Told[], record: CausalRecord, past: bigint): string[] {
  const faults: string[] = [];
  for (const [at, { record: before }] of told.entries()) {
    if (((past >> BigInt(at)) & 1n) === 0n) continue;
    const isInOrder = compareHybrid(before, record) < 0 && compareLamport(before, record) < 0;
    if (isInOrder && isAbove(record.stamp, before.stamp)) continue;
    faults.push(`stamps: ${dotName(record.dot)} is not stamped above ${dotName(before.dot)} in its past`);
  }
  return faults;
}

function isAbove(stamp: Stamp, before: Stamp): boolean {
  const isLater = stamp.wall > before.wall || (stamp.wall === before.wall && stamp.logical > before.logical);
  return isLater && stamp.lamport > before.lamport;
}

/** What a cloudlet has applied and what it holds. */
interface Held {
  readonly core: ReplicationCore;
  readonly applied: bigint;
  readonly forgets?: boolean;
}

/**
 * What should be live at a cloudlet: everything applied there that nothing applied there has replaced. And, as is declared
 * (docs/model.md), what a write after a move has replaced without naming it, if it is held: who has lost with a disk what lies
 * between the two does not find it.
 */
export function liveVersions(told: readonly Told[], { core, applied, forgets = false }: Held, key: string): number[] {
  const isLeft = (index: number): boolean => {
    const { dot } = (told[index] as Told).record;
    if (!core.versions(key).some((version) => sameDot(version.dot, dot))) return false;
    const replacers = told.filter(
      ({ record, replaced }) => ((replaced >> BigInt(index)) & 1n) === 1n && core.hasApplied(record.dot),
    );
    const isNamed = replacers.some(({ record }) => record.prev.some((other) => sameDot(other, dot)));
    return !isNamed && replacers.some(({ record }) => record.moved === true);
  };
  const here = [...told.keys()].filter(
    (index) => (told[index] as Told).record.key === key && ((applied >> BigInt(index)) & 1n) === 1n,
  );
  const gone = here.reduce((mask, index) => mask | (told[index] as Told).replaced, 0n);
  return here.filter((index) => ((gone >> BigInt(index)) & 1n) === 0n || (forgets && isLeft(index)));
}

/** How what a core holds of a key differs from what should be live; null when it does not. */
export function faultOfVersions(
  told: readonly Told[],
  {
    core,
    applied,
    live,
    key,
  }: {
    readonly core: ReplicationCore;
    readonly applied: bigint;
    readonly live: readonly number[];
    readonly key: string;
  },
): string | null {
  // A step applies several records before it tells: versions are compared once all of them are noted.
  const held = core
    .versions(key)
    .map(({ dot }) => told.findIndex(({ record }) => sameDot(record.dot, dot)))
    .filter((index) => ((applied >> BigInt(index)) & 1n) === 1n)
    .sort((a, b) => a - b);
  const isReplacedLater = (index: number): boolean =>
    told.some(
      ({ record, replaced }, at) =>
        ((replaced >> BigInt(index)) & 1n) === 1n && at !== index && core.hasApplied(record.dot),
    );
  const extra = held.filter((index) => !live.includes(index));
  const lost = live.filter((index) => !held.includes(index) && !isReplacedLater(index));
  return extra.length + lost.length > 0 ? `holds [${held.join()}] of ${key}, right is [${live.join()}]` : null;
}

/** A client's next request about a key of a scope, or about all of them. */
export function drawOp(
  rng: Rng,
  { prefix, resolver }: Pick<Scope, "prefix" | "resolver">,
  serial: number,
  { collects = false, limits = false }: { readonly collects?: boolean; readonly limits?: boolean },
): ClientOp {
  // Of twenty requests so many are deletes.
  const deletes = collects ? 4 : 2;
  const key = `${prefix}k${rng.intInclusive(2)}`;
  const die = rng.intInclusive(19);
  if (die < 9) return { kind: "get", key };
  if (die === 9) return { kind: "scan", prefix };
  const other = drawOther(resolver, key, die, serial);
  if (other !== null) return other;
  const value = `v${serial}`;
  const replaceAll = rng.chance(100_000);
  if (die < 20 - deletes) {
    if (!limits || !rng.chance(400_000)) return { kind: "put", key, value, replaceAll };
    return { kind: "put", key, value, replaceAll, ttl: pick(rng, times) };
  }
  return { kind: "delete", key, replaceAll };
}

// Over at once, while others still write, and after all that.
const times = [1, 30_000, 300_000, 3_000_000].map(micros);

/** A request to read. */
export type ReadOp = Extract<ClientOp, { kind: "get" | "scan" }>;

/** What a read returned, as numbers, and what is wrong with it, as sentences. */
export function judgeRead(
  told: readonly Told[],
  {
    plan,
    applied,
    live,
    op,
    answers,
  }: {
    readonly plan: Topology;
    readonly applied: bigint;
    /** What stands of a key. */
    readonly live: (key: string) => readonly number[];
    readonly op: ReadOp;
    readonly answers: readonly KeyAnswer[];
  },
): { readonly got: readonly number[]; readonly faults: readonly string[] } {
  const written = told.flatMap(({ record: { key } }, at) => {
    return ((applied >> BigInt(at)) & 1n) === 1n && live(key).length > 0 ? [key] : [];
  });
  const keys = op.kind === "scan" ? [...new Set(written)].filter((key) => key.startsWith(op.prefix)).sort() : [op.key];
  const right = keys.map((key) => rightAnswer(plan, key, live(key), told).join());
  const got = answers.map(({ versions, tombstones, sealed = [] }) =>
    [...versions, ...tombstones, ...sealed]
      .map(({ dot }) => told.findIndex(({ record }) => sameDot(record.dot, dot)))
      .sort((a, b) => a - b),
  );
  const faults = [...mergeComplaints(plan, answers, told, applied)];
  if (got.join(" | ") !== right.join(" | ")) {
    const asked = op.kind === "scan" ? op.prefix : op.key;
    faults.push(`read: answered [${got.join(" | ")}] for ${asked}, right is [${right.join(" | ")}]`);
  }
  return { got: got.flat(), faults };
}
