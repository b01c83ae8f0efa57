// Facts on patches and upgrades (I4, I5): they may be issued at any time, for a site that is away for days, and are carried out once, in
// causal order, whatever crashes meanwhile. A site that is older than an operation needs keeps it and does all else; when it has been
// upgraded, which is an operation too, it goes on with what waited.
//
// Leaves out messages and records of several versions (workloads/mixed-versions.yaml).

import type { ControlRules } from "../../model/control/rules.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { type Fact, Trial } from "./fact.ts";

interface Wrong {
  readonly name: string;
  readonly says: string;
  readonly rules: Partial<ControlRules>;
}

function factOf(
  name: string,
  says: string,
  wrongs: readonly Wrong[],
  play: (story: Story, trial: Trial) => void,
): Fact {
  return {
    name,
    says,
    deviations: wrongs.map((wrong) => ({ name: wrong.name, says: wrong.says })),
    try(deviation) {
      const trial = new Trial();
      for (const custody of ["shared", "distributed"] as const) {
        for (const issuer of ["a", "b"]) {
          play(new Story(custody, issuer, wrongs.find((one) => one.name === deviation)?.rules), trial);
        }
      }
      return trial.end();
    },
  };
}

/** A chain of three, of which the last one is told to do things, and what its planes were told and issuers heard. */
class Story {
  readonly issuer: string;
  readonly #cluster: Cluster;
  /** In the order in which planes were told. */
  readonly told: string[] = [];
  /** What planes were asked about after a restart. */
  readonly asked: string[] = [];
  readonly ends = new Map<string, string>();
  readonly #denied = new Set<string>();

  constructor(custody: "shared" | "distributed", issuer: string, rules: Partial<ControlRules> | undefined) {
    this.issuer = issuer;
    this.#cluster = new Cluster(undefined, rules === undefined ? undefined : () => rules);
    this.say(`topology operations=yes custody=${custody}`, ["cloudlet a", "cloudlet b upper=a", "cloudlet c upper=b"]);
    this.say("log control");
    this.say("heal");
    this.say("stabilize");
  }

  /** An operation for the last one; its name, empty where it was not accepted. */
  issue(what: string): string {
    const out = `${this.say(`issue ${this.issuer} s c ${what}`)}\n${this.say("stabilize")}`;
    return /: (\S+) accepted$/m.exec(out)?.[1] ?? "";
  }

  /** Its plane has done it. */
  done(id: string): void {
    this.say(`executed c ${id} done`);
    this.say("stabilize");
  }

  say(line: string, input: readonly string[] = []): string {
    const out = this.#cluster.handle({ ...parseCommand(line), input });
    for (const [, id = ""] of out.matchAll(/plane do (\S+):/g)) this.told.push(id);
    for (const [, id = ""] of out.matchAll(/asks its \w+ plane about (\S+)$/gm)) this.asked.push(id);
    for (const [, id = "", end = ""] of out.matchAll(/tells the end of (\S+): (\w+)/g)) this.ends.set(id, end);
    // A plane that was never told of an operation says so as soon as it is asked.
    for (const id of this.asked.filter((one) => !this.told.includes(one) && !this.#denied.has(one))) {
      this.#denied.add(id);
      this.say(`answered c ${id} never`);
      this.say("stabilize");
    }
    return out;
  }
}

const DAYS = 5;

function patches(story: Story, trial: Trial): void {
  story.say("cut b-c");
  const configure = story.issue("deployment.configure site");
  const kernel = story.issue(`host.kernelUpdate kernel after=${configure}`);
  const hotfix = story.issue(`host.hotfix openssl after=${kernel}`);
  const all = [configure, kernel, hotfix];
  trial.expect(!all.includes(""), () => "a patch was not accepted for a site that was away");
  story.say(`pass ${DAYS * 86_400}s by=43200s`);
  story.say("crash b");
  story.say("restart b");
  story.say("heal");
  story.say("stabilize");
  trial.expect(story.told.join() === configure, () => `back after days, the site was told ${story.told.join(" and ")}`);
  story.done(configure);
  trial.expect(story.told.at(-1) === kernel, () => "the kernel was not updated after the change that it follows");
  // In the middle of it the site goes down, as it does for a new kernel; its plane is through with it when it is up.
  story.say("crash c");
  story.say("restart c");
  story.say("heal");
  story.say("stabilize");
  trial.expect(story.asked.includes(kernel), () => "after the restart nobody asked what had become of the kernel");
  story.say(`answered c ${kernel} done`);
  story.say("stabilize");
  story.done(hotfix);
  story.say("pass 60s by=10s");
  trial.expect(
    story.told.join() === all.join(),
    () => `planes were told ${story.told.join(" ")}, not ${all.join(" ")}`,
  );
  for (const id of all)
    trial.expect(story.ends.get(id) === "done", () => `${id} ended as ${story.ends.get(id) ?? "nothing"}`);
}

function upgrades(story: Story, trial: Trial): void {
  story.say("cut b-c");
  const newer = story.issue("vm.create vm9 needs=2");
  const upgrade = story.issue("cloud.majorUpgrade cloud");
  const older = story.issue("vm.create vm8");
  trial.expect(![newer, upgrade, older].includes(""), () => "an upgrade was not accepted for a site that was away");
  story.say("pass 86400s by=21600s");
  story.say("heal");
  story.say("stabilize");
  // What it cannot do yet it keeps; what it can, it does.
  trial.expect(!story.told.includes(newer), () => "an old site began what needs a newer one");
  trial.expect(story.told.includes(older), () => "what an old site can do waited for what it cannot");
  trial.expect(story.told.includes(upgrade), () => "the upgrade waited for what needs it");
  trial.expect(
    story.say("operations c").includes(`${newer} for c`),
    () => "an old site does not keep what it cannot do",
  );
  story.done(older);
  story.done(upgrade);
  story.say("crash c");
  story.say("restart c");
  story.say("heal");
  story.say("stabilize");
  trial.expect(story.asked.includes(newer), () => "an upgraded site had not gone on with what had waited");
  story.say(`answered c ${newer} done`);
  // In its next life it is of that version, too.
  const later = story.issue("vm.update vm9 needs=2");
  trial.expect(story.told.at(-1) === later, () => "a restart took an upgrade back");
  story.done(later);
  story.say("pass 60s by=10s");
  for (const id of [newer, upgrade, older, later]) {
    const count = story.told.filter((one) => one === id).length;
    trial.expect(count === 1, () => `a plane was told ${count} times of ${id}`);
    trial.expect(story.ends.get(id) === "done", () => `${id} ended as ${story.ends.get(id) ?? "nothing"}`);
  }
}

/** All of them. */
export const upgradeFacts: readonly Fact[] = [
  factOf(
    "patched-once",
    "Patches for a site that is away for days are accepted, and carried out once each, after the change that they follow.",
    [
      {
        name: "never-waits",
        says: "A patch does not wait for what it comes after.",
        rules: { awaitsAfter: () => false },
      },
      {
        name: "tells-again",
        says: "After a restart a plane is told again of what it was at.",
        rules: { asksAfterRestart: () => false },
      },
    ],
    patches,
  ),
  factOf(
    "upgraded-first",
    "What needs a newer version waits at an old site, which does all else, and is done once the site is upgraded.",
    [
      {
        name: "begins-unread",
        says: "A site begins what it is too old for.",
        rules: { awaitsVersion: () => false },
      },
    ],
    upgrades,
  ),
];
