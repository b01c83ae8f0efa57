// Clients that move, moment by moment: when they leave and are let in, what they do without what they wanted to take along, and
// what waits with them.

import { expect, test } from "vitest";
import type { Observer } from "../oracles/observer.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { metricTable } from "../scenario/metric-names.ts";
import { readScenario } from "../scenario/read.ts";

/** Two sites below a hub, over links of 10 ms; one client, which asks once in 100 ms. */
function run(
  client: string,
  ...more: readonly string[]
): { readonly told: readonly string[]; readonly sum: ReadonlyMap<string, number> } {
  const text = [
    "causeway: 1",
    "name: journey",
    "seed: 1",
    "topology: { tree: { hub: { east: , west: } } }",
    "scopes: [{ name: s, prefix: s/ }]",
    "flows: [{ scope: s, between: tree, direction: both }]",
    "links: { defaults: { delay: 10ms } }",
    `clients: [{ name: c, think: 100ms, mix: [{ put: s/ }], ${client} }]`,
    ...more,
    "duration: 2s",
    "",
  ];
  const read = readScenario(text.join("\n"), { file: "journey.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const names = read.scenario.topology.cloudlets.map(({ name }) => name);
  const told: string[] = [];
  const tell = (at: number, ...words: readonly (string | number)[]): void =>
    void told.push([at / 1_000, ...words].join(" "));
  const observer: Observer = {
    requested(at, cloudlet, session, _id, op) {
      if (op.kind === "detach") tell(at, `s${session}`, "leaves", names[cloudlet] ?? "");
      if (op.kind !== "attach") return;
      const bundle = op.bundle === null ? "no bundle" : `${op.bundle.length} records`;
      tell(at, `s${session}`, "comes to", names[cloudlet] ?? "", "with", bundle);
    },
    replied(at, _cloudlet, session, _id, result) {
      if (result.kind === "attached") tell(at, `s${session}`, "is", result.state);
      if (result.kind === "refused") tell(at, `s${session}`, "is refused:", result.code);
    },
    wrote(at, cloudlet, session) {
      const words = `s${session} at ${names[cloudlet]} writes`;
      if (told.at(-1)?.endsWith(words) !== true) tell(at, words);
    },
    waited(at, session, since, isAsked) {
      if (at > since) tell(at, `s${session}`, isAsked ? "had waited" : "still waits,", (at - since) / 1_000);
    },
  };
  const { report } = runScenario(read.scenario, { observers: [observer] });
  expect(report.verdict).toBe("passed");
  return { told, sum: new Map(report.metrics) };
}

test("a client leaves when its schedule says so, is let in at once, and goes on with its session", () => {
  const { told, sum } = run("at: east, travel: { moves: [{ at: 350ms, to: west }] }");
  expect(told).toEqual([
    "100 s0 at east writes",
    "350 s0 leaves east",
    "350 s0 comes to west with 3 records",
    "350 s0 is current",
    "400.6 s0 at west writes",
  ]);
  expect([...sum.keys()].filter((name) => /^(moves|client|answers|reads)/.test(name))).toEqual(
    metricTable.map(({ name }) => name).filter((name) => /^(moves|client|answers|reads)/.test(name)),
  );
  expect(sum.get("moves")).toBe(1);
});

test("who is out of reach keeps its request, and says in the end what it never asked", () => {
  const { told, sum } = run(
    "travel: { contacts: [{ with: east, from: 250ms, until: 500ms }, { with: west, from: 1s, until: 1200ms }] }",
  );
  expect(told).toEqual([
    "250 s0 had waited 150",
    "250 s0 at east writes",
    "500 s0 leaves east",
    "1000 s0 comes to west with 3 records",
    "1000 s0 is current",
    "1000 s0 had waited 449.4",
    "1000 s0 at west writes",
    "1200 s0 leaves west",
    "2000 s0 still waits, 799.6",
  ]);
  expect(sum.get("client.unasked")).toBe(1);
});

test("without a bundle it is behind until its past comes over the links", () => {
  const { told, sum } = run("at: east, travel: { moves: [{ at: 305ms, to: west }], bundle: 0B }");
  expect(told.slice(1, 4)).toEqual(["305 s0 leaves east", "305 s0 comes to west with no bundle", "305 s0 is behind"]);
  expect(sum.get("moves.behind")).toBe(1);
});

test("who gives its past up begins under another name, and takes nothing along", () => {
  const { told } = run("at: east, travel: { moves: [{ at: 350ms, to: west }], past: forgo }");
  expect(told.slice(1)).toEqual([
    "350 s0 leaves east",
    "350 s1 comes to west with no bundle",
    "350 s1 is forgone",
    "400.6 s1 at west writes",
  ]);
});

test("with the process of its cloudlet a session is over: the client goes on with a new one", () => {
  const { told } = run(
    "at: east, travel: { moves: [{ at: 350ms, to: west }] }",
    "faults: [{ crash: east, at: 320ms, for: 1s }]",
  );
  expect(told).toEqual(["100 s0 at east writes", "400.6 s1 at west writes"]);
});

test("who was not let in when the process died comes again when it is back, with what it carries", () => {
  const { told } = run(
    "at: east, travel: { moves: [{ at: 350ms, to: west }] }",
    "disks: [{ at: west, sync: 50ms }]",
    "faults: [{ crash: west, at: 360ms, for: 100ms }]",
  );
  expect(told).toEqual([
    "100 s0 at east writes",
    "350 s0 leaves east",
    "350 s0 comes to west with 3 records",
    "460 s0 comes to west with 3 records",
    "510 s0 is current",
    "510 s0 had waited 109.4",
    "510 s0 at west writes",
  ]);
});

test("a bundle that no longer fits is refused as a whole, and the client comes without it", () => {
  const { told, sum } = run(
    "at: west, travel: { moves: [{ at: 350ms, to: east }, { at: 750ms, to: west }] }",
    "faults: [{ isolate: west, from: 300ms }, { crash: west, at: 500ms, for: 100ms, disk: lose }]",
  );
  expect(told.filter((line) => !line.endsWith("writes"))).toEqual([
    "350 s0 leaves west",
    "350 s0 comes to east with 3 records",
    "350.2 s0 is current",
    "750 s0 leaves east",
    "750 s0 comes to west with 4 records",
    "750 s0 is refused: bundleNotClosed",
    "750 s0 comes to west with no bundle",
    "750 s0 is behind",
  ]);
  expect(sum.get("moves.refused")).toBe(1);
});
