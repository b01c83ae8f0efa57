/**
 * Draws small histories as text (notation.ts): consistent by construction, nearly so, and arbitrary.
 *
 * Consistent ones are what replicas return that pass their writes on: each session has one, and messages come in the order of causes
 * (or only of their senders), and what a replica shows of two writes is decided by stamps (the same everywhere) or by arrival.
 * Nearly consistent ones are those with one answer changed, or one operation left out. Arbitrary ones return anything. Where what is
 * interesting is too rare for that, known histories are varied.
 *
 * Leaves out judging, and any guarantee that a history drawn as consistent is so under a given model: that is for the twins to say.
 */
import { pick, type Rng } from "causeway-sim/model";

/** What sort of keys a history has; `mixed` has one of each. */
export type DrawnKind = "register" | "siblings" | "list" | "mixed";

/** What to draw. */
export interface DrawOptions {
  /** At most this many operations. */
  readonly operations: number;
  readonly kind: DrawnKind;
  /** At most this many keys, from 1 to 3; 2 when absent. */
  readonly keys?: number;
  /** Known histories of registers to vary, instead of drawing one. */
  readonly around?: readonly string[];
  /** Operations have times. */
  readonly times?: boolean;
  /** Writes of sets say what they replace. */
  readonly replaced?: boolean;
  /** Some writes of sets are deletes, which reads list or hide. */
  readonly deletes?: boolean;
  /** Reads may say what their replica had applied, or that they are final. */
  readonly marks?: boolean;
}

interface DrawnOperation {
  readonly session: number;
  readonly key: string;
  readonly isRead: boolean;
  /** What is written, or what is returned. */
  values: readonly number[];
  readonly replaced: readonly number[];
  readonly isDelete: boolean;
  suffix: string;
}

/** A history as text. */
export function drawHistory(rng: Rng, options: DrawOptions): string {
  if (options.around !== undefined) return varied(rng, pick(rng, options.around));
  const style = rng.intInclusive(2);
  const operations = style === 0 ? arbitrary(rng, options) : new Replicas(rng, options).run();
  if (style === 1) damage(rng, operations, options);
  for (const operation of operations) decorate(rng, operation);
  if (options.times === true) addTimes(rng, operations);
  if (options.marks === true) addMarks(rng, operations);
  return textOf(operations, options);
}

const KEYS = ["x", "y", "z"];

function kindOf(key: string, { kind }: DrawOptions): "register" | "siblings" | "list" {
  if (kind !== "mixed") return kind;
  return key === "x" ? "register" : key === "y" ? "siblings" : "list";
}

/** A known history with an operation left out, put in, or neither. */
function varied(rng: Rng, text: string): string {
  const words = text.split(" ");
  const at = rng.intInclusive(words.length);
  const choice = rng.intInclusive(3);
  if (choice === 0 && words[at] !== "|") words.splice(at, 1);
  if (choice === 1) words.splice(at, 0, `R(${pick(rng, KEYS)},${rng.intInclusive(2)})`);
  if (choice === 2) words.splice(at, 0, `W(${pick(rng, KEYS)},7)`);
  return words.join(" ");
}

interface Shape {
  readonly count: number;
  readonly sessions: number;
  readonly keys: readonly string[];
}

function shapeOf(rng: Rng, options: DrawOptions): Shape {
  return {
    count: 2 + rng.intInclusive(Math.max(0, options.operations - 2)),
    sessions: 1 + rng.intInclusive(3),
    keys: KEYS.slice(0, options.kind === "mixed" ? 3 : 1 + rng.intInclusive((options.keys ?? 2) - 1)),
  };
}

/** Any answer at all: mostly some value of the key, sometimes one that nobody writes. */
function arbitrary(rng: Rng, options: DrawOptions): DrawnOperation[] {
  const { count, sessions, keys } = shapeOf(rng, options);
  let next = 1;
  const operations = Array.from({ length: count }, (): DrawnOperation => {
    const isRead = rng.chance(550_000);
    const key = pick(rng, keys);
    return {
      session: rng.intInclusive(sessions - 1),
      key,
      isRead,
      values: isRead ? [] : [next++],
      replaced: [],
      isDelete: !isRead && isDeletion(rng, key, options),
      suffix: "",
    };
  });
  operations.forEach((operation, at) => {
    const written = operations
      .filter(({ isRead, key }) => !isRead && key === operation.key)
      .map(({ values }) => values[0]!);
    if (operation.isRead) operation.values = answer(rng, kindOf(operation.key, options), written);
    else if (options.replaced === true) {
      const before = operations.slice(0, at).filter(({ isRead, key }) => !isRead && key === operation.key);
      operations[at] = {
        ...operation,
        replaced: some(
          rng,
          before.map(({ values }) => values[0]!),
        ),
      };
    }
  });
  return operations;
}

