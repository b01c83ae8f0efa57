// The bytes that the page shows are the bytes that are written, and decode to what it says of them.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../model/replication/wire.ts";

const text = readFileSync(new URL("wire.md", import.meta.url), "utf8");

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function shown(pattern: RegExp): Uint8Array {
  const hex = pattern.exec(text)?.[1];
  if (hex === undefined) throw new Error(`nothing on the page matches ${String(pattern)}`);
  return bytesOf(hex);
}

test.each([1, 2])("the acknowledgement in version %i", (version) => {
  const bytes = shown(new RegExp(`^\\| ${version} +\\| \`([0-9a-f]+)\``, "m"));
  const message = { kind: "ack", incarnation: 1, epoch: 1, upTo: 300, beyond: [{ first: 302, last: 310 }] } as never;
  expect(decode(bytes)).toEqual({ kind: "message", version, message });
  expect(encode(message, version)).toEqual(bytes);
});

test("the batch, and in it the record that the table takes apart", () => {
  const bytes = shown(/in version 2:\n`([0-9a-f]+)`/);
  const own = { origin: 1, incarnation: 1, stream: 3, sequence: 5 };
  const record = {
    kind: "put",
    version: 2,
    dot: own,
    key: "users/k",
    value: "v",
    prev: [{ ...own, sequence: 4 }],
    deps: [{ origin: 2, incarnation: 1, stream: 6, sequence: 9 }],
    stamp: { wall: 1000, logical: 0, lamport: 7 },
  };
  expect(decode(bytes)).toMatchObject({ version: 2, message: { kind: "records", records: [record] } });
  const rows = text.slice(text.indexOf("| of the example"), text.indexOf("Everything before the body"));
  const key = Array.from("users/k", (letter) => letter.charCodeAt(0).toString(16)).join("");
  const parts = [...rows.matchAll(/^\| (`[^|]*?) +\| /gm)].map(([, cell]) =>
    (cell ?? "").replace("then text", key).replace(/[` ]/g, ""),
  );
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  expect(parts.length).toBe(9);
  expect(hex).toContain(parts.join(""));
});
