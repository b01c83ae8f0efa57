/** The engine's name changes with the sources that decide a run, and with nothing else. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { engineName } from "./engine.ts";
import { hashSources } from "./engine-sources.ts";

const root = mkdtempSync(join(tmpdir(), "causeway-engine-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test("the engine is named by version and hash", () => {
  expect(engineName()).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+\+[0-9a-f]{12}$/);
  const checkout = fileURLToPath(new URL("../../", import.meta.url));
  expect(engineName()).toBe(`${engineName().split("+")[0] ?? ""}+${hashSources(checkout)}`);
});

test("sources count, in whatever order and with whatever line ends; tests and the command line do not", () => {
  write("model/a.ts", "export const a = 1;\n");
  write("sim/b.ts", "export const b = 1;\n");
  write("workloads/c.ts", "export const c = 1;\n");
  const before = hashSources(root);
  for (const path of ["model/a.test.ts", "sim/cli/x.ts", "sim/bench/y.ts", "sim/start.ts", "workloads/story.yaml"]) {
    write(path, "other");
  }
  write("model/a.ts", "export const a = 1;\r\n");
  expect(hashSources(root)).toBe(before);

  const seen = new Set([before]);
  for (const path of ["model/a.ts", "sim/b.ts", "workloads/c.ts", "model/deep/new.ts"]) {
    write(path, "export const z = 2;\n");
    seen.add(hashSources(root));
  }
  expect(seen.size).toBe(5);
  // Text moved from one file to the next is another engine.
  cpSync(join(root, "model/a.ts"), join(root, "model/aa.ts"));
  seen.add(hashSources(root));
  expect(seen.size).toBe(6);
});
