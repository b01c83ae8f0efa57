// A worker of a checkout starts from one file, made once: without wrappers around functions, and with modules that know where they stand.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundled } from "./bundle.ts";

test("a worker's code is one file, kept by a hash of all that is in it", async () => {
  const entry = new URL("./simulation-worker.ts", import.meta.url);
  const file = await bundled(entry);
  expect(file?.pathname).toMatch(
    /\/node_modules\/\.cache\/causeway-workers\/sim-workers-simulation-worker-[0-9a-f]{24}\.mjs$/,
  );
  expect(await bundled(entry)).toEqual(file);
  const text = readFileSync(file!, "utf8");
  expect(text).not.toMatch(/__name\(/);
  const note = JSON.parse(
    readFileSync(`${dirname(fileURLToPath(file!))}/sim-workers-simulation-worker.json`, "utf8"),
  ) as {
    readonly files: readonly string[];
  };
  expect(note.files).toContain("sim/run/sweep.ts");
  expect(note.files).toContain("model/replication/replica.ts");
  expect(readdirSync(dirname(fileURLToPath(file!))).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("a module in a bundle knows its own place, and not the bundle's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "causeway-bundle-"));
  try {
    const path = join(folder, `place-${process.pid}-worker.ts`);
    writeFileSync(path, 'const here: string = import.meta.url;\nif (here === "") throw new Error(here);\n');
    const file = await bundled(pathToFileURL(path));
    expect(readFileSync(file!, "utf8")).toContain(JSON.stringify(pathToFileURL(path).href));
    for (const left of [file!.pathname, file!.pathname.replace(/-[0-9a-f]{24}\.mjs$/, ".json")]) rmSync(left);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an entry that is not there has no bundle", async () => {
  expect(await bundled(new URL("./no-such-worker.ts", import.meta.url))).toBeNull();
});
