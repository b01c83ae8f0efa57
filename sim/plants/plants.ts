// Planted bugs: each replaces one decision of the core by a plausible wrong one, and names the oracles that must catch
// it. They are kept for good: an oracle that no longer catches its plant has stopped working. Which of them a
// run uses, a person says (`--plant NAME`) or the matrix (matrix.ts); nothing else can.

import type { ControlRules } from "../../model/control/rules.ts";
import { chosen } from "../../model/replication/resolver.ts";
import { aheadOfBound, compareHybrid, compareLamport } from "../../model/replication/stamp.ts";
import type { Duration } from "../../model/units.ts";
import { firstAnswers, laterOfOwn } from "./remembering.ts";
import type { MachineBugs } from "../hosts/host.ts";
import {
  type ControlPlant,
  controlPlants,
  disklessPlants,
  forgetfulPlants,
  upgradePlants,
} from "../operations/plants.ts";
import { markPlants } from "./mark-plants.ts";
import type { Plant } from "./plant.ts";

/** How a run is told of a plant. */
export function plantOptions({ rules, controlRules, machineBugs = {} }: Plant): {
  readonly plant: Plant["rules"];
  readonly controlPlant?: () => Partial<ControlRules>;
  readonly machineBugs: MachineBugs;
} {
  return { plant: rules, ...(controlRules !== undefined && { controlPlant: controlRules }), machineBugs };
}

