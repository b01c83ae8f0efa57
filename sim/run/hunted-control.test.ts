// Worlds with control layers, under faults drawn from the whole table, that a hunt has found: each once looked like a core that breaks a
// promise, and was an oracle that asked too much. Why, beside each.

import { expect, test } from "vitest";
import { familyNames } from "../../workloads/topologies/index.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { underFaults } from "../swarm/under-faults.ts";
import { generateControl } from "./generate-control.ts";
import { generateOperations } from "./generate-operations.ts";
import { generateWatching } from "./generate-watching.ts";
import { runScenario } from "./runner.ts";

/** Those of `npm start`: of later ones drawn scenarios take no more than a tree. */
const families = familyNames.slice(0, 9);

function controlled(number: number): Scenario {
  const cloudlets = 3 + (number % 9);
  const shape = families[number % families.length]!;
  return generateControl(`ctl-${number}`, "either", { shape, cloudletsMin: cloudlets, cloudletsMax: cloudlets });
}

const watched = (number: number): Scenario => generateWatching(`hunt-${number}`);

test.each([
  // What a word replaced in a form that its writer could not read, it does not take back (told-words.ts).
  [
    "a word on marks stands though it was replaced where somebody later took everything back",
    "mark-rules",
    () => controlled(717),
  ],
  // Two clocks drift, one while a report is written, the other while it is kept: together they count more than either does.
  ["an age is counted by one clock and then by another", "view-age", () => controlled(907)],
  ["two disks go back, and what is shown goes back twice", "view-age", () => watched(311)],
  // The other one waits for the word of an upper that is cut off (held-up.ts).
  [
    "an operation waits for another one on its object that stays open with reason",
    "operations-over",
    () => watched(518),
  ],
  // The disk holds in the clear what its former owner, whose software was newer, had read.
  ["a copied disk is read by older software", "mark-rules", () => watched(727)],
  ["bytes that are no message come after messages", "mark-rules", () => watched(1441)],
  // What is lost then is sent again once an answer is overdue, by what answers took before.
  ["a message is lost right after a long time in which all were slow", "mark-rules", () => watched(135)],
  // The operations that it has read stand in its queue until it reads more.
  [
    "a queue is full of what words that its owner cannot read have replaced",
    "operation-answers",
    () => generateOperations("hunt-86"),
  ],
] as const)("%s: no alarm of %s", (_what, name, scenarioOf) => {
  const drawn = scenarioOf();
  const hasIssuers = (drawn.operations?.issuers ?? []).length > 0;
  const { report } = runScenario(underFaults(drawn, [], hasIssuers).scenario, { only: [name] });
  expect(new Map(report.properties).get(name)).toMatchObject({ verdict: "holds", evidence: [] });
});

// 60, 48: the core was wrong. Somebody confirmed something of a target, lost that with his disk, and cleared it afterwards: a clear that could
// not name the lost word took nothing back, and the target began nothing any more.
// 82: he has never said anything again, and nobody above knows why the target waits (lost-closings.ts).
test.each([
  [60, "restoreBackup", /^$/],
  [48, "cloneDisk", /^$/],
  [82, "cloneDisk", /what top had confirmed of mid was lost with its disk, and it has said nothing of that one since/],
] as const)("a word on marks is lost with its writer's disk: p-%i", (number, wanted, note) => {
  const { report } = runScenario(underFaults(generateWatching(`p-${number}`), [wanted]).scenario);
  expect([report.verdict, report.operations?.open]).toEqual(["passed", []]);
  expect(report.notes.find((one) => one.includes("it has said nothing of that one since")) ?? "").toMatch(note);
});
