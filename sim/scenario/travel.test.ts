// How clients move in a scenario: moves and contacts become stops, again and again where they are repeated, and a schedule that
// makes no sense is refused at its place in the file.

import { expect, test } from "vitest";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import type { Travel } from "./scenario.ts";
import { scenario, told } from "./testing.ts";

const group = (rest: string): string => `clients: [{ name: g, think: 1s, mix: [{ get: users/ }], ${rest} }]`;

function travelOf(rest: string): Travel | undefined {
  const read = readScenario(scenario(group(rest)), { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return read.scenario.clients[0]?.travel;
}

function stopsOf(rest: string): string {
  const stops = travelOf(rest)?.stops ?? [];
  return stops.map(({ at, to }) => `${at / 1_000_000} ${to ?? "away"}`).join(", ");
}

test("moves are stops; without a word a session carries its past, and a bundle of up to 1 MiB", () => {
  const travel = "at: hub, travel: { moves: [{ at: 2s, to: edge }, { at: 5s, to: far }] }";
  expect(stopsOf(travel)).toBe("2 edge, 5 far");
  expect(travelOf(travel)).toMatchObject({ policy: "carry", bundle: 1_048_576 });
  expect(travelOf("at: hub, travel: { moves: [{ at: 2s, to: edge }], past: forgo, bundle: 0B }")).toMatchObject({
    policy: "forgo",
    bundle: null,
  });
});

test("between contacts nobody is in reach; one that ends as another begins hands over to it", () => {
  const contacts = (list: string): string => stopsOf(`travel: { contacts: [${list}] }`);
  expect(contacts("{ with: edge, from: 1s, until: 2s }, { with: far, from: 2s, until: 3s }")).toBe(
    "0 away, 1 edge, 2 far, 3 away",
  );
  expect(contacts("{ with: edge, from: 0s, until: 2s }, { with: edge, from: 4s, until: 12s }")).toBe(
    "0 edge, 2 away, 4 edge, 12 away",
  );
});

test("what is repeated begins again until the load ends", () => {
  expect(stopsOf("at: hub, travel: { moves: [{ at: 2s, to: edge }, { at: 4s, to: hub }], repeat: 4s }")).toBe(
    "2 edge, 4 hub, 6 edge, 8 hub",
  );
  expect(stopsOf("travel: { contacts: [{ with: edge, from: 1s, until: 3s }], repeat: 5s }")).toBe(
    "0 away, 1 edge, 3 away, 5 away, 6 edge, 8 away",
  );
});

const at = "s.yaml:8";

test.each([
  [
    "neither a place nor contacts",
    "sessions: 2",
    `${at}:11: clients[0]: expected at, or travel with contacts, found neither; say where these clients are`,
  ],
  [
    "both",
    "at: hub, travel: { contacts: [{ with: edge, from: 1s, until: 2s }] }",
    `${at}:11: clients[0]: expected at, or travel with contacts, found both; leave out at`,
  ],
  [
    "a move to somebody unknown",
    "at: hub, travel: { moves: [{ at: 1s, to: egde }] }",
    `${at}:98: clients[0].travel.moves[0].to: expected the name of a cloudlet, found "egde"; did you mean "edge"?`,
  ],
  [
    "a contact with somebody unknown",
    "travel: { contacts: [{ with: egde, from: 1s, until: 2s }] }",
    `${at}:86: clients[0].travel.contacts[0].with: expected the name of a cloudlet, found "egde"; did you mean "edge"?`,
  ],
  [
    "moves out of order",
    "at: hub, travel: { moves: [{ at: 3s, to: edge }, { at: 2s, to: far }] }",
    `${at}:112: clients[0].travel.moves[1].at: expected a time after the move before, found 2s; list moves in order of time`,
  ],
  [
    "a move at the beginning",
    "at: hub, travel: { moves: [{ at: 0s, to: edge }] }",
    `${at}:90: clients[0].travel.moves[0].at: expected a time after 0s, where \`at\` says that they are, found 0s; list moves in order of time`,
  ],
  [
    "a move after the load",
    "at: hub, travel: { moves: [{ at: 10s, to: edge }] }",
    `${at}:90: clients[0].travel.moves[0].at: expected a time before the load ends (duration), found 10s; make one of them fit`,
  ],
  [
    "windows that overlap",
    "travel: { contacts: [{ with: edge, from: 1s, until: 3s }, { with: far, from: 2s, until: 4s }] }",
    `${at}:134: clients[0].travel.contacts[1].from: expected a time not before 3s, when the contact with edge ends, found 2s; a client is at one cloudlet at a time: let one end before the next begins`,
  ],
  [
    "a window that ends before it begins",
    "travel: { contacts: [{ with: edge, from: 3s, until: 1s }] }",
    `${at}:109: clients[0].travel.contacts[0].until: expected a time after from (3s), found 1s; let it last a while`,
  ],
  [
    "a round that begins before the last one is over",
    "at: hub, travel: { moves: [{ at: 3s, to: edge }], repeat: 2s }",
    `${at}:115: clients[0].travel.repeat: expected a time not before the last one (3s), found 2s; repeat later`,
  ],
  [
    "too many rounds",
    "at: hub, travel: { moves: [{ at: 1us, to: edge }, { at: 2us, to: hub }], repeat: 2us }",
    `${at}:138: clients[0].travel.repeat: expected at most 100000 turns in all, found more with 2us; repeat later, or shorten the load`,
  ],
  [
    "neither moves nor contacts",
    "at: hub, travel: { repeat: 2s }",
    `${at}:74: clients[0].travel: expected a way with moves or contacts, found the keys "repeat"`,
  ],
])("%s", (_what, rest, message) => {
  expect(told(scenario(group(rest)))).toEqual([message]);
});

test("nor are scopes that collect their deletes", () => {
  const text = scenario(group("at: hub, travel: { moves: [{ at: 1s, to: far }] }"));
  const lines = told(text.replace("prefix: users/ }", "prefix: users/, collect: 1s }"));
  expect(lines).toEqual([
    "s.yaml:5:9: scopes: expected scopes that keep their deletes where clients travel (clients[0]), found users, which collects; leave one of the two out",
  ]);
});

test("who goes where a scope is not held, and asks for it there, is told", () => {
  const text = scenario(
    "clients:",
    "  - { name: g, at: hub, travel: { moves: [{ at: 1s, to: far }] }, think: 1s, mix: [{ put: own/ }] }",
  )
    .replace("scopes: [", "scopes: [{ name: own, prefix: own/ }, ")
    .replace("flows: [", "flows: [{ scope: own, upper: hub, lower: edge, direction: both }, ");
  expect(told(text)).toEqual([
    's.yaml:9:91: clients[0].mix[0].put: far does not hold the scope own of "own/"; lead a flow of it there, or choose another cloudlet',
  ]);
});

test.each([
  [
    "causality: cloudlet",
    "causality: expected an order of each session where clients travel (clients[0]), found one of each cloudlet",
  ],
  [
    "protocol: fifo",
    "protocol: expected causeway, whose sessions can move, where clients travel (clients[0]), found fifo",
  ],
  [
    "logs: { retain: 5 }",
    "logs.retain: expected logs that retain what they have where clients travel (clients[0]), found 5",
  ],
  [
    "logs: { checkpoint: 5 }",
    "logs.checkpoint: expected no checkpoints where clients travel (clients[0]), found one after 5 entries",
  ],
  [
    "detachments: [{ at: 1s, decides: hub, close: edge }]",
    "detachments: expected nobody who is detached or closed where clients travel (clients[0]), found 1",
  ],
  [
    "plans: [{ at: 1s, reparent: { far: edge } }]",
    "plans: expected one plan where clients travel (clients[0]), found 2",
  ],
])("%s is not combined with clients that travel", (line, message) => {
  const lines = told(scenario(group("at: hub, travel: { moves: [{ at: 1s, to: far }] }"), line));
  expect(lines.map((one) => one.replace(/^s\.yaml:\d+:\d+: /, ""))).toEqual([`${message}; leave one of the two out`]);
});
