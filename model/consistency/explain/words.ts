/**
 * Operations in words, as a reader of the file would write them, and short references to them.
 *
 * Names and values come from files and may hold anything: what is not plain print is shown in quotes, and what is long is cut. So
 * is a text that reads like a number or a keyword, since those are other names and values: `1` is not `"1"`.
 * Leaves out markup: who draws a page escapes these texts like all others.
 */
import { type History, INITIAL, keyKind, operationKind, outcome } from "../history.ts";
import { literalOf, plain } from "../literals.ts";

/** Characters of a name or value beyond which it is cut. */
const NAME_MAX = 60;
/** Elements of a set or list that are written out. */
const ELEMENTS_MAX = 12;

/** A name as it may stand in a line of text: as it is, or in quotes where it holds blanks, controls or marks of its own. */
export function printable(name: string): string {
  const short = shortened(name);
  return /^[\p{L}\p{N}_./:@#$%&*+~^<>|!?-]+$/u.test(short) ? short : quoted(short);
}

/** Texts that would read like a value of another kind: numbers, keywords, nothing. */
const READS_LIKE_ANOTHER = /^(?:[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|:.*|nothing|nil|null|true|false)$/s;

/** A name or value as the file has it (literals.ts). */
export function rawText(raw: number | string): string {
  if (typeof raw === "number") return String(raw);
  const isText = literalOf(raw) === null;
  const text = plain(raw);
  return isText && READS_LIKE_ANOTHER.test(text) ? quoted(shortened(text)) : printable(text);
}

function shortened(name: string): string {
  return name.length <= NAME_MAX ? name : `${name.slice(0, NAME_MAX)}...`;
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e\p{L}\p{N}]/gu, codeOf);
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The value of a version; the initial one by its name. */
export function valueText(history: History, version: number): string {
  const raw = history.values.raw(version);
  return raw === null ? printable(history.values.of(version)) : rawText(raw);
}

/** The name of a key; a number alone would read like a value. */
export function keyText(history: History, key: number): string {
  const name = rawText(history.keys.raw(key));
  return /^"?[\d.-]/.test(name) ? `key ${name}` : name;
}

/** What a write put there: `x = 1`, or the element of an append. */
export function versionText(history: History, write: number): string {
  const value = valueText(history, history.version[write]!);
  const key = keyText(history, history.key[write]!);
  return history.kind[write] === operationKind.append ? `${value} in ${key}` : `${key} = ${value}`;
}

/** What an operation did: `write x = 1`, `read x = {1, 2}`, `append 3 to x`. */
export function operationText(history: History, operation: number): string {
  const key = keyText(history, history.key[operation]!);
  const result = history.outcome[operation];
  if (history.kind[operation] === operationKind.read) {
    const isTold = result === outcome.unknown && history.listStart[operation] !== history.listStart[operation + 1];
    if (result !== outcome.ok && !isTold) return `read ${key}, without an answer`;
    return `read ${key} = ${answerText(history, operation)}${isTold ? ", outcome unknown" : ""}`;
  }
  const value = valueText(history, history.version[operation]!);
  const done =
    history.kind[operation] === operationKind.append ? `append ${value} to ${key}` : `write ${key} = ${value}`;
  if (result === outcome.failed) return `${done}, which failed`;
  return result === outcome.unknown ? `${done}, outcome unknown` : done;
}

function answerText(history: History, operation: number): string {
  const kind = history.keyKind[history.key[operation]!];
  const from = history.listStart[operation]!;
  const to = history.listStart[operation + 1]!;
  if (kind === keyKind.register && to === from + 1) {
    const version = history.listed[from]!;
    return version === INITIAL ? `${valueText(history, version)}, the initial value` : valueText(history, version);
  }
  const shown: string[] = [];
  for (let at = from; at < Math.min(to, from + ELEMENTS_MAX); at += 1)
    shown.push(valueText(history, history.listed[at]!));
  if (to - from > ELEMENTS_MAX) shown.push(`and ${to - from - ELEMENTS_MAX} more`);
  return kind === keyKind.list ? `[${shown.join(", ")}]` : `{${shown.join(", ")}}`;
}

/** `session 2`. */
export function sessionText(history: History, session: number): string {
  return sessionName(history.sessions.raw(session));
}

/** The same by the name that the file gives it. */
export function sessionName(name: number | string): string {
  return `session ${rawText(name)}`;
}

/** How a story points at its operations. */
export interface References {
  /** `line 7` where every operation of the story has a line of its own, else its mark. */
  of(operation: number): string;
  /** `[2]`, its place in the listing, where lines do not tell operations apart; null where they do. */
  markOf(operation: number): string | null;
}

/** References to these operations, which are listed in this order. */
export function referencesTo(history: History, operations: readonly number[]): References {
  const lines = new Set(operations.map((operation) => history.line[operation]!));
  const byLine = lines.size === operations.length && !lines.has(0);
  const markOf = (operation: number): string => `[${operations.indexOf(operation) + 1}]`;
  return byLine
    ? { of: (operation) => `line ${history.line[operation]!}`, markOf: () => null }
    : { of: markOf, markOf };
}
