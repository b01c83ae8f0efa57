/**
 * Whole numbers for keys, values and sessions, for formats that know nothing else.
 *
 * Numbers that the history has are kept when all of a kind have them; otherwise all of that kind are numbered, and the notes say so.
 */
import { ABSENT, type History, INITIAL, operationKind, outcome } from "../history.ts";
import { literalOf, plain } from "../literals.ts";
import { readsFrom } from "../reads-from.ts";

/** What stands for what. */
export interface Numbering {
  key(key: number): number | string;
  /** Of a version that is not the initial one. */
  value(version: number): number | string;
  session(session: number): number | string;
}

/** What a format asks of values. */
export interface NumberingOptions {
  /** Whether 0 is taken: it stands for the initial value. */
  readonly zeroIsInitial: boolean;
  /** Whether no two versions may have one value, even of two keys. */
  readonly uniqueOverKeys: boolean;
}

/** Finds numbers for all; adds to the notes what had none. */
export function numberingOf(history: History, options: NumberingOptions, notes: string[]): Numbering {
  const key = keptOrNumbered(history.keyCount, (at) => history.keys.raw(at), "keys", notes);
  const session = sessionNumbering(history, notes);
  const raw = (version: number): number | string | null => {
    if (version === INITIAL) return 1;
    const value = history.versionNames === null ? history.values.raw(version) : null;
    return options.zeroIsInitial && Number(value) === 0 ? null : value;
  };
  const mayRepeat = options.uniqueOverKeys && repeats(history.versionCount, raw);
  return { key, session, value: keptOrNumbered(history.versionCount, mayRepeat ? () => null : raw, "values", notes) };
}

/** Whether two versions have one value. */
function repeats(count: number, raw: (at: number) => number | string | null): boolean {
  const seen = new Set<number | string | null>();
  for (let version = 1; version < count; version += 1) {
    const value = raw(version);
    if (seen.has(value)) return true;
    seen.add(value);
  }
  return false;
}

/** Numbers of sessions alone. */
export function sessionNumbering(history: History, notes: string[]): (session: number) => number | string {
  return keptOrNumbered(history.sessionCount, (at) => history.sessions.raw(at), "sessions", notes);
}

function keptOrNumbered(
  count: number,
  raw: (at: number) => number | string | null,
  what: string,
  notes: string[],
): (at: number) => number | string {
  for (let at = 0; at < count; at += 1) {
    const name = raw(at);
    if (isCount(name)) continue;
    notes.push(`${what} are numbered: the format needs whole numbers, each with one meaning`);
    return (number) => number;
  }
  return (at) => plain(raw(at)!);
}

/** Whether this is a whole number that is not negative, of any size. */
function isCount(name: number | string | null): boolean {
  return typeof name === "number" ? Number.isSafeInteger(name) && name >= 0 : /^[1-9]\d*$/.test(literalOf(name) ?? "");
}

/**
 * Which operations are written where nothing can be of unknown outcome: a write that somebody read happened, another one is left
 * out; reads that did not succeed say nothing.
 */
export function decidedOperations(history: History, notes: string[]): Uint8Array {
  const { counts, provenUnknownCount } = readsFrom(history);
  const isWritten = new Uint8Array(history.operationCount);
  let leftOut = 0;
  for (let operation = 0; operation < history.operationCount; operation += 1) {
    const isFailedWrite =
      history.outcome[operation] === outcome.failed && history.kind[operation] !== operationKind.read;
    // Of a transaction of unknown outcome that happened, it need not be known what it read.
    const isMute =
      history.kind[operation] === operationKind.read &&
      history.listStart[operation] === history.listStart[operation + 1];
    isWritten[operation] = (counts[operation] === 1 && !isMute) || isFailedWrite ? 1 : 0;
    if (history.outcome[operation] === outcome.unknown && counts[operation] === 0) leftOut += 1;
  }
  if (provenUnknownCount > 0)
    notes.push(`writes of unknown outcome that were read are written as done: ${provenUnknownCount}`);
  if (leftOut > 0) notes.push(`operations of unknown outcome that nobody read are left out: ${leftOut}`);
  return isWritten;
}

/** Notes what a format without times, replicas and the like loses. */
export function noteLosses(history: History, losesTimes: boolean, notes: string[]): void {
  const lost = [
    ...(losesTimes && history.start !== null ? ["times"] : []),
    ...(history.replica !== null ? ["replicas"] : []),
    ...(history.hasReplaced ? ["what writes replace"] : []),
    ...(history.seen !== null ? ["what replicas had seen"] : []),
    ...(history.isUnnamed !== null && history.isDelete !== null ? ["that reads of nothing may be of a delete"] : []),
    ...(history.final !== null ? ["which reads are final"] : []),
    ...(history.isDelete?.some((bit) => bit === 1) === true ? ["that deletes are no writes"] : []),
  ];
  if (lost.length > 0) notes.push(`the format cannot say, and the file does not: ${lost.join(", ")}`);
}

/** The first operation on a key of this kind; ABSENT when there is none. */
export function firstOfKind(history: History, kind: number): number {
  for (let operation = 0; operation < history.operationCount; operation += 1)
    if (history.keyKind[history.key[operation]!] === kind) return operation;
  return ABSENT;
}
