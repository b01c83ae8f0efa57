/** The schema of history lines knows what the reader knows: what the document shows, and what recorders write. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { jsonlHeader, jsonlLine, readHistory, utf8 } from "../../model/consistency/index.ts";

const root = new URL("../../", import.meta.url);
const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL("schema/history.schema.json", root), "utf8")) as Parameters<
    typeof z.fromJSONSchema
  >[0],
);
const document = readFileSync(new URL("docs/history-format.md", root), "utf8");
const all = Array.from(document.matchAll(/^```jsonl (\S+)\n([\s\S]*?)^```$/gm));
const examples = all.flatMap(([, name, text = ""]) => (name === "broken.jsonl" ? [] : [text]));
const broken = all.flatMap(([, name, text = ""]) => (name === "broken.jsonl" ? [text] : []));

test("the document has examples, which the reader and the schema accept", () => {
  expect(examples.length).toBeGreaterThan(3);
  for (const text of examples) {
    expect(readHistory(utf8(text), { fileName: "example" }).kind, text).toBe("read");
    for (const line of text.trim().split("\n")) expect(schema.safeParse(JSON.parse(line)).error, line).toBeUndefined();
  }
});

test("the one that is broken, neither accepts", () => {
  expect(broken.length).toBe(1);
  for (const text of broken) {
    expect(readHistory(utf8(text), { fileName: "example" }).kind).toBe("refused");
    expect(
      text
        .trim()
        .split("\n")
        .every((line) => schema.safeParse(JSON.parse(line)).success),
    ).toBe(false);
  }
});

test("the schema accepts what the writer writes", () => {
  const lines = [
    jsonlHeader({ timeUnit: "us", init: "none", zero: 0, replaces: true }),
    jsonlLine({ session: 1, op: "read", key: "x", values: [1, null], versions: ["a", "b"], final: true }),
    jsonlLine({ session: "s", op: "delete", key: "x", version: "v", replaces: ["a"], replica: "hub", seen: "m" }),
    jsonlLine({ session: "s", op: "append", key: "l", value: 1, outcome: "unknown", start: 1, transaction: 7 }),
  ];
  for (const line of lines) expect(schema.safeParse(JSON.parse(line)).error, line).toBeUndefined();
});

test.each([
  '{"session":"a","op":"inc","key":"x","value":1}',
  '{"session":"a","op":"write","key":"x"}',
  '{"session":"a","op":"write","key":"x","value":1,"vlaue":2}',
  '{"session":"a","op":"write","key":"x","values":[1]}',
  '{"op":"write","key":"x","value":1}',
  '{"session":"a","op":"delete","key":"x"}',
  '{"session":"a","op":"read","key":"x","value":true}',
  '{"session":"a","op":"read","key":"x","value":1,"outcome":"maybe"}',
  '{"causeway-history":2}',
  '{"causeway-history":1,"timeUnit":"h"}',
])("both refuse %s", (line) => {
  expect(schema.safeParse(JSON.parse(line)).success).toBe(false);
  expect(readHistory(utf8(line), { fileName: "h", format: "jsonl" }).kind).toBe("refused");
});
