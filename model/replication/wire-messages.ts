// The byte form of each kind of message, as a table: its number, its size, its writer and its reader. A new kind is a new
// row. Version 1 writes positions as they are, version 2 as distances; greetings are written in version 1 for ever, so
// that two ends which have nothing else in common can still tell each other so. The frame around them is in wire.ts.

import { adding, nothing } from "./adding.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { Malformed, integerSize } from "./bytes.ts";
import type { Known, Message } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import {
  idMax,
  positionsSize,
  rangesSize,
  readFlag,
  readId,
  readPosition,
  readRanges,
  writePositions,
  writeRanges,
} from "./wire-parts.ts";
import type { MessageForm } from "./wire-form.ts";
import { readRecord, recordSizeLeast, writeRecord } from "./wire-record.ts";
import { partsForm, snapshotForm } from "./wire-snapshot.ts";

type Forms = { readonly [Kind in Message["kind"]]: MessageForm<Extract<Message, { readonly kind: Kind }>> };

/** All kinds of messages. */
export const messageForms: Forms = {
  hello: {
    number: 0,
    isGreeting: true,
    size: ({ incarnation, round, hears, speaks, known }, version) => {
      let size = integerSize(incarnation) + integerSize(round) + 1;
      size += integerSize(hears.incarnation) + integerSize(hears.round);
      size += integerSize(speaks.least) + integerSize(speaks.most) + integerSize(known.length);
      for (const writer of known) {
        size += integerSize(writer.stream) + integerSize(writer.origin) + integerSize(writer.incarnation);
        size += rangesSize(writer.ranges, version) + integerSize(writer.digest);
      }
      return size;
    },
    write: (out, { incarnation, round, hears, asks, speaks, known }, version) => {
      out.integer(incarnation);
      out.integer(round);
      out.integer(hears.incarnation);
      out.integer(hears.round);
      out.integer(asks ? 1 : 0);
      out.integer(speaks.least);
      out.integer(speaks.most);
      out.integer(known.length);
      for (const writer of known) {
        out.integer(writer.stream);
        out.integer(writer.origin);
        out.integer(writer.incarnation);
        writeRanges(out, writer.ranges, version);
        out.integer(writer.digest);
      }
    },
    read: (input, version) => {
      const incarnation = readId(input, "incarnation", 1) as Incarnation;
      const round = input.integer("round");
      const hears = {
        incarnation: readId(input, "heard incarnation", 0) as Incarnation,
        round: input.integer("heard round"),
      };
      const asks = readFlag(input, "asks");
      const least = readId(input, "least version", 1);
      const speaks = { least, most: readId(input, "highest version", least) };
      const known: Known[] = [];
      for (let left = input.count("known writers", 4); left > 0; left -= 1) {
        const stream = readId(input, "stream", 0) as StreamId;
        const origin = readId(input, "origin", 0) as CloudletId;
        const life = readId(input, "incarnation", 1) as Incarnation;
        const ranges = readRanges(input, idMax, version);
        known.push({ stream, origin, incarnation: life, ranges, digest: readId(input, "digest", 0) });
      }
      return { kind: "hello", incarnation, round, hears, asks, speaks, known };
    },
  },

  records: {
    number: 1,
    isGreeting: false,
    size: ({ incarnation, epoch, to, base, after, upTo, records }, version) => {
      let size = integerSize(incarnation) + integerSize(epoch) + integerSize(to) + integerSize(records.length);
      size += positionsSize([base, after, upTo], version);
      for (let at = 0; at < records.length; at += 1) size += (records[at] as CausalRecord).size;
      return size;
    },
    write: (out, { incarnation, epoch, to, base, after, upTo, records }, version) => {
      out.integer(incarnation);
      out.integer(epoch);
      out.integer(to);
      writePositions(out, [base, after, upTo], version);
      out.integer(records.length);
      for (const record of records) writeRecord(out, record);
    },
    read: (input, version, reads) => {
      const incarnation = readId(input, "incarnation", 1) as Incarnation;
      const epoch = input.integer("epoch");
      const to = readId(input, "receiver's life", 0) as Incarnation | 0;
      const base = readPosition(input, "base", 0, version);
      const after = readPosition(input, "after", base, version);
      const at = input.at;
      const upTo = readPosition(input, "upTo", after, version);
      if (upTo === after) throw new Malformed(at, "upTo: positions do not ascend");
      let records: CausalRecord[] = nothing;
      for (let left = input.count("records", recordSizeLeast); left > 0; left -= 1) {
        records = adding(records, readRecord(input, reads));
      }
      return { kind: "records", incarnation, epoch, to, base, after, upTo, records };
    },
  },

  ack: {
    number: 2,
    isGreeting: false,
    size: ({ incarnation, epoch, upTo, beyond }, version) =>
      integerSize(incarnation) + integerSize(epoch) + integerSize(upTo) + rangesSize(beyond, version),
    write: (out, { incarnation, epoch, upTo, beyond }, version) => {
      out.integer(incarnation);
      out.integer(epoch);
      out.integer(upTo);
      writeRanges(out, beyond, version);
    },
    read: (input, version) => {
      const incarnation = readId(input, "incarnation", 1) as Incarnation;
      const epoch = input.integer("epoch");
      const upTo = input.integer("upTo");
      return { kind: "ack", incarnation, epoch, upTo, beyond: readRanges(input, Number.MAX_SAFE_INTEGER, version) };
    },
  },

  snapshot: snapshotForm,
  parts: partsForm,
};

/** The form of a message's kind. */
export function formOf<Kind extends Message>(message: Kind): MessageForm<Kind> {
  // The table has the form of every kind under its name; that one belongs to the other, no type can say.
  return messageForms[message.kind] as unknown as MessageForm<Kind>;
}

const byNumber: readonly MessageForm<Message>[] = Object.values(messageForms)
  .map((form) => form as unknown as MessageForm<Message>)
  .sort((a, b) => a.number - b.number);

/** The form of this number, or undefined. */
export function formNumbered(number: number): MessageForm<Message> | undefined {
  return byNumber[number];
}
