// The fact that owners, operators and tenants are served alike (G13): what one of them keeps (deployment data, cloud data, a tenant's keys and
// values) goes the same way through the same core as what the others keep, judged by the same oracles. So it must not matter
// which is which: the three change places, and all that comes of a run changes places with them, and is the same otherwise.
//
// Leaves out who may ask for what, which is not the same for all three (fact operations-authority).

import type { RunOutcome } from "../run/runner.ts";
import { type Fact, Trial } from "./fact.ts";
import { runText } from "./run-facts.ts";

/** Names of one length: sizes are part of what must be the same. */
const data = ["deploy/", "clouds/", "tenant/"] as const;
const actors = ["owner", "operator", "tenant"] as const;

function scenario(places: readonly number[], isApart: boolean): string {
  const kept = places.map((place) => data[place] ?? "");
  const scopes = kept.map((prefix, place) => {
    const resolver = isApart && prefix === "tenant/" ? "lww-hlc" : "return-them-all";
    return `  - { name: scope-${place}, prefix: ${prefix}, resolver: ${resolver} }`;
  });
  const flows = kept.map((_, place) => `  - { scope: scope-${place}, between: tree, direction: both }`);
  const clients = kept.map(
    (prefix, place) =>
      `  - { name: clients-${place}, at: all, think: 600ms, mix: [{ put: ${prefix}, keys: 3 }, { get: ${prefix}, keys: 3 }, { delete: ${prefix}, keys: 3 }] }`,
  );
  const issuers = places.map(
    (place, at) =>
      `    - { name: issuer-${at}, at: hub, kinds: [vm.create, vm.update, vm.stop, baremetal.power], by: ${actors[place] ?? ""}, every: 2s, objects: 2 }`,
  );
  return `causeway: 1
name: personas
seed: 6
topology: { tree: { hub: { east: { shop: null }, west: null } } }
scopes:
${scopes.join("\n")}
flows:
${flows.join("\n")}
links: { defaults: { delay: 20ms, loss: 2% } }
clients:
${clients.join("\n")}
operations:
  issuers:
${issuers.join("\n")}
faults: [{ isolate: shop, from: 5s, until: 15s }, { crash: east, at: 18s, for: 2s }]
duration: 25s
settle: 60s
expectations: {}
`;
}

// Everything that a run comes to, with each kind of data named after its place.
function outcomeOf({ topology, world, report }: RunOutcome, places: readonly number[]): readonly string[] {
  const names = new Map(places.map((place, at) => [data[place] ?? "", `place ${at}: `]));
  const lines = topology.cloudlets.flatMap(({ id, name }) => {
    const core = world.core(id);
    return (core?.keys() ?? [])
      .filter((key) => !key.startsWith("~"))
      .map((key) => {
        const slash = key.indexOf("/") + 1;
        const values = (core?.versions(key) ?? [])
          .map(({ kind, value }) => `${kind} ${value.replace(/\.+$/, "")}`)
          .sort();
        return `${name}, ${names.get(key.slice(0, slash)) ?? "?"}${key.slice(slash)} = ${values.join(" | ")}`;
      });
  });
  const operations = (report.operations?.kinds ?? []).map((counts) => JSON.stringify(counts));
  const metrics = report.metrics.filter(([name]) => !/bytes|metadata/.test(name)).map((metric) => metric.join(" "));
  return [...lines.sort(), ...operations, ...metrics];
}

/** It. */
export const personasFact: Fact = {
  name: "three-personas",
  says: "Deployment data, cloud data and tenants' data, and the operations of owners, operators and tenants, may change places: all else is the same.",
  deviations: [{ name: "tenants-apart", says: "Conflicts in what tenants keep are settled in another way." }],
  try(deviation) {
    const trial = new Trial();
    let first: readonly string[] | null = null;
    for (const places of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 1, 0],
    ]) {
      const run = runText("personas.yaml", scenario(places, deviation !== null), {}, null);
      trial.expect(run.report.verdict === "passed", () => run.report.unmet[0] ?? run.report.verdict);
      const outcome = outcomeOf(run, places);
      if (first === null) {
        first = outcome;
        trial.expect(
          outcome.some((line) => line.includes(" | ")),
          () => "nothing was ever in conflict: nothing was shown",
        );
        continue;
      }
      for (let at = 0; at < Math.max(first.length, outcome.length); at += 1) {
        const [before = "nothing", after = "nothing"] = [first[at], outcome[at]];
        trial.expect(before === after, () => `when they change places, ${before} becomes ${after}`);
      }
    }
    return trial.end();
  },
};
