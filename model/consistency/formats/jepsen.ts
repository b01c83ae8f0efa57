/**
 * What Jepsen's histories mean, whatever they are written in: events that begin and end operations of processes.
 *
 * `:ok` happened, `:fail` did not, `:info` may have. A process is a session; its operations begin with `:invoke` and end with one of
 * the three, at the same `:process`, and `:time` (nanoseconds) is when. Processes that are no numbers inject faults and do not
 * count.
 *
 * What files do beyond that, and what is made of it:
 *  1. Completions without an invocation: the operation began at an unknown time.
 *  2. A process that goes on after `:info`, or begins an operation before its last one ended: Jepsen itself never does that. The
 *     old operation may still run, so what follows is a session of its own, and the report says so.
 *  3. No times: where there are invocations, the order of the events says what came before what (`steps`). Where only some events
 *     tell their times, those of the others are unknown.
 *  4. `:cas` that succeeded, or may have, is a read and a write in one transaction: if somebody read what it wrote, it had read what
 *     it asked for. One that failed says nothing.
 *
 * Leaves out syntax (edn.ts, json.ts, porcupine.ts) and what becomes of operations (jepsen-rows.ts).
 *
 * Source: the README of jepsen-io/history, "operations".
 */
import { outcome } from "../history.ts";
import { literal, plain } from "../literals.ts";
import type { HistoryBuilder } from "../history-builder.ts";
import { Clock, CLOCK_RANGE } from "./clock.ts";
import { type Datum, field, isName, isSame, printed } from "./datum.ts";
import { type Action, JepsenRows, refuse, type SessionRef } from "./jepsen-rows.ts";
import type { Reading } from "./reading.ts";

/** A process: where its operations go. */
interface Process {
  readonly name: number | string;
  session: SessionRef;
  sessions: number;
  /** The event that began its operation, and when; null while it runs none. */
  open: Datum | null;
  start: number;
  /** When its last event was; NaN where unknown. */
  latest: number;
  /** Whether an operation of its may still run though the process goes on. */
  isUndecided: boolean;
}

const outcomes: Readonly<Record<string, number | undefined>> = {
  ok: outcome.ok,
  fail: outcome.failed,
  info: outcome.unknown,
};

/** What operations do, by the names that clients give them. */
const functions: Readonly<Record<string, Action | "txn" | undefined>> = {
  r: "read",
  read: "read",
  "read-init": "read",
  get: "read",
  w: "write",
  write: "write",
  put: "write",
  append: "append",
  cas: "cas",
  txn: "txn",
};

