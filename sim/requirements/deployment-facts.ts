// Facts on deployment data (D1, C2): drawn stories in which people change how a site is set up, each by a change that is appended to a log
// and by the whole state that this leads to. The two are kept side by side, over the real core, while ways are cut and heal.
//
// Leaves out the forms themselves, which have tests of their own (model/control/deployment.test.ts).

import {
  deploymentText,
  readDeployment,
  replayed,
  type DeploymentChange,
  type DeploymentRecord,
} from "../../model/control/deployment.ts";
import { pick, type Rng } from "../../model/random.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { RngRoot } from "../kernel/rng.ts";
import { type Fact, Trial } from "./fact.ts";

const STORY_COUNT = 20;
const STEP_COUNT = 12;
const names = ["a", "b", "c"] as const;

/** What is wrong on purpose. */
interface Wrong {
  readonly name: string;
  readonly says: string;
  /** What is replayed in place of a log's records. */
  readonly records?: (right: readonly DeploymentRecord[]) => readonly DeploymentRecord[];
  /** How whole states that meet are resolved. */
  readonly resolver?: string;
}

const replayWrongs: readonly Wrong[] = [
  {
    name: "replays-in-no-order",
    says: "A log is replayed in the order of its texts.",
    records: (right) => right.toSorted((a, b) => (deploymentText(a) < deploymentText(b) ? -1 : 1)),
  },
  {
    name: "adding-is-setting",
    says: "So many nodes more is taken for so many nodes.",
    records: (right) =>
      right.map((record) =>
        record.kind === "state" ? record : { ...record, changes: record.changes.map((change) => asSetting(change)) },
      ),
  },
];
const modeWrongs: readonly Wrong[] = [
  {
    name: "last-state-wins",
    says: "Of whole states that meet the latest stands, and no word of the others.",
    resolver: "lww-hlc",
  },
];

function asSetting(change: DeploymentChange): DeploymentChange {
  return change.kind === "scale" ? { kind: "nodes", pool: change.pool, count: change.by } : change;
}

function factOf(
  name: string,
  says: string,
  wrongs: readonly Wrong[],
  judge: (story: Story, trial: Trial) => void,
): Fact {
  return {
    name,
    says,
    deviations: wrongs.map((wrong) => ({ name: wrong.name, says: wrong.says })),
    try(deviation) {
      const trial = new Trial();
      const wrong = wrongs.find((one) => one.name === deviation);
      let differences = 0;
      for (let number = 0; number < STORY_COUNT && !trial.isBroken; number += 1) {
        const story = new Story(new RngRoot(`deployment ${number}`).stream, number % 2 === 1, wrong, trial);
        story.play();
        judge(story, trial);
        differences += story.missing;
      }
      trial.expect(differences > 0, () => "no two people ever changed a site apart from each other: nothing was shown");
      return trial.end();
    },
  };
}

/** All of them. */
export const deploymentFacts: readonly Fact[] = [
  factOf(
    "deployment-replays",
    "Replaying the changes of a site's set-up gives its state, the same everywhere, and none that was made apart is lost.",
    replayWrongs,
    (story, trial) => {
      const states = names.map((name) => deploymentText({ kind: "state", state: replayed(story.logAt(name)) }));
      trial.expect(new Set(states).size === 1, () => `a log is replayed to ${states.join(" and to ")}`);
      const { nodes } = replayed(story.logAt("a"));
      trial.expect(
        (nodes.get("compute") ?? 0) === story.added,
        () => `${story.added} nodes were added, and replaying gives ${nodes.get("compute") ?? 0}`,
      );
      if (story.isCutUp) return;
      const state = deploymentText({ kind: "state", state: replayed(story.inOrder) });
      trial.expect(states[0] === state, () => `changes that led to ${state} are replayed to ${states[0] ?? ""}`);
    },
  ),
  factOf(
    "data-or-replay",
    "Kept as whole states or as changes that are replayed, a site's set-up ends alike; what one state lacks of changes made apart is open, never lost.",
    modeWrongs,
    (story, trial) => {
      trial.expect(story.isCutUp || story.missing === 0, () => "states that followed each other lack changes");
      trial.expect(
        story.missing === 0 || story.openStates > 1,
        () => `${story.missing} changes are in no state that stands, and nobody is told`,
      );
      story.settle();
      const replay = deploymentText({ kind: "state", state: replayed(story.logAt("a")) });
      for (const name of names) {
        const states = story.statesAt(name);
        trial.expect(
          states.length === 1 && states[0] === replay,
          () => `at ${name} stands ${states.join(" and ")}, and replaying gives ${replay}`,
        );
      }
    },
  ),
];

