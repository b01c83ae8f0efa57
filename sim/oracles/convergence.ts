// After healing, every record that some living cloudlet holds is applied at every living cloudlet it reaches, and those
// that applied the same records of a key hold the same versions of it, within the budget. A delete that anybody has
// collected goes everywhere, too (lingering.ts), and one that nobody who counts has anything against goes (overdue-deletes.ts).
//
// A record is due where flows lead from somebody who has it. Who lost his own record, and nobody may send it back, is not
// due it: in a one-way scope what a crash takes from its origin does not return there. Whom such a loss keeps from a
// record may wait for ever for what comes after it, and whoever would hear of that from there only, too: that is counted,
// and excused; and with it what came there in one cut with such a thing (waiting-cuts.ts). Nobody else is: not who has the
// record, nor whom it never reaches.
//
// A version that may stand because a cloudlet has lost for good what shows that it is replaced (unproven.ts) is no difference.
//
// Under several plans a record is due where the plans that the cloudlets were told last lead it; by then all were told one.
//
// A counter of deliveries still due makes the question "converged yet?" cheap enough to ask often. A record that nobody
// has, because a crash took it before anybody else had it, is due to nobody. After a restart the counter may count what can
// not return, and the question is answered by looking. Where only a core is healed, what its members have is due among them over
// flows between them; the others are as if they were not there, and deletes, which wait for all, need not go. What stays missing is said in words: where,
// what it waits for, who has it. Where the run ends before anything was healed, nothing is judged.

