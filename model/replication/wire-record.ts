// The byte form of a record, and the version each one carries:
//
//   version | dot | key | count and marks | prev | count | deps | stamp | length of the body | body
//
// 1. Everything before the body is the header. It has this layout in every version, those to come included, so that a
//    cloudlet which does not know a record's version can still store it, order it, replace what it replaces, and say under
//    which key it stands. The count of prev is written four times over: its lowest bits say that the record's session had
//    moved, and that the record ends the put that prev names, which is a matter of its place in the order.
// 2. The body says what the record does. Version 1: kind, value (of a notice: what it says, wire-notice.ts; of a put that is
//    not to last: how long it is, then the value). Version 2: the same, then a checksum of all the record, which goes with it from its writer to every reader, whoever keeps and
//    passes it on in between.
// 3. A body of an unknown version is kept as bytes: the record is `sealed`. `unseal` reads it once the version is known.
// 4. A record stays in the version that it was written in: all who hold it hold the same bytes.

import type { Bytes, Duration } from "../units.ts";
import { ByteReader, ByteWriter, Malformed, integerSize, lengthAndText, textSize } from "./bytes.ts";
import { checksumSize } from "./checksum.ts";
import type { CarriedContext } from "./carried.ts";
import type { CausalRecord } from "./record.ts";
import { isTimeLimit, ttlMax } from "./time-limit.ts";
import { noticeSize, readNotice, writeNotice } from "./wire-notice.ts";
import { dotSize, dotsSize, idMax, readDot, readDots, readId, writeDot, writeDots } from "./wire-parts.ts";

/** The least bytes of a record. */
export const recordSizeLeast = 13;
/**
 * Stamps from others end here, in the year 2255 and far enough below 2^53 that own stamps, which exceed all that were seen,
 * stay whole numbers: a stamp cannot be made to overflow.
 */
export const stampMax = 2 ** 53 - 2 ** 40;

const checkedSince = 2;
const kinds = ["put", "delete", "notice", "limited"] as const;

function bodySize(record: Omit<CausalRecord, "size">): number {
  if (record.body !== undefined) return record.body.length;
  const said = record.notice === undefined ? textSize(record.value) : noticeSize(record.notice, record.dot);
  const limit = record.ttl === undefined ? 0 : integerSize(record.ttl);
  return 1 + limit + said + ((record.version ?? 1) < checkedSince ? 0 : checksumSize);
}

function prevCount({ prev, moved, ends }: Pick<CausalRecord, "prev" | "moved" | "ends">): number {
  return prev.length * 4 + (moved === true ? 1 : 0) + (ends === true ? 2 : 0);
}

/** Bytes a record takes on the wire. Computed once when the record is made, and kept in `size`. */
export function recordSize(record: Omit<CausalRecord, "size">): Bytes {
  const { dot, prev, deps, stamp } = record;
  const body = bodySize(record);
  const header =
    integerSize(record.version ?? 1) +
    dotSize(dot) +
    lengthAndText(record.key) +
    integerSize(prevCount(record)) +
    dotsSize(prev, dot) +
    integerSize(deps.length) +
    dotsSize(deps, dot) +
    integerSize(stamp.wall) +
    integerSize(stamp.logical) +
    integerSize(stamp.lamport);
  return (header + integerSize(body) + body) as Bytes;
}

/** Bytes of what a session takes along when it moves: its context, and its bundle if there is one. */
export function carriedSize({ dots, ceiling }: CarriedContext, bundle: readonly CausalRecord[] | null): Bytes {
  let size = integerSize(ceiling.wall) + integerSize(ceiling.logical) + integerSize(ceiling.lamport);
  size += integerSize(dots.length) + integerSize(bundle?.length ?? 0);
  for (const dot of dots) size += dotSize(dot);
  for (const record of bundle ?? []) size += record.size;
  return size as Bytes;
}

/** Writes a put of the first version that is to last, whose value is so many of these bytes, whatever it says itself. */
export function writePut(out: ByteWriter, record: Omit<CausalRecord, "size">, value: Uint8Array, length: number): void {
  writeHead(out, record);
  out.integer(1 + length);
  out.integer(kinds.indexOf("put"));
  out.copy(value, length);
}

/** Writes a record. */
export function writeRecord(out: ByteWriter, record: Omit<CausalRecord, "size">): void {
  const from = out.length;
  const version = record.version ?? 1;
  writeHead(out, record);
  out.integer(bodySize(record));
  if (record.kind === "sealed") {
    out.raw(record.body ?? new Uint8Array());
    return;
  }
  out.integer(kinds.indexOf(record.ttl === undefined ? record.kind : "limited"));
  if (record.ttl !== undefined) out.integer(record.ttl);
  if (record.notice === undefined) out.bareText(record.value);
  else writeNotice(out, record.notice, record.dot);
  if (version >= checkedSince) out.checksum(from);
}

