// Scenarios in which members are detached hold what they expect, and meet what they are drawn for.

import { expect, test } from "vitest";
import { generateDetachments } from "./generate-detachments.ts";
import { runScenario } from "./runner.ts";

test("sixty of them pass, and members return in all, with deletes written anew in most", { timeout: 60_000 }, () => {
  const reached = new Map<string, number>();
  let cutCount = 0;
  for (let number = 0; number < 60; number += 1) {
    const scenario = generateDetachments(`drawn-${number}`);
    if (scenario.faults.some(({ kind }) => kind === "partition")) cutCount += 1;
    const { report } = runScenario(scenario);
    expect({ seed: report.seed, unmet: report.unmet }).toEqual({ seed: report.seed, unmet: [] });
    for (const [mark, count] of report.marks) if (count > 0) reached.set(mark, (reached.get(mark) ?? 0) + 1);
  }
  for (const mark of ["member-detached", "member-returned", "conflict"]) {
    expect([mark, reached.get(mark)]).toEqual([mark, 60]);
  }
  // The others are far away.
  expect(cutCount).toBeGreaterThan(30);
  expect(cutCount).toBeLessThan(60);
  expect(reached.get("partition-healed")).toBe(cutCount);
  for (const mark of ["record-held-back", "delete-written-anew", "tombstone-collected"]) {
    expect(reached.get(mark) ?? 0).toBeGreaterThan(45);
  }
});