import { isCollecting } from "../../model/replication/collecting-streams.ts";
import type { CloudletId, ScopeId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { dotName } from "../../model/replication/record.ts";
import { LingeringDeletes } from "./lingering.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { OverdueDeletes } from "./overdue-deletes.ts";
import { SetsOfKeys } from "./sets-of-keys.ts";
import { mixed } from "./tables.ts";
import { stuckName, stuckReturns } from "./stuck-returns.ts";
import type { Truth } from "./truth.ts";
import { waitingCuts, type WaitingCut } from "./waiting-cuts.ts";
import { atTime, cloudletText, keyText, recordNames, recordText } from "./words.ts";

/** Sentences that `pending` gives; more are counted in a last one. */
const SENTENCES_MAX = 20;

/** The oracle, and what it knows while the run still goes. */
export interface Convergence extends Oracle {
  /** Has everything arrived that is due? Cheap while all processes run. */
  converged(): boolean;
  /** What is missing where, and why: one sentence each. */
  pending(): string[];
  /** Deliveries missing at the end because they wait for records that crashes took from whoever could send them. */
  excusedCount(): number;
  /** Deliveries missing at the end because their writers were detached and have not returned. */
  heldCount(): number;
  /** The same, where they have returned without the disks that had these. */
  unvouchedCount(): number;
}

/** What cuts that wait for what will never come keep back, by cloudlet. */
type Withheld = readonly ReadonlySet<number>[];

/** Who has each waiting record, by its number. */
type Held = ReadonlyMap<number, readonly number[]>;

interface Scan {
  /** Deliveries looked at. */
  pairs: number;
  /** Those that are due and were not made. */
  readonly missing: (readonly [record: number, cloudlet: number])[];
  /** Not made, and excused. */
  excused: number;
  /** Not made, since it is held back for a member that is away. */
  held: number;
  /** Not made, since it is held back and its writer has lost it. */
  unvouched: number;
  /** By cloudlet what will never come there, as far as nothing before it is among it. */
  readonly lost: readonly number[][];
}

/** Judges the end of a run; where only some are healed, of them alone. */
export function convergence(truth: Truth, asked: ReadonlySet<CloudletId> | null = null): Convergence {
  const judge = new Judge();
  // Deliveries due, over all records but those in `given`.
  let due = 0;
  // Records that nobody has any more.
  const given = new Set<number>();
  // Records whose last copy a restart took, while that restart is being told.
  let orphans: number[] = [];
  // Deliveries that a restart undid and that were not made again since.
  let taken = 0;
  let excused = 0;
  let heldBack = 0;
  let unvouchedFor = 0;
  let isHealed = false;
  // Where whose return never comes.
  let stuck: ReadonlySet<string> = new Set();
  const lingering = new LingeringDeletes(truth);
  const overdue = new OverdueDeletes(truth);
  const setsOfKeys = new SetsOfKeys(truth);
  // Deliveries of records that were given up, all of them made.
  let madePairs = 0;

  const sizeOf = (record: number): number => truth.reach.membersOf(truth.setOf.data[record] as number).length;

  const giveUp = (record: number): void => {
    if (given.has(record)) return;
    given.add(record);
    due -= sizeOf(record) - (truth.appliedCount.data[record] as number);
  };

  const isAsked = (cloudlet: number): boolean => asked === null || asked.has(cloudlet as CloudletId);

  const isUp = (cloudlet: number): boolean => truth.cores[cloudlet] !== null && isAsked(cloudlet);

  const waiting = (): Held => {
    const found = new Map<number, number[]>();
    for (const [cloudlet, replica] of truth.cores.entries()) {
      if (replica === null || !isAsked(cloudlet)) continue;
      for (const { record } of replica.pending()) {
        const number = truth.numberOf(record.dot);
        const holders = found.get(number);
        if (holders === undefined) found.set(number, [cloudlet]);
        else holders.push(cloudlet);
      }
    }
    return found;
  };

  const isLackedByAny = (record: number, members: Int32Array): boolean => {
    for (let index = 0; index < members.length; index += 1) {
      const member = members[index] as number;
      if (isUp(member) && !truth.isApplied(member, record)) return true;
    }
    return false;
  };

  // Records are numbered in an order that respects the past, so one pass tells what can still come where: a record moves
  // on from whoever has applied it, to whoever lacks nothing of its past for ever. Where only whether anything is missing is
  // asked, the first that is ends it.
  const pass = (withheld: Withheld, isOneEnough = false): Scan => {
    const lost = truth.cores.map((): number[] => []);
    const found: Scan = { pairs: madePairs, missing: [], excused: 0, held: 0, unvouched: 0, lost };
    let held: Held | null = null;
    for (let record = 0; record < truth.recordCount; record += 1) {
      const members = truth.reach.membersOf(truth.setOf.data[record] as number);
      found.pairs += members.length;
      if (!truth.reach.isFamily && truth.appliedCount.data[record] === members.length) continue;
      if (!isLackedByAny(record, members)) continue;
      held ??= waiting();
      lookAt(record, members, withheld, held, found);
      if (isOneEnough && found.missing.length > 0) break;
    }
    return found;
  };

  // What becomes of a record that somebody lacks. Apart from the pass: most records are nowhere lacking.
  const lookAt = (record: number, members: Int32Array, withheld: Withheld, waiting: Held, found: Scan): void => {
    const { lost, missing } = found;
    const lacking: number[] = [];
    const holders: number[] = [];
    for (const member of members) if (isUp(member)) (truth.isApplied(member, record) ? holders : lacking).push(member);
    const followsLost = (cloudlet: number): boolean =>
      (lost[cloudlet] as readonly number[]).some((earlier) => truth.isAtOrBefore(earlier, record));
    // Lost with a disk, and not only held back.
    const followsTaken = (cloudlet: number): boolean =>
      (lost[cloudlet] as readonly number[]).some(
        (earlier) => !isOfAbsent(earlier, cloudlet) && truth.isAtOrBefore(earlier, record),
      );
    const waitsForLost = (cloudlet: number): boolean =>
      withheld[cloudlet]?.has(record) === true || followsLost(cloudlet);
    const scope = truth.topology.streams[truth.streamOf.data[record] as number]?.scope as ScopeId;
    const isLed = (member: number): boolean => truth.reaches(record, member);
    const waiters = waiting.get(record) ?? [];
    // Who waits applies it one day, unless what it waits for is lost; until then it sends nothing on.
    const comes = truth.reach.reachedFrom(
      scope,
      [...holders, ...waiters.filter((waiter) => !waitsForLost(waiter))],
      (member) => isUp(member) && isLed(member) && !waitsForLost(member),
    );
    for (const member of lacking) if (comes.has(member)) missing.push([record, member]);
    const without = lacking.filter((member) => !comes.has(member));
    if (without.length === 0) return;
    const reached = truth.reach.reachedFrom(scope, [...holders, ...waiters], (member) => isUp(member) && isLed(member));
    for (const member of without) {
      if (reached.has(member)) {
        if (!isOfAbsent(record, member) || followsTaken(member)) found.excused += 1;
        else if (isUnvouched(record)) found.unvouched += 1;
        else found.held += 1;
      }
      // A record of its own that no flow brings back is no longer waited for.
      if (!truth.isGone(member, record) && !followsLost(member)) (lost[member] as number[]).push(record);
    }
  };

  const isUnvouched = (record: number): boolean =>
    !truth.isReceived(truth.originOf.data[record] as number, record) &&
    truth.absences.isUnvouched((truth.records[record] as CausalRecord).dot);

  const isAwayAt = (cloudlet: number, member: number, stream: number): boolean =>
    truth.absences.isAway(member, stream) || stuck.has(stuckName(cloudlet, member));

  const isOfAbsent = (record: number, cloudlet: number): boolean =>
    isAwayAt(cloudlet, truth.originOf.data[record] as number, truth.streamOf.data[record] as number) ||
    isUnvouched(record);

  // By cloudlet what is held back there until its writer returns, as the core says and the truth knows.
  const heldForAbsent = (): readonly ReadonlySet<number>[] => {
    if (truth.absences.isIdle) return [];
    return truth.cores.map((core, cloudlet) => {
      const held = (core?.pending() ?? []).filter(({ awaits }) => awaits !== undefined);
      const numbers = held.map(({ record }) => truth.numberOf(record.dot));
      return new Set(numbers.filter((record) => record >= 0 && isOfAbsent(record, cloudlet)));
    });
  };

  // What a cut or a return keeps back may be what another one waits for: again, until nothing more is kept back.
  const scan = (): Scan => {
    stuck = new Set();
    let withheld: readonly ReadonlySet<number>[] = heldForAbsent();
    let cuts: readonly WaitingCut[] | null = null;
    for (;;) {
      const found = pass(withheld);
      if (found.missing.length === 0) return found;
      cuts ??= waitingCuts(truth);
      const kept: Set<number>[] = truth.cores.map((_, cloudlet) => new Set(withheld[cloudlet]));
      const isLost = (cloudlet: number, record: number): boolean =>
        kept[cloudlet]?.has(record) === true ||
        (found.lost[cloudlet] ?? []).some((earlier) => truth.isAtOrBefore(earlier, record));
      const more = new Set([...stuck, ...stuckReturns(truth, { isUp, isLost, isAway: isAwayAt })]);
      let isMore = more.size > stuck.size;
      stuck = more;
      for (const [cloudlet, held] of heldForAbsent().entries())
        for (const record of held) (kept[cloudlet] as Set<number>).add(record);
      for (const { cloudlet, covered, missing } of cuts) {
        if (!missing.some((record) => isLost(cloudlet, record))) continue;
        const here = kept[cloudlet] as Set<number>;
        const before = here.size;
        for (const record of covered) here.add(record);
        if (here.size > before) isMore = true;
      }
      if (!isMore) return found;
      withheld = kept;
    }
  };

  // Where nothing can be kept back, one pass says all.
  const isAnyMissing = (): boolean => {
    const isPlain =
      truth.absences.isIdle && truth.cores.every((core) => core === null || core.waitingCuts().length === 0);
    return (isPlain ? pass([], true) : scan()).missing.length > 0;
  };

  const missingText = (record: number, cloudlet: number): string => {
    const what = recordText(truth, record);
    const where = cloudletText(truth, cloudlet);
    const waits = truth.cores[cloudlet]?.pending().find((one) => truth.numberOf(one.record.dot) === record);
    if (waits !== undefined) {
      const missing = waits.missing.map((dot) => {
        const number = truth.numberOf(dot);
        const lack = number >= 0 && !truth.isReceived(cloudlet, number) ? "has not arrived" : "is not applied";
        return `${number >= 0 ? recordText(truth, number) : dotName(dot)}, which ${lack} there`;
      });
      return `${what} waits at ${where} for ${missing.join(" and ") || "nothing it can name"}`;
    }
    if (truth.isReceived(cloudlet, record))
      return `${what} arrived at ${where} and is neither applied nor waiting there`;
    const holders = Array.from(truth.reach.membersOf(truth.setOf.data[record] as number)).filter(
      (member) => truth.cores[member] !== null && truth.isApplied(member, record),
    );
    const names = holders.slice(0, 3).map((holder) => cloudletText(truth, holder));
    const more = holders.length > 3 ? ` and ${holders.length - 3} more` : "";
    return `${what} has not arrived at ${where}; it is at ${names.join(", ") || "nobody, except waiting"}${more}`;
  };

  const judgeStates = (): void => {
    // The records of each key, in lists without objects: most keys have one or two.
    const lastOf = new Int32Array(truth.keyNames.length).fill(-1);
    const before = new Int32Array(truth.recordCount);
    for (let record = 0; record < truth.recordCount; record += 1) {
      const key = truth.keyOf.data[record] as number;
      before[record] = lastOf[key] as number;
      lastOf[key] = record;
    }
    for (let key = 0; key < lastOf.length; key += 1) judgeKey(key, lastOf[key] as number, before);
  };

  // A delete that somebody has collected is judged by itself, also where it cannot be read.
  const remaining = (versions: readonly CausalRecord[]): readonly CausalRecord[] =>
    !truth.collected.isIdle &&
    versions.some(({ dot, kind }) => kind !== "put" && truth.collected.isAnywhere(truth.numberOf(dot)))
      ? versions.filter(({ dot }) => !truth.collected.isAnywhere(truth.numberOf(dot)))
      : versions;

  const isSame = (one: readonly number[], two: readonly number[]): boolean =>
    one.length === two.length && one.every((record) => two.includes(record));

  // Those of the versions that must stand.
  const surely = (cloudlet: number, key: number, versions: readonly number[]): readonly number[] => {
    const code = truth.shadow.codeOf(cloudlet, key);
    if (code >= -1) return versions;
    const { excused: free } = truth.shadow.siblingsOf(code);
    return versions.filter((record) => !free.includes(record));
  };

  const membersOfAny = (sets: readonly number[]): ArrayLike<number> => {
    if (sets.length === 1) return truth.reach.membersOf(sets[0] as number);
    const cloudlets = new Set<number>();
    for (const set of sets) for (const member of truth.reach.membersOf(set)) cloudlets.add(member);
    return [...cloudlets];
  };

  // `last` is the last record of the key, and the others are before it.
  const judgeKey = (key: number, last: number, before: Int32Array): void => {
    const sets = setsOfKeys.of(key);
    if (sets.length === 0) return;
    let isUniform = !truth.reach.isFamily && sets.length === 1;
    for (let record = last; record >= 0 && isUniform; record = before[record] as number) {
      isUniform = truth.appliedCount.data[record] === sizeOf(record);
    }
    // The first cloudlet of each group that applied the same records of the key, and its versions.
    const first = new Map<number, { readonly other: number; readonly there: readonly CausalRecord[] }>();
    const name = truth.keyNames[key] as string;
    const members = membersOfAny(sets);
    for (let index = 0; index < members.length; index += 1) {
      const cloudlet = members[index] as number;
      const core = truth.cores[cloudlet] ?? null;
      if (core === null) continue;
      let group = 0;
      if (!isUniform) {
        for (const set of setsOfKeys.ofGivenUp(key)) {
          if (truth.reach.holds(set, cloudlet)) group = mixed(group ^ mixed(~set));
        }
        for (let record = last; record >= 0; record = before[record] as number) {
          if (truth.isApplied(cloudlet, record)) group = mixed(group ^ mixed(record + 1));
        }
      }
      const here = remaining(core.versions(name));
      const found = first.get(group);
      if (found === undefined) first.set(group, { other: cloudlet, there: here });
      else judgePair(key, cloudlet, here, found.other, found.there);
    }
  };

  const judgePair = (
    key: number,
    cloudlet: number,
    here: readonly CausalRecord[],
    other: number,
    there: readonly CausalRecord[],
  ): void => {
    judge.checks += 1;
    if (here.length === 1 && there.length === 1 && here[0] === there[0]) return;
    if (here.length === there.length && here.every((version, at) => version === there[at])) return;
    const mine = here.map((version) => truth.numberOf(version.dot));
    const theirs = there.map((version) => truth.numberOf(version.dot));
    if (isSame(mine, theirs)) return;
    if (truth.forgetting.unproven.isOf(key) && isSame(surely(cloudlet, key, mine), surely(other, key, theirs))) return;
    judge.violate(() => {
      const both = `${cloudletText(truth, other)} and ${cloudletText(truth, cloudlet)}`;
      const states = `${recordNames(truth, theirs)} against ${recordNames(truth, mine)}`;
      return `${both} applied the same records of ${keyText(truth, key)} and hold different versions: ${states}`;
    });
  };

  return {
    name: "convergence",
    written(_at, record) {
      overdue.written(record);
      due += sizeOf(record);
      setsOfKeys.written(record);
    },
    applied(at, _cloudlet, record, _from, isAgain, isReached) {
      overdue.applied(at, record);
      if (given.size > 0 && given.delete(record)) due += sizeOf(record) - (truth.appliedCount.data[record] as number);
      if (isReached) due -= 1;
      if (isAgain) taken -= 1;
    },
    unapplied(cloudlet, record) {
      if (truth.reaches(record, cloudlet)) due += 1;
      taken += 1;
      if (truth.appliedCount.data[record] === 0) orphans.push(record);
    },
    restarted(at, cloudlet) {
      overdue.disturbed(at, cloudlet, cloudlet);
      for (let record = 0; record < truth.recordCount; record += 1) {
        const isOwn = truth.originOf.data[record] === (cloudlet as number);
        if (isOwn && truth.appliedCount.data[record] === 0) orphans.push(record);
      }
      for (const record of orphans) if (!truth.isReceived(cloudlet, record)) giveUp(record);
      orphans = [];
    },
    keeps(keep) {
      for (const record of given) keep(record);
    },
    givenUp(record) {
      madePairs += sizeOf(record);
      setsOfKeys.givenUp(record);
    },
    renumbered(to) {
      const kept = [...given].map((record) => to.of(record));
      given.clear();
      for (const record of kept) given.add(record);
      lingering.renumber(to);
    },
    collected(_at, _cloudlet, record) {
      lingering.add(record);
    },
    diskFailed(_at, _cloudlet, failure) {
      if (failure.kind !== "torn") lingering.lost(failure.lost);
    },
    linkChanged(at, from, to, isUp) {
      overdue.linkChanged(at, from, to, isUp);
    },
    dropped(at, from, to) {
      overdue.disturbed(at, from, to);
    },
    machineChanged(at, cloudlet) {
      overdue.disturbed(at, cloudlet, cloudlet);
    },
    troubled(at, from, to) {
      overdue.disturbed(at, from, to);
    },
    healed(at) {
      isHealed = true;
      for (const sentence of overdue.list(at)) judge.violate(() => `${atTime(at)}: ${sentence}`);
    },
    finished(at) {
      if (!isHealed) return;
      const { pairs, missing, excused: waitForGone, held, unvouched } = scan();
      judge.checks += pairs;
      excused = waitForGone;
      heldBack = held;
      unvouchedFor = unvouched;
      for (const [record, cloudlet] of missing) {
        judge.violate(() => `${atTime(at)}: ${missingText(record, cloudlet)}`);
      }
      judgeStates();
      if (asked !== null || lingering.size === 0) return;
      judge.checks += lingering.size;
      for (const one of lingering.list()) judge.violate(() => `${atTime(at)}: ${lingering.text(one)}`);
    },
    converged() {
      truth.settle();
      const isEachUp = truth.cores.every((core) => core !== null);
      // Whom a record is due changes with the plans.
      // Who is away and up may return yet.
      const { absences } = truth;
      if (absences.isAnybodyAway() && isAbsentUp(truth)) return false;
      const isCounted =
        asked === null && isEachUp && taken === 0 && given.size === 0 && !truth.reach.isFamily && absences.isIdle;
      const isEach = isCounted ? due === 0 : !isAnyMissing();
      return isEach && (asked !== null || lingering.size === 0 || lingering.list().length === 0);
    },
    pending() {
      const { missing } = scan();
      const sentences = missing.slice(0, SENTENCES_MAX).map(([record, cloudlet]) => missingText(record, cloudlet));
      if (missing.length > SENTENCES_MAX) {
        sentences.push(`${missing.length - SENTENCES_MAX} more deliveries are missing`);
      }
      const deletes = asked !== null ? [] : lingering.list().slice(0, SENTENCES_MAX);
      sentences.push(...deletes.map((one) => lingering.text(one)));
      return sentences;
    },
    excusedCount: () => excused,
    heldCount: () => heldBack,
    unvouchedCount: () => unvouchedFor,
    verdict: () => (isHealed ? judge.verdict() : { verdict: "not-judged", checks: 0, violations: 0, evidence: [] }),
  };
}

// Is somebody away from a stream whose process runs?
function isAbsentUp(truth: Truth): boolean {
  const { streams } = truth.topology;
  return streams.some(
    ({ id, origins }) =>
      isCollecting(truth.topology, id) &&
      origins.some((member) => truth.cores[member] !== null && truth.absences.isAway(member, id)),
  );
}
