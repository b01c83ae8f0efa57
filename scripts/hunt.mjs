// `npm run hunt`: hunts all planted bugs and keeps what came of it where the documents and properties/hunt.test.ts read it. Takes some
// minutes. Nothing is written when the hunt fails.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}properties/documents/hunted.json`;
const words = ["sim/causeway.mjs", "plants", "--hunt", "--json"];
const { status, stdout } = spawnSync(process.execPath, words, {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  stdio: ["ignore", "pipe", "inherit"],
});
if (status === 0) {
  writeFileSync(target, await format(stdout, { parser: "json", printWidth: 120 }));
  console.log(`wrote ${target}`);
} else {
  console.error(`the hunt ended with status ${status}; nothing was written`);
  process.exitCode = 1;
}
