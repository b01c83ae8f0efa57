// Every graph of the public collections that lie beside the project, where they do: each becomes a topology that the core takes.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildTopology } from "../../model/topology/build.ts";
import { importText } from "./import-text.ts";
import { findSources } from "./sources.ts";

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
      const { cloudlets, links } = outcome.topology;
      const flows = cloudlets.flatMap(({ name: lower, upper }) =>
        upper === undefined ? [] : [{ scope: "state", upper, lower, direction: "both" as const }],
      );
      const built = buildTopology({ cloudlets, links, flows, scopes: [{ name: "state", prefix: "state/" }] });
      expect([shown, built.kind]).toEqual([shown, "topology"]);
    }
  });
});
