// The byte form: sizes, round trips in every version, what a version unknown to the reader leaves of a record, and what
// happens to bytes that no encoder wrote. The long search for bytes that do harm is sim/fuzz.

import fc from "fast-check";
import { expect, test } from "vitest";
import { messages, records } from "../../properties/arbitraries/messages.ts";
import { prop } from "../../properties/prop.ts";
import { ByteWriter } from "./bytes.ts";
import { checksum } from "./checksum.ts";
import type { Message } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import { ttlMax } from "./time-limit.ts";
import { recordBytes } from "./wire-record.ts";
import { agreedVersion, decode, encode, encodedSize, isIntact, recordSize, unseal, wireVersion } from "./wire.ts";

const versions = fc.integer({ min: 1, max: wireVersion });

/** These bytes with the checksum that belongs behind them. */
function framed(bytes: readonly number[]): Uint8Array {
  const out = new ByteWriter(bytes.length + 4);
  out.raw(Uint8Array.from(bytes));
  out.checksum(0);
  return out.bytes;
}

test("the checksum is CRC-32C: the check value of its definition, and of nothing", () => {
  const digits = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));
  expect(checksum(digits, 0, digits.length)).toBe(0xe3069283);
  expect(checksum(digits, 3, 3)).toBe(0);
});

prop(
  "encodedSize is what the encoder writes in every version, and decoding gives the message back",
  fc.tuple(messages(), versions),
  ([message, agreed]) => {
    const bytes = encode(message, agreed);
    expect(encodedSize(message, agreed)).toBe(bytes.length);
    expect(isIntact(bytes)).toBe(true);
    const version = message.kind === "hello" ? 1 : agreed;
    expect(decode(bytes)).toEqual({ kind: "message", message, version });
  },
  { numRuns: 1_000 },
);

prop("a record's size is its share of a batch", fc.array(records(), { maxLength: 5 }), (list) => {
  const batch = (some: typeof list): Message =>
    ({
      kind: "records",
      incarnation: 1,
      epoch: 1,
      to: 1,
      base: 0,
      after: 0,
      upTo: 1,
      records: some,
    }) as unknown as Message;
  const share = list.reduce((sum, record) => sum + record.size, 0);
  expect(encode(batch(list)).length - encode(batch([])).length).toBe(share);
  for (const record of list) {
    expect(record.size).toBe(recordSize(record));
    expect(recordBytes(record).length).toBe(record.size);
  }
});

const batchOf = (record: CausalRecord): Message =>
  ({ kind: "records", incarnation: 1, epoch: 1, to: 1, base: 0, after: 0, upTo: 1, records: [record] }) as never;

function readAs(record: CausalRecord, most: number): CausalRecord {
  const decoded = decode(encode(batchOf(record)), { least: 1, most });
  if (decoded.kind !== "message" || decoded.message.kind !== "records") throw new Error(decoded.kind);
  return decoded.message.records[0] as CausalRecord;
}

prop(
  "who does not know a record's version still has its header, passes on its bytes, and reads it once upgraded",
  records(),
  (record) => {
    const seen = readAs(record, 1);
    const isOld = (record.version ?? 1) === 1;
    expect(seen.kind === "sealed").toBe(!isOld);
    const { dot, key, prev, deps, stamp, size } = record;
    expect(seen).toMatchObject({ dot, key, prev, deps, stamp, size });
    expect(recordBytes(seen)).toEqual(recordBytes(record));
    expect(unseal(seen, wireVersion)).toEqual(record);
    expect(unseal(seen, 1)).toBe(seen);
  },
  { numRuns: 300 },
);

test("a sealed record whose content turns out to be damaged stays sealed", () => {
  const [record] = fc.sample(
    records().filter(({ version, kind }) => version === 2 && kind === "put"),
    { numRuns: 1, seed: 1 },
  ) as [CausalRecord];
  const sealed = readAs(record, 1);
  const body = (sealed.body as Uint8Array).slice();
  body[body.length - 1] = (body.at(-1) as number) ^ 1;
  const damaged = { ...sealed, body };
  expect(unseal(damaged, wireVersion)).toBe(damaged);
  expect(decode(encode(batchOf(damaged)))).toMatchObject({
    kind: "malformed",
    why: "body: the record's checksum does not fit",
  });
});

prop(
  "every prefix of a message, every flipped bit and every byte more is corrupted",
  fc.tuple(messages(), versions, fc.nat({ max: 255 })),
  ([message, version, byte]) => {
    const bytes = encode(message, version);
    for (let length = 0; length < bytes.length; length += 1) {
      if (decode(bytes.subarray(0, length)).kind === "message") throw new Error(`${length} bytes are enough`);
    }
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (bytes[at] as number) ^ (1 << (at % 8));
      if (decode(changed).kind !== "corrupted") throw new Error(`bit ${at % 8} of byte ${at}`);
    }
    const longer = Uint8Array.from([...bytes, byte]);
    if (decode(longer).kind === "message") throw new Error("a byte too many");
  },
  { numRuns: 200 },
);

