// The byte form of what a log on a disk has: one entry, a record or a cut, with a checksum of its own (CRC-32C):
//
//   0 for a record, 1 for a cut | the record, or interval sets, dependencies outside and versions | checksum
//
// Whoever keeps the log in such entries finds a flipped bit when it reads them again, entry by entry, and drops what it
// cannot read: a record that a disk has lost is brought by neighbours, a record that it has changed would be believed. Leaves
// out the file around the entries, and their order.

import { ByteReader, ByteWriter, Malformed, integerSize } from "./bytes.ts";
import { checksumSize } from "./checksum.ts";
import type { StoredEntry } from "./log.ts";
import { knownSize, readKnown, writeKnown } from "./wire-parts.ts";
import { readRecord, writeRecord } from "./wire-record.ts";
import { outsideSize, readOutside, readRecords, recordsSize, writeOutside, writeRecords } from "./wire-snapshot.ts";
import { wireVersion } from "./wire.ts";

// Interval sets are written as messages of this version write them.
const form = 1;

/** What reading an entry gave. */
export type DecodedEntry =
  | { readonly kind: "entry"; readonly entry: StoredEntry }
  /** The checksum does not fit: bits have flipped, or the end is missing. */
  | { readonly kind: "corrupted" }
  /** Undamaged, and still no entry. */
  | { readonly kind: "malformed"; readonly at: number; readonly why: string };

/** The bytes of an entry. */
export function encodeEntry(entry: StoredEntry): Uint8Array {
  const out = new ByteWriter(integerSize(1) + bodySize(entry) + checksumSize);
  if (entry.kind === "cut") {
    out.integer(1);
    writeKnown(out, entry.applied, form);
    writeOutside(out, entry.outside, form);
    writeRecords(out, entry.versions);
  } else {
    out.integer(0);
    writeRecord(out, entry);
  }
  out.checksum(0);
  return out.bytes.subarray(0, out.length);
}

/**
 * Reads an entry. Never throws on bytes. Records of versions that this engine cannot read come out sealed.
 *
 * @param isChecked false only to plant a bug: the checksum is not looked at
 */
export function decodeEntry(bytes: Uint8Array, isChecked = true): DecodedEntry {
  if (isChecked && !new ByteReader(bytes).checks(0)) return { kind: "corrupted" };
  const input = new ByteReader(bytes, 0, bytes.length - checksumSize);
  try {
    const entry = readEntry(input);
    input.finish("the entry");
    return { kind: "entry", entry };
  } catch (problem) {
    if (problem instanceof Malformed) return { kind: "malformed", at: problem.at, why: problem.message };
    throw problem;
  }
}

function readEntry(input: ByteReader): StoredEntry {
  const at = input.at;
  const kind = input.integer("kind");
  if (kind === 0) return readRecord(input, wireVersion);
  if (kind !== 1) throw new Malformed(at, `kind: there is no entry of kind ${kind}`);
  const applied = readKnown(input, form);
  const outside = readOutside(input, form);
  return { kind: "cut", applied, outside, versions: readRecords(input, "versions", wireVersion) };
}

function bodySize(entry: StoredEntry): number {
  if (entry.kind !== "cut") return entry.size;
  return knownSize(entry.applied, form) + outsideSize(entry.outside, form) + recordsSize(entry.versions);
}
