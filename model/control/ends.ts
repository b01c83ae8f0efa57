// How operations end. Every accepted operation ends in exactly one of five ways (N4). An end that the target decided is final.
// One that was decided elsewhere, where a queue gave the operation up or its issuer took it back, is provisional while a copy
// may still reach the target: the target's word stands above it, and only what is final is told as an end, or cascades.
//
//   op vm.create vm7 ...     ->  end expired vm.create vm7 why=time at=1     in place of the operation: provisional
//   intent vm.create vm7     ->  end done vm.create vm7 why=executed at=3    among the target's results: final
//   whichever of the two     ->  over done vm.create vm7 why=executed at=3   the issuer has learned of it, and told it
//
// Leaves out who decides when: issuing.ts, queue.ts, target.ts.

import type { CloudletId } from "../ids.ts";
import type { CausalRecord, Dot } from "../replication/record.ts";
import {
  gapFrom,
  hasBlanks,
  isOperationId,
  numberAt,
  readOperation,
  type Operation,
  type OperationId,
} from "./operation.ts";

/** The five ends. */
export type EndKind = "done" | "failed" | "expired" | "superseded" | "revoked";

/**
 * Why an operation ended so. `executed`: a plane did it, or failed at it. `unknown`: a plane was told to do it and cannot say
 * whether it did: failed, which does not claim that nothing happened. `time`, `cap`: its time was over, or a queue was full.
 * `after`: one that it comes after ended so. `conflict`: another operation on the object stands above it. `issuer`: it was
 * taken back. `authority`: its issuer is not above the target any more. `closed`: it was given up while its target was closed, so
 * nobody knows whether that had begun: failed, which does not claim that nothing happened. `custody`: whoever had it was lost.
 * `lost`: its target was about to begin it, and lost with its disk what was to be done: failed, and what its plane knows was asked.
 * `unconfirmed`: its time was over, and nothing comes back from its target: expired, which does not claim here that nothing happened.
 */
export type EndReason =
  | "executed"
  | "unknown"
  | "time"
  | "cap"
  | "after"
  | "conflict"
  | "issuer"
  | "authority"
  | "closed"
  | "custody"
  | "lost"
  | "unconfirmed";

/** One end of one operation. */
export interface End {
  readonly kind: EndKind;
  readonly why: EndReason;
  /** Who decided. */
  readonly at: CloudletId;
  /** The operation that it came after, or that stands above it. */
  readonly cause: OperationId | null;
  /** What a plane said. */
  readonly detail: string;
}

const kinds: readonly EndKind[] = ["done", "failed", "expired", "superseded", "revoked"];
const reasons: readonly EndReason[] = [
  "executed",
  "unknown",
  "time",
  "cap",
  "after",
  "conflict",
  "issuer",
  "authority",
  "closed",
  "custody",
  "lost",
  "unconfirmed",
];

/** What an operation did to what: all of it that is of interest once it has ended. */
export interface Subject {
  readonly kind: string;
  readonly object: string;
}

/** What stands at a key of the control layer. */
export type Word =
  | { readonly says: "operation"; readonly operation: Operation }
  /** The target has decided to hand it to its plane; or a cloudlet on the way has taken custody of it. */
  | { readonly says: "intent" | "taken"; readonly subject: Subject }
  | EndWord;

/** An end; `to`: whose it is, where the key says who has decided it instead (replan.ts). */
export interface EndWord {
  readonly says: "end" | "over";
  readonly subject: Subject;
  readonly end: End;
  readonly to: CloudletId | null;
}

/** The value of the record that says what is about to be done, or who has it now. */
export function subjectText(says: "intent" | "taken", { kind, object }: Subject): string {
  return `${says} ${kind} ${object}`;
}

/** The value of the record that says how an operation ended. `over`: its issuer has told it, and nothing more will come of it. */
export function endText(
  says: "end" | "over",
  subject: Subject,
  { kind, why, at, cause, detail }: End,
  to: CloudletId | null = null,
): string {
  const head = `${says} ${kind} ${subject.kind} ${subject.object} why=${why} at=${at}`;
  const full = `${head}${cause === null ? "" : ` cause=${cause}`}${to === null ? "" : ` to=${to}`}`;
  return detail === "" ? full : `${full} | ${detail}`;
}