class Story {
  readonly #rng: Rng;
  readonly #cluster = new Cluster();
  readonly #wrong: Wrong | undefined;
  readonly #trial: Trial;
  #sessions = 0;
  /** Are ways ever cut? Otherwise each change follows all those before. */
  readonly isCutUp: boolean;
  /** All changes, in the order in which people made them. */
  readonly inOrder: DeploymentRecord[] = [];
  /** Nodes that were ever added. */
  added = 0;
  /** Nodes that were added and that the state with the most of them lacks, once all have met. */
  missing = 0;
  /** How many states stand side by side then. */
  openStates = 0;

  constructor(rng: Rng, isCutUp: boolean, wrong: Wrong | undefined, trial: Trial) {
    this.#rng = rng;
    this.isCutUp = isCutUp;
    this.#wrong = wrong;
    this.#trial = trial;
  }

  play(): void {
    const resolver = this.#wrong?.resolver ?? "return-them-all";
    const scopes = ["scope changes resolver=log", `scope current resolver=${resolver}`];
    const flows = ["changes", "current"].flatMap((scope) => [`flow ${scope} a-b both`, `flow ${scope} b-c both`]);
    this.#say("topology", ["cloudlet a", "cloudlet b upper=a", "cloudlet c upper=b", ...scopes, ...flows]);
    this.#heal();
    for (let step = 0; step < STEP_COUNT; step += 1) {
      if (this.isCutUp && this.#rng.chance(300_000)) this.#say(`cut ${pick(this.#rng, ["a-b", "b-c"])}`);
      if (this.#rng.chance(200_000)) this.#heal();
      this.#change(pick(this.#rng, names));
      this.#say("tick 1s");
      this.#say("stabilize");
    }
    this.#heal();
    const states = this.statesAt("a");
    this.openStates = states.length;
    const counts = states.map((text) => replayed(recordsOf([text])).nodes.get("compute") ?? 0);
    this.missing = this.added - Math.max(0, ...counts);
  }

  /** Somebody who has seen all of it writes the state that the log leads to. */
  settle(): void {
    const state = replayed(this.logAt("c"));
    this.#sessions += 1;
    this.#say(`request c s${this.#sessions} get current/site`);
    this.#put("c", { kind: "state", state });
    this.#say("stabilize");
  }

  /** The records of the log there, as they are replayed. */
  logAt(name: string): readonly DeploymentRecord[] {
    const [, list = ""] = /log \[(.*)\]$/m.exec(this.#say(`request ${name} reader get changes/site`)) ?? [];
    const records = recordsOf(list === "" ? [] : list.split(", ").map(decodeURIComponent));
    return this.#wrong?.records?.(records) ?? records;
  }

  /** The whole states that stand there. */
  statesAt(name: string): readonly string[] {
    const [, told = ""] =
      /current\/site = (.*?)(?:, \d+ hidden)?$/m.exec(this.#say(`request ${name} reader get current/site`)) ?? [];
    return told === "never written" ? [] : told.split(" | ").map(decodeURIComponent);
  }

  // Both ways at once: as a change, and as the state that it leads to from what is known there.
  #change(at: string): void {
    const change = this.#drawChange();
    if (change.kind === "scale") this.added += change.by;
    const record: DeploymentRecord = { kind: "changes", changes: [change] };
    this.inOrder.push(record);
    this.#sessions += 1;
    this.#say(`request ${at} s${this.#sessions} get current/site`);
    this.#say(`request ${at} s${this.#sessions} append changes/site ${encodeURIComponent(deploymentText(record))}`);
    this.#say("stored " + at);
    this.#put(at, { kind: "state", state: replayed(this.logAt(at)) });
    this.#say("stored " + at);
  }

  #drawChange(): DeploymentChange {
    switch (this.#rng.intInclusive(3)) {
      case 0:
        return { kind: "version", version: String(this.inOrder.length) };
      case 1: {
        const uri = this.#rng.chance(250_000) ? null : `https://site.example:${5_000 + this.inOrder.length}`;
        return { kind: "endpoint", service: "identity", uri };
      }
      default:
        return { kind: "scale", pool: "compute", by: 1 + this.#rng.intInclusive(3) };
    }
  }

  #put(at: string, record: DeploymentRecord): void {
    this.#say(`request ${at} s${this.#sessions} put current/site ${encodeURIComponent(deploymentText(record))}`);
  }

  #heal(): void {
    this.#say("heal");
    this.#say("stabilize");
  }

  #say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    this.#trial.expect(!/refused|mistake/.test(out), () => `${line}: ${out}`);
    return out;
  }
}

function recordsOf(texts: readonly string[]): readonly DeploymentRecord[] {
  return texts.map(readDeployment).filter((record) => record !== null);
}
