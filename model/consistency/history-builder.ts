/**
 * Builds a history from operations in the order in which a file tells them: rows are added at the end, operations of one session in
 * session order, sessions mixed as they like; `build` sorts by session.
 *
 * A row is begun by `add`; what else is known of it follows at once (`list`, `times`, `at`, ...). Rows of one transaction are added
 * between `beginTransaction` and the next one. Where the history writes its own beginning, the rows that do so are found at the end
 * (beginnings.ts) and are no operations.
 *
 * Leaves out reading (formats/), and judging: a value written twice, or read and never written, is kept as it was told.
 */
import { assert } from "../assert.ts";
import { Beginnings } from "./beginnings.ts";
import { DoubleColumn, UintColumn } from "./columns.ts";
import { duplicatesOf } from "./duplicates.ts";
import { Interned } from "./interned.ts";
import { jsonValue, literal, NOTHING, plain, textValue } from "./literals.ts";
import {
  ABSENT,
  type History,
  INITIAL,
  type InitialValues,
  keyKind,
  type Names,
  operationKind,
  outcome,
  type TimeUnit,
  type Values,
} from "./history.ts";
import { type Value, VersionTable } from "./version-table.ts";

const NO_TRANSACTION = 0xffff_ffff;

/** How to read what a file leaves open. */
export interface BuilderOptions {
  readonly initialValues: InitialValues;
  /** The value that means "as in the beginning" (0 in the text formats), beside `null`; absent where only `null` does. */
  readonly zero?: number | string;
  /** Unit of the times; "ns" when absent. */
  readonly timeUnit?: TimeUnit;
}

/** Collects operations; see the file's header for the order of calls. */
export class HistoryBuilder {
  readonly #options: BuilderOptions;
  readonly #versions: VersionTable;
  readonly #keys = new Interned();
  readonly #sessions = new Interned();
  readonly #replicas = new Interned();
  readonly #seenTexts = new Interned();
  readonly #keyKinds = new UintColumn();

  readonly #session = new UintColumn();
  readonly #kind = new UintColumn();
  readonly #outcome = new UintColumn();
  readonly #key = new UintColumn();
  readonly #version = new UintColumn();
  readonly #line = new UintColumn();
  readonly #listStart = new UintColumn();
  readonly #listed = new UintColumn();
  readonly #transaction = new UintColumn();
  /** Columns that few formats have: empty until the first row that has one. */
  readonly #start = new DoubleColumn();
  readonly #end = new DoubleColumn();
  readonly #replica = new UintColumn();
  readonly #seen = new UintColumn();
  readonly #final = new UintColumn();
  readonly #isDelete = new UintColumn();
  readonly #isUnnamed = new UintColumn();
  #timeUnit: TimeUnit;
  /** A zero that is given as a text also names what a file writes so without quotes. */
  readonly #literalZero: string | null;
  /** By version: its value, where versions have names of their own. */
  readonly #namedValues: (Value | undefined)[] = [];
  readonly #beginnings = new Beginnings();
  #hasNames = false;
  #transactions = 0;
  #namesTransactions = false;
  #current = NO_TRANSACTION;
  #hasReplaced = false;
  #readsInPart = false;

  constructor(options: BuilderOptions) {
    this.#options = options;
    this.#timeUnit = options.timeUnit ?? "ns";
    this.#literalZero = typeof options.zero === "string" ? literal(options.zero) : null;
    this.#versions = new VersionTable(options.zero === undefined ? "nothing" : String(plain(options.zero)));
  }

  /** Rows added so far. */
  get rowCount(): number {
    return this.#session.length;
  }

  /** The number of a session by the name that the file gives it. */
  session(name: string | number): number {
    return this.#sessions.numberOf(name);
  }

