/**
 * Makes a history that violates a model smaller, as long as it still violates it: what is left is what a stranger has to read.
 *
 * 1. The evidence says which operations matter; with the ways by which they are visible, and the writes that they read, they are
 *    mostly a violation by themselves. A million operations become a dozen in one step.
 * 2. Where they are not (a search found no order, and cannot say why), more is taken: their sessions, then all.
 * 3. Parts are left out, larger ones first (delta debugging: Zeller, Hildebrandt, IEEE TSE 2002, section 3): sessions, transactions,
 *    operations; in the end one after the other, until none can be left out.
 *
 * A write that a read returned stays as long as the read does; else the read would return what nobody wrote, which is another
 * violation. So leaving out a write leaves out its readers.
 *
 * Leaves out words and pictures.
 */
import { checkers } from "./checkers.ts";
import { cut } from "./cut.ts";
import { causalPath } from "./explain/causal-path.ts";
import { ABSENT, type History, INITIAL, operationKind } from "./history.ts";
import { Judgement, type Limits } from "./judgement.ts";
import type { ModelName } from "./models.ts";
import type { ReadsFrom } from "./reads-from.ts";
import type { Evidence } from "./verdict.ts";

/** Operations that may be judged over all attempts, unless told otherwise: some ten seconds. */
const OPERATIONS_JUDGED = 20_000_000;

/** How far to go. */
export interface ShrinkOptions {
  readonly limits?: Limits;
  /** Operations that may be judged over all attempts; what is left then may not be minimal. */
  readonly operationsJudged?: number;
}

/** A smaller history that violates the same model. */
export interface Shrunk {
  readonly history: History;
  /** By operation of the smaller history: its number in the one that was given. */
  readonly operations: readonly number[];
  /** What is wrong with the smaller history. */
  readonly evidence: Evidence;
  /** Whether no single operation can be left out (with the reads that return it) without losing the violation. */
  readonly isMinimal: boolean;
}

/** Shrinks a history; null where it does not violate the model. Pure; the same history gives the same answer. */
export function shrink(history: History, model: ModelName, options: ShrinkOptions = {}): Shrunk | null {
  const judge = new Judge(model, options.limits, options.operationsJudged ?? OPERATIONS_JUDGED);
  const whole = judge.evidence(history);
  if (whole === null) return null;
  const readsFrom = new Judgement(history).readsFrom;
  const base = smallStart(history, readsFrom, whole, judge);
  const smaller = new Shrinking(cut(history, base), judge);
  smaller.leaveOut(({ session }, operation) => session[operation]!);
  smaller.leaveOut(({ transaction }, operation) => transaction?.[operation] ?? operation);
  smaller.leaveOut((_, operation) => operation);
  const left = smaller.kept();
  const shrunk = cut(
    history,
    left.map((operation) => base[operation]!),
  );
  const evidence = smaller.evidence ?? judge.evidence(shrunk, true);
  return {
    history: shrunk,
    operations: left.map((operation) => base[operation]!),
    evidence: evidence!,
    isMinimal: !judge.isSpent,
  };
}

/** Asks one checker, and counts what that costs. */
class Judge {
  readonly #model: ModelName;
  readonly #limits: Limits | undefined;
  #left: number;

  constructor(model: ModelName, limits: Limits | undefined, operationsJudged: number) {
    this.#model = model;
    this.#limits = limits;
    this.#left = operationsJudged;
  }