function isDeletion(rng: Rng, key: string, options: DrawOptions): boolean {
  return options.deletes === true && kindOf(key, options) === "siblings" && rng.chance(350_000);
}

function answer(rng: Rng, kind: "register" | "siblings" | "list", written: readonly number[]): readonly number[] {
  if (kind === "register") {
    if (rng.chance(10_000)) return [99];
    return written.length === 0 || rng.chance(200_000) ? [0] : [pick(rng, written)];
  }
  const chosen = some(rng, written);
  if (kind === "siblings") return chosen;
  const order = [...chosen];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = rng.chance(500_000) ? last : rng.intInclusive(last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return rng.chance(20_000) && order.length > 0 ? [...order, order[0]!] : order;
}

function some(rng: Rng, values: readonly number[]): readonly number[] {
  return values.filter(() => rng.chance(450_000));
}

/** One answer becomes another one, or one operation is gone. */
function damage(rng: Rng, operations: DrawnOperation[], options: DrawOptions): void {
  if (operations.length === 0) return;
  const at = rng.intInclusive(operations.length - 1);
  const operation = operations[at]!;
  const written = operations
    .filter(({ isRead, key }) => !isRead && key === operation.key)
    .map(({ values }) => values[0]!);
  if (!operation.isRead) {
    if (rng.chance(300_000)) operations.splice(at, 1);
    return;
  }
  if (kindOf(operation.key, options) === "register") operation.values = [pick(rng, [0, ...written])];
  else if (rng.chance(500_000)) operation.values = operation.values.slice(1);
  else operation.values = [...operation.values].reverse();
}

/** Outcomes: some writes fail or end unknown. What was read stays, so that reads of both occur. */
function decorate(rng: Rng, operation: DrawnOperation): void {
  if (operation.isRead) return;
  if (rng.chance(8_000)) operation.suffix += "!";
  else if (rng.chance(60_000)) operation.suffix += "?";
}

/** Sessions take their operations one after the other; sometimes a clock is wrong. */
function addTimes(rng: Rng, operations: readonly DrawnOperation[]): void {
  const free = new Map<number, number>();
  operations.forEach((operation, at) => {
    const around = at * 4;
    const start = Math.max(free.get(operation.session) ?? 0, around - rng.intInclusive(12));
    const end = Math.max(start, around + rng.intInclusive(12));
    free.set(operation.session, rng.chance(20_000) ? 0 : end + 1);
    operation.suffix += operation.suffix.startsWith("?") && rng.chance(500_000) ? `@${start}-` : `@${start}-${end}`;
  });
}

function addMarks(rng: Rng, operations: readonly DrawnOperation[]): void {
  for (const operation of operations) {
    if (!operation.isRead) continue;
    if (rng.chance(400_000)) operation.suffix += `=${pick(rng, ["a", "b"])}`;
    if (rng.chance(300_000)) operation.suffix += ".";
  }
}

function textOf(operations: readonly DrawnOperation[], options: DrawOptions): string {
  const sessions = new Map<number, string[]>();
  for (const { session, key, isRead, values, replaced, isDelete, suffix } of operations) {
    const kind = kindOf(key, options);
    const list = kind === "list" ? `[${values.join()}]` : kind === "siblings" ? `{${values.join()}}` : `${values[0]!}`;
    const word = isRead ? `R(${key},${list})` : `${kind === "list" ? "A" : isDelete ? "D" : "W"}(${key},${values[0]!})`;
    const [marks, rest] = splitMarks(suffix);
    const replaces = !isRead && options.replaced === true && kind === "siblings" ? `~${replaced.join()}` : "";
    sessions.set(session, [...(sessions.get(session) ?? []), `${word}${marks}${replaces}${rest}`]);
  }
  return [...sessions.values()].map((words) => words.join(" ")).join(" | ");
}

/** Outcome and times stand before what is replaced, marks of reads behind it. */
function splitMarks(suffix: string): readonly [string, string] {
  const at = suffix.search(/[=.]/);
  return at === -1 ? [suffix, ""] : [suffix.slice(0, at), suffix.slice(at)];
}

interface Message {
  readonly write: DrawnOperation;
  readonly value: number;
  readonly stamp: number;
  /** Values that its replica had applied when it was written. */
  readonly needs: ReadonlySet<number>;
  /** Values written in its session before. */
  readonly before: number;
}

/** Replicas, one per session, that pass writes on. */
class Replicas {
  readonly #rng: Rng;
  readonly #options: DrawOptions;
  readonly #shape: Shape;
  readonly #byStamp: boolean;
  readonly #causally: boolean;
  readonly #hidesDeletes: boolean;
  /** By session: applied messages in the order in which they were applied. */
  readonly #applied: Message[][];
  readonly #messages: Message[] = [];
  #clock = 0;

  constructor(rng: Rng, options: DrawOptions) {
    this.#rng = rng;
    this.#options = options;
    this.#shape = shapeOf(rng, options);
    this.#byStamp = rng.chance(600_000);
    this.#causally = rng.chance(750_000);
    this.#hidesDeletes = options.deletes === true && rng.chance(700_000);
    this.#applied = Array.from({ length: this.#shape.sessions }, () => []);
  }

  run(): DrawnOperation[] {
    const operations: DrawnOperation[] = [];
    for (let at = 0; at < this.#shape.count; at += 1) {
      const session = this.#rng.intInclusive(this.#shape.sessions - 1);
      for (let tries = this.#rng.intInclusive(3); tries > 0; tries -= 1) this.#deliver(session);
      const key = pick(this.#rng, this.#shape.keys);
      const isRead = this.#rng.chance(550_000);
      const shown = this.#shown(session, key, isRead && this.#hidesDeletes);
      const operation: DrawnOperation = {
        session,
        key,
        isRead,
        values: isRead ? shown : [at + 1],
        replaced: isRead || kindOf(key, this.#options) !== "siblings" ? [] : shown,
        isDelete: !isRead && isDeletion(this.#rng, key, this.#options),
        suffix: "",
      };
      operations.push(operation);
      if (!isRead) this.#write(session, operation);
    }
    return operations;
  }

  #write(session: number, write: DrawnOperation): void {
    const applied = this.#applied[session]!;
    // Mostly a clock that follows causes; sometimes stamps against them, as clocks that are off give.
    this.#clock += 1;
    const message: Message = {
      write,
      value: write.values[0]!,
      stamp: this.#rng.chance(150_000) ? this.#rng.intInclusive(6) : this.#clock,
      needs: new Set(applied.map(({ value }) => value)),
      before: this.#messages.filter((other) => other.write.session === session).length,
    };
    this.#messages.push(message);
    applied.push(message);
  }

  #deliver(session: number): void {
    const applied = this.#applied[session]!;
    const values = new Set(applied.map(({ value }) => value));
    const ready = this.#messages.filter(
      (message) =>
        !applied.includes(message) &&
        (this.#causally
          ? [...message.needs].every((needed) => values.has(needed))
          : applied.filter((other) => other.write.session === message.write.session).length === message.before),
    );
    if (ready.length > 0) applied.push(pick(this.#rng, ready));
  }

  #shown(session: number, key: string, hidesDeletes: boolean): readonly number[] {
    const onKey = this.#applied[session]!.filter(({ write }) => write.key === key);
    const kind = kindOf(key, this.#options);
    const ordered = this.#byStamp ? [...onKey].sort((a, b) => a.stamp - b.stamp || a.value - b.value) : onKey;
    if (kind === "register") return [ordered.at(-1)?.value ?? 0];
    if (kind === "list") return ordered.map(({ value }) => value);
    const isReplaced = (older: Message, newer: Message): boolean =>
      this.#options.replaced === true ? newer.write.replaced.includes(older.value) : newer.needs.has(older.value);
    return onKey
      .filter((one) => !onKey.some((other) => other !== one && isReplaced(one, other)))
      .filter(({ write }) => !hidesDeletes || !write.isDelete)
      .map(({ value }) => value);
  }
}
