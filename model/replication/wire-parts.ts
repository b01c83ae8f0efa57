// The pieces that records and messages are written with: names, dots, ranges, flags. Each has its size, its writer and its
// reader side by side. Which piece stands where, wire-record.ts and wire-messages.ts say.

import { adding, nothing } from "./adding.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { Malformed, integerSize } from "./bytes.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Covered, Range } from "./messages.ts";
import type { Dot } from "./record.ts";

/** Names are whole numbers of 31 bits: replicas keep them in flat arrays of such. */
export const idMax = 0x7fff_ffff;

/** A name between `least` and 2^31 - 1. */
export function readId(input: ByteReader, what: string, least: number): number {
  const at = input.at;
  const value = input.integer(what);
  if (value < least || value > idMax) throw new Malformed(at, `${what}: ${value} is not between ${least} and ${idMax}`);
  return value;
}

/** A 0 or a 1. */
export function readFlag(input: ByteReader, what: string): boolean {
  const at = input.at;
  const value = input.integer(what);
  if (value > 1) throw new Malformed(at, `${what}: neither 0 nor 1`);
  return value === 1;
}

// --- dots ---

/** Bytes of a dot that stands for itself. */
export function dotSize(dot: Dot): number {
  return integerSize(dot.stream) + integerSize(dot.origin) + integerSize(dot.incarnation) + integerSize(dot.sequence);
}

/** A dot that stands for itself. */
export function writeDot(out: ByteWriter, dot: Dot): void {
  out.integer(dot.stream);
  out.integer(dot.origin);
  out.integer(dot.incarnation);
  out.integer(dot.sequence);
}

/** A dot that stands for itself. */
export function readDot(input: ByteReader): Dot {
  const stream = readId(input, "stream", 0) as StreamId;
  const origin = readId(input, "origin", 0) as CloudletId;
  const incarnation = readId(input, "incarnation", 1) as Incarnation;
  const sequence = readId(input, "sequence", 1);
  return { origin, incarnation, stream, sequence };
}

// Dots that a record names are mostly of its own writer or of somebody in the same life: two bits behind the stream say so,
// and what is the same is left out.
const otherOrigin = 2;
const otherIncarnation = 1;

function marksOf(dot: Dot, own: Dot): number {
  return (dot.origin === own.origin ? 0 : otherOrigin) + (dot.incarnation === own.incarnation ? 0 : otherIncarnation);
}

/** Bytes of a list of dots that the record `own` names, after its count. */
export function dotsSize(dots: readonly Dot[], own: Dot): number {
  let size = 0;
  for (let at = 0; at < dots.length; at += 1) {
    const dot = dots[at] as Dot;
    size += integerSize(dot.stream * 4) + integerSize(dot.sequence);
    if (dot.origin !== own.origin) size += integerSize(dot.origin);
    if (dot.incarnation !== own.incarnation) size += integerSize(dot.incarnation);
  }
  return size;
}

/** A list of dots that the record `own` names, after its count. */
export function writeDots(out: ByteWriter, dots: readonly Dot[], own: Dot): void {
  for (const dot of dots) {
    out.integer(dot.stream * 4 + marksOf(dot, own));
    if (dot.origin !== own.origin) out.integer(dot.origin);
    if (dot.incarnation !== own.incarnation) out.integer(dot.incarnation);
    out.integer(dot.sequence);
  }
}

/** So many dots that the record `own` names. */
export function readDots(input: ByteReader, what: string, own: Dot, count: number): readonly Dot[] {
  let dots: Dot[] = nothing;
  for (let left = count; left > 0; left -= 1) {
    const at = input.at;
    const marked = input.integer("stream");
    const marks = marked % 4;
    const stream = (marked - marks) / 4;
    if (stream > idMax) throw new Malformed(at, `stream: ${stream} is not between 0 and ${idMax}`);
    const origin = marks >= otherOrigin ? readId(input, "origin", 0) : own.origin;
    const incarnation = marks % 2 === otherIncarnation ? readId(input, "incarnation", 1) : own.incarnation;
    const sequence = readId(input, "sequence", 1);
    const dot = {
      origin: origin as CloudletId,
      incarnation: incarnation as Incarnation,
      stream: stream as StreamId,
      sequence,
    };
    if (marksOf(dot, own) !== marks) throw new Malformed(at, `${what}: a dot not in its shortest form`);
    dots = adding(dots, dot);
  }
  return dots;
}