test.each([
  ["nothing", [], { kind: "malformed", at: 0, why: "version: the bytes end here" }],
  ["a later version", [3, 0, 0], { kind: "unknownVersion", version: 3 }],
  ["version 0, which there never was", [0, 0, 0], { kind: "unknownVersion", version: 0 }],
  ["a greeting in a version that greetings never have", [2, 0, 1], { kind: "unknownVersion", version: 2 }],
  ["an unknown kind", [1, 9], { kind: "malformed", at: 1, why: "message kind 9 is unknown" }],
  [
    "a number in a longer form",
    [1, 2, 0x81, 0x00],
    { kind: "malformed", at: 2, why: "incarnation: number not in its shortest form" },
  ],
  [
    "a count beyond the bytes",
    [1, 2, 1, 1, 0, 0x7f],
    { kind: "malformed", at: 5, why: "ranges: 127 announced, 0 bytes left" },
  ],
  [
    "an ack of adjacent ranges",
    [1, 2, 1, 1, 0, 2, 1, 2, 3, 4],
    { kind: "malformed", at: 8, why: "ranges: not ascending" },
  ],
  [
    "an incarnation beyond its type",
    [1, 2, 0x80, 0x80, 0x80, 0x80, 0x08, 1, 0, 0],
    { kind: "malformed", at: 2, why: "incarnation: 2147483648 is not between 1 and 2147483647" },
  ],
  [
    "a byte after the end",
    [1, 2, 1, 1, 0, 0, 7],
    { kind: "malformed", at: 6, why: "1 bytes after the end of the message" },
  ],
  [
    "a dot that repeats what its record says already",
    // record version 1, dot 0/0/1/1, no key; one replaced dot marked as of another origin, which is 0 again
    [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 4, 2, 0, 1, 0, 0, 0, 0, 1, 0],
    { kind: "malformed", at: 16, why: "prev: a dot not in its shortest form" },
  ],
  [
    "an end of nothing",
    // no replaced dot, and the mark of an end
    [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 2, 0, 0, 1, 1, 1, 1],
    { kind: "malformed", at: 15, why: "prev: no record that could be the end of a put" },
  ],
  [
    "an end with a stamp that is above no other",
    [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 2, 0, 6, 0, 1, 0, 0, 0, 1, 1, 1],
    { kind: "malformed", at: 15, why: "prev: no record that could be the end of a put" },
  ],
  [
    "a put that ends another",
    [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 2, 0, 6, 0, 1, 0, 0, 1, 1, 1, 0],
    { kind: "malformed", at: 23, why: "record kind: what ends a put is a delete" },
  ],
  [
    "a put that is to last for no time",
    [1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 2, 3, 0],
    { kind: "malformed", at: 22, why: `time limit: 0 is not between 1 and ${ttlMax}` },
  ],
])("undamaged, but %s: refused with place and reason", (_name, bytes, decoded) => {
  expect(decode(framed(bytes))).toEqual(decoded);
});

test("a reader that has given up version 1 refuses it, greetings apart", () => {
  const ack = { kind: "ack", incarnation: 1, epoch: 1, upTo: 5, beyond: [] } as unknown as Message;
  const speaks = { least: 2, most: 2 };
  expect(decode(encode(ack, 1), speaks)).toEqual({ kind: "unknownVersion", version: 1 });
  expect(decode(encode(ack, 2), speaks)).toMatchObject({ kind: "message" });
});

test.each([
  [{ least: 1, most: 1 }, { least: 1, most: 2 }, 1],
  [{ least: 1, most: 3 }, { least: 2, most: 2 }, 2],
  [{ least: 2, most: 2 }, { least: 1, most: 1 }, null],
])("ends that speak %o and %o agree on %s", (one, other, agreed) => {
  expect(agreedVersion(one, other)).toBe(agreed);
  expect(agreedVersion(other, one)).toBe(agreed);
});

test("numbers and texts that no replica makes are bugs, not messages", () => {
  const ack = (upTo: number): Message =>
    ({ kind: "ack", incarnation: 1, epoch: 1, upTo, beyond: [] }) as unknown as Message;
  expect(() => encode(ack(-1))).toThrow("whole numbers");
  expect(() => encode(ack(0.5))).toThrow("whole numbers");
  expect(() => encode(ack(2 ** 53))).toThrow("whole numbers");
});
