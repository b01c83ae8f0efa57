// The byte form of a record, and the version each one carries:
//
//   version | dot | key | count and marks | prev | count | deps | stamp | length of the body | body
//
// 1. Everything before the body is the header. It has this layout in every version, those to come included, so that a
//    cloudlet which does not know a record's version can still store it, order it, replace what it replaces, and say under
//    which key it stands. The count of prev is doubled: its lowest bit says that the record's session had moved.
// 2. The body says what the record does. Version 1: kind, value (of a notice: what it says, wire-notice.ts). Version 2:
//    kind, value, a checksum of all the record, which goes with it from its writer to every reader, whoever keeps and
//    passes it on in between.
// 3. A body of an unknown version is kept as bytes: the record is `sealed`. `unseal` reads it once the version is known.
// 4. A record stays in the version that it was written in: all who hold it hold the same bytes.

import type { Bytes } from "../units.ts";
import { ByteReader, ByteWriter, Malformed, integerSize, lengthAndText, textSize } from "./bytes.ts";
import { checksumSize } from "./checksum.ts";
import type { CarriedContext } from "./carried.ts";
import type { CausalRecord, Dot, Notice, Stamp } from "./record.ts";
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
const kinds = ["put", "delete", "notice"] as const;

function bodySize(record: Omit<CausalRecord, "size">): number {
  if (record.body !== undefined) return record.body.length;
  const said = record.notice === undefined ? textSize(record.value) : noticeSize(record.notice, record.dot);
  return 1 + said + ((record.version ?? 1) < checkedSince ? 0 : checksumSize);
}

function prevCount({ prev, moved }: Pick<CausalRecord, "prev" | "moved">): number {
  return prev.length * 2 + (moved === true ? 1 : 0);
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

/** Writes a record. */
export function writeRecord(out: ByteWriter, record: CausalRecord): void {
  const from = out.length;
  const version = record.version ?? 1;
  out.integer(version);
  writeDot(out, record.dot);
  out.text(record.key);
  out.integer(prevCount(record));
  writeDots(out, record.prev, record.dot);
  out.integer(record.deps.length);
  writeDots(out, record.deps, record.dot);
  out.integer(record.stamp.wall);
  out.integer(record.stamp.logical);
  out.integer(record.stamp.lamport);
  out.integer(bodySize(record));
  if (record.kind === "sealed") {
    out.raw(record.body ?? new Uint8Array());
    return;
  }
  out.integer(kinds.indexOf(record.kind));
  if (record.notice === undefined) out.bareText(record.value);
  else writeNotice(out, record.notice, record.dot);
  if (version >= checkedSince) out.checksum(from);
}

/** What of a record every version shows. */
interface Header {
  readonly dot: Dot;
  readonly key: string;
  readonly prev: readonly Dot[];
  readonly deps: readonly Dot[];
  readonly stamp: Stamp;
  readonly moved?: true;
}

/** Reads a record; one of a version above `reads` is sealed. */
export function readRecord(input: ByteReader, reads: number): CausalRecord {
  const from = input.at;
  const version = readId(input, "record version", 1);
  const dot = readDot(input);
  const key = input.text("key");
  const marked = input.count("prev", 1);
  const prev = readDots(input, "prev", dot, (marked - (marked % 2)) / 2);
  const deps = readDots(input, "deps", dot, input.count("deps", 2));
  const stamp = {
    wall: readTick(input, "wall"),
    logical: readTick(input, "logical"),
    lamport: readTick(input, "lamport"),
  };
  const header: Header = { dot, key, prev, deps, stamp, ...(marked % 2 === 1 && { moved: true as const }) };
  const body = input.part(input.count("body", 1));
  const said =
    version > reads ? { kind: "sealed" as const, value: "", body: body.rest() } : readBody(body, from, version, dot);
  const size = (input.at - from) as Bytes;
  const record = { kind: said.kind, ...header, value: said.value, size };
  if (said.kind === "sealed") return { ...record, version, body: said.body };
  const whole = said.notice === undefined ? record : { ...record, notice: said.notice };
  return version === 1 ? whole : { ...whole, version };
}

type Said = { readonly kind: (typeof kinds)[number]; readonly value: string; readonly notice?: Notice };

function readBody(body: ByteReader, from: number, version: number, dot: Dot): Said {
  const isChecked = version >= checkedSince;
  if (isChecked && !body.checks(from)) throw new Malformed(body.at, "body: the record's checksum does not fit");
  const at = body.at;
  const kind = kinds[body.integer("record kind")];
  if (kind === undefined) throw new Malformed(at, "record kind: neither 0, 1 nor 2");
  const length = body.left - (isChecked ? checksumSize : 0);
  if (length < 0 || (kind === "delete" && length > 0)) throw new Malformed(at, "body: of the wrong length");
  if (kind !== "notice") return { kind, value: body.bareText("value", length) };
  const said = body.part(length);
  const notice = readNotice(said, dot);
  said.finish("the notice");
  return { kind, value: "", notice };
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

/** A record's bytes by themselves. */
export function recordBytes(record: CausalRecord): Uint8Array {
  const out = new ByteWriter(record.size);
  writeRecord(out, record);
  return out.bytes;
}
