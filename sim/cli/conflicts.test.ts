/** The tables of conflicts that stand when a run is over, as text and as JSON. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runResultSchema } from "./run-result.ts";
import { openWorkplace, type Workplace } from "./testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
});
afterAll(() => {
  place.remove();
});

function write(name: string, text: string): string {
  writeFileSync(join(place.path, name), text);
  return name;
}

test("conflicts that nobody ended are listed, as text and as JSON; without any there is no list", async () => {
  const open = write(
    "open.yaml",
    `causeway: 1
name: open
seed: 1
topology: { tree: { hub: { edge: null } } }
scopes: [{ name: policy, prefix: policy/, resolver: by-hand }]
flows: [{ scope: policy, between: tree, direction: both }]
links: { defaults: { delay: 10ms } }
duration: 4s
settle: 5s
faults: [{ linkDown: [hub, edge], from: 1s, until: 2s }]
script:
  - { put: policy/quota, value: ${"twenty ".repeat(10)}, at: 1100ms, cloudlet: hub, session: owner }
  - { delete: policy/quota, at: 1200ms, cloudlet: edge, session: operator }
  - { put: policy/ended, value: "1", at: 1100ms, cloudlet: hub, session: owner }
  - { put: policy/ended, value: "2", at: 1200ms, cloudlet: edge, session: operator }
  - { resolve: policy/ended, value: "3", at: 3s, cloudlet: edge, session: operator }
`,
  );
  const { out } = await place.run("run", open);
  const lines = out.split("\n");
  const at = lines.findIndex((line) => line.startsWith("open siblings"));
  expect(lines[at]).toMatch(/^open siblings +scope +since +cloudlets +versions$/);
  expect(lines[at + 1]).toMatch(
    /^policy\/quota +policy +2[.0-9]*s +2 +"twenty [a-z ]+\.\.\." by s\d+ at hub \(c0.1\/t0#1\); deleted by s\d+ at edge \(c1.1\/t0#1\)$/,
  );
  expect(lines[at + 2]).toBe("");
  const { openSiblings } = runResultSchema.parse(JSON.parse((await place.run("run", open, "--json")).out));
  expect(openSiblings).toMatchObject([
    { key: "policy/quota", cloudlets: 2, versions: [{ cloudlet: "hub", writtenAt: 1_100_000 }, { value: null }] },
  ]);
  expect(openSiblings?.[0]?.versions[0]?.value).toHaveLength(40);
  const closed = write("closed.yaml", readFileSync(join(place.path, open), "utf8").replace(/.*quota.*\n/g, ""));
  const ended = await place.run("run", closed);
  expect(ended.code).toBe(0);
  expect(ended.out).not.toContain("open siblings");
});

test("losers that a resolver hides are listed apart, with what became of each version", async () => {
  const hidden = write(
    "hidden.yaml",
    `causeway: 1
name: hidden
seed: "1"
topology: { tree: { hub: { edge: } } }
scopes: [{ name: policy, prefix: policy/ }]
flows: [{ scope: policy, between: tree, direction: both }]
links: { defaults: { delay: 5ms } }
duration: 4s
settle: 5s
faults: [{ linkDown: [hub, edge], from: 1s, until: 2s }]
script:
  - { put: policy/quota, value: twenty, at: 1100ms, cloudlet: hub, session: owner }
  - { delete: policy/quota, at: 1200ms, cloudlet: edge, session: operator }
`,
  );
  const { out } = await place.run("run", hidden);
  const lines = out.split("\n");
  const at = lines.findIndex((line) => line.startsWith("hidden losers"));
  expect(lines[at]).toMatch(/^hidden losers +scope +resolver +cloudlets +versions$/);
  expect(lines[at + 1]).toMatch(
    /^policy\/quota +policy +lww-hlc +2 +"twenty" by s\d+ at hub \(c0.1\/t0#1\): hidden, never shown to anybody; deleted by s\d+ at edge \(c1.1\/t0#1\): returned$/,
  );
  expect(out).not.toContain("open siblings");
  const { hiddenLosers, openSiblings } = runResultSchema.parse(
    JSON.parse((await place.run("run", hidden, "--json")).out),
  );
  expect(openSiblings).toBeUndefined();
  expect(hiddenLosers).toMatchObject([
    { key: "policy/quota", cloudlets: 2, versions: [{ fate: "never-shown" }, { value: null, fate: "returned" }] },
  ]);
});
