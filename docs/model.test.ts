// The definitions stand beside names that exist, and the checks named are there.

import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const text = readFileSync(new URL("docs/model.md", root), "utf8");
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const definitions = [...text.matchAll(/^\| [^|]+\| `(\w+)` in `([^`]+)` +\|/gm)].map(([, name, path]) => ({
  name,
  path,
}));

test("there are definitions", () => {
  expect(definitions.length).toBeGreaterThan(20);
});

test.each(definitions)("$name is exported by $path", ({ name = "", path = "" }) => {
  expect(read(path)).toMatch(new RegExp(`^export (class|function|interface|type|const) ${name}\\b`, "m"));
});

const paths = [...text.matchAll(/`((?:model|properties|sim|workloads)\/[^`*]+\.ts)`/g)].map(
  ([, path]) => path as string,
);

test.each([...new Set(paths)])("%s exists", (path) => {
  expect(existsSync(new URL(path, root))).toBe(true);
});
