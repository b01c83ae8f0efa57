// The byte form of what a notice says, which stands in the body of its record: its kind, the members that it names, what it
// covers, what it is ready for. Mostly all is about the record's own stream, which is then left out: the stream is written as
// a distance from that one. Ranges are written as distances too.

import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { Malformed, integerSize } from "./bytes.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Covered, Dot, Notice } from "./record.ts";
import { dotsSize, idMax, rangesSize, readDots, readId, readRanges, writeDots, writeRanges } from "./wire-parts.ts";

const rangesVersion = 2;

const kinds = ["summary", "detach", "close", "back", "return"] as const;

/** Bytes of what the notice with this name says. */
export function noticeSize({ covers, ready, members }: Notice, own: Dot): number {
  let size = 1 + integerSize(members.length) + integerSize(covers.length) + integerSize(ready.length);
  for (const member of members) size += integerSize(member);
  for (const { stream, origin, incarnation, ranges } of covers) {
    size += integerSize(turned(stream - own.stream)) + integerSize(origin) + integerSize(incarnation);
    size += rangesSize(ranges, rangesVersion);
  }
  return size + dotsSize(ready, own);
}

/** Writes what the notice with this name says. */
export function writeNotice(out: ByteWriter, { kind, covers, ready, members }: Notice, own: Dot): void {
  out.integer(kinds.indexOf(kind));
  out.integer(members.length);
  for (const member of members) out.integer(member);
  out.integer(covers.length);
  for (const { stream, origin, incarnation, ranges } of covers) {
    out.integer(turned(stream - own.stream));
    out.integer(origin);
    out.integer(incarnation);
    writeRanges(out, ranges, rangesVersion);
  }
  out.integer(ready.length);
  writeDots(out, ready, own);
}

/** Reads what the notice with this name says. */
export function readNotice(input: ByteReader, own: Dot): Notice {
  const at = input.at;
  const kind = kinds[input.integer("kind of the notice")];
  if (kind === undefined) throw new Malformed(at, "kind of the notice: unknown");
  const members: CloudletId[] = [];
  for (let left = input.count("members", 1); left > 0; left -= 1)
    members.push(readId(input, "member", 0) as CloudletId);
  const covers: Covered[] = [];
  for (let left = input.count("covered writers", 4); left > 0; left -= 1) {
    const place = input.at;
    const stream = own.stream + turnedBack(input.integer("stream"));
    if (stream < 0 || stream > idMax) throw new Malformed(place, `stream: there is no stream ${stream}`);
    const origin = readId(input, "origin", 0) as CloudletId;
    const incarnation = readId(input, "incarnation", 1) as Incarnation;
    covers.push({
      stream: stream as StreamId,
      origin,
      incarnation,
      ranges: readRanges(input, idMax, rangesVersion),
    });
  }
  return { kind, covers, ready: readDots(input, "ready", own, input.count("ready", 2)), members };
}

// 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4: what is near takes one byte to either side.
function turned(distance: number): number {
  return distance < 0 ? -2 * distance - 1 : 2 * distance;
}

function turnedBack(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}
