// The fact that a distant site can always be managed (G1): a matrix of how deep it stands, what is asked, and which ways are open. Asked
// at the root, over the real control layer, step by step: the answer must come from the local disk alone, before a single
// message has moved; and once all ways are open it is done, once.
//
// Leaves out how long a way stays shut (workloads/offline-month.yaml), and drawn worlds (operation-facts.ts).

import type { ControlRules } from "../../model/control/rules.ts";
import type { Rules } from "../../model/replication/rules.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { type Fact, Trial } from "./fact.ts";

const depths = [1, 3] as const;
const kinds = {
  monitor: "metrics.collect",
  alert: "alert.raise",
  scale: "nodes.scaleUp",
  upgrade: "cloud.majorUpgrade",
  patch: "host.hotfix",
} as const;
const linkStates = ["open", "cut at the top", "cut at the site", "cut everywhere", "nothing comes back"] as const;
const names = ["a", "b", "c", "d"];

interface Wrong {
  readonly name: string;
  readonly says: string;
  readonly core?: () => Partial<Rules>;
  readonly control?: () => Partial<ControlRules>;
}

const wrongs: readonly Wrong[] = [
  {
    name: "refuses-the-silent",
    says: "Operations are accepted only for who has been heard lately.",
    control: () => ({ refusesFor: (mark) => mark !== "connected" && mark !== "synchronizing" }),
  },
  {
    name: "waits-for-neighbour",
    says: "Who asks is answered once a neighbour has what he wrote.",
    core: () => ({ repliesWhen: () => "acknowledged" }),
  },
];

/** It. */
export const managingFact: Fact = {
  name: "always-manageable",
  says: "Watching, alerts, scaling, upgrades and patches are accepted at once at any depth and over any link, and done in the end.",
  deviations: wrongs.map(({ name, says }) => ({ name, says })),
  try(deviation) {
    const trial = new Trial();
    const wrong = wrongs.find(({ name }) => name === deviation);
    for (const depth of depths) {
      for (const links of linkStates) {
        for (const [what, kind] of Object.entries(kinds)) new Case(depth, links, what, kind, wrong, trial).play();
      }
    }
    return trial.end();
  },
};

class Case {
  readonly #chain: readonly string[];
  readonly #links: (typeof linkStates)[number];
  readonly #what: string;
  readonly #kind: string;
  readonly #cluster: Cluster;
  readonly #trial: Trial;

  constructor(
    depth: number,
    links: (typeof linkStates)[number],
    what: string,
    kind: string,
    wrong: Wrong | undefined,
    trial: Trial,
  ) {
    this.#chain = names.slice(0, depth + 1);
    this.#links = links;
    this.#what = what;
    this.#kind = kind;
    this.#cluster = new Cluster(wrong?.core, wrong?.control);
    this.#trial = trial;
  }

  play(): void {
    const [root = "", site = ""] = [this.#chain[0], this.#chain.at(-1)];
    const cloudlets = this.#chain.map(
      (name, at) => `cloudlet ${name}${at === 0 ? "" : ` upper=${this.#chain[at - 1]}`}`,
    );
    this.#say("topology operations=yes aliveness=yes", cloudlets);
    this.#say("log control");
    this.#say("heal");
    this.#say("pass 15s by=5s");
    for (const way of this.#cuts()) this.#say(`cut ${way}`);
    // Long enough for every silence to count.
    this.#say("pass 90s by=10s");
    if (this.#what === "alert") this.#alert(root, site);
    else this.#operate(root, site);
  }

  #operate(root: string, site: string): void {
    const asked = this.#say(`issue ${root} s ${site} ${this.#kind} thing`);
    // Nothing but the disk of the root moves.
    const answer = `${asked}\n${this.#say(`stored ${root}`)}`;
    const id = /to s: (\S+) accepted/.exec(answer)?.[1];
    this.#expect(id !== undefined, `was not accepted at once: ${answer.trim() || "no answer"}`);
    if (id === undefined) return;
    const before = this.#say("stabilize");
    const later = `${before}\n${this.#say("heal")}\n${this.#say("pass 90s by=10s")}`;
    const told = later.match(/plane do \S+: /g) ?? [];
    this.#expect(told.length === 1, `was handed to a plane ${told.length} times`);
    this.#say(`executed ${site} ${id} done`);
    const end = this.#say("pass 30s by=10s");
    this.#expect(end.includes(`tells the end of ${id}: done`), "had no end when all was well again");
  }

  // An alert is raised at the site, whether or not anybody can hear it, and stands at its upper in the end, with its age.
  #alert(root: string, site: string): void {
    const upper = this.#chain.at(-2) ?? root;
    this.#say(`observe ${site} alerts 1 disk`);
    this.#say("heal");
    this.#say("pass 90s by=10s");
    this.#expect(/alerts 1 \(1, \d+s old\) disk/.test(this.#say(`sights ${upper}`)), "is not seen above");
  }

  #cuts(): readonly string[] {
    const ways = this.#chain.slice(1).map((lower, at) => [this.#chain[at] ?? "", lower] as const);
    const [first, last] = [ways[0], ways.at(-1)];
    switch (this.#links) {
      case "open":
        return [];
      case "cut at the top":
        return first === undefined ? [] : [first.join("-")];
      case "cut at the site":
        return last === undefined ? [] : [last.join("-")];
      case "cut everywhere":
        return ways.map((way) => way.join("-"));
      case "nothing comes back":
        return ways.map(([upper, lower]) => `${lower}->${upper}`);
    }
  }

  #expect(holds: boolean, complaint: string): void {
    const where = `to ${this.#what} over ${this.#chain.length - 1} layers, ${this.#links}`;
    this.#trial.expect(holds, () => `${where}: it ${complaint}`);
  }

  #say(line: string, input: readonly string[] = []): string {
    return this.#cluster.handle({ ...parseCommand(line), input });
  }
}
