// What rests is kept as bytes in a share of the worlds with operations, as it is where very many wait: nothing that a run says depends on it.

import { expect, test } from "vitest";
import type { ReplicationCore, Shelving } from "../../model/replication/io.ts";
import { generateLostDisks } from "../run/generate-lost-disks.ts";
import { generateOperations } from "../run/generate-operations.ts";
import { runScenario } from "../run/runner.ts";
import type { Scenario } from "../scenario/scenario.ts";

type Shelve = (core: ReplicationCore, keys: readonly string[]) => readonly number[];

/** Runs it with something else in the place of shelving; `loses`: what was kept so is not there any more. */
function digestOf(scenario: Scenario, shelve: Shelve, loses: (key: string) => boolean = () => false): string {
  const enclose = (core: ReplicationCore): ReplicationCore =>
    new Proxy(core, {
      get(target, name) {
        const { shelving } = target;
        if (name === "shelving")
          return {
            shelve: (keys) => shelve(target, keys),
            shelved: (place, prefix, rest) => shelving?.shelved(place, prefix, rest) ?? null,
            point: (place, key) => shelving?.point(place, key),
          } satisfies Shelving;
        if (name === "versions") return (key: string) => (loses(key) ? [] : target.versions(key));
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === "function" ? (found.bind(target) as unknown) : found;
      },
    });
  return runScenario(scenario, { enclose }).report.digest;
}

// A process that reads too little may stop.
function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

// The last one is not among those that keep operations so.
const worlds = [
  generateOperations("shelving-14"),
  generateLostDisks("shelving-26", ["clone"]),
  generateOperations("shelving-15"),
];

test("in some worlds operations are kept as bytes, and digests are the same as without; who loses them so has another one", () => {
  const counts: number[] = [];
  let lossy = 0;
  for (const [number, scenario] of worlds.entries()) {
    let count = 0;
    const digest = digestOf(scenario, (core, keys) => {
      count += keys.length;
      return core.shelving?.shelve(keys) ?? [];
    });
    counts.push(count);
    if (count === 0) continue;
    expect([number, digest]).toEqual([number, digestOf(scenario, () => [])]);
    if (lossy > 0) continue;
    const lost = new Set<string>();
    const losing = (): string =>
      digestOf(
        scenario,
        (_core, keys) => {
          for (const key of keys) lost.add(key);
          return [];
        },
        (key) => lost.has(key),
      );
    if (digest !== outcomeOf(losing)) lossy += 1;
  }
  expect(counts.map((count) => count > 20)).toEqual([true, true, false]);
  expect(lossy).toBeGreaterThan(0);
});