/** Reads what a record of the control layer says of an operation; null for what is not known here. */
export function readWord(id: OperationId, text: string): Word | null {
  const operation = text.startsWith("op ") ? readOperation(id, text) : null;
  if (operation !== null) return { says: "operation", operation };
  if (text.startsWith("intent ")) return subjectAfter("intent", text);
  if (text.startsWith("taken ")) return subjectAfter("taken", text);
  if (text.startsWith("end ")) return endAfter("end", text);
  return text.startsWith("over ") ? endAfter("over", text) : null;
}

function subjectAfter(says: "intent" | "taken", text: string): Word | null {
  const from = says.length + 1;
  const gap = text.indexOf(" ", from);
  if (gap < 0) return null;
  const kind = kindAt(text, from, gap);
  const object = text.slice(gap + 1);
  return isBare(kind) && isBare(object) ? { says, subject: { kind, object } } : null;
}

// An end is read for every operation, at every cloudlet on its way: without a pattern, and without a list of its parts.
function endAfter(says: "end" | "over", text: string): Word | null {
  const bar = text.indexOf(" | ");
  const end = bar < 0 ? text.length : bar;
  const how = gapFrom(text, says.length + 1, end);
  const what = gapFrom(text, how + 1, end);
  const object = gapFrom(text, what + 1, end);
  const whyEnd = gapFrom(text, object + 1, end);
  const atEnd = gapFrom(text, whyEnd + 1, end);
  if (whyEnd >= end || !text.startsWith("why=", object + 1) || !text.startsWith("at=", whyEnd + 1)) return null;
  const kind = wordAt(kinds, text, says.length + 1, how);
  const why = wordAt(reasons, text, object + 5, whyEnd);
  const subject = { kind: kindAt(text, how + 1, what), object: text.slice(what + 1, object) };
  const by = numberAt(text, whyEnd + 4, atEnd);
  if (kind === null || why === null || !isBare(subject.kind) || !isBare(subject.object)) return null;
  const isCaused = atEnd < end && text.startsWith("cause=", atEnd + 1);
  const causeEnd = isCaused ? gapFrom(text, atEnd + 1, end) : atEnd;
  const isSent = causeEnd < end && text.startsWith("to=", causeEnd + 1);
  const to = isSent ? numberAt(text, causeEnd + 4, end) : null;
  if (by === null || (causeEnd < end && to === null)) return null;
  const cause = isCaused ? text.slice(atEnd + 7, causeEnd) : null;
  if (cause !== null && !isOperationId(cause)) return null;
  const detail = bar < 0 ? "" : text.slice(bar + 3);
  return { says, subject, end: { kind, why, at: by as CloudletId, cause, detail }, to: to as CloudletId | null };
}

// Most are of the kind of the one before: it is the same text then.
let lastKind = "";

function kindAt(text: string, from: number, end: number): string {
  if (!isAt(lastKind, text, from, end)) lastKind = text.slice(from, end);
  return lastKind;
}

function wordAt<One extends string>(words: readonly One[], text: string, from: number, end: number): One | null {
  for (let at = 0; at < words.length; at += 1) if (isAt(words[at] as One, text, from, end)) return words[at] as One;
  return null;
}

function isAt(word: string, text: string, from: number, end: number): boolean {
  return word.length === end - from && text.startsWith(word, from);
}

// A word without blanks of any kind.
function isBare(word: string): boolean {
  return word !== "" && !hasBlanks(word);
}

/** All that stands at one key, read: the one word that counts, and the record that says it. */
export interface Said {
  readonly word: Word;
  readonly dot: Dot;
}

const weight = { operation: 0, taken: 0, intent: 1, end: 2, over: 3 } as const;

/**
 * The word that counts among what stands at a key: that it is over, before an end, before what is still open; of two alike the
 * first in the order of dots, so that everybody who has both says the same; of custody taken and given back by one, the last. Null where nothing stands that can be read.
 */
export function wordAmong(id: OperationId, versions: readonly CausalRecord[]): Said | null {
  let chosen: Said | null = null;
  for (const record of versions) {
    if (record.kind !== "put") continue;
    const word = readWord(id, record.value);
    if (word === null) continue;
    if (chosen === null || outweighs({ word, dot: record.dot }, chosen)) chosen = { word, dot: record.dot };
  }
  return chosen;
}

// Whoever has said that he has it, and then that he gives it back before his disk had the first, or the other way round: what he said last.
function outweighs({ word, dot }: Said, chosen: Said): boolean {
  const heavier = weight[word.says] - weight[chosen.word.says];
  return heavier > 0 || (heavier === 0 && word.says !== chosen.word.says && dot.origin === chosen.dot.origin);
}
