// The core's decisions as functions, each with one right answer. A replica is made with these; a planted bug replaces one
// of them, so that every oracle can be shown to catch what it is for (sim/plants). Nothing else may pass other rules.

import type { Duration } from "../units.ts";
import type { ResolverName } from "../topology/resolvers.ts";
import type { Context } from "./context.ts";
import type { LocalTime } from "./io.ts";
import type { ReachClasses } from "./reach.ts";
import type { CausalRecord, Stamp } from "./record.ts";
import { chosen } from "./resolver.ts";
import type { LayerOf } from "./resolver.ts";

/** What a replica decides, and how. One set of rules belongs to one replica and may keep state. */
export interface Rules {
  /**
   * Must a record wait here for this dot of its past? `listed` says where the dot stands in the record, `reachesHere`
   * whether the dot's stream brings it to this cloudlet. Right: wait for what reaches here, wherever it is listed.
   */
  awaits(listed: "deps" | "prev" | "covers", reachesHere: boolean): boolean;
  /** Does a session that was given this version remember it? Right: always. */
  remembersReads(): boolean;
  /** Where a cloudlet's operations are ordered: do those of one session follow those of the others? Right: always. */
  followsOthers(): boolean;
  /** Do the dependencies of a write take in the versions it replaces, with their dependencies? Right: always. */
  inheritsFromReplaced(): boolean;
  /** What becomes of a session's context after its write. Right: the write stands for what it reaches, the rest stays. */
  afterWrite(context: Context, record: CausalRecord, classes: ReachClasses): void;
  /** Which live versions a write replaces, given those that it should. Right: exactly those. */
  replaces(versions: readonly CausalRecord[]): readonly CausalRecord[];
  /** Does a write replace deletes that its session has never read, when nothing else stands there? Right: always. */
  replacesTombstones(): boolean;
  /** Which versions the store keeps after an apply, given all maximal ones: null for all. Right: all. */
  readonly keeps: ((versions: readonly CausalRecord[], layerOf: LayerOf) => readonly CausalRecord[]) | null;
  /** The stamp of a write, given the right one. Right: that one, whatever the clock says. */
  stamps(right: Stamp, now: LocalTime, clockBound: Duration): Stamp;
  /** What a read of the key returns. Right: the resolver over all live versions. */
  chooses(
    resolver: ResolverName,
    live: readonly CausalRecord[],
    key: string,
    layerOf: LayerOf,
  ): readonly CausalRecord[];
  /** Is a delta merged again when it comes again? Right: never. */
  readonly mergesRepeats: boolean;
  /** Does a removal from a set take inserts that its cloudlet had not got? Right: never. */
  readonly removesUnseen: boolean;
  /** Is a record sent to this peer? `carried`: a flow brings its scope there; `local`: it was written here. */
  forwards(carried: boolean, local: boolean): boolean;
  /** Is a record taken in? `brought`: under the present plan its peer brings its scope, and it reaches here. Right: then. */
  accepts(brought: boolean): boolean;
  /** Do streams that newly reach a cloudlet wait for what is applied there to be covered before they are open? Right: yes. */
  awaitsOpening(): boolean;
  /** When another plan changes what flows to a neighbour, does its sender begin at the beginning? Right: yes. */
  forgetsPositions(): boolean;
  /** When a durable write is answered. Right: once stored. */
  repliesWhen(): "requested" | "stored" | "acknowledged";
  /** When a received batch is acknowledged. Right: once stored. */
  acknowledgesWhen(): "received" | "stored";
  /** Is a batch sent again when no acknowledgement came? Right: always. */
  resends(): boolean;
  /** Where nobody answers: is what was never acknowledged repeated after its first round? Right: for ever. */
  repeatsForEver(): boolean;
  /** Is a record that the disk returned taken in, when its stream does or does not reach this cloudlet? Right: when it does. */
  keepsFromDisk(reachesHere: boolean): boolean;
  /** Is it noticed that another process writes under this one's name? Right: always. */
  heedsCollisions(): boolean;
  /**
   * Does a session that comes from elsewhere keep a dot of the context that it brings? `reachesHere` says whether the dot's
   * stream brings it to this cloudlet. Right: always; Eiger's keeps none.
   */
  keepsCarried(reachesHere: boolean): boolean;
  /** What of a bundle that is let in is taken. Right: all of it. */
  takesOfBundle(records: readonly CausalRecord[]): readonly CausalRecord[];
  /** Is a bundle packed down to what the destination has, or of the nearest records alone? Right: down to what it has. */
  packsPasts(): boolean;
  /** Is what a bundle brings applied without asking whether its past is here? Right: never. */
  trustsBundles(): boolean;
  /** Does a write of a session that is behind wait for what that is behind of? Right: always. */
  holdsWritesBehind(): boolean;
  /** Is an answer that was given behind marked so? Right: always. */
  saysBehind(): boolean;
  /** Does a greeting's word on what the peer has decide where sending starts? Right: yes; a bug trusts old positions. */
  heedsGreeting(): boolean;
  /** Does a cut wait for what it depends on outside itself? Right: always. */
  cutAwaits(): boolean;
  /** Does a version stay that a joined cut has not seen? Right: always. */
  keepsUnseen(): boolean;
  /** May a version that the log no longer retains be dropped from the store? `live`: nothing replaces it. Right: if not. */
  drops(live: boolean): boolean;
  /** Does a sender send what is applied while its snapshot is on the way? Right: always. */
  followsSnapshot(): boolean;
  /** Does this member count when deletes are collected? Right: every member does, silent ones too. */
  asks(isNear: boolean, hasSpoken: () => boolean): boolean;
  /** Does a delete stay while a value stands beside it? Right: yes. */
  heedsSiblings(): boolean;
  /** Are deletes dropped without the word of who is detached? Right: yes; a bug waits for ever. */
  excusesDetached(): boolean;
  /** Is what comes of a detached member held back until it returns? Right: always. */
  holdsBack(): boolean;
  /** Does who returns write deletes anew that its writes have missed? Right: always. */
  writesAnew(): boolean;
  /** Does whoever lets something go ahead of its writer's return write the delete anew that it has missed? Right: always. */
  meetsAhead(): boolean;
  /**
   * A cut holds another version of the key of a write that stands in place of what is gone. Does the write meet anything, so that who
   * returns need write no delete anew? `stands`: that version, or another one, stands here beside the write. Right: then.
   */
  meets(stands: boolean): boolean;
  /** Does who returns wait for the word of those who have detached it? Right: always. */
  awaitsWord(): boolean;
  /**
   * May a delete written anew go that needs what is held back of its writer, and take that along? `isLast`: those written with it
   * that need nothing of the kind have gone before. Right: then.
   */
  leads(isLast: boolean): boolean;
  /** Does who returns wait until it can read what stands beside its own writes, which may be a delete? Right: always. */
  awaitsReading(): boolean;
  /**
   * Does what a return vouches for go together with a cut, where the deletes before it wait for that cut and the cut for it? Right:
   * yes; a bug waits for ever.
   */
  joinsVouched(): boolean;
  /** Does a cut wait for the deletes that go before what it covers of somebody who has returned, until these can be seen? Right: always. */
  awaitsAnew(): boolean;
  /** Does a cut hold what is known of deletes that have not gone yet? Right: always. */
  tellsOfDeletes(): boolean;
  /** How long a put lasts that is to last so long. Right: so long. */
  lasts(ttl: Duration): Duration;
  /** What the end of a put replaces, of the versions that stand. Right: that put, if it is among them. */
  ends(put: CausalRecord, standing: readonly CausalRecord[]): readonly CausalRecord[];
  /** The stamp of the end of a put, given the right one. Right: that one. */
  endStamp(right: Stamp, ofNow: () => Stamp): Stamp;
  /** Does a process know of puts that former lives wrote and that are not to last? Right: always. */
  remembersLimits(): boolean;
  /** When a delete goes. Right: once all members are known to be ready; a bug stops at their first summaries. */
  collectsAfter(): "summaries" | "ready";
}

