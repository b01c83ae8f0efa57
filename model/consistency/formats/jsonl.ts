/**
 * Our own format: one JSON object per line, as docs/history-format.md describes it.
 *
 * The first line may be a header. Lines are operations, those of one session in session order, sessions mixed as they like. A key's
 * versions are told apart by their values, or, where values repeat or a delete must be named, by names of their own; one key does
 * one or the other. Unknown fields are refused, since a misspelt one would otherwise be an answer to another question.
 *
 * Leaves out writing (write-jsonl.ts).
 */
import { INITIAL, operationKind, outcome, type InitialValues, type TimeUnit } from "../history.ts";
import { jsonValue, literalOf, plain } from "../literals.ts";
import type { HistoryBuilder } from "../history-builder.ts";
import type { Value } from "../version-table.ts";
import { Clock, CLOCK_RANGE } from "./clock.ts";
import { JsonScanner } from "./json.ts";
import { choice, list, nameOf, oneOf, repeated, scalar } from "./jsonl-fields.ts";
import { Kinds, use } from "./kinds.ts";
import { unknownLine } from "./mixed.ts";
import type { Reading } from "./reading.ts";
import { shown } from "./problem.ts";
import { isDigit } from "./text.ts";
import { Transactions } from "./transactions.ts";

const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const QUOTE = 0x22;
const MINUS = 0x2d;
const SMALL_N = 0x6e;

const form = 'one operation per line, such as {"session":"a","op":"read","key":"x","value":1}';

const operations: Readonly<Record<string, number>> = { read: 0, write: 1, append: 2, delete: 3 };
const DELETE = 3;
const outcomes: Readonly<Record<string, number>> = outcome;
const timeUnits: readonly string[] = ["ns", "us", "ms", "s", "steps"];
const policies: readonly string[] = ["implicit", "explicit", "none"];

/** How a key tells its versions apart. */
const BY_VALUE = 1;
const BY_NAME = 2;

/** Reads all lines. */
export function readJsonl(reading: Reading): void {
  const { input } = reading;
  const scanner = new JsonScanner(input, true);
  let reader: Lines | null = null;
  while (input.nextLine()) {
    scanner.begin();
    const first = scanner.peek();
    if (first === -1) continue;
    if (first !== OPEN_MAP) throw unknownLine(input, scanner.at, "jsonl", form);
    const start = scanner.at;
    scanner.at += 1;
    if (reader === null) {
      const from = scanner.at;
      const isHeader = scanner.peek() === QUOTE && scanner.key() === "causeway-history";
      scanner.at = from;
      reader = new Lines(scanner, isHeader ? readHeader(scanner, reading) : reading.begin({ timeUnit: "us" }));
      if (isHeader) continue;
    }
    try {
      reader.operation(start);
    } catch (error) {
      reading.tolerate(error);
    }
  }
  const base = reader?.timesFrom ?? null;
  if (base !== null) reading.notes.push(`times are counted from the first one, ${base}`);
}

/** The header, up to the end of its line. */
function readHeader(scanner: JsonScanner, reading: Reading): HistoryBuilder {
  let timeUnit: TimeUnit = "us";
  let initialValues: InitialValues | null = null;
  let zero: number | string | null = null;
  let tellsReplaced = false;
  const told = new Set<string>();
  do {
    scanner.peek();
    const keyAt = scanner.at;
    const name = scanner.key();
    if (told.has(name)) throw repeated(scanner, keyAt, name);
    told.add(name);
    scanner.peek();
    const at = scanner.at;
    switch (name) {
      case "causeway-history":
        if (scanner.number() !== 1) {
          scanner.at = at;
          throw scanner.unexpected("version 1 of the format, the only one that this program reads");
        }
        break;
      case "timeUnit":
        timeUnit = oneOf(scanner, timeUnits) as TimeUnit;
        break;
      case "init":
        initialValues = oneOf(scanner, policies) as InitialValues;
        break;
      case "zero":
        zero = scalar(scanner, "a number, a text or null");
        break;
      case "replaces": {
        const literal = scanner.literal();
        if (literal === null) throw scanner.unexpected("true or false");
        tellsReplaced = literal;
        break;
      }
      case "note":
        scanner.skipValue();
        break;
      default:
        scanner.at = at;
        throw scanner.unexpected("causeway-history, timeUnit, init, zero, replaces or note in the header", shown(name));
    }
  } while (scanner.another(CLOSE_MAP));
  scanner.nothingMore("the end of the line");
  const builder = reading.begin({
    timeUnit,
    ...(initialValues !== null && { initialValues }),
    ...(zero !== null && { zero }),
  });
  if (tellsReplaced) builder.tellsReplaced();
  return builder;
}

