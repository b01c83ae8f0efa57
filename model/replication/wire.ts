// The byte form of records and messages, version 1, and the size function that the simulator charges links by. Layout:
// one byte version, one byte kind, then fields in a fixed order as variable-length integers and length-prefixed UTF-8.
// encodedSize equals the encoder's output, which a property holds; the decoder refuses whatever no encoder writes.
// Negotiating versions between peers is not part of this.

import { unreachable } from "../assert.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Bytes } from "../units.ts";
import { ByteReader, ByteWriter, Malformed, integerSize, textSize } from "./bytes.ts";
import type { Known, Message, Range } from "./messages.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";

/** The version byte that every message begins with. */
export const wireVersion = 1;

/** What decoding gave: a message, or where and why the bytes are none. */
export type Decoded =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "malformed"; readonly at: number; readonly why: string }
  /** Well-formed as far as one can tell, but of a version this code does not know. */
  | { readonly kind: "unknownVersion"; readonly version: number };

const headerSize = 2;
const idMax = 0x7fff_ffff;

function dotSize(dot: Dot): number {
  return integerSize(dot.stream) + integerSize(dot.origin) + integerSize(dot.incarnation) + integerSize(dot.sequence);
}

function dotsSize(dots: readonly Dot[]): number {
  let size = integerSize(dots.length);
  for (const dot of dots) size += dotSize(dot);
  return size;
}

/** Bytes a record takes on the wire. Computed once when the record is made, and kept in `size`. */
export function recordSize(record: Omit<CausalRecord, "size">): Bytes {
  const key = textSize(record.key);
  const value = textSize(record.value);
  return (1 +
    dotSize(record.dot) +
    integerSize(key) +
    key +
    integerSize(value) +
    value +
    dotsSize(record.prev) +
    dotsSize(record.deps) +
    integerSize(record.stamp.wall) +
    integerSize(record.stamp.logical) +
    integerSize(record.stamp.lamport)) as Bytes;
}

/** Bytes a message takes on the wire; equal to `encode(message).length`, without encoding it. */
export function encodedSize(message: Message): Bytes {
  switch (message.kind) {
    case "hello": {
      let size = headerSize + integerSize(message.incarnation) + integerSize(message.round) + 1;
      size += integerSize(message.hears.incarnation) + integerSize(message.hears.round);
      size += integerSize(message.known.length);
      for (const known of message.known) {
        size += integerSize(known.stream) + integerSize(known.origin) + integerSize(known.incarnation);
        size += rangesSize(known.ranges);
      }
      return size as Bytes;
    }
    case "records": {
      let size = headerSize + integerSize(message.incarnation) + integerSize(message.epoch) + integerSize(message.to);
      size += integerSize(message.base) + integerSize(message.after) + integerSize(message.upTo);
      size += integerSize(message.records.length);
      for (const record of message.records) size += record.size;
      return size as Bytes;
    }
    case "ack": {
      const size = headerSize + integerSize(message.incarnation) + integerSize(message.epoch);
      return (size + integerSize(message.upTo) + rangesSize(message.beyond)) as Bytes;
    }
    default:
      return unreachable(message);
  }
}

function rangesSize(ranges: readonly Range[]): number {
  let size = integerSize(ranges.length);
  for (const range of ranges) size += integerSize(range.first) + integerSize(range.last);
  return size;
}

/** The bytes of a message. Throws on numbers or texts that no replica makes. */
export function encode(message: Message): Uint8Array {
  const out = new ByteWriter(encodedSize(message));
  out.integer(wireVersion);
  switch (message.kind) {
    case "hello":
      out.integer(0);
      out.integer(message.incarnation);
      out.integer(message.round);
      out.integer(message.hears.incarnation);
      out.integer(message.hears.round);
      out.integer(message.asks ? 1 : 0);
      out.integer(message.known.length);
      for (const known of message.known) {
        out.integer(known.stream);
        out.integer(known.origin);
        out.integer(known.incarnation);
        writeRanges(out, known.ranges);
      }
      break;
    case "records":
      out.integer(1);
      out.integer(message.incarnation);
      out.integer(message.epoch);
      out.integer(message.to);
      out.integer(message.base);
      out.integer(message.after);
      out.integer(message.upTo);
      out.integer(message.records.length);
      for (const record of message.records) writeRecord(out, record);
      break;
    case "ack":
      out.integer(2);
      out.integer(message.incarnation);
      out.integer(message.epoch);
      out.integer(message.upTo);
      writeRanges(out, message.beyond);
      break;
    default:
      return unreachable(message);
  }
  return out.bytes.subarray(0, out.length);
}

function writeRanges(out: ByteWriter, ranges: readonly Range[]): void {
  out.integer(ranges.length);
  for (const range of ranges) {
    out.integer(range.first);
    out.integer(range.last);
  }
}

function writeDot(out: ByteWriter, dot: Dot): void {
  out.integer(dot.stream);
  out.integer(dot.origin);
  out.integer(dot.incarnation);
  out.integer(dot.sequence);
}

