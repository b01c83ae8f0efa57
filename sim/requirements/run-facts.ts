// Facts that several runs beside each other show: the same writes over other routes, or over links with no way back. What may
// deviate is the core: any of its planted bugs.
//
// Leaves out what one run shows, which oracles judge.

import { plantNamed, plantOptions } from "../plants/plants.ts";
import type { RunOutcome } from "../run/runner.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import { renderProblems } from "../scenario/problem.ts";
import { type Fact, Trial } from "./fact.ts";
import { workloadText } from "./workload.ts";

type Settings = Readonly<Record<string, string>>;

/** Runs a text with some of its places changed, with a planted bug or none. */
export function runText(file: string, text: string, settings: Settings, plant: string | null): RunOutcome {
  const read = readScenario(text, {
    file,
    settings: Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}=${value}`, path, value })),
  });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return runScenario(read.scenario, planted(plant));
}

function planted(name: string | null): object {
  if (name === null) return {};
  const plant = plantNamed(name);
  if (plant === null) throw new RangeError(`there is no planted bug ${name}`);
  return plantOptions(plant);
}

/** Every version that stands anywhere, as one text. */
function stateOf({ topology, world }: RunOutcome): string {
  return topology.cloudlets
    .map(({ id, name }) => {
      const core = world.core(id);
      const keys = core?.keys() ?? [];
      const versions = keys.map(
        (key) =>
          `${key}=${(core?.versions(key) ?? [])
            .map(({ value }) => value)
            .sort()
            .join("|")}`,
      );
      return `${name}: ${versions.join(" ")}`;
    })
    .join("\n");
}

const writers = ["EAL1", "device-edge", "cloudlet1", "cloudlet3", "cloudlet4", "EAL4"];

// Rounds, far enough apart to have arrived everywhere: what is concurrent within one round is so over every route.
function rounds(): string {
  const writes = [0, 1, 2, 3].flatMap((round) =>
    writers.map((cloudlet, index) => {
      const key = `state/${(index + round) % 3}`;
      return `{ put: ${key}, value: ${cloudlet}-${round}, at: ${1_000 + round * 3_000}ms, cloudlet: ${cloudlet}, session: s${index} }`;
    }),
  );
  return `[${writes.join(", ")}]`;
}

const routingSettings: Readonly<Record<string, Settings>> = {
  mixed: {},
  layered: { "flows.direct-3.scope": "aside", "flows.direct-4.scope": "aside" },
  direct: { "flows.layered-3.scope": "aside", "flows.layered-4.scope": "aside" },
};

const relaysNothing = { name: "relays-nothing", says: "A cloudlet sends on only what was written there." };
const neverResends = { name: "never-resends", says: "A batch that was lost stays lost." };

const routingsAgree: Fact = {
  name: "routings-agree",
  says: "The same writes over Figure 1 in layers, directly, or both at once end in the same versions everywhere.",
  deviations: [relaysNothing],
  try(deviation) {
    const trial = new Trial();
    const text = workloadText("figure-1");
    const quiet = { clients: "[]", clocks: "[]", faults: "[]", expectations: "{}", script: rounds(), duration: "14s" };
    const states = Object.entries(routingSettings).map(([routing, settings]) => {
      const outcome = runText("figure-1.yaml", text, { ...quiet, ...settings }, deviation);
      trial.expect(outcome.report.pending.length === 0, () => `${routing}: ${outcome.report.pending[0] ?? ""}`);
      return [routing, stateOf(outcome)] as const;
    });
    const [first] = states;
    trial.expect(first?.[1].includes("|") === true, () => "nothing was ever in conflict: nothing was shown");
    for (const [routing, state] of states) {
      trial.expect(state === first?.[1], () => `${routing} and ${first?.[0] ?? ""} end in different states`);
    }
    return trial.end();
  },
};

/** Orders go down over links that lose a fifth; `lost` is the share of what is sent upwards that is lost. */
function radio(lost: string): string {
  const ends = ["hub, relay", "relay, site", "hub, near"];
  const links = ends.map((between) => `{ between: [${between}], back: { delay: 50ms, loss: ${lost} } }`).join(", ");
  return `causeway: 1
name: radio
seed: 5
topology: { tree: { hub: { relay: { site: null }, near: null } } }
scopes: [{ name: orders, prefix: orders/ }]
flows: [{ scope: orders, between: tree, direction: down }]
links: { defaults: { delay: 50ms, loss: 20% }, list: [${links}] }
clients: [{ name: operator, at: hub, every: 200ms, mix: [{ put: orders/, keys: 8, size: 64B }] }]
duration: 10s
settle: 60s
`;
}

const silent = radio("100%");

const noWayBack: Fact = {
  name: "no-way-back",
  says: "Where everything that is sent upwards is lost, all below still end with what the hub has.",
  deviations: [neverResends],
  try(deviation) {
    const trial = new Trial();
    const outcome = runText("radio.yaml", silent, {}, deviation);
    const { report } = outcome;
    const up = report.links.filter(({ from, to }) => upward.has(`${from} ${to}`));
    trial.expect(
      up.length > 0 && up.every(({ messages, dropped }) => dropped === messages),
      () => "something got back",
    );
    trial.expect(report.pending.length === 0, () => report.pending[0] ?? "");
    return trial.end();
  },
};

const upward = new Set(["relay hub", "site relay", "near hub"]);

const acknowledgementsSave: Fact = {
  name: "acknowledgements-save",
  says: "With a way back the same orders end in the same state, and fewer bytes come where they were known.",
  deviations: [neverResends],
  try(deviation) {
    const trial = new Trial();
    const alone = runText("radio.yaml", silent, {}, deviation);
    const heard = runText("radio.yaml", radio("20%"), {}, deviation);
    trial.expect(stateOf(alone) === stateOf(heard), () => "with a way back it ends in another state");
    const redundant = [alone, heard].map(({ report }) => report.links.reduce((sum, link) => sum + link.redundant, 0));
    const [without = 0, with_ = 0] = redundant;
    trial.expect(with_ < without, () => `${with_} redundant bytes with a way back, ${without} without`);
    return trial.end();
  },
};

/** All of them. */
export const runFacts: readonly Fact[] = [routingsAgree, noWayBack, acknowledgementsSave];