  /** Whether no more may be judged. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** What is wrong with a history; null where nothing is, or nothing more may be asked. */
  evidence(history: History, always = false): Evidence | null {
    if (this.isSpent && !always) return null;
    this.#left -= history.operationCount;
    const verdict = checkers[this.#model]?.(new Judgement(history, this.#limits));
    return verdict?.kind === "violated" ? verdict.evidence : null;
  }
}

/** The smallest of a few sets of operations around the evidence that violates the model by itself; ascending. */
function smallStart(history: History, readsFrom: ReadsFrom, evidence: Evidence, judge: Judge): readonly number[] {
  const { operationCount, session } = history;
  const named = witnesses(history, readsFrom, evidence);
  const sessions = new Set(Array.from(named, (operation) => session[operation]!));
  const around = new Set(named);
  for (let at = 0; at < operationCount; at += 1) if (sessions.has(session[at]!)) around.add(at);
  for (const start of [named, wholeTransactions(history, named), around]) {
    const operations = Array.from(withWriters(history, readsFrom, start)).sort((one, other) => one - other);
    if (operations.length < operationCount && judge.evidence(cut(history, operations)) !== null) return operations;
  }
  return Array.from({ length: operationCount }, (_, at) => at);
}

/** The operations that an evidence names, and those by which one of them is visible to another. */
function witnesses(history: History, readsFrom: ReadsFrom, { operations, edges }: Evidence): ReadonlySet<number> {
  const named = new Set(operations);
  const visible = (from: number, to: number): void => {
    for (const step of causalPath(history, readsFrom, from, to, true) ?? []) named.add(step.from).add(step.to);
  };
  // Edges may rest on ways, whose edges are looked at like the others.
  const all = [...edges];
  for (let edge = all.pop(); edge !== undefined; edge = all.pop()) {
    const { from, to, why } = edge;
    named.add(from).add(to);
    if ("by" in why) named.add(why.by);
    if ("via" in why) all.push(...why.via);
    else if (why.kind === "hidden-by" && from !== ABSENT) visible(from, why.by);
    if (why.kind === "guarantee") for (const because of why.because) named.add(because);
  }
  named.delete(ABSENT);
  return named;
}

function wholeTransactions(
  { transaction, transactionStart }: History,
  operations: ReadonlySet<number>,
): ReadonlySet<number> {
  if (transaction === null || transactionStart === null) return operations;
  const whole = new Set<number>();
  for (const operation of operations) {
    const of = transaction[operation]!;
    for (let at = transactionStart[of]!; at < transactionStart[of + 1]!; at += 1) whole.add(at);
  }
  return whole;
}

/** The same with the writes that the reads among them returned. */
function withWriters(history: History, readsFrom: ReadsFrom, operations: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(operations);
  for (const operation of operations) for (const writer of writersOf(history, readsFrom, operation)) all.add(writer);
  return all;
}

/** The operations that wrote what a read returned, failed ones where no other did. */
function writersOf(
  { kind, listStart, listed }: History,
  { writerOf, abortedWriterOf }: ReadsFrom,
  operation: number,
): readonly number[] {
  if (kind[operation] !== operationKind.read) return [];
  const writers: number[] = [];
  for (let entry = listStart[operation]!; entry < listStart[operation + 1]!; entry += 1) {
    const version = listed[entry]!;
    if (version === INITIAL) continue;
    const writer = writerOf[version] === ABSENT ? abortedWriterOf[version]! : writerOf[version]!;
    if (writer !== ABSENT) writers.push(writer);
  }
  return writers;
}

/** Leaves parts out of one history for as long as it stays violated. */
class Shrinking {
  /** What is wrong with what is left; null until something has been left out. */
  evidence: Evidence | null = null;
  readonly #history: History;
  readonly #judge: Judge;
  readonly #writers: readonly (readonly number[])[];
  #isKept: Uint8Array;

  constructor(history: History, judge: Judge) {
    const { readsFrom } = new Judgement(history);
    this.#history = history;
    this.#judge = judge;
    this.#writers = Array.from({ length: history.operationCount }, (_, at) => writersOf(history, readsFrom, at));
    this.#isKept = new Uint8Array(history.operationCount).fill(1);
  }

  /** Operations that are left, ascending. */
  kept(): readonly number[] {
    return keptOf(this.#isKept);
  }

  /**
   * Tries to leave out groups of operations, many at a time first; in the end each by itself, until none can go.
   *
   * @param groupOf the group of an operation
   */
  leaveOut(groupOf: (history: History, operation: number) => number): void {
    let groups = this.#groups(groupOf);
    for (let size = groups.length >> 1; size >= 1;) {
      let isSmaller = false;
      for (let at = 0; at < groups.length && !this.#judge.isSpent;) {
        if (this.#without(groups.slice(at, at + size).flat())) {
          isSmaller = true;
          groups = [...groups.slice(0, at), ...groups.slice(at + size)]
            .map((group) => group.filter((operation) => this.#isKept[operation] === 1))
            .filter((group) => group.length > 0);
        } else at += size;
      }
      if (this.#judge.isSpent) return;
      if (size > 1) size >>= 1;
      else if (!isSmaller) return;
    }
  }

  #groups(groupOf: (history: History, operation: number) => number): (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const operation of this.kept()) {
      const group = groupOf(this.#history, operation);
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [operation]);
      else members.push(operation);
    }
    return [...groups.values()];
  }

  /** Leaves these out, and who read what they wrote, if the rest still violates the model. */
  #without(operations: readonly number[]): boolean {
    const isKept = this.#isKept.slice();
    for (const operation of operations) isKept[operation] = 0;
    this.#writers.forEach((writers, read) => {
      if (isKept[read] === 1 && writers.some((writer) => isKept[writer] === 0)) isKept[read] = 0;
    });
    const left = keptOf(isKept);
    if (left.length === 0) return false;
    const evidence = this.#judge.evidence(cut(this.#history, left));
    if (evidence === null) return false;
    this.#isKept = isKept;
    this.evidence = evidence;
    return true;
  }
}

function keptOf(isKept: Uint8Array): readonly number[] {
  const kept: number[] = [];
  isKept.forEach((is, operation) => {
    if (is === 1) kept.push(operation);
  });
  return kept;
}
