// The byte form of a snapshot, for disks and for carrying a replica's state from one program to another:
//
//   name of the engine | version | whose | base | clock | records | cut | tail | waiting | orphans | cuts | checksum (CRC-32C)
//
// Every record is written once, in the list `records`; cuts and lists name records by their place in it, since a live version
// is mostly in the retained tail as well. The engine's name and version come first and are read before the checksum is
// looked at, so that the snapshot of another engine is told as what it is and not as damage. Leaves out what is in a
// snapshot (snapshot.ts) and how records are written (wire-record.ts).

import type { CloudletId } from "../ids.ts";
import { ByteReader, ByteWriter, Malformed, integerSize, lengthAndText } from "./bytes.ts";
import { checksumSize } from "./checksum.ts";
import type { Cut } from "./cut.ts";
import type { CausalRecord, Stamp } from "./record.ts";
import type { Orphan } from "./returning.ts";
import { snapshotVersion } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import { knownSize, readId, readKnown, writeKnown } from "./wire-parts.ts";
import { stampMax } from "./wire-record.ts";
import { outsideSize, readOutside, readRecords, recordsSize, writeOutside, writeRecords } from "./wire-snapshot.ts";
import { wireVersion } from "./wire.ts";

/** What reading a snapshot gave: the snapshot, or why there is none. */
export type DecodedSnapshot =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  /** Made by another engine, or in a version that this one does not read: start from an empty disk, or use that engine. */
  | { readonly kind: "otherEngine"; readonly protocol: string; readonly version: number }
  /** The checksum does not fit: damaged, or cut off. */
  | { readonly kind: "corrupted" }
  /** Undamaged, and still no snapshot. */
  | { readonly kind: "malformed"; readonly at: number; readonly why: string };

// Interval sets are written as messages of this version write them.
const form = 1;
const nameMax = 64;

/** The bytes of a snapshot. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { protocol, version, of, cut, tail, base, waiting, orphans, cuts, clock } = snapshot;
  const places = new Map<CausalRecord, number>();
  for (const list of [
    cut.versions,
    tail,
    waiting,
    orphans.map(({ version: one }) => one),
    ...cuts.map(({ versions }) => versions),
  ]) {
    for (const record of list) if (!places.has(record)) places.set(record, places.size);
  }
  const records = [...places.keys()];
  let size = lengthAndText(protocol) + integerSize(version) + integerSize(of) + integerSize(base);
  size += stampSize(clock);
  size += recordsSize(records) + cutSize(cut, places) + placesSize(tail, places) + placesSize(waiting, places);
  size += integerSize(orphans.length);
  for (const orphan of orphans) size += integerSize(places.get(orphan.version) as number) + stampSize(orphan.above);
  size += integerSize(cuts.length) + checksumSize;
  for (const one of cuts) size += cutSize(one, places);

  const out = new ByteWriter(size);
  out.text(protocol);
  out.integer(version);
  out.integer(of);
  out.integer(base);
  writeStamp(out, clock);
  writeRecords(out, records);
  writeCut(out, cut, places);
  writePlaces(out, tail, places);
  writePlaces(out, waiting, places);
  out.integer(orphans.length);
  for (const orphan of orphans) {
    out.integer(places.get(orphan.version) as number);
    writeStamp(out, orphan.above);
  }
  out.integer(cuts.length);
  for (const one of cuts) writeCut(out, one, places);
  out.checksum(0);
  return out.bytes.subarray(0, out.length);
}

/** Reads a snapshot. Never throws on bytes. Records of versions that this engine cannot read come out sealed. */
export function decodeSnapshot(bytes: Uint8Array): DecodedSnapshot {
  const engine = engineOf(bytes);
  if (engine !== null && (engine.protocol !== snapshotVersion.protocol || engine.version !== snapshotVersion.version)) {
    return { kind: "otherEngine", ...engine };
  }
  if (engine === null || !new ByteReader(bytes).checks(0)) return { kind: "corrupted" };
  const input = new ByteReader(bytes, 0, bytes.length - checksumSize);
  try {
    input.text("engine");
    input.integer("version");
    const of = readId(input, "cloudlet", 0) as CloudletId;
    const base = input.integer("base");
    const clock = readStamp(input);
    const records = readRecords(input, "records", wireVersion);
    const cut = readCut(input, records);
    const tail = readPlaces(input, "tail", records);
    const waiting = readPlaces(input, "waiting", records);
    const orphans: Orphan[] = [];
    for (let left = input.count("orphans", 4); left > 0; left -= 1) {
      orphans.push({ version: readPlace(input, "orphans", records), above: readStamp(input) });
    }
    const cuts: Cut[] = [];
    for (let left = input.count("cuts", 3); left > 0; left -= 1) cuts.push(readCut(input, records));
    input.finish("the snapshot");
    return { kind: "snapshot", snapshot: { ...snapshotVersion, of, cut, tail, base, waiting, orphans, cuts, clock } };
  } catch (problem) {
    if (problem instanceof Malformed) return { kind: "malformed", at: problem.at, why: problem.message };
    throw problem;
  }
}

