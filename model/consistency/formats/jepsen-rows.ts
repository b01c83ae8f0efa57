/**
 * Puts the operations of Jepsen's histories into a history, once it is known what they did and when.
 *
 * Where operations name their keys beside their values (`:key`), as Porcupine's do, values may be texts that grow by `:append`.
 * What their elements are shows only when all appends are known, so that those files are held back until their end. A key to which
 * texts are put as well is no list. It counts as a register, and a read of it as a read of what was put or appended last, which its
 * text ends with; one that holds a piece that nobody wrote is a read of what nobody wrote. In which order the pieces before the last
 * one stand is not judged: everything found so is wrong in the whole text, too, but an order that fits need not fit the whole.
 *
 * Leaves out events and processes (jepsen.ts).
 */
import { INITIAL, operationKind, outcome } from "../history.ts";
import { jsonValue, literal, textValue } from "../literals.ts";
import type { HistoryBuilder } from "../history-builder.ts";
import { type Datum, isName, printed, valueOf } from "./datum.ts";
import { Kinds, use } from "./kinds.ts";
import { Pieces } from "./pieces.ts";
import { Refusal, shown } from "./problem.ts";

/** Key of registers that have none. */
const ONLY_KEY = "register";

/** A session that is named before it is known whether it has operations. */
export interface SessionRef {
  readonly name: number | string;
  /** Of the builder; -1 before its first operation. */
  number: number;
}

/** What the rows of one operation have in common. */
export interface Row {
  readonly session: SessionRef;
  /** `outcome`. */
  readonly result: number;
  /** NaN where unknown. */
  readonly start: number;
  /** Infinity where it may still run. */
  readonly end: number;
  readonly line: number;
}

/** What operations do. */
export type Action = "read" | "write" | "append" | "cas";

interface Deferred {
  row: Row;
  readonly action: Action;
  readonly key: Datum | null;
  readonly value: Datum;
}

/** Adds rows to a builder. */
export class JepsenRows {
  readonly #builder: HistoryBuilder;
  readonly #kinds: Kinds;
  /** Operations held back; null where none are. */
  readonly #deferred: Deferred[] = [];
  /** By key: what was appended to it, where reads are lists of that. */
  readonly #pieces = new Map<string | number, Pieces>();
  /** By key: what was put there or appended, from its end to its beginning, where only the last of it is looked at. */
  readonly #endings = new Map<string | number, Pieces>();
  /** Keys to which somebody writes the empty text. */
  readonly #emptied = new Set<string | number>();
  /** `:cas` that succeeded or may have. */
  casCount = 0;

  /** Keys whose texts are put as well as appended to. */
  get endingCount(): number {
    return this.#endings.size;
  }

  constructor(builder: HistoryBuilder) {
    this.#builder = builder;
    this.#kinds = new Kinds(builder);
  }

