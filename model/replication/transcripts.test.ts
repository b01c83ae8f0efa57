// Golden transcripts of the replication core: every file in testdata/ is run against real replicas, and must come out as
// it stands there. To rewrite them after a change that is meant: npx vitest run model/replication/transcripts.test.ts -u,
// then read the difference and say in the commit why it is right.

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

test("there are transcripts", () => {
  expect(files.length).toBeGreaterThanOrEqual(12);
});
