// Members that are closed, drawn: gone for good, back after all, or never gone and writing on over links that lose and reorder. What
// they wrote counts as lost where it is late, goes without what it follows, and comes after that (docs/model.md, "Gone for good").
//
// In half of the worlds deletes are collected.

import { expect, test } from "vitest";
import { pick } from "../../model/random.ts";
import { RngRoot } from "../kernel/rng.ts";
import { readScenario } from "../scenario/read.ts";
import { runScenario } from "./runner.ts";

const HALF = 500_000;
const resolvers = ["lww-hlc", "lww-lamport", "return-them-all", "upper-wins", "by-hand"];

function drawn(seed: string): string {
  const rng = new RngRoot(seed).stream.fork("closings");
  const names = ["top", "one", "two", "three"].slice(0, 2 + rng.intInclusive(2));
  const uppers = names.slice(1).map((_, at) => pick(rng, names.slice(0, at + 1)));
  const collect = rng.chance(HALF) ? `, collect: ${pick(rng, ["0s", "20ms", "300ms"])}` : "";
  const faults = names.slice(1).flatMap((name) => {
    const at = 500 + rng.intInclusive(4_000);
    switch (rng.intInclusive(3)) {
      case 0:
        return [`{ crash: ${name}, at: ${at}ms, for: ${pick(rng, ["100ms", "2s", "60s"])} }`];
      case 1:
        return [`{ isolate: ${name}, from: ${at}ms, until: ${at + 100 + rng.intInclusive(3_000)}ms }`];
      default:
        return [];
    }
  });
  // Where nothing is collected, whoever receives from the member is told; elsewhere the highest decides.
  const closings = names.slice(1).flatMap((name, at) => {
    if (!rng.chance(HALF)) return [];
    const decides = collect === "" ? (uppers[at] as string) : "top";
    return [`{ at: ${600 + rng.intInclusive(4_000)}ms, decides: ${decides}, close: ${name} }`];
  });
  const last = `{ at: 5s, decides: ${collect === "" ? (uppers.at(-1) as string) : "top"}, close: ${names.at(-1) as string} }`;
  const mix = "mix: [{ put: u/, keys: 3, weight: 2 }, { delete: u/, keys: 3 }, { get: u/, keys: 3 }, { scan: u/ }]";
  return `causeway: 1
name: closings
seed: ${seed}
topology: { cloudlets: [{ name: top }, ${names
    .slice(1)
    .map((name, at) => `{ name: ${name}, upper: ${uppers[at] as string} }`)
    .join(", ")}] }
scopes: [{ name: u, prefix: u/, resolver: ${pick(rng, resolvers)}${collect} }]
flows: [{ scope: u, between: tree, direction: both }]
links: { defaults: { delay: ${pick(rng, ["0ms", "30ms"])}, jitter: ${pick(rng, ["20ms", "80ms"])}, loss: ${pick(rng, ["0%", "5%"])} } }
clients: [{ name: all, at: all, think: exponential(${pick(rng, ["40ms", "150ms"])}), ${mix} }]
faults: [${faults.join(", ")}]
detachments: [${[...closings, last].join(", ")}]
duration: 6s
`;
}

test("thirty of them pass, and in most something is let go without what is lost", { timeout: 120_000 }, () => {
  const reached = new Map<string, number>();
  for (let number = 0; number < 30; number += 1) {
    const text = drawn(`${number}`);
    const read = readScenario(text, { file: "s.yaml" });
    if (read.kind === "invalid") expect.fail(`${text}${JSON.stringify(read.problems)}`);
    const { report } = runScenario(read.scenario);
    if (report.unmet.length > 0) expect.fail(`${report.unmet.join("\n")}\n${text}`);
    for (const [mark, count] of report.marks) if (count > 0) reached.set(mark, (reached.get(mark) ?? 0) + 1);
  }
  expect(reached.get("member-detached")).toBe(30);
  for (const mark of ["dependents-released", "tombstone-collected"]) {
    expect([mark, (reached.get(mark) ?? 0) > 5]).toEqual([mark, true]);
  }
});
