// Files by name, by folder and by pattern, in an order that no machine changes.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openWorkplace } from "../cli/testing.ts";
import { findFiles } from "./find-files.ts";

const place = openWorkplace();
afterAll(() => place.remove());

for (const file of [
  "b.txt",
  "a.edn",
  "runs/2/x.edn",
  "runs/10/x.edn",
  "runs/10/.hidden/y.edn",
  "runs/y[1].txt",
  ".dot",
]) {
  mkdirSync(dirname(join(place.path, file)), { recursive: true });
  writeFileSync(join(place.path, file), "");
}
mkdirSync(join(place.path, "empty"));
symlinkSync(place.path, join(place.path, "runs", "loop"));
symlinkSync(join(place.path, "a.edn"), join(place.path, "runs", "link.edn"));

const found = (...argv: string[]): readonly string[] => findFiles(place.path, argv).files.map(({ file }) => file);

test.each([
  [
    ["b.txt", "a.edn"],
    ["b.txt", "a.edn"],
  ],
  [["absent.txt"], ["absent.txt"]],
  [["runs"], ["runs/10/x.edn", "runs/2/x.edn", "runs/link.edn", "runs/y[1].txt"]],
  [["runs/"], ["runs/10/x.edn", "runs/2/x.edn", "runs/link.edn", "runs/y[1].txt"]],
  [["*.edn"], ["a.edn"]],
  [["*"], ["a.edn", "b.txt", "runs/10/x.edn", "runs/2/x.edn", "runs/link.edn", "runs/y[1].txt"]],
  [["**/x.edn"], ["runs/10/x.edn", "runs/2/x.edn"]],
  [["**/*.edn"], ["a.edn", "runs/10/x.edn", "runs/2/x.edn", "runs/link.edn"]],
  [["runs/**"], ["runs/10/x.edn", "runs/2/x.edn", "runs/link.edn", "runs/y[1].txt"]],
  [["runs/[0-9]/x.edn"], ["runs/2/x.edn"]],
  [["runs/[!0-9]*.edn"], ["runs/link.edn"]],
  [["{b,a}.{txt,edn}"], ["a.edn", "b.txt"]],
  [["?.txt"], ["b.txt"]],
  [[".*"], [".dot"]],
  [["runs/y[1].txt"], ["runs/y[1].txt"]],
])("%j is %j", (argv, files) => {
  expect(found(...argv)).toEqual(files);
});

test("a pattern with an absolute path keeps it", () => {
  expect(found(`${place.path}/*.txt`)).toEqual([`${place.path}/b.txt`]);
});

test("what stands for nothing is said", () => {
  expect(findFiles(place.path, ["*.json", "empty"]).problems).toEqual([
    "*.json: no file matches this pattern; check it",
    "empty: there is no file in this directory; name another one",
  ]);
});

test("whether there may be several does not depend on how many there are", () => {
  const areMany = (...argv: string[]): boolean => findFiles(place.path, argv).areMany;
  expect([areMany("a.edn"), areMany("*.edn"), areMany("runs"), areMany("a.edn", "b.txt")]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
