// The byte form of the two kinds of message that carry a snapshot: a part of a cut, and which parts have come.

import type { Incarnation, ScopeId } from "../ids.ts";
import { Malformed, integerSize } from "./bytes.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Outside, PartsMessage, SnapshotMessage } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import type { MessageForm } from "./wire-form.ts";
import {
  knownSize,
  positionsSize,
  rangesSize,
  readId,
  readKnown,
  readPosition,
  readRanges,
  writeKnown,
  writePositions,
  writeRanges,
} from "./wire-parts.ts";
import { readRecord, recordSizeLeast, writeRecord } from "./wire-record.ts";

/** Bytes of what a cut depends on outside itself. */
export function outsideSize(list: readonly Outside[], version: number): number {
  let size = integerSize(list.length);
  for (const { scope, needs } of list) size += integerSize(scope) + knownSize(needs, version);
  return size;
}

/** What a cut depends on outside itself. */
export function writeOutside(out: ByteWriter, list: readonly Outside[], version: number): void {
  out.integer(list.length);
  for (const { scope, needs } of list) {
    out.integer(scope);
    writeKnown(out, needs, version);
  }
}

/** What a cut depends on outside itself. */
export function readOutside(input: ByteReader, version: number): Outside[] {
  const list: Outside[] = [];
  for (let left = input.count("scopes", 2); left > 0; left -= 1) {
    list.push({ scope: readId(input, "scope", 0) as ScopeId, needs: readKnown(input, version) });
  }
  return list;
}

/** Bytes of a list of records. */
export function recordsSize(records: readonly CausalRecord[]): number {
  let size = integerSize(records.length);
  for (const record of records) size += record.size;
  return size;
}

/** A list of records. */
export function writeRecords(out: ByteWriter, records: readonly CausalRecord[]): void {
  out.integer(records.length);
  for (const record of records) writeRecord(out, record);
}

/** A list of records. `reads`: the highest version of records that the reader knows. */
export function readRecords(input: ByteReader, what: string, reads: number): CausalRecord[] {
  const records: CausalRecord[] = [];
  for (let left = input.count(what, recordSizeLeast); left > 0; left -= 1) records.push(readRecord(input, reads));
  return records;
}

/** A part of a snapshot. */
export const snapshotForm: MessageForm<SnapshotMessage> = {
  number: 3,
  isGreeting: false,
  size: ({ incarnation, epoch, to, after, upTo, cut, part, parts, applied, outside, versions }, version) =>
    integerSize(incarnation) +
    integerSize(epoch) +
    integerSize(to) +
    positionsSize([after, upTo], version) +
    integerSize(cut) +
    integerSize(part) +
    integerSize(parts) +
    knownSize(applied, version) +
    outsideSize(outside, version) +
    recordsSize(versions),
  write: (out, { incarnation, epoch, to, after, upTo, cut, part, parts, applied, outside, versions }, version) => {
    out.integer(incarnation);
    out.integer(epoch);
    out.integer(to);
    writePositions(out, [after, upTo], version);
    out.integer(cut);
    out.integer(part);
    out.integer(parts);
    writeKnown(out, applied, version);
    writeOutside(out, outside, version);
    writeRecords(out, versions);
  },
  read: (input, version, reads) => {
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    const epoch = input.integer("epoch");
    const to = readId(input, "receiver's life", 0) as Incarnation | 0;
    const after = readPosition(input, "after", 0, version);
    const at = input.at;
    const upTo = readPosition(input, "upTo", after, version);
    if (upTo === after) throw new Malformed(at, "upTo: positions do not ascend");
    const cut = input.integer("cut");
    const place = input.at;
    const part = input.integer("part");
    const parts = input.integer("parts");
    if (part < 1 || part > parts) throw new Malformed(place, `part: there is no part ${part} of ${parts}`);
    const applied = readKnown(input, version);
    const outside = readOutside(input, version);
    const versions = readRecords(input, "versions", reads);
    return { kind: "snapshot", incarnation, epoch, to, after, upTo, cut, part, parts, applied, outside, versions };
  },
};

/** Which parts have come. */
export const partsForm: MessageForm<PartsMessage> = {
  number: 4,
  isGreeting: false,
  size: ({ incarnation, epoch, cut, ranges }, version) =>
    integerSize(incarnation) + integerSize(epoch) + integerSize(cut) + rangesSize(ranges, version),
  write: (out, { incarnation, epoch, cut, ranges }, version) => {
    out.integer(incarnation);
    out.integer(epoch);
    out.integer(cut);
    writeRanges(out, ranges, version);
  },
  read: (input, version) => {
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    const epoch = input.integer("epoch");
    const cut = input.integer("cut");
    return { kind: "parts", incarnation, epoch, cut, ranges: readRanges(input, Number.MAX_SAFE_INTEGER, version) };
  },
};