/** Reads operations, with the fields of the line in hand. */
class Lines {
  readonly #scanner: JsonScanner;
  readonly #builder: HistoryBuilder;
  readonly #kinds: Kinds;
  readonly #transactions: Transactions;
  /** By key: BY_VALUE, BY_NAME or nothing yet. */
  readonly #identity: number[] = [];

  readonly #clock = new Clock();
  /** By session: when its last operation began, -Infinity where unknown. */
  readonly #lastStart: number[] = [];
  /** By session: whether its last transaction failed, and that one's name. */
  readonly #hasFailed: boolean[] = [];
  readonly #lastTransaction: (number | string | null)[] = [];

  /** Of the line, in its order. */
  readonly #fields: string[] = [];
  #session: number | string | null = null;
  #operation = -1;
  #keyName: number | string | null = null;
  #hasValue = false;
  #value: Value = null;
  readonly #values: Value[] = [];
  #hasValues = false;
  #version: string | null = null;
  /** Whether the line says that what it read was there in the beginning. */
  #isBeginning = false;
  readonly #versions: Value[] = [];
  #hasVersions = false;
  readonly #replaces: Value[] = [];
  #hasReplaces = false;
  #outcome: number = outcome.ok;
  #start = Number.NaN;
  #end = Number.NaN;
  #replica: number | string | null = null;
  #transaction: number | string | null = null;
  #seen: string | null = null;
  #isFinal = false;

  constructor(scanner: JsonScanner, builder: HistoryBuilder) {
    this.#scanner = scanner;
    this.#builder = builder;
    this.#kinds = new Kinds(builder);
    this.#transactions = new Transactions(builder);
  }

  /** What times are counted from; null where they are as the file has them. */
  get timesFrom(): bigint | null {
    return this.#clock.base;
  }

  /** Reads the rest of a line that has begun at `start`. */
  operation(start: number): void {
    const scanner = this.#scanner;
    this.#clear();
    if (!scanner.take(CLOSE_MAP)) {
      do this.#field();
      while (scanner.another(CLOSE_MAP));
    }
    scanner.nothingMore("the end of the line");
    scanner.at = start;
    this.#add();
  }

  /** No field may be told twice. */
  #once(name: string, at: number): void {
    for (let before = 0; before < this.#fields.length; before += 1)
      if (this.#fields[before] === name) throw repeated(this.#scanner, at, name);
    this.#fields.push(name);
  }

  #time(): number {
    const scanner = this.#scanner;
    const byte = scanner.peek();
    if (byte !== MINUS && !isDigit(byte))
      throw scanner.unexpected("a time: a number in the unit that the header names");
    const { at } = scanner;
    const time = this.#clock.of(scanner.number());
    if (time !== null) return time;
    scanner.at = at;
    throw scanner.unexpected(CLOCK_RANGE);
  }

