/**
 * Writes Jepsen's events, in EDN as one vector or in JSON as one array, one event per line.
 *
 * Histories with transactions or lists become `:txn` with micro-operations; all others `:read` and `:write` of `[KEY VALUE]`. Without
 * times there are completions alone: pairs of events would claim an order that nobody recorded. Values that repeat, and deletes,
 * are numbered.
 *
 * Leaves out what Jepsen cannot say; the notes tell it.
 */
import { type History, INITIAL, keyKind, operationKind, outcome, type TimeUnit } from "../history.ts";
import { jsonValue, literalOf, plain } from "../literals.ts";
import type { Value } from "../version-table.ts";
import { eventsInOrder } from "./events.ts";
import { firstOfKind, noteLosses, sessionNumbering } from "./numbering.ts";

const nanoseconds: Readonly<Record<TimeUnit, number>> = { ns: 1, us: 1_000, ms: 1_000_000, s: 1_000_000_000, steps: 0 };
const typeNames = ["ok", "fail", "info"] as const;

/** How one of the two notations looks. */
interface Notation {
  readonly open: string;
  readonly between: string;
  readonly close: string;
  readonly nothing: string;
  list(items: readonly string[]): string;
  set(items: readonly string[]): string;
  value(raw: Value): string;
  /** A name that is not data. */
  name(text: string): string;
  event(fields: readonly (readonly [string, string])[]): string;
}

const edn: Notation = {
  open: "[",
  between: "\n ",
  close: "]\n",
  nothing: "nil",
  list: (items) => `[${items.join(" ")}]`,
  set: (items) => `#{${items.join(" ")}}`,
  value: (raw) => literalOf(raw) ?? JSON.stringify(plain(raw)),
  name: (text) => `:${text}`,
  event: (fields) => `{${fields.map(([name, value]) => `:${name} ${value}`).join(", ")}}`,
};

const json: Notation = {
  open: "[",
  between: ",\n ",
  close: "]\n",
  nothing: "null",
  list: (items) => `[${items.join(",")}]`,
  set: (items) => `[${items.join(",")}]`,
  value: jsonValue,
  name: (text) => `"${text}"`,
  event: (fields) => `{${fields.map(([name, value]) => `"${name}":${value}`).join(",")}}`,
};

/** Whether operations are written as transactions. */
export function needsTransactions(history: History): boolean {
  return history.transaction !== null || firstOfKind(history, keyKind.list) >= 0;
}

/** The events, one by one. */
export function writeJepsen(history: History, isJson: boolean, notes: string[]): Iterable<string> {
  const notation = isJson ? json : edn;
  const hasTimes = history.start !== null && history.timeUnit !== "steps";
  if (history.start === null)
    notes.push("the history has no times: completions are written alone, without invocations");
  if (history.versionNames !== null) notes.push("values are numbered, since they repeat");
  const undecided = sessionsGoingOn(history);
  if (undecided > 0)
    notes.push(
      `sessions that go on after an operation of unknown outcome, which readers take for new ones: ${undecided}`,
    );
  const unsaid = conditionalReads(history);
  if (unsaid > 0)
    notes.push(
      `the format cannot say what operations of unknown outcome would have read, and the file does not: ${unsaid}`,
    );
  noteLosses(history, false, notes);
  const writer = new EventWriter(history, notation, sessionNumbering(history, notes), hasTimes);
  return (function* () {
    yield notation.open;
    let isFirst = true;
    for (const event of eventsInOrder(history)) {
      const text = writer.event(event >> 1, (event & 1) === 1);
      if (text === null) continue;
      yield isFirst ? text : `${notation.between}${text}`;
      isFirst = false;
    }
    yield notation.close;
  })();
}

/** Reads of unknown outcome of which it is known what they returned if they happened. */
function conditionalReads({ operationCount, kind, outcome: outcomes, listStart }: History): number {
  let count = 0;
  for (let operation = 0; operation < operationCount; operation += 1) {
    const isUnknownRead = kind[operation] === operationKind.read && outcomes[operation] === outcome.unknown;
    if (isUnknownRead && listStart[operation + 1]! > listStart[operation]!) count += 1;
  }
  return count;
}