  /** The number of a key; a key is a register unless `kind` says otherwise, and what was said first stands. */
  key(name: string | number, kind: number = keyKind.register): number {
    const number = this.#keys.numberOf(name);
    if (number === this.#keyKinds.length) this.#keyKinds.push(kind);
    return number;
  }

  /** The kind that was given to a key when it was first named. */
  kindOf(key: number): number {
    return this.#keyKinds.data[key]!;
  }

  /**
   * The version of a value at a key. Nothing and the format's zero are the initial one where initial values are implicit; where the
   * history writes them that shows at the end (`mayBeInitial`).
   */
  version(key: number, value: Value): number {
    if (value !== null && value !== this.#options.zero && value !== this.#literalZero)
      return this.#versions.of(key, value);
    if (this.#options.initialValues === "implicit") return INITIAL;
    const version = this.#versions.of(key, value ?? NOTHING);
    if (this.#options.initialValues === "explicit") this.#beginnings.add(key, version, value === null);
    return version;
  }

  /** Whether this version of a key is the initial one or may turn out to be. */
  mayBeInitial(key: number, version: number): boolean {
    return version === INITIAL || this.#beginnings.has(key, version);
  }

  /** Says what kind of object a key is, where that shows only later. */
  setKind(key: number, kind: number): void {
    this.#keyKinds.data[key] = kind;
  }

  /**
   * The version of this name at a key, where values repeat: `value` is what it holds, null for a delete. One name told with two
   * values is two versions, so that a read of a damaged value is a read of what nobody wrote.
   */
  named(key: number, name: string, value: Value): number {
    this.#hasNames = true;
    const version = this.#versions.of(key, textValue(name));
    if (this.#namedValues[version] === undefined) this.#namedValues[version] = value;
    if (this.#namedValues[version] === value) return version;
    const other = this.#versions.of(key, textValue(`${name} as ${jsonValue(value)}`));
    this.#namedValues[other] = value;
    return other;
  }

  /** The version of this name at a key, by whoever says what it replaces. */
  replaced(key: number, name: string): number {
    return this.#versions.of(key, textValue(name));
  }

  /** Rows that follow belong to a new transaction, until the next call; `endTransactions` leaves rows alone again. */
  beginTransaction(): number {
    this.#namesTransactions = true;
    this.#current = this.#transactions;
    this.#transactions += 1;
    return this.#current;
  }

  /** Rows that follow belong to this transaction again: lines of several sessions may be mixed. */
  resumeTransaction(transaction: number): void {
    this.#current = transaction;
  }

  endTransactions(): void {
    this.#current = NO_TRANSACTION;
  }

  /**
   * Adds an operation.
   *
   * @param version what a write or append puts there; INITIAL for reads, whose versions follow by `list`
   * @param line of the source, from 1
   * @returns the row, which is not the operation's final number
   */
  add(session: number, kind: number, result: number, key: number, version: number, line: number): number {
    this.#session.push(session);
    this.#kind.push(kind);
    this.#outcome.push(result);
    this.#key.push(key);
    this.#version.push(version);
    this.#line.push(line);
    this.#listStart.push(this.#listed.length);
    this.#transaction.push(this.#current === NO_TRANSACTION ? this.#transactions++ : this.#current);
    return this.#session.length - 1;
  }

  /** The last row returned this version (a read) or replaces it (a write). */
  list(version: number): void {
    this.#listed.push(version);
    if (this.#kind.data[this.#kind.length - 1] !== operationKind.read) this.#hasReplaced = true;
  }

  /** The history says of writes what they replace, even if the last one replaces nothing. */
  tellsReplaced(): void {
    this.#hasReplaced = true;
  }

  /** When the last row began and ended. */
  times(start: number, end: number): void {
    fill(this.#start, this.rowCount - 1, Number.NaN);
    fill(this.#end, this.rowCount - 1, Number.POSITIVE_INFINITY);
    this.#start.push(start);
    this.#end.push(end);
  }

  /** The replica that served the last row. */
  at(replica: string | number): void {
    fill(this.#replica, this.rowCount - 1, 0);
    this.#replica.push(this.#replicas.numberOf(replica) + 1);
  }

  /** What the replica of the last row had applied: any text that is equal for equal sets of updates. */
  seen(mark: string): void {
    fill(this.#seen, this.rowCount - 1, 0);
    this.#seen.push(this.#seenTexts.numberOf(mark) + 1);
  }

  /** The last row was made after everything was delivered. */
  isFinal(): void {
    fill(this.#final, this.rowCount - 1, 0);
    this.#final.push(1);
  }

  /** Some row tells only a part of what it read. */
  tellsPart(): void {
    this.#readsInPart = true;
  }

  /** The last row deletes. */
  deletes(): void {
    fill(this.#isDelete, this.rowCount - 1, 0);
    this.#isDelete.push(1);
  }

  /** The last row read nothing, and does not say whether that was the beginning or a delete. */
  namesNothing(): void {
    fill(this.#isUnnamed, this.rowCount - 1, 0);
    this.#isUnnamed.push(1);
  }

  /** Changes the unit of the times, where that shows only later. */
  timesIn(unit: TimeUnit): void {
    this.#timeUnit = unit;
  }

  /** What was told of times so far counts for nothing: they turn out to be no times. */
  forgetTimes(): void {
    this.#start.length = 0;
    this.#end.length = 0;
  }

  /** Changes what became of a row already added: a completion that comes later. */
  settle(row: number, result: number): void {
    this.#outcome.data[row] = result;
  }

  /** Changes when a row ended. The row must have had times. */
  settleEnd(row: number, end: number): void {
    assert(row < this.#end.length, "a row whose end is settled began some time");
    this.#end.data[row] = end;
  }

  /** The history. The builder is used up. */
  build(): History {
    const isBeginning = this.#options.initialValues === "explicit" ? this.#findBeginnings() : null;
    const counted = new Uint32Array(this.#sessions.count);
    let rows = 0;
    for (let row = 0; row < this.rowCount; row += 1) {
      if (isBeginning?.[row] === 1) continue;
      counted[this.#session.data[row]!]! += 1;
      rows += 1;
    }
    // A session that did nothing but begin keys is none.
    const sessions = this.#sessions.those((session) => counted[session]! > 0);
    const sessionCount = sessions.count;
    const sessionStart = new Uint32Array(sessionCount + 1);
    const next = new Uint32Array(counted.length);
    let session = 0;
    for (let told = 0; told < counted.length; told += 1) {
      if (counted[told] === 0) continue;
      next[told] = sessionStart[session]!;
      sessionStart[session + 1] = next[told]! + counted[told]!;
      session += 1;
    }
    const sessionOf = new Uint32Array(rows);
    for (let of = 0; of < sessionCount; of += 1) sessionOf.fill(of, sessionStart[of], sessionStart[of + 1]);
    /** By operation: its row. */
    const rowOf = new Uint32Array(rows);
    for (let row = 0; row < this.rowCount; row += 1)
      if (isBeginning?.[row] !== 1) rowOf[next[this.#session.data[row]!]!++] = row;

    const outcomes = toBytes(this.#outcome, rowOf);
    const kinds = toBytes(this.#kind, rowOf);
    const versions = ordered(this.#version, rowOf);
    const lists = this.#lists(rowOf);
    const transactions = this.#groups(rowOf);
    // Where it is unknown of all when they began, nothing is known to come before anything.
    const hasTimes = this.#start.data.subarray(0, this.#start.length).some((time) => !Number.isNaN(time));
    const found = duplicatesOf(kinds, outcomes, versions, this.#versions.count);
    return {
      operationCount: rows,
      sessionCount,
      keyCount: this.#keys.count,
      versionCount: this.#versions.count,
      sessionStart,
      session: sessionOf,
      kind: kinds,
      outcome: outcomes,
      key: ordered(this.#key, rowOf),
      version: versions,
      listStart: lists.start,
      listed: lists.listed,
      versionKey: this.#versions.keys.trimmed(),
      keyKind: Uint8Array.from(this.#keyKinds.trimmed()),
      ...transactions,
      namesTransactions: this.#namesTransactions,
      replica: this.#replica.length === 0 ? null : this.#replicaColumn(rowOf),
      replicaCount: this.#replicas.count,
      start: !hasTimes ? null : orderedDoubles(this.#start, rowOf, this.rowCount, Number.NaN),
      end:
        this.#end.length === 0
          ? null
          : openEnded(orderedDoubles(this.#end, rowOf, this.rowCount, Number.POSITIVE_INFINITY), outcomes),
      timeUnit: this.#timeUnit,
      hasReplaced: this.#hasReplaced,
      readsInPart: this.#readsInPart,
      isDelete: this.#isDelete.length === 0 ? null : toBytes(padded(this.#isDelete, this.rowCount), rowOf),
      isUnnamed: this.#isUnnamed.length === 0 ? null : toBytes(padded(this.#isUnnamed, this.rowCount), rowOf),
      seen: this.#seen.length === 0 ? null : ordered(padded(this.#seen, this.rowCount), rowOf),
      final: this.#final.length === 0 ? null : toBytes(padded(this.#final, this.rowCount), rowOf),
      line: ordered(this.#line, rowOf),
      keys: this.#keys,
      values: this.#valueNames(),
      versionNames: this.#hasNames ? namesOf(this.#versions) : null,
      sessions,
      replicas: this.#replicas,
      initialValues: this.#options.initialValues,
      duplicates: found.kept,
      duplicateCount: found.count,
    };
  }

  /** By row: 1 where it is the beginning of its key and no operation. Versions of what began become the initial one. */
  #findBeginnings(): Uint8Array {
    const isBeginning = this.#beginnings.find({
      session: this.#session,
      kind: this.#kind,
      outcome: this.#outcome,
      key: this.#key,
      version: this.#version,
      start: this.#start,
      end: this.#end,
      sessionCount: this.#sessions.count,
      keyCount: this.#keys.count,
    });
    const meant = this.#beginnings.meant(this.#versions.count, this.#keyKinds);
    for (let row = 0; row < this.rowCount; row += 1) this.#version.data[row] = meant[this.#version.data[row]!]!;
    for (let at = 0; at < this.#listed.length; at += 1) this.#listed.data[at] = meant[this.#listed.data[at]!]!;
    return isBeginning;
  }

  #valueNames(): Values {
    const versions = this.#versions;
    const named = this.#namedValues;
    const raw = (version: number): string | number | null => {
      const value = named[version];
      if (value !== undefined) return value;
      const told = version === INITIAL ? NOTHING : versions.rawOf(version);
      return told === NOTHING ? null : told;
    };
    const of = (version: number): string =>
      version === INITIAL ? String(versions.rawOf(INITIAL)) : String(plain(raw(version)) ?? "nothing");
    return { count: versions.count, of, raw };
  }

  #lists(rowOf: Uint32Array): { start: Uint32Array; listed: Uint32Array } {
    const rows = rowOf.length;
    const start = new Uint32Array(rows + 1);
    const listed = new Uint32Array(this.#listed.length);
    let at = 0;
    for (let operation = 0; operation < rows; operation += 1) {
      start[operation] = at;
      const row = rowOf[operation]!;
      const to = row + 1 < this.rowCount ? this.#listStart.data[row + 1]! : this.#listed.length;
      // "Nothing" was told of what turns out to be a set or a list: none, then.
      const skipsInitial = this.#keyKinds.data[this.#key.data[row]!] !== keyKind.register;
      for (let from = this.#listStart.data[row]!; from < to; from += 1) {
        const version = this.#listed.data[from]!;
        if (version !== INITIAL || !skipsInitial) listed[at++] = version;
      }
    }
    start[rows] = at;
    return { start, listed: at === listed.length ? listed : listed.slice(0, at) };
  }

  /** Transactions in the order of their first operations; none where each has one operation. */
  #groups(rowOf: Uint32Array): Pick<History, "transaction" | "transactionCount" | "transactionStart"> {
    const rows = rowOf.length;
    const transaction = new Uint32Array(rows);
    const start = new UintColumn();
    let last = NO_TRANSACTION;
    for (let operation = 0; operation < rows; operation += 1) {
      const told = this.#transaction.data[rowOf[operation]!]!;
      if (told !== last) start.push(operation);
      last = told;
      transaction[operation] = start.length - 1;
    }
    const transactionCount = start.length;
    if (transactionCount === rows) return { transaction: null, transactionCount, transactionStart: null };
    start.push(rows);
    return { transaction, transactionCount, transactionStart: start.trimmed() };
  }

  #replicaColumn(rowOf: Uint32Array): Int32Array {
    const replica = new Int32Array(rowOf.length);
    for (let operation = 0; operation < rowOf.length; operation += 1) {
      const row = rowOf[operation]!;
      replica[operation] = row < this.#replica.length ? this.#replica.data[row]! - 1 : ABSENT;
    }
    return replica;
  }
}

function namesOf(versions: VersionTable): Names {
  return {
    count: versions.count,
    of: (version) => String(plain(versions.rawOf(version))),
    raw: (version) => versions.rawOf(version),
  };
}

/** Fills a column that only some rows have up to a row. */
function fill(column: UintColumn | DoubleColumn, length: number, value: number): void {
  while (column.length < length) column.push(value);
}

function padded(column: UintColumn, rows: number): UintColumn {
  fill(column, rows, 0);
  return column;
}

function ordered(column: UintColumn, rowOf: Uint32Array): Uint32Array {
  const values = new Uint32Array(rowOf.length);
  for (let operation = 0; operation < rowOf.length; operation += 1) values[operation] = column.data[rowOf[operation]!]!;
  return values;
}

function orderedDoubles(column: DoubleColumn, rowOf: Uint32Array, rows: number, absent: number): Float64Array {
  fill(column, rows, absent);
  const values = new Float64Array(rowOf.length);
  for (let operation = 0; operation < rowOf.length; operation += 1) values[operation] = column.data[rowOf[operation]!]!;
  return values;
}

/** What has no known outcome may still run, whenever its client gave up. */
function openEnded(end: Float64Array, outcomes: Uint8Array): Float64Array {
  for (let at = 0; at < end.length; at += 1) if (outcomes[at] === outcome.unknown) end[at] = Number.POSITIVE_INFINITY;
  return end;
}

function toBytes(column: UintColumn, rowOf: Uint32Array): Uint8Array {
  const values = new Uint8Array(rowOf.length);
  for (let operation = 0; operation < rowOf.length; operation += 1) values[operation] = column.data[rowOf[operation]!]!;
  return values;
}