  #clear(): void {
    this.#fields.length = 0;
    this.#session = null;
    this.#operation = -1;
    this.#keyName = null;
    this.#hasValue = false;
    this.#value = null;
    this.#values.length = 0;
    this.#hasValues = false;
    this.#version = null;
    this.#isBeginning = false;
    this.#versions.length = 0;
    this.#hasVersions = false;
    this.#replaces.length = 0;
    this.#hasReplaces = false;
    this.#outcome = outcome.ok;
    this.#start = Number.NaN;
    this.#end = Number.NaN;
    this.#replica = null;
    this.#transaction = null;
    this.#seen = null;
    this.#isFinal = false;
  }

  #field(): void {
    const scanner = this.#scanner;
    scanner.peek();
    const at = scanner.at;
    const name = scanner.key();
    this.#once(name, at);
    switch (name) {
      case "session":
        this.#session = nameOf(scanner, "a session: a text or a number");
        break;
      case "op":
        this.#operation = choice(scanner, operations);
        break;
      case "key":
        this.#keyName = nameOf(scanner, "a key: a text or a number");
        break;
      case "value":
        this.#value = scalar(scanner, "a value: a number, a text or null");
        this.#hasValue = true;
        break;
      case "values":
        list(scanner, this.#values, "a value: a number, a text or null");
        this.#hasValues = true;
        break;
      case "version":
        this.#isBeginning = scanner.peek() === SMALL_N && scanner.literal() === null;
        if (!this.#isBeginning) this.#version = scanner.string();
        break;
      case "versions":
        list(scanner, this.#versions, "the name of a version: a text");
        this.#hasVersions = true;
        break;
      case "replaces":
        list(scanner, this.#replaces, "the name of a version, or a value");
        this.#hasReplaces = true;
        break;
      case "outcome":
        this.#outcome = choice(scanner, outcomes);
        break;
      case "start":
        this.#start = this.#time();
        break;
      case "end":
        this.#end = this.#time();
        break;
      case "replica":
        this.#replica = nameOf(scanner, "a replica: a text or a number");
        break;
      case "transaction":
        this.#transaction = nameOf(scanner, "a transaction: a text or a number");
        break;
      case "seen":
        this.#seen = scanner.string();
        break;
      case "final": {
        scanner.peek();
        const literal = scanner.literal();
        if (literal === null) throw scanner.unexpected("true or false");
        this.#isFinal = literal;
        break;
      }
      case "note":
        scanner.skipValue();
        break;
      default:
        scanner.at = at;
        throw scanner.input.refusal(
          at,
          "a field that docs/history-format.md names",
          shown(name),
          "correct its name, or put remarks under note",
        );
    }
  }

  #add(): void {
    const builder = this.#builder;
    const { line } = this.#scanner.input;
    const session = this.#session ?? this.#missing("session");
    const keyName = this.#keyName ?? this.#missing("key");
    if (this.#operation === -1) this.#missing("op");
    const key = builder.key(keyName);
    const isRead = this.#operation === operationKind.read;
    const isOk = this.#outcome === outcome.ok;
    if (this.#isBeginning && !(isRead && this.#hasValue && this.#value === null))
      this.#refuse("the name of a version: a text, or null beside a value of null that was read", "null");
    let version = INITIAL;
    if (!isRead) version = this.#written(key, keyName);
    else if (isOk && this.#hasValue === this.#hasValues)
      this.#refuse("value or values of a read that succeeded", this.#hasValue ? "both" : "neither");
    const sessionNumber = builder.session(session);
    if (this.#transaction === null) builder.endTransactions();
    else if (!this.#transactions.enter(sessionNumber, this.#transaction))
      this.#refuse(
        "the operations of a transaction of one session side by side",
        `transaction ${plain(this.#transaction)} again after another one`,
      );
    this.#checkOrder(sessionNumber);
    const kind = this.#operation === DELETE ? operationKind.write : this.#operation;
    builder.add(sessionNumber, kind, this.#outcome, key, version, line);
    if (isRead) {
      // Of one of unknown outcome, what it must have returned if it happened.
      const isTold = this.#outcome === outcome.unknown && this.#hasValue !== this.#hasValues;
      if (isOk || isTold) this.#listRead(key, keyName);
    } else if (this.#hasReplaces) this.#listReplaced(key);
    if (this.#operation === DELETE) builder.deletes();
    this.#addTimes(isOk);
    if (this.#replica !== null) builder.at(this.#replica);
    if (this.#seen !== null) builder.seen(this.#seen);
    if (this.#isFinal) builder.isFinal();
  }

  /** Operations of a session begin in its order, and those of a transaction fail together. */
  #checkOrder(session: number): void {
    const last = this.#lastStart[session] ?? Number.NEGATIVE_INFINITY;
    if (this.#start < last)
      this.#refuse(
        "operations of a session in the order in which they began",
        `one that began at ${this.#start} after one at ${last}`,
      );
    if (!Number.isNaN(this.#start)) this.#lastStart[session] = this.#start;
    const hasFailed = this.#outcome === outcome.failed;
    const isSame = this.#transaction !== null && this.#lastTransaction[session] === this.#transaction;
    if (isSame && this.#hasFailed[session] !== hasFailed)
      this.#refuse("a transaction that failed as a whole, or not at all", "one of which a part failed");
    this.#lastTransaction[session] = this.#transaction;
    this.#hasFailed[session] = hasFailed;
  }

  /** The version that a write, an append or a delete puts there. */
  #written(key: number, keyName: number | string): number {
    if (this.#hasValues || this.#hasVersions)
      this.#refuse("value and version of a write", "values or versions, which reads have");
    if (this.#operation === DELETE) {
      if (this.#version === null) this.#refuse("a version of a delete, so that reads can name it", "none");
      if (this.#value !== null) this.#refuse("a delete without a value", "one with a value");
    } else if (!this.#hasValue) this.#missing("value");
    this.#note(key, keyName, this.#operation === operationKind.append ? use.appends : use.writes);
    if (this.#version !== null) {
      this.#identify(key, keyName, BY_NAME);
      return this.#builder.named(key, this.#version, this.#value);
    }
    const version = this.#builder.version(key, this.#value);
    if (!this.#builder.mayBeInitial(key, version)) this.#identify(key, keyName, BY_VALUE);
    return version;
  }

  #listRead(key: number, keyName: number | string): void {
    if (this.#hasValue) {
      if (this.#hasVersions) this.#refuse("version beside value", "versions");
      const version = this.#read(key, keyName, this.#value, this.#version);
      if (!this.#builder.mayBeInitial(key, version)) this.#note(key, keyName, use.readsOne);
      this.#builder.list(version);
      if (this.#value === null && this.#version === null && !this.#isBeginning) this.#builder.namesNothing();
      return;
    }
    if (this.#version !== null) this.#refuse("versions beside values", "version");
    if (this.#hasVersions && this.#versions.length !== this.#values.length)
      this.#refuse(`as many versions as values, ${this.#values.length}`, `${this.#versions.length}`);
    this.#note(key, keyName, use.readsMany);
    for (let at = 0; at < this.#values.length; at += 1) {
      const told = this.#hasVersions ? this.#versions[at]! : null;
      const name = textOf(told);
      if (this.#hasVersions && name === null) this.#refuse("names of versions as texts", jsonValue(told));
      this.#builder.list(this.#read(key, keyName, this.#values[at]!, name));
    }
  }

  #read(key: number, keyName: number | string, value: Value, name: string | null): number {
    if (name !== null) {
      this.#identify(key, keyName, BY_NAME);
      return this.#builder.named(key, name, value);
    }
    const version = this.#builder.version(key, value);
    if (value !== null && !this.#builder.mayBeInitial(key, version)) this.#identify(key, keyName, BY_VALUE);
    return version;
  }

  #listReplaced(key: number): void {
    this.#builder.tellsReplaced();
    for (const told of this.#replaces) {
      if (this.#version === null) this.#builder.list(this.#builder.version(key, told));
      else {
        const name = textOf(told);
        if (name === null) this.#refuse("names of versions in replaces, since this write has one", jsonValue(told));
        this.#builder.list(this.#builder.replaced(key, name));
      }
    }
  }

  #addTimes(isOk: boolean): void {
    const hasStart = !Number.isNaN(this.#start);
    const hasEnd = !Number.isNaN(this.#end);
    if (!hasStart && !hasEnd) return;
    if (isOk && !hasEnd) this.#missing("end of an operation that succeeded");
    if (this.#end < this.#start)
      this.#refuse("an end that is not before the start", `${this.#end} before ${this.#start}`);
    this.#builder.times(this.#start, hasEnd ? this.#end : Number.POSITIVE_INFINITY);
  }

  #note(key: number, keyName: number | string, bit: number): void {
    const { input } = this.#scanner;
    this.#kinds.note(key, bit, keyName, input.line, input.columnOf(this.#scanner.at));
  }

  #identify(key: number, keyName: number | string, how: number): void {
    const before = this.#identity[key];
    this.#identity[key] = how;
    if (before === undefined || before === how) return;
    this.#refuse(
      `versions of key ${jsonValue(keyName)} told apart in one way`,
      how === BY_NAME
        ? "a version, where lines before have only values"
        : "only a value, where lines before have versions",
    );
  }

  #missing(name: string): never {
    throw this.#scanner.input.refusal(
      this.#scanner.at,
      `${name} in every operation`,
      "none",
      "add it; docs/history-format.md says what it means",
    );
  }

  #refuse(expected: string, found: string): never {
    throw this.#scanner.input.refusal(this.#scanner.at, expected, found, "correct the operation on this line");
  }
}

/** A text as the file has it; null of what is none. */
function textOf(value: Value): string | null {
  return typeof value === "string" && literalOf(value) === null ? plain(value) : null;
}
