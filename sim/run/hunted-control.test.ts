// Worlds with control layers, under faults drawn from the whole table, that a hunt has found: each once looked like a core that breaks a
// promise, and was an oracle that asked too much. Why, beside each.

import { expect, test } from "vitest";
import { familyNames } from "../../workloads/topologies/index.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { underFaults } from "../swarm/under-faults.ts";
import { generateControl } from "./generate-control.ts";
import { generateWatching } from "./generate-watching.ts";
import { runScenario } from "./runner.ts";

function controlled(number: number): Scenario {
  const cloudlets = 3 + (number % 9);
  const shape = familyNames[number % familyNames.length]!;
  return generateControl(`ctl-${number}`, "either", { shape, cloudletsMin: cloudlets, cloudletsMax: cloudlets });
}

const watched = (number: number): Scenario => generateWatching(`hunt-${number}`);

const ONLY = ["operations-over", "mark-rules", "view-age"] as const;

test.each([
  // What a word replaced in a form that its writer could not read, it does not take back (told-words.ts).
  ["a word on marks stands though it was replaced where somebody later took everything back", () => controlled(717)],
  // Two clocks drift, one while a report is written, the other while it is kept: together they count more than either does.
  ["an age is counted by one clock and then by another", () => controlled(907)],
  ["two disks go back, and what is shown goes back twice", () => watched(311)],
  // The other one waits for the word of an upper that is cut off (held-up.ts).
  ["an operation waits for another one on its object that stays open with reason", () => watched(518)],
  // The disk holds in the clear what its former owner, whose software was newer, had read.
  ["a copied disk is read by older software", () => watched(727)],
  ["bytes that are no message come after messages", () => watched(1441)],
  // What is lost then is sent again once an answer is overdue, by what answers took before.
  ["a message is lost right after a long time in which all were slow", () => watched(135)],
])("%s", (_what, scenarioOf) => {
  const drawn = scenarioOf();
  const hasIssuers = (drawn.operations?.issuers ?? []).length > 0;
  const { report } = runScenario(underFaults(drawn, [], hasIssuers).scenario, { only: ONLY });
  for (const name of hasIssuers ? ONLY : ONLY.slice(1)) {
    expect([name, new Map(report.properties).get(name)]).toMatchObject([name, { verdict: "holds", evidence: [] }]);
  }
});
