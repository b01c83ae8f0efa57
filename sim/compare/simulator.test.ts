/** FIFO forwarding in the simulator, before all oracles: right on the tree of Figure 1 under loss and crashes, until a disk goes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";

const file = fileURLToPath(new URL("../../workloads/figure-1.yaml", import.meta.url));
const shortcuts = ["shortcut-infrastructure", "push-device", "direct-3", "direct-4"];

/** Figure 1 as a tree, last writer wins, with its loss, its cuts and its skew; and these crashes. */
function runTree(protocol: string, seed: number, crashes: string) {
  const settings = {
    protocol,
    ...Object.fromEntries(shortcuts.map((name) => [`flows.${name}.scope`, "aside"])),
    "scopes.state.resolver": "lww-hlc",
    expectations: "{ sometimes: [relay, partition-healed, retransmission, crash, message-lost] }",
    faults: `[{ linkDown: [EAL1, EAL2], from: 2s, until: 8s }, { isolate: cloudlet3, from: 4s, until: 12s }, ${crashes}]`,
  };
  const read = readScenario(readFileSync(file, "utf8"), {
    file,
    seed: String(seed),
    settings: Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}`, path, value })),
  });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const { verdict, unmet, properties } = runScenario(read.scenario).report;
  const violated = properties.filter(([, found]) => found.verdict === "violated").map(([name]) => name);
  return { verdict, unmet, violated };
}

describe.each(["fifo", "fifo-handshake"])("%s", (protocol) => {
  test.each([1, 2, 3])("keeps every promise on a tree, with seed %d", (seed) => {
    const crashes = "{ crash: EAL5, at: 6s, for: 1500ms }, { crash: EAL1, at: 9s, for: 1s }";
    expect(runTree(protocol, seed, crashes)).toMatchObject({ verdict: "passed", unmet: [] });
  });
});

const lost = "{ crash: EAL5, at: 6s, for: 1s, disk: lose }";

test("what was acknowledged and lost with a disk never comes back without a handshake", () => {
  expect(runTree("fifo", 1, lost).violated).toEqual(expect.arrayContaining(["causal-delivery", "convergence"]));
});

test("and comes back with one", () => {
  expect(runTree("fifo-handshake", 1, lost)).toMatchObject({ verdict: "passed", unmet: [] });
});
