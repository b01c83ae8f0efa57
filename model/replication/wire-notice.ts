// The byte form of what a notice says, which stands in the body of its record. Everything in a notice is about the record's own
// stream, which is therefore left out; ranges are written as distances.

import type { CloudletId, Incarnation } from "../ids.ts";
import { integerSize } from "./bytes.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Covered, Dot, Notice } from "./record.ts";
import { dotsSize, idMax, rangesSize, readDots, readId, readRanges, writeDots, writeRanges } from "./wire-parts.ts";

const rangesVersion = 2;

/** Bytes of what the notice with this name says. */
export function noticeSize({ covers, ready }: Notice, own: Dot): number {
  let size = integerSize(covers.length) + integerSize(ready.length);
  for (const { origin, incarnation, ranges } of covers) {
    size += integerSize(origin) + integerSize(incarnation) + rangesSize(ranges, rangesVersion);
  }
  return size + dotsSize(ready, own);
}

/** Writes what the notice with this name says. */
export function writeNotice(out: ByteWriter, { covers, ready }: Notice, own: Dot): void {
  out.integer(covers.length);
  for (const { origin, incarnation, ranges } of covers) {
    out.integer(origin);
    out.integer(incarnation);
    writeRanges(out, ranges, rangesVersion);
  }
  out.integer(ready.length);
  writeDots(out, ready, own);
}

/** Reads what the notice with this name says. */
export function readNotice(input: ByteReader, own: Dot): Notice {
  const covers: Covered[] = [];
  for (let left = input.count("covered writers", 3); left > 0; left -= 1) {
    const origin = readId(input, "origin", 0) as CloudletId;
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    covers.push({ stream: own.stream, origin, incarnation, ranges: readRanges(input, idMax, rangesVersion) });
  }
  return { kind: "summary", covers, ready: readDots(input, "ready", own, input.count("ready", 2)) };
}
