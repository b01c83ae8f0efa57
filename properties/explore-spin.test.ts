/**
 * What an exploration of the core reaches is what an independent model reaches: Spin (Debian: apt-get install spin gcc) searches
 * explore.pml, and both sets of states are compared as far as both say the same things: what is applied where, which writes are
 * on their way and how often, which links are closed.
 *
 * Where Spin is not installed the comparison is left out, and says so. Leaves out timers and slow disks, which the model has not.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { unreduced } from "../sim/explore/reduce.ts";
import { search } from "../sim/explore/search.ts";
import { smallWorld } from "../sim/explore/testing.ts";
import type { ExploredWorld } from "../sim/explore/world.ts";

const model = fileURLToPath(new URL("explore.pml", import.meta.url));
const isInstalled = ["spin", "gcc"].every((name) => spawnSync("which", [name]).status === 0);

/** Faults that the model is given. */
interface Faults {
  readonly losses: number;
  readonly duplicates: number;
  readonly cuts: number;
  readonly crashes: number;
}

/** All states of the model, projected. */
function statesOfModel(faults: Faults): ReadonlySet<string> {
  const place = mkdtempSync(join(tmpdir(), "causeway-spin-"));
  try {
    const given = Object.entries(faults).map(([name, count]) => `-D${name.toUpperCase()}=${String(count)}`);
    execFileSync("spin", ["-a", ...given, model], { cwd: place, stdio: "ignore" });
    execFileSync("gcc", ["-O1", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], { cwd: place });
    const told = execFileSync(join(place, "pan"), ["-E", "-m1000000"], { cwd: place, maxBuffer: 1 << 28 });
    const text = told.toString();
    expect(text).toContain("errors: 0");
    expect(text).not.toContain("max search depth too small");
    return new Set(text.split("\n").filter((line) => line.startsWith("@")));
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** A state of the explored world in the model's words. */
function projected({ layout, sites, dots, ways }: ExploredWorld, state: Int32Array, length: number): string {
  const applied = [0, 1, 2].map((cloudlet) => state[layout.applied + cloudlet] as number);
  const flying = Array.from({ length: 12 }, () => 0);
  for (let at = layout.messages; at < length; at += 1) {
    const { from, to, message } = sites.messages.at(state[at] as number);
    if (message.kind !== "records") continue;
    for (const { dot } of message.records) {
      const number = dots.numberOf(dot);
      const write = [0, 1, 2].find((one) => state[layout.dot + one] === number) as number;
      const place = ways.direction(from, to) * 3 + write;
      flying[place] = (flying[place] as number) + 1;
    }
  }
  const closed = [0, 1].map((way) => ((state[layout.ways] as number) >>> way) & 1);
  return `@${applied.join(" ")} ${flying.join("")} ${closed.join("")}`;
}

/** All states of the core, projected. */
function statesOfCore(faults: Faults): ReadonlySet<string> {
  const counts = Object.entries(faults).map(([name, count]) => `${name}: ${String(count)}`);
  const world = smallWorld({
    tree: "a: { b: { c: } }",
    script: ["a s put one/x 1", "a s put one/y 2", "c t put one/z 3"],
    bounds: [...counts, "firings: 0", "disks: prompt"].join(", "),
    reductions: unreduced,
  });
  const states = new Set<string>();
  const onState = (state: Int32Array, length: number): void => void states.add(projected(world, state, length));
  const { violation } = search(world, { memory: Infinity, depth: null, onState });
  expect(violation).toBeNull();
  return states;
}

const none: Faults = { losses: 0, duplicates: 0, cuts: 0, crashes: 0 };
const worlds: readonly (Faults & { readonly name: string })[] = [
  { name: "no fault", ...none },
  { name: "a loss", ...none, losses: 1 },
  { name: "a loss and a message that comes twice", ...none, losses: 1, duplicates: 1 },
  { name: "a cut", ...none, cuts: 1 },
  { name: "two cuts", ...none, cuts: 2 },
  { name: "a crash", ...none, crashes: 1 },
  { name: "a crash and a loss", ...none, crashes: 1, losses: 1 },
];

describe("the core and the model reach the same states", () => {
  test.for(worlds)("$name", ({ name, ...faults }, { skip }) => {
    if (!isInstalled) skip(`spin or gcc is not installed: ${name} was not compared`);
    const [model, core] = [statesOfModel(faults), statesOfCore(faults)];
    const extra = [...core].filter((state) => !model.has(state));
    const missed = [...model].filter((state) => !core.has(state));
    expect({ extra: extra.slice(0, 5), missed: missed.slice(0, 5) }).toEqual({ extra: [], missed: [] });
    expect(core.size).toBe(model.size);
    expect(core.size).toBeGreaterThan(40);
  });

  test("and others where the model has a fault that the core has not", ({ skip }) => {
    if (!isInstalled) skip("spin or gcc is not installed: nothing was compared");
    expect(statesOfModel({ ...none, losses: 1 }).size).toBeGreaterThan(statesOfCore(none).size);
  });
});
