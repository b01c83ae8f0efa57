// Every graph of the public collections that lie beside the project, where they do: each becomes a topology that the core takes.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScenario } from "../scenario/read.ts";
import { importText } from "./import-text.ts";
import { findSources } from "./sources.ts";
import { topologyFile } from "./write-topology.ts";

const data = process.env["CAUSEWAY_DATA"] ?? "";
const isThere = data !== "" && existsSync(data);

describe.skipIf(!isThere)(`graphs in CAUSEWAY_DATA${isThere ? "" : ", which is not set: skipped"}`, () => {
  test.each([
    ["topology-zoo", 191],
    ["topohub", 39],
    ["aws-latency-ms.csv", 1],
  ])("all of %s become topologies", (folder, count) => {
    const found = findSources(folder, join(data, folder));
    if (found.kind === "refused") throw new Error(found.why);
    expect(found.unread).toEqual([]);
    expect(found.sources).toHaveLength(count);
    for (const { shown, text } of found.sources) {
      const outcome = importText(text);
      expect([shown, outcome.kind === "refused" ? outcome.problems : []]).toEqual([shown, []]);
      if (outcome.kind === "refused") continue;
      const { format, topology, notes } = outcome;
      const file = topologyFile("imported", topology, { source: shown, format, notes });
      const read = readScenario(file, { file: shown });
      expect([shown, read.kind === "scenario" ? [] : read.problems]).toEqual([shown, []]);
    }
  });
});
