// Stays of clients that move, as the page shows them.

import { expect, test } from "vitest";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import { scenario } from "../scenario/testing.ts";
import { staysOf } from "./stays.ts";

function staysIn(rest: string): readonly string[] {
  const text = scenario(`clients: [{ name: g, think: 1s, mix: [{ get: users/ }], ${rest} }]`);
  const read = readScenario(text, { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return staysOf(read.scenario).map(({ text: what, spans }) => {
    const seconds = spans.map(([from, until]) => `${from / 1_000_000}-${until / 1_000_000}`);
    return `${what}: ${seconds.join(" ")}`;
  });
}

test("a row for each cloudlet, a bar for each stay, until the load ends", () => {
  expect(staysIn("at: hub, travel: { moves: [{ at: 2s, to: edge }, { at: 4s, to: hub }], repeat: 6s }")).toEqual([
    "g at hub: 0-2 4-8",
    "g at edge: 2-4 8-10",
  ]);
  expect(
    staysIn("travel: { contacts: [{ with: far, from: 1s, until: 2s }, { with: hub, from: 9s, until: 12s }] }"),
  ).toEqual(["g at far: 1-2", "g at hub: 9-10"]);
});

test("who stays has no row; a move to where it is begins no other stay", () => {
  expect(staysIn("at: hub")).toEqual([]);
  expect(staysIn("at: hub, travel: { moves: [{ at: 2s, to: hub }] }")).toEqual(["g at hub: 0-10"]);
});