  /** An operation on one key; `isKeyed` where the key stands beside the value. */
  operation(row: Row, action: Action, key: Datum | null, value: Datum, isKeyed: boolean): void {
    if (isKeyed || this.#deferred.length > 0) this.#deferred.push({ row, action, key, value });
    else this.#add(row, action, key, value);
  }

  /** A transaction: a list of steps. */
  transaction(row: Row, told: Datum): void {
    if (told.kind !== "list")
      throw refuse(told, ":value of a transaction, such as [[:r 1 nil] [:w 2 3]]", printed(told));
    if (this.#deferred.length > 0)
      throw refuse(told, "operations that name their :key, as those before", "a transaction");
    if (told.items.length === 0) return;
    this.#builder.beginTransaction();
    for (const step of told.items) {
      const [name, key, value] = step.items;
      if (step.kind !== "list" || name === undefined || key === undefined || value === undefined || !isName(name))
        throw refuse(step, "[:r KEY VALUE], [:w KEY VALUE] or [:append KEY VALUE]", printed(step));
      const action = steps[name.text];
      if (action === undefined) throw refuse(name, ":r, :w or :append in a transaction", printed(name));
      if (action === "read") this.#read(row, key, value, true, row.result === outcome.ok);
      else this.#write(row, key, value, action === "append");
    }
    this.#builder.endTransactions();
  }

  /** What was told of times so far counts for nothing. */
  forgetTimes(): void {
    this.#builder.forgetTimes();
    for (const deferred of this.#deferred)
      deferred.row = { ...deferred.row, start: Number.NaN, end: Number.POSITIVE_INFINITY };
  }

  /** Adds what was held back. */
  finish(): void {
    this.#collectPieces();
    for (const { row, action, key, value } of this.#deferred) this.#add(row, action, key, value);
  }

  #add(row: Row, action: Action, key: Datum | null, value: Datum): void {
    this.#builder.endTransactions();
    if (action === "cas") this.#compareAndSet(row, key, value);
    else if (action === "read") this.#read(row, key, value, false, row.result === outcome.ok);
    else this.#write(row, key, value, action === "append");
  }

  #read(row: Row, keyDatum: Datum | null, value: Datum, isInTransaction: boolean, isTold: boolean): void {
    const name = nameOf(keyDatum);
    const key = this.#builder.key(name);
    this.#row(row, operationKind.read, key, INITIAL);
    if (!isTold) return;
    const endings = this.#endings.get(name);
    if (endings !== undefined && value.kind === "text" && value.text !== "") {
      const [last, ...before] = endings.split(reversed(value.text));
      // What nobody put or appended cannot stand anywhere; whether the rest could have stood so is not judged.
      const isWritten = [last!, ...before].every((piece) => endings.first(piece) === piece);
      this.#builder.list(this.#builder.version(key, textValue(isWritten ? reversed(last!) : value.text)));
      if (before.length > 0) this.#builder.tellsPart();
      return;
    }
    const pieces = this.#pieces.get(name);
    if (pieces !== undefined && value.kind === "text") {
      for (const element of pieces.split(value.text))
        this.#builder.list(this.#builder.version(key, textValue(element)));
      return;
    }
    if (value.kind === "list" || value.kind === "set") {
      const isList = isInTransaction && value.kind === "list";
      this.#kinds.note(key, isList ? use.readsList : use.readsMany, name, value.line, value.column);
      for (const item of value.items) this.#builder.list(this.#builder.version(key, valueOf(item)));
      return;
    }
    // Where keys stand beside values and nobody writes the empty text, reading it says that nothing is there.
    const isEmpty = this.#deferred.length > 0 && value.kind === "text" && value.text === "";
    const isNothing = isEmpty && !this.#emptied.has(name);
    const version = this.#builder.version(key, isNothing ? null : valueOf(value));
    if (!this.#builder.mayBeInitial(key, version)) this.#kinds.note(key, use.readsOne, name, value.line, value.column);
    this.#builder.list(version);
  }

  #write(row: Row, keyDatum: Datum | null, value: Datum, isAppend: boolean): void {
    const name = nameOf(keyDatum);
    // Where texts grow the only put is that of the empty one in the beginning (`#collectPieces`).
    if (!isAppend && this.#pieces.has(name)) return;
    const key = this.#builder.key(name);
    const version = this.#builder.version(key, valueOf(value));
    const isElement = isAppend && !this.#endings.has(name);
    this.#kinds.note(key, isElement ? use.appends : use.writes, name, value.line, value.column);
    this.#row(row, isElement ? operationKind.append : operationKind.write, key, version);
  }

  #compareAndSet(row: Row, key: Datum | null, value: Datum): void {
    const [from, to] = value.items;
    if (from === undefined || to === undefined || value.items.length !== 2)
      throw refuse(value, ":value [FROM TO] of a :cas", printed(value));
    // One that failed says only that the value was another one.
    if (row.result === outcome.failed) return;
    this.casCount += 1;
    this.#builder.beginTransaction();
    // Of unknown outcome: if anybody read what it writes, it happened whole and has read what it asked for.
    this.#read(row, key, from, false, true);
    this.#write(row, key, to, false);
    this.#builder.endTransactions();
  }

  #row(row: Row, kind: number, key: number, version: number): void {
    const { session, start, end } = row;
    if (session.number < 0) session.number = this.#builder.session(session.name);
    this.#builder.add(session.number, kind, row.result, key, version, row.line);
    if (!Number.isNaN(start) || Number.isFinite(end)) this.#builder.times(start, end);
  }

  /** Finds the keys whose texts grow, and sees to it that they can be taken apart. */
  #collectPieces(): void {
    const appended = new Map<string | number, Set<string>>();
    /** Texts that are put, but for the empty one when it comes first: that is the beginning. */
    const put = new Map<string | number, Set<string>>();
    const begun = new Set<string | number>();
    const places = new Map<string | number, Datum>();
    for (const { action, key, value } of this.#deferred) {
      const name = nameOf(key);
      const isFirst = !begun.has(name);
      begun.add(name);
      if (value.kind !== "text" || (action !== "write" && action !== "append")) continue;
      if (action === "write" && value.text === "") this.#emptied.add(name);
      if (action === "write" && value.text === "" && isFirst) continue;
      const texts = action === "append" ? appended : put;
      if (!texts.has(name)) texts.set(name, new Set());
      texts.get(name)!.add(value.text);
      places.set(name, value);
    }
    for (const [name, texts] of appended) {
      const others = put.get(name);
      const isList = others === undefined;
      const pieces = new Pieces(isList ? texts : new Set([...texts, ...others].map(reversed)));
      const ambiguity = pieces.ambiguity();
      if (ambiguity !== null) {
        const how = isList ? "begins" : "ends";
        const expected = `appended texts at key ${jsonValue(name)} of which none ${how} with another, so that reads can be taken apart`;
        const both = ambiguity.map((text) => shown(isList ? text : reversed(text)));
        throw refuse(places.get(name)!, expected, both.join(" and "));
      }
      (isList ? this.#pieces : this.#endings).set(name, pieces);
    }
  }
}

/** From the end to the beginning. */
function reversed(text: string): string {
  return text.split("").reverse().join("");
}

const steps: Readonly<Record<string, "read" | "write" | "append" | undefined>> = {
  r: "read",
  read: "read",
  w: "write",
  write: "write",
  append: "append",
};

/** A refusal of a value of the file; `found` is shortened. */
export function refuse({ line, column }: Datum, expected: string, found: string): Refusal {
  const short = found.length > 60 ? `${found.slice(0, 60)}...` : found;
  return new Refusal(line, column, expected, short, "correct it, or leave the operation out");
}

function nameOf(key: Datum | null): number | string {
  return key === null ? ONLY_KEY : (valueOf(key) ?? literal("nil"));
}