/** Reads events in the order of the file. */
export class JepsenEvents {
  readonly #reading: Reading;
  readonly #builder: HistoryBuilder;
  readonly #rows: JepsenRows;
  readonly #processes = new Map<number | string, Process>();
  #events = 0;
  #others = 0;
  #restarts = 0;
  #firstRestart = 0;
  readonly #clock = new Clock();
  /** Whether any event told its time: until then their order stands for times. */
  #hasTimes = false;
  #timeless = 0;
  #changed = 0;
  #firstChanged = 0;
  /** What `:read-init` returned beside nil, the first time. */
  #initial: Datum | null = null;
  #hasInvocations = false;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#builder = reading.begin();
    this.#rows = new JepsenRows(this.#builder);
  }

  /** One event: a map with `:process`, `:type`, `:f` and `:value`. What is wrong with it is noted. */
  event(map: Datum): void {
    try {
      this.#take(map);
    } catch (error) {
      this.#reading.tolerate(error);
    }
  }

  #take(map: Datum): void {
    if (map.kind !== "map") throw refuse(map, "a map with :process, :type, :f and :value", printed(map));
    this.#events += 1;
    const who = field(map, "process");
    const type = field(map, "type");
    if (who === null) throw refuse(map, ":process of an operation", "none");
    if (type === null || !isName(type))
      throw refuse(type ?? map, ":type of an operation", type === null ? "none" : printed(type));
    const isInvocation = type.text === "invoke";
    const result = isInvocation ? outcome.unknown : outcomes[type.text];
    if (result === undefined) throw refuse(type, ":type :invoke, :ok, :fail or :info", printed(type));
    if (who.kind !== "number") {
      this.#others += 1;
      return;
    }
    const time = this.#timeOf(map);
    const process = this.#processNamed(who.text === "" ? who.number : literal(who.text));
    if ((isInvocation || process.open === null) && time < process.latest)
      throw refuse(map, "events of a process in the order of their times", `${time} after ${process.latest}`);
    if (!Number.isNaN(time)) process.latest = time;
    if (isInvocation) {
      this.#hasInvocations = true;
      if (process.open !== null) {
        this.#complete(process, process.open, outcome.unknown, Number.POSITIVE_INFINITY);
        process.isUndecided = true;
      }
      this.#restartIfUndecided(process, map);
      process.open = map;
      process.start = time;
      return;
    }
    this.#restartIfUndecided(process, map);
    this.#complete(process, map, result, time);
    if (result === outcome.unknown) process.isUndecided = true;
  }

  /** Ends the file: what is still open may have happened. */
  finish(): void {
    for (const process of this.#processes.values())
      if (process.open !== null) this.#complete(process, process.open, outcome.unknown, Number.POSITIVE_INFINITY);
    this.#rows.finish();
    if (!this.#hasTimes && !this.#hasInvocations) this.#builder.forgetTimes();
    const { notes } = this.#reading;
    if (!this.#hasTimes && this.#hasInvocations) {
      this.#builder.timesIn("steps");
      notes.push("times: none in the file, the order of its events stands for them");
    }
    if (this.#hasTimes && this.#timeless > 0)
      notes.push(`events without a :time, which counts as unknown: ${this.#timeless}`);
    if (this.#clock.base !== null) notes.push(`times are counted from the first one, ${this.#clock.base}`);
    if (this.#initial !== null) {
      const value = printed(this.#initial);
      notes.push(`:read-init returned ${value}; if keys begin with that and not with nil, --zero ${value} says so`);
    }
    if (this.#changed > 0) {
      const what = "writes that completed with another value than they were asked for, which counts";
      notes.push(`${what}: ${this.#changed}, the first in line ${this.#firstChanged}`);
    }
    if (this.#others > 0) notes.push(`events of processes that are no numbers, left out: ${this.#others}`);
    if (this.#restarts > 0) {
      const what = "processes that went on while an operation of theirs was undecided, each as a new session";
      notes.push(`${what}: ${this.#restarts}, the first in line ${this.#firstRestart}`);
    }
    const { casCount, endingCount } = this.#rows;
    if (endingCount > 0) {
      const what = "keys with texts that are put and appended to, of whose reads only the last put or append is judged";
      notes.push(`${what}: ${endingCount}`);
    }
    if (casCount > 0) notes.push(`:cas that did not fail, each as a read and a write in one transaction: ${casCount}`);
  }

  #processNamed(name: number | string): Process {
    let process = this.#processes.get(name);
    if (process === undefined) {
      const session = { name, number: -1 };
      process = { name, session, sessions: 1, open: null, start: Number.NaN, latest: Number.NaN, isUndecided: false };
      this.#processes.set(name, process);
    }
    return process;
  }

  #restartIfUndecided(process: Process, map: Datum): void {
    if (!process.isUndecided) return;
    process.isUndecided = false;
    process.sessions += 1;
    process.session = { name: `${plain(process.name)} (${process.sessions})`, number: -1 };
    this.#restarts += 1;
    if (this.#firstRestart === 0) this.#firstRestart = map.line;
  }

  /** NaN where unknown. */
  #timeOf(map: Datum): number {
    const told = field(map, "time");
    if (told === null || told.kind !== "number") {
      this.#timeless += 1;
      return this.#hasTimes ? Number.NaN : this.#events;
    }
    const time = this.#clock.of(told.text === "" ? told.number : told.text);
    if (time === null) throw refuse(told, CLOCK_RANGE, printed(told));
    if (!this.#hasTimes) {
      this.#hasTimes = true;
      this.#rows.forgetTimes();
      for (const process of this.#processes.values()) process.start = process.latest = Number.NaN;
    }
    return time;
  }

  /** An operation ends with this event, or did not end: then the event is its invocation. */
  #complete(process: Process, map: Datum, result: number, time: number): void {
    const begun = process.open;
    process.open = null;
    const name = field(map, "f") ?? (begun === null ? null : field(begun, "f"));
    const action = name === null || name.kind === "nil" ? "txn" : functions[name.text];
    if (name !== null && (action === undefined || !(isName(name) || name.kind === "nil")))
      throw refuse(name, ":f :read, :write, :get, :put, :append, :cas or :txn", printed(name));
    const start = begun === null ? Number.NaN : process.start;
    if (time < start) throw refuse(map, "an operation that ends after it began", `${time} before ${start}`);
    const row = {
      session: process.session,
      result,
      start,
      end: result === outcome.unknown || Number.isNaN(time) ? Number.POSITIVE_INFINITY : time,
      line: map.line,
    };
    const value = field(map, "value");
    const asked = begun === null ? null : field(begun, "value");
    if (action === "txn") {
      const told = result === outcome.ok ? (value ?? asked) : (asked ?? value);
      if (told === null) throw refuse(map, ":value of a transaction", "none");
      this.#rows.transaction(row, told);
    } else this.#single(row, map, action!, begun, asked, value);
    // Its value is not simply taken for the initial one: whether the store returned that is what is asked.
    const isInitial = name?.text === "read-init" && result === outcome.ok && this.#reading.zero === null;
    if (!isInitial || this.#initial !== null || value === null) return;
    const read = keyIn("read", value) === null ? value : value.items[1]!;
    if (read.kind === "number") this.#initial = read;
  }

  /** An operation on one key, which stands in `:key`, or in `:value [KEY VALUE]`, or nowhere: then all share one register. */
  #single(
    row: Parameters<JepsenRows["operation"]>[0],
    map: Datum,
    action: Action,
    begun: Datum | null,
    asked: Datum | null,
    value: Datum | null,
  ): void {
    // What was done stands in the completion of what succeeded; else in the invocation: a completion may hold a reason instead.
    const isOk = row.result === outcome.ok;
    const isAnswer = action === "read" && isOk;
    const isAsked = asked !== null && asked.kind !== "nil";
    const isOther = isOk && !isAnswer && isAsked && value !== null && value.kind !== "nil" && !isSame(asked, value);
    if (isOther) {
      this.#changed += 1;
      if (this.#changed === 1) this.#firstChanged = map.line;
    }
    const told = isAnswer || isOther ? value : isAsked ? asked : value;
    if (told === null) throw refuse(map, ":value of an operation", "none");
    const beside = field(map, "key") ?? (begun === null ? null : field(begun, "key"));
    if (beside !== null) {
      this.#rows.operation(row, action, beside, told, true);
      return;
    }
    // Operations on registers without keys are invoked with nil where they read: a vector is then a value.
    const isKeyless = isAnswer && asked !== null && asked.kind === "nil";
    const key = isKeyless ? null : keyIn(action, isAsked ? asked : told);
    const inner = key !== null && keyIn(action, told) !== null ? told.items[1]! : told;
    this.#rows.operation(row, action, key, inner, false);
  }
}

/** The key of `[KEY VALUE]`; null where a value has none. */
function keyIn(action: Action, value: Datum): Datum | null {
  const [key, inner] = value.items;
  if (value.kind !== "list" || key === undefined || inner === undefined || value.items.length !== 2) return null;
  return action !== "cas" || (inner.kind === "list" && inner.items.length === 2) ? key : null;
}