// What the bytes say of the engine that made them; null where they do not begin as snapshots do.
function engineOf(bytes: Uint8Array): { readonly protocol: string; readonly version: number } | null {
  const input = new ByteReader(bytes);
  try {
    const length = input.count("engine", 1);
    if (length < 1 || length > nameMax) return null;
    const protocol = input.bareText("engine", length);
    return /^[a-z][a-z-]*$/.test(protocol) ? { protocol, version: input.integer("version") } : null;
  } catch (problem) {
    if (problem instanceof Malformed) return null;
    throw problem;
  }
}

function stampSize({ wall, logical, lamport }: Stamp): number {
  return integerSize(wall) + integerSize(logical) + integerSize(lamport);
}

function writeStamp(out: ByteWriter, { wall, logical, lamport }: Stamp): void {
  out.integer(wall);
  out.integer(logical);
  out.integer(lamport);
}

function readStamp(input: ByteReader): Stamp {
  const at = input.at;
  const wall = input.integer("wall");
  if (wall > stampMax) throw new Malformed(at, `wall: ${wall} is beyond all stamps`);
  return { wall, logical: input.integer("logical"), lamport: input.integer("lamport") };
}

type Places = ReadonlyMap<CausalRecord, number>;

function placesSize(list: readonly CausalRecord[], places: Places): number {
  let size = integerSize(list.length);
  for (const record of list) size += integerSize(places.get(record) as number);
  return size;
}

function writePlaces(out: ByteWriter, list: readonly CausalRecord[], places: Places): void {
  out.integer(list.length);
  for (const record of list) out.integer(places.get(record) as number);
}

function readPlaces(input: ByteReader, what: string, records: readonly CausalRecord[]): CausalRecord[] {
  const list: CausalRecord[] = [];
  for (let left = input.count(what, 1); left > 0; left -= 1) list.push(readPlace(input, what, records));
  return list;
}

function readPlace(input: ByteReader, what: string, records: readonly CausalRecord[]): CausalRecord {
  const at = input.at;
  const record = records[input.integer(what)];
  if (record === undefined) throw new Malformed(at, `${what}: there are only ${records.length} records`);
  return record;
}

function cutSize(cut: Cut, places: Places): number {
  return knownSize(cut.applied, form) + outsideSize(cut.outside, form) + placesSize(cut.versions, places);
}

function writeCut(out: ByteWriter, cut: Cut, places: Places): void {
  writeKnown(out, cut.applied, form);
  writeOutside(out, cut.outside, form);
  writePlaces(out, cut.versions, places);
}

function readCut(input: ByteReader, records: readonly CausalRecord[]): Cut {
  const applied = readKnown(input, form);
  const outside = readOutside(input, form);
  return { kind: "cut", applied, outside, versions: readPlaces(input, "versions", records) };
}
