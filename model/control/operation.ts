// An operation: what is to be done, to which object, at which cloudlet, for whom, by when, and after what. It travels as the
// value of an ordinary record (R0), in a form of one line that a person can read:
//
//   op vm.create vm7 to=3 by=tenant priority=3 expiry=3600000000 after=0.1.4 | 4 cores
//
// Leaves out what has become of it (ends.ts), and under which key it stands (keys.ts).

import type { CloudletId, Incarnation } from "../ids.ts";
import { isWellFormed, textSize } from "../replication/bytes.ts";
import type { Brand, Bytes, Duration } from "../units.ts";
import { bytes } from "../units.ts";
import type { Actor } from "./catalogue.ts";

/**
 * The name of an operation: who issued it, in which life, as which one. `0.1.4` is the fourth operation of the first life of
 * cloudlet 0. It stays the same over all records by which the operation travels.
 */
export type OperationId = Brand<string, "OperationId">;

/** A place in the stream of a target's results: what its issuer knew of it. */
export interface KnownUpTo {
  readonly incarnation: number;
  readonly sequence: number;
}

/** An operation. */
export interface Operation {
  readonly id: OperationId;
  readonly target: CloudletId;
  /** A name of the catalogue, or one that this cloudlet does not know. */
  readonly kind: string;
  /** What it is done to, by name: no blanks. */
  readonly object: string;
  readonly actor: Actor;
  /** 0 to 9; higher ones are carried out first and given up last. */
  readonly priority: number;
  /** How long after it was issued it may begin; null: at any time. */
  readonly expiry: Duration | null;
  /** How old it was, at least, when it was written into this record. */
  readonly age: Duration;
  /** It may begin only once these are done, and ends as they end otherwise (semantic dependencies, N10). */
  readonly after: readonly OperationId[];
  /** Operations on the same object that stood open at its issuer: it follows them and is in no conflict with them. */
  readonly beside: readonly OperationId[];
  /** The latest of the target's results that its issuer had; null for none. */
  readonly knows: KnownUpTo | null;
  /** The version of the operation schema that a cloudlet must have to carry it out. */
  readonly needs: number;
  /** Whatever the plane is to be told. */
  readonly payload: string;
}

/** The largest priority. */
export const priorityMax = 9;

/** Makes a name. */
export function operationId(issuer: CloudletId, incarnation: Incarnation, number: number): OperationId {
  return `${issuer}.${incarnation}.${number}` as OperationId;
}

/** Where an operation was issued. */
export function issuerOf(id: OperationId): CloudletId {
  return digits(id, 0, id.indexOf(".")) as CloudletId;
}

// Asked of every operation, more than once: without a text for each number.
function digits(text: string, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at += 1) value = value * 10 + text.charCodeAt(at) - zero;
  return value;
}

/** The life of its issuer, and its number there. */
export function numberOf(id: OperationId): { readonly incarnation: number; readonly number: number } {
  const first = id.indexOf(".") + 1;
  const second = id.indexOf(".", first);
  return { incarnation: digits(id, first, second), number: digits(id, second + 1, id.length) };
}

/** A total order: by issuer, life and number. */
export function compareIds(a: OperationId, b: OperationId): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  return issuerOf(a) - issuerOf(b) || x.incarnation - y.incarnation || x.number - y.number;
}

const dot = 0x2e;
const zero = 0x30;

/** Is this text the name of an operation? */
export function isOperationId(text: string): text is OperationId {
  let part = 0;
  let begins = true;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === dot) {
      if (begins || part === 2) return false;
      part += 1;
      begins = true;
    } else if (unit < zero || unit > zero + 9) return false;
    else if (unit !== zero || !begins) begins = false;
    // A number that begins with 0 is 0, which only a cloudlet is called.
    else if (part > 0 || text.charCodeAt(at + 1) !== dot) return false;
    else begins = false;
  }
  return part === 2 && !begins;
}

/** Can this text name an object? */
export function isObjectName(text: string): boolean {
  return text !== "" && !text.includes("|") && !hasBlanks(text) && isWellFormed(text);
}

/** Are there blanks of any kind in this text? */
export function hasBlanks(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit <= blank || unit >= asciiEnd) return /\s/.test(text);
  }
  return false;
}

const blank = 0x20;
const asciiEnd = 0x80;

/** What an operation weighs in a queue: its text. What the record around it weighs depends on its past. */
export function weightOf(text: string): Bytes {
  return bytes(textSize(text));
}

