// Decisions about members that are away, in a scenario: names and times, who may decide, and what makes no sense is refused at its
// place in the file.

import { expect, test } from "vitest";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";

function read(detachments: string, more: readonly string[] = []): ReturnType<typeof readScenario> {
  const lines = [
    "causeway: 1",
    "name: away",
    "seed: 1",
    "topology: { tree: { root: { left: { leaf: }, right: } } }",
    "scopes: [{ name: users, prefix: users/, collect: 1min }, { name: logs, prefix: logs/ }]",
    "flows: [{ scope: users, among: [root, left, leaf], direction: both }, { scope: logs, between: tree, direction: up }]",
    "duration: 10s",
    `detachments: ${detachments}`,
    ...more,
  ];
  return readScenario(lines.join("\n"), { file: "s.yaml" });
}

test("decisions keep their order, and a close may be told to who receives from the member in a scope that does not collect", () => {
  const outcome = read(
    "[{ at: 3s, decides: root, detach: leaf }, { at: 4s, decides: root, close: left }, { at: 1s, decides: root, close: right }]",
  );
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  expect(outcome.scenario.detachments).toEqual([
    { at: 3_000_000, kind: "detach", decides: "root", member: "leaf" },
    { at: 4_000_000, kind: "close", decides: "root", member: "left" },
    { at: 1_000_000, kind: "close", decides: "root", member: "right" },
  ]);
});

test.each([
  [
    "somebody unknown",
    "[{ at: 1s, decides: root, detach: laef }]",
    [],
    's.yaml:8:48: detachments[0].detach: expected the name of a cloudlet, found "laef"; did you mean "leaf"?',
  ],
  [
    "somebody unknown who decides",
    "[{ at: 1s, decides: rot, close: leaf }]",
    [],
    's.yaml:8:34: detachments[0].decides: expected the name of a cloudlet, found "rot"; did you mean "root"?',
  ],
  [
    "somebody that detaches itself",
    "[{ at: 1s, decides: root, detach: root }]",
    [],
    "s.yaml:8:48: detachments[0].detach: expected another cloudlet than root, which decides; nobody detaches itself",
  ],
  [
    "a member that does not decide",
    "[{ at: 1s, decides: left, detach: leaf }]",
    [],
    "s.yaml:8:34: detachments[0].decides: expected who decides about leaf, found left; write root, the highest member of a " +
      "stream that collects",
  ],
  [
    "one of whom nothing is collected",
    "[{ at: 1s, decides: root, detach: right }]",
    [],
    "s.yaml:8:48: detachments[0].detach: expected a cloudlet that others collect deletes with, found right; give collect to " +
      "a two-way scope in which somebody stands above it",
  ],
  [
    "the highest member itself",
    "[{ at: 1s, decides: leaf, detach: root }]",
    [],
    "s.yaml:8:48: detachments[0].detach: expected a cloudlet that others collect deletes with, found root; give collect to " +
      "a two-way scope in which somebody stands above it",
  ],
  [
    "a time after the load",
    "[{ at: 10s, decides: root, detach: leaf }]",
    [],
    "s.yaml:8:21: detachments[0].at: expected a time before the load ends (duration), found 10s; make one of them fit",
  ],
  [
    "what is no decision",
    "[{ at: 1s, decides: root, dismiss: leaf }]",
    [],
    "s.yaml:8:15: detachments[0]: expected a decision with detach or close",
  ],
  [
    "what is nearly one",
    "[{ at: 1s, decides: root, detatch: leaf }]",
    [],
    's.yaml:8:15: detachments[0]: expected a decision with detach or close, found the keys "at", "decides", "detatch"; did ' +
      'you mean "detach"?',
  ],
  [
    "a closing beside short logs",
    "[{ at: 1s, decides: root, detach: left }, { at: 1s, decides: root, close: leaf }]",
    ["logs: { retain: 10 }"],
    "s.yaml:9:17: logs.retain: expected whole logs where members are closed, since what is lost with one is told record by " +
      "record; found retain together with close; leave one of the two out",
  ],
  [
    "a closing beside checkpoints",
    "[{ at: 1s, decides: root, close: leaf }]",
    ["logs: { checkpoint: 10 }"],
    "s.yaml:9:21: logs.checkpoint: expected whole logs where members are closed",
  ],
  [
    "a protocol without detachments",
    "[{ at: 1s, decides: root, detach: leaf }]",
    ["protocol: fifo"],
    "s.yaml:9:11: protocol: expected causeway, whose members can be detached, where there are detachments, found fifo; leave " +
      "one of the two out",
  ],
  [
    "several plans beside it",
    "[{ at: 1s, decides: root, close: leaf }]",
    ["plans: [{ at: 1s, reparent: { leaf: right } }]"],
    "s.yaml:8:14: detachments: expected a topology that stays as it is where members are detached, since who counts is asked " +
      "of it; found detachments together with plans; leave one of the two out",
  ],
])("refused: %s", (_what, detachments, more, expected) => {
  const outcome = read(detachments, more);
  expect(outcome.kind === "invalid" ? renderProblems(outcome.problems) : "").toContain(expected);
});
