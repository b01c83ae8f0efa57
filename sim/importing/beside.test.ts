// Files beside a document are found by their paths from there, and none outside of the folder or archive.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { besideInArchive, besideInFolder } from "./beside.ts";

const place = mkdtempSync(join(tmpdir(), "beside-"));
afterAll(() => {
  rmSync(place, { recursive: true });
});

test("in a folder", () => {
  mkdirSync(join(place, "in/deep"), { recursive: true });
  writeFileSync(join(place, "outside"), "no");
  writeFileSync(join(place, "in/a"), "a");
  writeFileSync(join(place, "in/deep/b"), "b");
  writeFileSync(join(place, "in/bytes"), Buffer.from([0xff]));
  symlinkSync(join(place, "outside"), join(place, "in/link"));
  const fileOf = besideInFolder(join(place, "in"), join(place, "in/deep/platform.xml"));
  expect(["b", "../a", "../deep/b"].map(fileOf)).toEqual(["b", "a", "b"]);
  const others = ["../../outside", join(place, "outside"), "../link", "../bytes", "none", "..", "\0"];
  expect(others.map(fileOf)).toEqual(others.map(() => null));
});

test("in an archive", () => {
  const files = new Map([
    ["x/a", Buffer.from("a")],
    ["b", Buffer.from("b")],
    ["x/bytes", Buffer.from([0xff])],
  ]);
  const fileOf = besideInArchive(files, "x/platform.xml");
  expect(["a", "./a", "../b", "bytes", "../../b", "/b"].map(fileOf)).toEqual(["a", "a", "b", null, null, null]);
});