// --- ranges ---

// From version 2 on a range is written as its distance from the one before and its length: fewer bytes the further a log
// has come.
const relativeSince = 2;

/** Bytes of a list of ranges in this version of the message form. */
export function rangesSize(ranges: readonly Range[], version: number): number {
  let size = integerSize(ranges.length);
  let before = 0;
  for (const { first, last } of ranges) {
    if (version < relativeSince) size += integerSize(first) + integerSize(last);
    else size += integerSize(first - before - 1) + integerSize(last - first);
    before = last + 1;
  }
  return size;
}

/** A list of ranges in this version of the message form. */
export function writeRanges(out: ByteWriter, ranges: readonly Range[], version: number): void {
  out.integer(ranges.length);
  let before = 0;
  for (const { first, last } of ranges) {
    out.integer(version < relativeSince ? first : first - before - 1);
    out.integer(version < relativeSince ? last : last - first);
    before = last + 1;
  }
}

/** A list of ranges in this version of the message form: ascending, not adjacent, none beyond `lastMax`. */
export function readRanges(input: ByteReader, lastMax: number, version: number): readonly Range[] {
  let ranges: Range[] = nothing;
  let before = 0;
  for (let left = input.count("ranges", 2); left > 0; left -= 1) {
    const at = input.at;
    const one = input.integer("first");
    const other = input.integer("last");
    const first = version < relativeSince ? one : before + 1 + one;
    const last = version < relativeSince ? other : first + other;
    if (first <= before || last < first || last > lastMax) throw new Malformed(at, "ranges: not ascending");
    ranges = adding(ranges, { first, last });
    before = last + 1;
  }
  return ranges;
}

/** Bytes of a position and a later one, in this version of the message form. */
export function positionsSize(positions: readonly number[], version: number): number {
  let size = 0;
  let before = 0;
  for (const position of positions) {
    size += integerSize(version < relativeSince ? position : position - before);
    before = position;
  }
  return size;
}

/** Positions that do not descend, in this version of the message form. */
export function writePositions(out: ByteWriter, positions: readonly number[], version: number): void {
  let before = 0;
  for (const position of positions) {
    out.integer(version < relativeSince ? position : position - before);
    before = position;
  }
}

/** The next position, in this version of the message form. */
export function readPosition(input: ByteReader, what: string, before: number, version: number): number {
  const at = input.at;
  const value = input.integer(what);
  const position = version < relativeSince ? value : before + value;
  if (position < before || !Number.isSafeInteger(position)) throw new Malformed(at, `${what}: positions do not ascend`);
  return position;
}

// --- interval sets ---

/** Bytes of interval sets. */
export function knownSize(list: readonly Covered[], version: number): number {
  let size = integerSize(list.length);
  for (const { stream, origin, incarnation, ranges } of list) {
    size += integerSize(stream) + integerSize(origin) + integerSize(incarnation) + rangesSize(ranges, version);
  }
  return size;
}

/** Interval sets. */
export function writeKnown(out: ByteWriter, list: readonly Covered[], version: number): void {
  out.integer(list.length);
  for (const { stream, origin, incarnation, ranges } of list) {
    out.integer(stream);
    out.integer(origin);
    out.integer(incarnation);
    writeRanges(out, ranges, version);
  }
}

/** Interval sets. */
export function readKnown(input: ByteReader, version: number): Covered[] {
  const known: Covered[] = [];
  for (let left = input.count("known writers", 4); left > 0; left -= 1) {
    const stream = readId(input, "stream", 0) as StreamId;
    const origin = readId(input, "origin", 0) as CloudletId;
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    known.push({ stream, origin, incarnation, ranges: readRanges(input, idMax, version) });
  }
  return known;
}