/** The right answers. */
export const rightRules: Rules = {
  awaits: (_listed, reachesHere) => reachesHere,
  remembersReads: () => true,
  followsOthers: () => true,
  inheritsFromReplaced: () => true,
  afterWrite: (context, record, classes) => {
    context.replaceBy(record, classes);
  },
  replaces: (versions) => versions,
  replacesTombstones: () => true,
  keeps: null,
  stamps: (right) => right,
  chooses: (resolver, live, _key, layerOf) => chosen(resolver, live, layerOf),
  mergesRepeats: false,
  removesUnseen: false,
  forwards: (carried) => carried,
  accepts: (brought) => brought,
  awaitsOpening: () => true,
  forgetsPositions: () => true,
  repliesWhen: () => "stored",
  acknowledgesWhen: () => "stored",
  resends: () => true,
  repeatsForEver: () => true,
  keepsFromDisk: (reachesHere) => reachesHere,
  heedsCollisions: () => true,
  heedsGreeting: () => true,
  cutAwaits: () => true,
  keepsUnseen: () => true,
  drops: (live) => !live,
  followsSnapshot: () => true,
  keepsCarried: () => true,
  takesOfBundle: (records) => records,
  packsPasts: () => true,
  trustsBundles: () => false,
  holdsWritesBehind: () => true,
  saysBehind: () => true,
  asks: () => true,
  heedsSiblings: () => true,
  excusesDetached: () => true,
  holdsBack: () => true,
  writesAnew: () => true,
  meetsAhead: () => true,
  meets: (stands) => stands,
  awaitsWord: () => true,
  leads: (isLast) => isLast,
  awaitsReading: () => true,
  joinsVouched: () => true,
  awaitsAnew: () => true,
  tellsOfDeletes: () => true,
  lasts: (ttl) => ttl,
  ends: (put, standing) => (standing.includes(put) ? [put] : []),
  endStamp: (right) => right,
  remembersLimits: () => true,
  collectsAfter: () => "ready",
};
