// The fact that a layer which is put in between takes over a part of the queues above it (C8). Sites are away while operations for them
// are queued at a hub, and custody is handed on. Then some of the sites go below a new layer: what the hub still holds, by its
// texts, is what is for the others, and the layer holds the rest, though no site has come back yet. In the end all is done.
//
// Leaves out that nothing is lost or done twice meanwhile (operation-facts.ts, "operations-replanned").

import type { ControlRules } from "../../model/control/rules.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { keepsHanded } from "../operations/plants.ts";
import { type Fact, Trial } from "./fact.ts";

const PER_SITE = 4;
const cases = [
  { sites: 2, moved: 2 },
  { sites: 4, moved: 3 },
  { sites: 5, moved: 1 },
] as const;
const wrongs = [keepsHanded];

/** It. */
export const layerFact: Fact = {
  name: "layer-takes-over",
  says: "A layer that is put in between holds what was queued above it for those that go below it, and the layer above no more.",
  deviations: wrongs.map(({ name, says }) => ({ name, says })),
  try(deviation) {
    const trial = new Trial();
    const rules = wrongs.find(({ name }) => name === deviation)?.rules;
    for (const { sites, moved } of cases) new Case(sites, moved, rules, trial).play();
    return trial.end();
  },
};

class Case {
  readonly #sites: readonly string[];
  readonly #moved: readonly string[];
  readonly #cluster: Cluster;
  readonly #trial: Trial;
  readonly #ids = new Map<string, string[]>();

  constructor(sites: number, moved: number, rules: (() => Partial<ControlRules>) | undefined, trial: Trial) {
    this.#sites = Array.from({ length: sites }, (_, site) => `site${site}`);
    this.#moved = this.#sites.slice(0, moved);
    this.#cluster = new Cluster(undefined, rules);
    this.#trial = trial;
  }

  play(): void {
    const before = [
      "cloudlet hub",
      "cloudlet layer upper=hub",
      ...this.#sites.map((site) => `cloudlet ${site} upper=hub`),
    ];
    const after = ["plan", ...this.#moved.map((site) => `cloudlet ${site} upper=layer`)];
    this.#say("topology operations=yes custody=distributed", [...before, ...after]);
    this.#say("log control");
    this.#say("heal");
    this.#say("stabilize");
    for (const site of this.#sites) this.#say(`cut hub-${site}`);
    for (const site of this.#sites) for (let number = 0; number < PER_SITE; number += 1) this.#ask(site, number);
    const all = this.#weight("hub", this.#sites);
    this.#trial.expect(all > 0 && this.#weight("layer", this.#sites) === 0, () => "nothing was queued at the hub");
    this.#say("adopt hub 1");
    this.#say("adopt layer 1");
    this.#say("stabilize");
    const moving =
      all -
      this.#weight(
        "hub",
        this.#sites.filter((site) => !this.#moved.includes(site)),
      );
    const kept = this.#weight("hub", this.#moved);
    this.#trial.expect(kept === 0, () => `the hub still holds ${kept} bytes for those that are below the layer`);
    const taken = this.#weight("layer", this.#moved);
    this.#trial.expect(taken === moving, () => `the layer holds ${taken} bytes, and ${moving} are for those below it`);
    this.#finish();
  }

  #finish(): void {
    for (const site of this.#moved) this.#say(`adopt ${site} 1`);
    this.#say("heal");
    this.#say("stabilize");
    for (let round = 0; round < PER_SITE; round += 1) {
      for (const [site, ids] of this.#ids) this.#say(`executed ${site} ${ids[round] ?? ""} done`);
      this.#say("stabilize");
    }
    const open = this.#say("operations hub")
      .split("\n")
      .filter((line) => line.includes(" for "));
    this.#trial.expect(open.length === 0, () => `still open: ${open[0] ?? ""}`);
  }

  #ask(site: string, number: number): void {
    const payload = "x".repeat(10 * (1 + number));
    const said = `${this.#say(`issue hub s ${site} vm.create vm${number} ${payload}`)}\n${this.#say("stabilize")}`;
    const id = /to s: (\S+) accepted/.exec(said)?.[1];
    this.#trial.expect(id !== undefined, () => `an operation for ${site} was not accepted`);
    if (id !== undefined) this.#ids.set(site, [...(this.#ids.get(site) ?? []), id]);
  }

  // Of the texts that stand there for these sites, whoever they are to be handed to.
  #weight(at: string, sites: readonly string[]): number {
    let weight = 0;
    for (const site of sites) {
      for (const id of this.#ids.get(site) ?? []) {
        for (const hop of [site, "layer"]) weight += this.#textAt(at, `~custody/${hop}/${id}`).length;
      }
    }
    return weight;
  }

  #textAt(at: string, key: string): string {
    const line = this.#say(`versions ${key}`)
      .split("\n")
      .find((one) => one.startsWith(`${at}: `));
    return /^\w+: (op .*) \(\S+\)$/.exec(line ?? "")?.[1] ?? "";
  }

  #say(line: string, input: readonly string[] = []): string {
    return this.#cluster.handle({ ...parseCommand(line), input });
  }
}