// All before the body.
function writeHead(out: ByteWriter, record: Omit<CausalRecord, "size">): void {
  out.integer(record.version ?? 1);
  writeDot(out, record.dot);
  out.text(record.key);
  out.integer(prevCount(record));
  writeDots(out, record.prev, record.dot);
  out.integer(record.deps.length);
  writeDots(out, record.deps, record.dot);
  out.integer(record.stamp.wall);
  out.integer(record.stamp.logical);
  out.integer(record.stamp.lamport);
}

/** A record while it is read: one object of one shape, with what is rare behind what all have. */
type Unread = { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] };

/** Reads a record; one of a version above `reads` is sealed. */
export function readRecord(input: ByteReader, reads: number): CausalRecord {
  const from = input.at;
  const version = readId(input, "record version", 1);
  const dot = readDot(input);
  const key = input.text("key");
  // A dot takes two bytes at least: half a byte for each step of the count.
  const place = input.at;
  const marked = input.count("prev", 0.5);
  const marks = marked % 4;
  const prev = readDots(input, "prev", dot, (marked - marks) / 4);
  const deps = readDots(input, "deps", dot, input.count("deps", 2));
  const stamp = {
    wall: readTick(input, "wall"),
    logical: readTick(input, "logical"),
    lamport: readTick(input, "lamport"),
  };
  const record: Unread = { kind: "sealed", dot, key, value: "", prev, deps, stamp, size: 0 as Bytes };
  if (marks % 2 === 1) record.moved = true;
  if (marks >= 2) {
    if (!canEnd(record)) throw new Malformed(place, "prev: no record that could be the end of a put");
    record.ends = true;
  }
  const body = input.part(input.count("body", 1));
  if (version > reads) record.body = body.rest();
  else readBody(body, from, version, record);
  if (version !== 1) record.version = version;
  record.size = (input.at - from) as Bytes;
  return record;
}

function readBody(body: ByteReader, from: number, version: number, record: Unread): void {
  const isChecked = version >= checkedSince;
  if (isChecked && !body.checks(from)) throw new Malformed(body.at, "body: the record's checksum does not fit");
  const at = body.at;
  const kind = kinds[body.integer("record kind")];
  if (kind === undefined) throw new Malformed(at, "record kind: not one of 0 to 3");
  if (record.ends === true && kind !== "delete") throw new Malformed(at, "record kind: what ends a put is a delete");
  if (kind === "limited") record.ttl = readLimit(body);
  const length = body.left - (isChecked ? checksumSize : 0);
  if (length < 0 || (kind === "delete" && length > 0)) throw new Malformed(at, "body: of the wrong length");
  if (kind === "notice") {
    record.kind = kind;
    const said = body.part(length);
    record.notice = readNotice(said, record.dot);
    said.finish("the notice");
    return;
  }
  record.kind = kind === "limited" ? "put" : kind;
  record.value = body.bareText("value", length);
}

// It replaces that put alone, and its stamp is just above another one.
function canEnd({ prev, stamp, moved }: Unread): boolean {
  return prev.length === 1 && stamp.logical > 0 && stamp.lamport > 0 && moved !== true;
}

function readLimit(body: ByteReader): Duration {
  const at = body.at;
  const ttl = body.integer("time limit");
  if (!isTimeLimit(ttl)) throw new Malformed(at, `time limit: ${ttl} is not between 1 and ${ttlMax}`);
  return ttl as Duration;
}

function readTick(input: ByteReader, what: string): number {
  const at = input.at;
  const value = input.integer(what);
  if (value > stampMax) throw new Malformed(at, `${what}: ${value} is above ${stampMax}`);
  return value;
}

/**
 * The record as a cloudlet sees it that reads versions up to `reads`: what was sealed is opened once its version is known.
 * A body that turns out to be none stays sealed: whoever could have refused it has passed it on.
 */
export function unseal(record: CausalRecord, reads: number): CausalRecord {
  if (record.kind !== "sealed" || (record.version ?? idMax) > reads) return record;
  try {
    return readRecord(new ByteReader(recordBytes(record)), reads);
  } catch (problem) {
    if (problem instanceof Malformed) return record;
    throw problem;
  }
}

/**
 * The record as it comes out of its bytes where versions up to `reads` are read, whoever carried it there: what was sealed may be
 * opened, and what could be read may be sealed.
 */
export function readAs(record: CausalRecord, reads: number): CausalRecord {
  if (record.kind === "sealed" || (record.version ?? 1) <= reads) return unseal(record, reads);
  return readRecord(new ByteReader(recordBytes(record)), reads);
}

/** A record's bytes by themselves. */
export function recordBytes(record: CausalRecord): Uint8Array {
  const out = new ByteWriter(record.size);
  writeRecord(out, record);
  return out.bytes;
}
