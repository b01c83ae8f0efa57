// How evidence speaks: cloudlets by name, true time in seconds, records by dot, key and writer.

import { sessionName } from "../../model/ids.ts";
import { dotName, type CausalRecord } from "../../model/replication/record.ts";
import type { SessionTruth } from "./session-truth.ts";
import type { Truth } from "./truth.ts";

/** True time in seconds, to the microsecond: `at 1.204500 s`. */
export function atTime(micros: number): string {
  return `at ${(micros / 1_000_000).toFixed(6)} s`;
}

/** A cloudlet's name. */
export function cloudletText(truth: Truth, cloudlet: number): string {
  return truth.topology.cloudlets[cloudlet]?.name ?? `cloudlet ${cloudlet}`;
}

/** A key in quotes. */
export function keyText(truth: Truth, key: number): string {
  return JSON.stringify(truth.keyNames[key] ?? "");
}

/** A record in short: `c3.1/t7#12`. */
export function recordName(truth: Truth, record: number): string {
  return dotName((truth.records[record] as CausalRecord).dot);
}

/** Several records in short, `nothing` for none. */
export function recordNames(truth: Truth, records: readonly number[]): string {
  return records.length === 0 ? "nothing" : records.map((record) => recordName(truth, record)).join(" and ");
}

/** A record in full: which write it is, of what, by whom, where and when. */
export function recordText(truth: Truth, record: number): string {
  const { kind } = truth.records[record] as CausalRecord;
  const key = keyText(truth, truth.keyOf.data[record] as number);
  const origin = cloudletText(truth, truth.originOf.data[record] as number);
  const when = atTime(truth.requestedAt.data[record] as number);
  return `${recordName(truth, record)} (${kind} of ${key} by ${writerText(truth, record)} at ${origin} ${when})`;
}

/** Who wrote a record: a session in short, or the replica where nobody had asked for it. */
export function writerText(truth: Truth, record: number): string {
  if (truth.unasked.has(record)) return "the replica itself";
  return sessionText(truth.sessions[truth.sessionOf.data[record] as number] as SessionTruth);
}

/** A session in short: `s12`. */
export function sessionText(session: SessionTruth): string {
  return sessionName(session.id);
}

/** How many of something: `1 record`, `3 records`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
