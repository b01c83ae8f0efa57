// The byte form: sizes, round trips, and what happens to bytes that no encoder wrote.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { messages, records } from "../../properties/arbitraries/messages.ts";
import { prop } from "../../properties/prop.ts";
import type { Message } from "./messages.ts";
import { decode, encode, encodedSize, recordSize } from "./wire.ts";

// Broken inputs that were tried; the count is judged when all properties have run.
let broken = 0;
let rounds = 0;
const roundsPlanned = 300;

// Whatever the bytes are, decoding ends in one of its three results; and a message is one that encodes to these bytes.
function isJudged(bytes: Uint8Array): boolean {
  broken += 1;
  const decoded = decode(bytes);
  if (decoded.kind === "malformed") return decoded.at >= 0 && decoded.at <= bytes.length && decoded.why !== "";
  if (decoded.kind === "unknownVersion") return decoded.version !== 1;
  const again = encode(decoded.message);
  return again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
}

prop(
  "encodedSize is what the encoder writes, and decoding gives the message back",
  messages(),
  (message) => {
    const bytes = encode(message);
    expect(encodedSize(message)).toBe(bytes.length);
    expect(decode(bytes)).toEqual({ kind: "message", message });
  },
  { numRuns: 500 },
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
  for (const record of list) expect(record.size).toBe(recordSize(record));
});

prop(
  "every prefix of a message is malformed, every other byte and every flipped bit is judged",
  fc.tuple(messages(), fc.nat({ max: 255 })),
  ([message, byte]) => {
    rounds += 1;
    const bytes = encode(message);
    for (let length = 0; length < bytes.length; length += 1) {
      broken += 1;
      if (decode(bytes.subarray(0, length)).kind !== "malformed") throw new Error(`${length} bytes are enough`);
    }
    for (let at = 0; at < bytes.length; at += 1) {
      for (const other of [byte, (bytes[at] as number) ^ (1 << (at % 8))]) {
        const changed = bytes.slice();
        changed[at] = other;
        if (!isJudged(changed)) throw new Error(`byte ${at} as ${other}`);
      }
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    longer[bytes.length] = byte;
    if (decode(longer).kind !== "malformed") throw new Error("a byte too many");
  },
  { numRuns: roundsPlanned },
);

// Bytes that begin like a message get further than any others.
const likeMessages = fc
  .tuple(fc.constantFrom([], [1], [1, 0], [1, 1], [1, 2]), fc.uint8Array({ maxLength: 60 }))
  .map(([start, rest]) => Uint8Array.from([...start, ...rest]));

prop("any bytes are judged", likeMessages, (bytes) => isJudged(bytes), { numRuns: 5_000 });

afterAll(() => {
  if (rounds === roundsPlanned) expect(broken).toBeGreaterThan(20_000);
});

test.each([
  ["an empty input", [], { kind: "malformed", at: 0, why: "version: the bytes end here" }],
  ["a later version", [2, 0, 0], { kind: "unknownVersion", version: 2 }],
  ["an unknown kind", [1, 3], { kind: "malformed", at: 1, why: "message kind 3 is unknown" }],
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
])("%s is refused with place and reason", (_name, bytes, decoded) => {
  expect(decode(Uint8Array.from(bytes))).toEqual(decoded);
});

test("numbers and texts that no replica makes are bugs, not messages", () => {
  const ack = (upTo: number): Message =>
    ({ kind: "ack", incarnation: 1, epoch: 1, upTo, beyond: [] }) as unknown as Message;
  expect(() => encode(ack(-1))).toThrow("whole numbers");
  expect(() => encode(ack(0.5))).toThrow("whole numbers");
  expect(() => encode(ack(2 ** 53))).toThrow("whole numbers");
});
