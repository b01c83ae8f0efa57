// Golden transcripts of the control layer, run and rewritten like those of the replica (replication/transcripts.test.ts).

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Cluster } from "../testing/cluster.ts";
import { rewriteTranscript } from "../testing/transcript.ts";

const folder = new URL("./testdata/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));

test.each(files)("the transcript %s is what happens", async (name) => {
  const path = new URL(name, folder).pathname;
  const text = readFileSync(path, "utf8");
  const cluster = new Cluster();
  const rewritten = rewriteTranscript(text, (command) => cluster.handle(command));
  if (rewritten.kind === "malformed") throw new Error(`${name}:${rewritten.line}: ${rewritten.why}`);
  expect(rewritten.text).not.toContain("mistake:");
  await expect(rewritten.text).toMatchFileSnapshot(path);
});