function sessionsGoingOn(history: History): number {
  let count = 0;
  for (let operation = 0; operation + 1 < history.operationCount; operation += 1) {
    if (history.outcome[operation] !== outcome.unknown) continue;
    if (history.session[operation] !== history.session[operation + 1]) continue;
    const transaction = history.transaction?.[operation];
    if (transaction === undefined || transaction !== history.transaction?.[operation + 1]) count += 1;
  }
  return count;
}

class EventWriter {
  readonly #history: History;
  readonly #notation: Notation;
  readonly #session: (session: number) => number | string;
  readonly #hasTimes: boolean;
  readonly #isTransactional: boolean;
  #index = 0;

  constructor(history: History, notation: Notation, session: (session: number) => number | string, hasTimes: boolean) {
    this.#history = history;
    this.#notation = notation;
    this.#session = session;
    this.#hasTimes = hasTimes;
    this.#isTransactional = needsTransactions(history);
  }

  /** An event; null where the operation belongs to a transaction that another one tells. */
  event(operation: number, isCompletion: boolean): string | null {
    const history = this.#history;
    const first = this.#firstOf(operation);
    const last = this.#lastOf(operation);
    // A transaction begins with its first operation and ends with its last.
    if (operation !== (isCompletion ? last : first)) return null;
    const type = isCompletion ? typeNames[history.outcome[operation]!]! : "invoke";
    const isAnswered = type === "ok";
    const isRead = history.kind[operation] === operationKind.read;
    const name = this.#isTransactional ? "txn" : isRead ? "read" : "write";
    const value = this.#isTransactional
      ? this.#transaction(first, last, isAnswered)
      : this.#notation.list([this.#key(operation), this.#value(operation, isAnswered)]);
    const time = (isCompletion ? history.end : history.start)?.[operation] ?? Number.NaN;
    const fields: [string, string][] = [
      ["index", String(this.#index)],
      ["type", this.#notation.name(type)],
      ["process", String(this.#session(history.session[operation]!))],
      ["f", this.#notation.name(name)],
      ["value", value],
    ];
    // Readers take the first event for all: it says whether there are times.
    if (this.#hasTimes && Number.isFinite(time)) fields.push(["time", String(time * nanoseconds[history.timeUnit])]);
    this.#index += 1;
    return this.#notation.event(fields);
  }

  #firstOf(operation: number): number {
    const { transaction, transactionStart } = this.#history;
    return transaction === null ? operation : transactionStart![transaction[operation]!]!;
  }

  #lastOf(operation: number): number {
    const { transaction, transactionStart } = this.#history;
    return transaction === null ? operation : transactionStart![transaction[operation]! + 1]! - 1;
  }

  #transaction(first: number, last: number, isAnswered: boolean): string {
    const steps: string[] = [];
    for (let operation = first; operation <= last; operation += 1) {
      const name = (["r", "w", "append"] as const)[this.#history.kind[operation] as 0 | 1 | 2];
      steps.push(
        this.#notation.list([this.#notation.name(name), this.#key(operation), this.#value(operation, isAnswered)]),
      );
    }
    return this.#notation.list(steps);
  }

  #key(operation: number): string {
    return this.#notation.value(this.#history.keys.raw(this.#history.key[operation]!));
  }

  #value(operation: number, isAnswered: boolean): string {
    const history = this.#history;
    if (history.kind[operation] !== operationKind.read) return this.#version(history.version[operation]!);
    if (!isAnswered) return this.#notation.nothing;
    const versions = history.listed.subarray(history.listStart[operation], history.listStart[operation + 1]);
    const kind = history.keyKind[history.key[operation]!];
    if (kind === keyKind.register) return this.#version(versions[0]!);
    const items = Array.from(versions, (version) => this.#version(version));
    return kind === keyKind.list ? this.#notation.list(items) : this.#notation.set(items);
  }

  #version(version: number): string {
    if (version === INITIAL) return this.#notation.nothing;
    const { values, versionNames } = this.#history;
    return versionNames === null ? this.#notation.value(values.raw(version)) : String(version);
  }
}
