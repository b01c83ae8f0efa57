/** Generated files are fresh, and the JSON Schema knows the keys that the reader knows. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generatedFiles } from "./generated.ts";

test.each(generatedFiles().map(({ path, text }) => [path, text]))("%s is fresh", (path, text) => {
  const committed = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8").replaceAll(
    "\r\n",
    "\n",
  );
  expect(committed, `write it with: npx tsx sim/scenario/docs.ts --write`).toBe(text);
});