function writeRecord(out: ByteWriter, record: CausalRecord): void {
  out.integer(record.kind === "put" ? 0 : 1);
  writeDot(out, record.dot);
  out.text(record.key);
  out.text(record.value);
  for (const dots of [record.prev, record.deps]) {
    out.integer(dots.length);
    for (const dot of dots) writeDot(out, dot);
  }
  out.integer(record.stamp.wall);
  out.integer(record.stamp.logical);
  out.integer(record.stamp.lamport);
}

/** Reads a message. Never throws on bytes; whatever is not a message is said so, with the place. */
export function decode(bytes: Uint8Array): Decoded {
  const input = new ByteReader(bytes);
  try {
    const version = input.integer("version");
    if (version !== wireVersion) return { kind: "unknownVersion", version };
    const message = readMessage(input);
    if (input.left > 0) throw new Malformed(input.at, `${input.left} bytes after the end of the message`);
    return { kind: "message", message };
  } catch (problem) {
    if (problem instanceof Malformed) return { kind: "malformed", at: problem.at, why: problem.message };
    throw problem;
  }
}

function readMessage(input: ByteReader): Message {
  const at = input.at;
  const kind = input.integer("message kind");
  if (kind === 0) {
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    const round = input.integer("round");
    const hears = {
      incarnation: readId(input, "heard incarnation", 0) as Incarnation,
      round: input.integer("heard round"),
    };
    const asks = readFlag(input, "asks");
    const known: Known[] = [];
    for (let left = input.count("known writers", 4); left > 0; left -= 1) {
      const stream = readId(input, "stream", 0) as StreamId;
      const origin = readId(input, "origin", 0) as CloudletId;
      known.push({
        stream,
        origin,
        incarnation: readId(input, "incarnation", 1) as Incarnation,
        ranges: readRanges(input, idMax),
      });
    }
    return { kind: "hello", incarnation, round, hears, asks, known };
  }
  if (kind === 1) {
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    const epoch = input.integer("epoch");
    const to = readId(input, "receiver's life", 0) as Incarnation | 0;
    const base = input.integer("base");
    const after = input.integer("after");
    const upTo = input.integer("upTo");
    if (after < base || upTo <= after) throw new Malformed(at, "records: positions do not ascend");
    const records: CausalRecord[] = [];
    for (let left = input.count("records", 12); left > 0; left -= 1) records.push(readRecord(input));
    return { kind: "records", incarnation, epoch, to, base, after, upTo, records };
  }
  if (kind === 2) {
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    const epoch = input.integer("epoch");
    const upTo = input.integer("upTo");
    return { kind: "ack", incarnation, epoch, upTo, beyond: readRanges(input, Number.MAX_SAFE_INTEGER) };
  }
  throw new Malformed(at, `message kind ${kind} is unknown`);
}

// Names are whole numbers of 31 bits: replicas keep them in flat arrays of such.
function readId(input: ByteReader, what: string, least: number): number {
  const at = input.at;
  const value = input.integer(what);
  if (value < least || value > idMax) throw new Malformed(at, `${what}: ${value} is not between ${least} and ${idMax}`);
  return value;
}

function readFlag(input: ByteReader, what: string): boolean {
  const at = input.at;
  const value = input.integer(what);
  if (value > 1) throw new Malformed(at, `${what}: neither 0 nor 1`);
  return value === 1;
}

function readRanges(input: ByteReader, lastMax: number): Range[] {
  const ranges: Range[] = [];
  let least = 1;
  for (let left = input.count("ranges", 2); left > 0; left -= 1) {
    const at = input.at;
    const first = input.integer("first");
    const last = input.integer("last");
    if (first < least || last < first || last > lastMax) throw new Malformed(at, "ranges: not ascending");
    ranges.push({ first, last });
    least = last + 2;
  }
  return ranges;
}

function readDot(input: ByteReader): Dot {
  const stream = readId(input, "stream", 0) as StreamId;
  const origin = readId(input, "origin", 0) as CloudletId;
  const incarnation = readId(input, "incarnation", 1) as Incarnation;
  const sequence = readId(input, "sequence", 1);
  return { origin, incarnation, stream, sequence };
}

function readDots(input: ByteReader, what: string): Dot[] {
  const dots: Dot[] = [];
  for (let left = input.count(what, 4); left > 0; left -= 1) dots.push(readDot(input));
  return dots;
}

function readRecord(input: ByteReader): CausalRecord {
  const kind = readFlag(input, "record kind") ? "delete" : "put";
  const dot = readDot(input);
  const key = input.text("key");
  const value = input.text("value");
  const prev = readDots(input, "prev");
  const deps = readDots(input, "deps");
  const stamp: Stamp = {
    wall: input.integer("wall"),
    logical: input.integer("logical"),
    lamport: input.integer("lamport"),
  };
  const content = { kind, dot, key, value, prev, deps, stamp } as const;
  return { ...content, size: recordSize(content) };
}