/** All planted bugs of the replica, by the oracle each was made for. */
export const plantTable: readonly Plant[] = [
  {
    name: "apply-on-arrival",
    says: "A record is applied as soon as it is stored, whatever it depends on.",
    catches: ["causal-delivery"],
    rules: () => ({ awaits: () => false }),
  },
  {
    name: "nearest-as-cops",
    says: "A write clears the whole context, as in COPS: what does not reach the reader hides what lies behind it.",
    catches: ["causal-delivery"],
    rules: () => ({
      afterWrite: (context, record, classes) => {
        context.clear();
        context.replaceBy(record, classes);
      },
    }),
  },
  {
    name: "replaced-not-awaited",
    says: "A write depends on its context but not on the versions it replaces.",
    catches: ["causal-delivery"],
    rules: () => ({
      awaits: (listed, reachesHere) => reachesHere && listed === "deps",
      inheritsFromReplaced: () => false,
    }),
  },
  {
    name: "replaced-without-past",
    says: "A write depends on the versions it replaces, but not on what these depend on in other streams.",
    catches: ["causal-delivery"],
    shownBy: 11,
    rules: () => ({ inheritsFromReplaced: () => false }),
  },
  {
    name: "later-of-own",
    says: "Of what one session wrote, only the last record is depended on, in whatever scopes the others are.",
    catches: ["monotonic-writes", "causal-delivery"],
    remembers: true,
    rules: () => ({ afterWrite: laterOfOwn() }),
  },
  {
    name: "store-drops-loser",
    says: "The store keeps only the version that last-writer-wins would return.",
    catches: ["exact-conflicts"],
    rules: () => ({
      keeps: (versions) => versions.slice().sort(compareHybrid).slice(-1),
    }),
  },
  {
    name: "layers-drop-loser",
    says: "The store keeps only the version of the highest cloudlet, as a read of an upper-wins scope returns it.",
    catches: ["exact-conflicts"],
    rules: () => ({ keeps: (versions, layerOf) => chosen("upper-wins", versions, layerOf) }),
  },
  {
    name: "resolves-all-but-one",
    says: "A write that ends a conflict leaves one of the siblings standing.",
    catches: ["exact-conflicts"],
    rules: () => ({ replaces: (versions) => (versions.length < 2 ? versions : versions.slice(1)) }),
  },
  {
    name: "merges-repeats",
    says: "A delta that comes again is merged again: counters count it twice.",
    catches: ["reads-resolve"],
    rules: () => ({ mergesRepeats: true }),
  },
  {
    name: "removes-unseen",
    says: "A removal from a set also takes an insert that its cloudlet had not got.",
    catches: ["reads-resolve"],
    shownBy: 79,
    rules: () => ({ removesUnseen: true }),
  },
  {
    name: "replaces-nothing",
    says: "A write replaces no version: every overwrite looks like a conflict.",
    catches: ["exact-conflicts"],
    rules: () => ({ replaces: () => [] }),
  },
  {
    name: "resolver-picks-first",
    says: "Of several versions the resolver returns the oldest.",
    catches: ["reads-resolve"],
    rules: () => ({
      chooses: (_resolver, live) => (live.length < 2 ? live : live.slice().sort(compareHybrid).slice(0, 1)),
    }),
  },
  {
    name: "stale-cache",
    says: "A key is answered for ever as it was answered first.",
    catches: ["read-your-writes", "reads-resolve"],
    remembers: true,
    rules: () => {
      const cached = firstAnswers();
      return { chooses: (resolver, live, key, layerOf) => cached(key, chosen(resolver, live, layerOf)) };
    },
  },
  {
    name: "two-caches",
    says: "Every other read is answered from a cache that is never refreshed.",
    catches: ["monotonic-reads", "reads-resolve"],
    remembers: true,
    rules: () => {
      const cached = firstAnswers();
      let reads = 0;
      return {
        chooses: (resolver, live, key, layerOf) => {
          const fresh = chosen(resolver, live, layerOf);
          const old = cached(key, fresh);
          reads += 1;
          return reads % 2 === 0 ? fresh : old;
        },
      };
    },
  },
  {
    name: "forgets-own-writes",
    says: "A session's next write does not depend on its last one.",
    catches: ["monotonic-writes", "causal-delivery"],
    rules: () => ({ afterWrite: () => undefined }),
  },
  {
    name: "forgets-reads",
    says: "A session's writes do not depend on what it has read.",
    catches: ["writes-follow-reads", "causal-delivery"],
    rules: () => ({ remembersReads: () => false }),
  },
  {
    name: "lww-by-lamport",
    says: "Versions stamped by hybrid clocks are ordered by their Lamport counters.",
    catches: ["rtc", "reads-resolve"],
    rules: () => ({
      chooses: (resolver, live, _key, layerOf) =>
        resolver === "lww-hlc" && live.length > 1
          ? live.slice().sort(compareLamport).slice(-1)
          : chosen(resolver, live, layerOf),
    }),
  },
  {
    name: "stamps-ignore-clock",
    says: "Stamps count writes and never look at the clock.",
    catches: ["rtc-arb"],
    rules: () => ({ stamps: (right) => ({ wall: 1, logical: right.lamport, lamport: right.lamport }) }),
  },
  {
    name: "stamps-clamped",
    says: "A stamp beyond the clock bound is pulled back to it, below what the session has seen.",
    catches: ["reads-resolve"],
    rules: () => ({
      stamps: (right, now, clockBound) => ({ ...right, wall: right.wall - aheadOfBound(right, now, clockBound) }),
    }),
  },
  {
    name: "waits-for-neighbour",
    says: "A write is answered only once some neighbour has acknowledged something.",
    catches: ["local-wait"],
    rules: () => ({ repliesWhen: () => "acknowledged" }),
  },
  {
    name: "forwards-everything",
    says: "Records are sent to every neighbour, whatever its flows carry.",
    catches: ["direction"],
    rules: () => ({ forwards: () => true }),
  },
  {
    name: "incarnation-from-disk",
    says: "A machine counts the lives of its process on the disk: after a restored backup a life has the name of a former one.",
    catches: ["unique-dots"],
    shownBy: 38,
    rules: () => ({}),
    machineBugs: { countsOnDisk: true },
  },
  {
    name: "collisions-unnoticed",
    says: "The same, and nobody compares what lies under one name.",
    catches: ["unique-dots"],
    shownBy: 38,
    rules: () => ({ heedsCollisions: () => false }),
    machineBugs: { countsOnDisk: true },
  },
  {
    name: "log-ends-at-damage",
    says: "A restart takes an entry whose checksum does not fit for the end of its log: what lies behind it is gone, too.",
    catches: ["durability"],
    rules: () => ({}),
    machineBugs: { reader: "endsAtDamage" },
  },
  {
    name: "disk-read-unchecked",
    says: "A restart does not look at the checksums of what its disk returns, and believes a value whose bits have flipped.",
    catches: ["durability"],
    rules: () => ({}),
    machineBugs: { reader: "unchecked" },
  },
  {
    name: "keeps-foreign-disk",
    says: "A cloudlet that comes back with another one's disk takes in all that is on it.",
    catches: ["direction"],
    rules: () => ({ keepsFromDisk: () => true }),
  },
  {
    name: "answers-before-stored",
    says: "A write is answered before the disk has it.",
    catches: ["durability", "local-wait"],
    rules: () => ({ repliesWhen: () => "requested" }),
  },
  {
    name: "acknowledges-before-stored",
    says: "A batch is acknowledged before the disk has it.",
    catches: ["durability"],
    shownBy: 33,
    rules: () => ({ acknowledgesWhen: () => "received" }),
  },
  {
    name: "collects-while-pending",
    says: "A delete goes as soon as summaries of all members have come, though what they cover has not.",
    catches: ["collection"],
    shownBy: 21,
    rules: () => ({
      awaits: (listed, reachesHere) => reachesHere && listed !== "covers",
      collectsAfter: () => "summaries",
    }),
  },
  {
    name: "collects-beside-siblings",
    says: "A delete that everybody has goes, whatever stands beside it.",
    catches: ["collection"],
    rules: () => ({ heedsSiblings: () => false }),
  },
  {
    name: "collects-after-one-round",
    says: "A delete goes where everybody is known to have it, not once everybody knows that.",
    catches: ["convergence"],
    world: "collecting",
    shownBy: 134,
    rules: () => ({ collectsAfter: () => "summaries" }),
  },
  {
    name: "asks-neighbours-only",
    says: "Deletes go once the neighbours have them, though the stream leads further.",
    catches: ["collection"],
    rules: () => ({ asks: (isNear) => isNear, collectsAfter: () => "summaries" }),
  },
  {
    name: "forgets-the-silent",
    says: "A member that has said nothing yet does not count when deletes go.",
    catches: ["collection"],
    rules: () => ({ asks: (_isNear, hasSpoken) => hasSpoken() }),
  },
  {
    name: "waits-for-detached",
    says: "Deletes wait for members that were detached as for any others.",
    catches: ["convergence"],
    world: "detaching",
    rules: () => ({ excusesDetached: () => false }),
  },
  {
    name: "lets-in-the-detached",
    says: "What a member wrote while it was detached is applied as it comes, not once the member has returned.",
    catches: ["revived"],
    world: "detaching",
    rules: () => ({ holdsBack: () => false }),
  },
  {
    name: "returns-without-deletes",
    says: "A member that was detached returns and writes no delete anew that its writes had missed.",
    catches: ["revived"],
    world: "detaching",
    rules: () => ({ writesAnew: () => false }),
  },
  {
    name: "returns-unasked",
    says: "A member that was detached returns as soon as it hears of it, while deletes may still go without its knowledge.",
    catches: ["revived", "collection"],
    world: "detaching",
    rules: () => ({ awaitsWord: () => false }),
  },
  {
    name: "cuts-tell-no-deletes",
    says: "A snapshot holds the deletes that stand, and not what members have said of them.",
    catches: ["convergence"],
    shownBy: 128,
    rules: () => ({ tellsOfDeletes: () => false }),
  },
  {
    name: "creation-stays-concurrent",
    says: "A session that has read nothing writes beside a delete that stands alone, instead of after it.",
    catches: ["exact-conflicts"],
    rules: () => ({ replacesTombstones: () => false }),
  },
  {
    name: "ends-early",
    says: "A put with a time limit is ended when half of its time is over.",
    catches: ["time-limits"],
    rules: () => ({ lasts: (ttl) => Math.ceil(ttl / 2) as Duration }),
  },
  {
    name: "ends-what-replaced-it",
    says: "When the time of a put is over its cloudlet deletes whatever stands of the key.",
    catches: ["time-limits"],
    rules: () => ({ ends: (_put, standing) => standing.filter(({ kind }) => kind === "put") }),
  },
  {
    name: "ends-as-of-now",
    says: "The end of a put has a stamp of when it is written, and wins over what others have written since the put.",
    catches: ["time-limits"],
    rules: () => ({ endStamp: (_right, ofNow) => ofNow() }),
  },
  {
    name: "forgets-limits",
    says: "A process that starts again does not know that what it finds on its disk was not to last.",
    catches: ["time-limits"],
    rules: () => ({ remembersLimits: () => false }),
  },
  {
    name: "relays-nothing",
    says: "A cloudlet sends on only what was written there.",
    catches: ["convergence"],
    rules: () => ({ forwards: (carried, local) => carried && local }),
  },
  {
    name: "never-resends",
    says: "A batch that was lost stays lost.",
    catches: ["convergence"],
    rules: () => ({ resends: () => false }),
  },
  {
    name: "sessions-alone",
    says: "Where a cloudlet's operations are to be ordered, only those of each session are.",
    catches: ["causal-delivery"],
    rules: () => ({ followsOthers: () => false }),
  },
  {
    name: "waits-for-unreachable",
    says: "A record waits for all of its past, also for what no flow brings here.",
    catches: ["convergence"],
    rules: () => ({ awaits: () => true }),
  },
  {
    name: "trusts-old-positions",
    says: "After a reconnect the sender believes that all it ever sent has arrived.",
    catches: ["convergence"],
    rules: () => ({ heedsGreeting: () => false }),
  },
  {
    name: "cut-not-awaited",
    says: "A snapshot becomes visible although what it depends on outside itself is missing.",
    catches: ["causal-delivery"],
    shownBy: 21,
    rules: () => ({ cutAwaits: () => false }),
  },
  {
    name: "cut-drops-unseen",
    says: "A joined snapshot takes the place of all versions, also of those that it has never seen.",
    catches: ["exact-conflicts"],
    rules: () => ({ keepsUnseen: () => false }),
  },
  {
    name: "compaction-drops-live",
    says: "What the log no longer retains is dropped, live versions too.",
    catches: ["exact-conflicts", "reads-resolve"],
    rules: () => ({ drops: () => true }),
  },
  {
    name: "no-tail",
    says: "The sender believes that a snapshot on its way has everything, also what is written meanwhile.",
    catches: ["convergence"],
    rules: () => ({ followsSnapshot: () => false }),
  },
  {
    name: "opens-at-once",
    says: "What a re-parented cloudlet receives newly is open at once, without what precedes what it had applied.",
    catches: ["stream-opening"],
    rules: () => ({ awaitsOpening: () => false }),
  },
  {
    name: "keeps-old-positions",
    says: "After a change of plan a sender believes that its neighbour lacks nothing it passed over before.",
    catches: ["convergence"],
    shownBy: 155,
    rules: () => ({ forgetsPositions: () => false }),
  },
  {
    name: "moves-without-past",
    says: "A session that moves begins with an empty context at its new cloudlet, as Eiger's does.",
    catches: ["session-moves", "causal-delivery"],
    rules: () => ({ keepsCarried: () => false }),
  },
  {
    name: "moves-with-local-past",
    says: "A session that moves drops from its context what does not reach its new cloudlet.",
    catches: ["causal-delivery"],
    rules: () => ({ keepsCarried: (reachesHere) => reachesHere }),
  },
  {
    name: "behind-not-said",
    says: "A session that is behind where it has moved to is answered as if it were not.",
    catches: ["session-moves", "read-your-writes", "monotonic-reads"],
    shownBy: 62,
    rules: () => ({ saysBehind: () => false }),
  },
  {
    name: "visible-while-behind",
    says: "A write of a session that is behind is visible at once, before its past has come.",
    catches: ["causal-delivery"],
    rules: () => ({ holdsWritesBehind: () => false }),
  },
  {
    name: "bundle-of-nearest",
    says: "A bundle is packed of the nearest records alone, and applied as if it were closed.",
    catches: ["causal-delivery"],
    shownBy: 36,
    rules: () => ({ packsPasts: () => false, trustsBundles: () => true }),
  },
  {
    name: "bundle-ignored",
    says: "What a session brings with it is not taken.",
    catches: ["session-moves"],
    rules: () => ({ takesOfBundle: () => [] }),
  },
  {
    name: "bundle-half-taken",
    says: "Of what a session brings with it only the first half is taken.",
    catches: ["session-moves"],
    rules: () => ({ takesOfBundle: (records) => records.slice(0, Math.floor(records.length / 2)) }),
  },
];

/** Those of the control layer that whole runs show. */
const operatingPlants: readonly Plant[] = [
  ...controlPlants.flatMap((plant) => controlling(plant, "operating")),
  ...upgradePlants.flatMap((plant) => controlling(plant, "upgrading")),
  ...disklessPlants.flatMap((plant) => controlling(plant, "losing")),
  ...forgetfulPlants.flatMap((plant) => controlling(plant, "forgetting")),
];

function controlling({ name, says, catches, rules }: ControlPlant, world: Plant["world"]): readonly Plant[] {
  if (catches === undefined || world === undefined) return [];
  return [{ name, says, catches, rules: () => ({}), controlRules: rules, world }];
}

/** All that there are: of the replica, and of the control layer around it. */
export const everyPlant: readonly Plant[] = [...plantTable, ...operatingPlants, ...markPlants];

/** The plant of that name, or null. */
export function plantNamed(name: string): Plant | null {
  return everyPlant.find((plant) => plant.name === name) ?? null;
}
