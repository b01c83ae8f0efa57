// One operation as it stands at a cloudlet: a line of its book. All of it is read off records, but for when it was opened and what is on
// its way to the disk. Leaves out how it is read (book.ts).

import type { CloudletId } from "../ids.ts";
import type { CausalRecord, Dot, Stamp } from "../replication/record.ts";
import { bytes, type Bytes } from "../units.ts";
import type { End, Said, Subject, Word } from "./ends.ts";
import type { Operation, OperationId } from "./operation.ts";

/** A word of this cloudlet about an operation that is on its way to the disk. */
export type Writing = "operation" | "intent" | "end" | "provisional" | "over" | null;

/** A word as it was written: reading the text gives the same. */
export interface Written {
  readonly text: string;
  readonly word: Word;
}

/** What is being done about custody. */
export type Handing = "copy" | "receipt" | "stub" | "removal" | null;

/**
 * Where an operation stands: at its directive; with what was handed on to this cloudlet; with what this cloudlet has handed on; or
 * with what it keeps for itself.
 */
export const places = { directive: 1, came: 2, handed: 4, held: 8 } as const;

/** One operation as it stands here. */
export interface Line {
  readonly id: OperationId;
  readonly target: CloudletId;
  /** Lines that were opened before have smaller numbers. */
  readonly order: number;
  /** Those that were queued before have smaller numbers. */
  place: number;
  /** The operation itself; null when only its end is known here. */
  operation: Operation | null;
  subject: Subject | null;
  weight: Bytes;
  /** The key of its directive, and that of its target's results; null before anybody asked. */
  directiveKey: string | null;
  resultKey: string | null;
  /** Where its directive lay as bytes when it was read; -1 where it did not. */
  shelf: number;
  /** What was written here last in this life, and what it says; null where nothing was. */
  written: Written | null;
  /** Of the record that brought it: an order that is the same everywhere. */
  stamp: Stamp | null;
  /** Where it stands here, as bits: see `places`. */
  places: number;
  /** A record of this cloudlet about custody of it is on its way to the disk. */
  handing: Handing;
  /** The place that is being cleared. */
  removing: number;
  /** Whoever comes after this cloudlet has taken custody; or this one has said that it has. */
  isTakenNext: boolean;
  isTakenHere: boolean;
  /** What stands at its own key. `open`: it stands somewhere here. */
  directive: "none" | "open" | "ending" | "over";
  /** An end that was decided away from the target. */
  ending: End | null;
  /** What stands among the target's results. */
  result: "none" | "intent" | "end";
  final: End | null;
  /** The record that says the end. */
  finalDot: Dot | null;
  /** When it came to stand here, by the monotonic clock of this process. */
  since: number;
  writing: Writing;
  /** The target has handed it to its plane in this life, or has asked the plane about it. */
  isRunning: boolean;
  /** Its intent is stored, and its plane is surely not told yet. */
  isUntold: boolean;
  /** Until when the plane may answer; infinity while it was not asked. */
  answerBy: number;
  /** Its issuer has told its end in this life. */
  isTold: boolean;
  /** It is known here, and has no end: in the queue of this cloudlet, or handed on. */
  isOpen: boolean;
  /** It counts in its queue. */
  isQueued: boolean;
}

/** What was written here need not be read to know what it says; null where it does not stand there as it was written. */
export function asWritten({ written }: Line, versions: readonly CausalRecord[]): Said | null {
  const record = versions[0];
  if (written === null || record?.value !== written.text || versions.length > 1) return null;
  return record.kind === "put" ? { word: written.word, dot: record.dot } : null;
}

/** Does it stand here for somebody else, on the disk, and nothing has come of it? */
export function isAtRest(line: Line, self: CloudletId): boolean {
  const { target, operation, directive, result, writing, handing, ending } = line;
  if (target === self || operation === null || directive !== "open" || line.places !== places.directive) return false;
  return line.isQueued && result === "none" && writing === null && handing === null && ending === null && isPlain(line);
}

function isPlain({ isTakenNext, isTakenHere, isTold, isRunning, isUntold, removing, final }: Line): boolean {
  return !isTakenNext && !isTakenHere && !isTold && !isRunning && !isUntold && removing === 0 && final === null;
}

/** A line of which nothing is known yet. */
export function newLine(id: OperationId, target: CloudletId, order: number, since: number): Line {
  return {
    id,
    target,
    order,
    place: 0,
    operation: null,
    subject: null,
    weight: bytes(0),
    directiveKey: null,
    resultKey: null,
    shelf: -1,
    written: null,
    stamp: null,
    places: 0,
    handing: null,
    removing: 0,
    isTakenNext: false,
    isTakenHere: false,
    directive: "none",
    ending: null,
    result: "none",
    final: null,
    finalDot: null,
    since,
    writing: null,
    isRunning: false,
    isUntold: false,
    answerBy: Infinity,
    isTold: false,
    isOpen: false,
    isQueued: false,
  };
}
