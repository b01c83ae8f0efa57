/**
 * `npx tsx sim/scenario/docs.ts [--write]`: says which generated files are stale, or writes them.
 *
 * Leaves out their contents (generated.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./generated.ts";

const write = process.argv.includes("--write");
for (const { path, text } of generatedFiles()) {
  const absolute = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (existsSync(absolute) && readFileSync(absolute, "utf8") === text) continue;
  if (write) {
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
    process.stdout.write(`wrote ${path}\n`);
  } else {
    process.stdout.write(`${path} is stale; write it with: npx tsx sim/scenario/docs.ts --write\n`);
    process.exitCode = 1;
  }
}