/** The value of the record that carries it. */
export function operationText(operation: Operation): string {
  const { target, kind, object, actor, priority, expiry, age, after, beside, knows, needs, payload } = operation;
  let text = `op ${kind} ${object} to=${target} by=${actor}`;
  if (priority !== 0) text += ` priority=${priority}`;
  if (expiry !== null) text += ` expiry=${expiry}`;
  if (age !== 0) text += ` age=${age}`;
  if (after.length > 0) text += ` after=${after.join(",")}`;
  if (beside.length > 0) text += ` beside=${beside.join(",")}`;
  if (knows !== null) text += ` knows=${knows.incarnation}.${knows.sequence}`;
  if (needs !== 1) text += ` needs=${needs}`;
  return payload === "" ? text : `${text} | ${payload}`;
}

/** Reads it; null for a text that says something else, or was written in a form that is not known here. */
export function readOperation(id: OperationId, text: string): Operation | null {
  const bar = text.indexOf(" | ");
  const end = bar < 0 ? text.length : bar;
  const kindEnd = gapFrom(text, 3, end);
  if (!text.startsWith("op ") || kindEnd >= end) return null;
  const kind = text.slice(3, kindEnd);
  const objectEnd = gapFrom(text, kindEnd + 1, end);
  const object = text.slice(kindEnd + 1, objectEnd);
  const payload = bar < 0 ? "" : text.slice(bar + 3);
  const said: Said = {};
  for (let from = objectEnd + 1; from <= end;) {
    const wordEnd = gapFrom(text, from, end);
    const equals = text.indexOf("=", from);
    if (equals < 0 || equals >= wordEnd) return null;
    const name = nameAt(text, from, equals);
    if (name !== undefined) said[name] = text.slice(equals + 1, wordEnd);
    from = wordEnd + 1;
  }
  const actor = said.by;
  if (actor !== "owner" && actor !== "operator" && actor !== "tenant") return null;
  const target = wholeNumber(said.to);
  const priority = wholeNumber(said.priority);
  const expiry = wholeNumber(said.expiry);
  const age = wholeNumber(said.age);
  const needs = wholeNumber(said.needs);
  const after = idsIn(said.after);
  const beside = idsIn(said.beside);
  const knows = knownIn(said.knows);
  if (target === undefined || target === null) return null;
  if (priority === null || expiry === null || age === null || needs === null) return null;
  if (after === null || beside === null || knows === "malformed") return null;
  return {
    id,
    target: target as CloudletId,
    kind,
    object,
    actor,
    priority: priority ?? 0,
    expiry: (expiry ?? null) as Duration | null,
    age: (age ?? 0) as Duration,
    after,
    beside,
    knows,
    needs: needs ?? 1,
    payload,
  };
}

const names = ["to", "by", "knows", "beside", "after", "priority", "expiry", "age", "needs"] as const;

/** What the words of an operation say, by name; what is said twice counts as it is said last. */
type Said = { [Name in (typeof names)[number]]?: string };

function nameAt(text: string, from: number, end: number): keyof Said | undefined {
  return names.find((name) => name.length === end - from && text.startsWith(name, from));
}

/** The next blank of a text before `end`; `end` where there is none. */
export function gapFrom(text: string, from: number, end: number): number {
  const gap = text.indexOf(" ", from);
  return gap < 0 || gap > end ? end : gap;
}

/** The whole number between these places of a text; null where something else stands there. */
export function numberAt(text: string, from: number, end: number): number | null {
  if (from >= end || end - from > digitsMax)
    return /^\d+$/.test(text.slice(from, end)) ? Number(text.slice(from, end)) : null;
  let value = 0;
  for (let at = from; at < end; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

// So many digits are exact in whatever order they are added up.
const digitsMax = 15;

// Undefined where nothing is said, null where it is no whole number.
function wholeNumber(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const value = numberAt(text, 0, text.length);
  return Number.isSafeInteger(value) ? value : null;
}

const noIds: readonly OperationId[] = [];

function idsIn(text: string | undefined): readonly OperationId[] | null {
  if (text === undefined) return noIds;
  const ids = text.split(",");
  return ids.every(isOperationId) ? ids : null;
}

function knownIn(text: string | undefined): KnownUpTo | null | "malformed" {
  if (text === undefined) return null;
  const parts = /^(\d+)\.(\d+)$/.exec(text);
  return parts === null ? "malformed" : { incarnation: Number(parts[1]), sequence: Number(parts[2]) };
}
