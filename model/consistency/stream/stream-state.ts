/**
 * What an online check keeps: sessions with their pasts, versions that can still be read, and names of forgotten ones.
 *
 * Leaves out what is done with them (stream-checker.ts).
 */
import type { Clock } from "./clock.ts";
import type { StreamOperation, StreamStep } from "./stream-types.ts";

/** Something with a place in both orders. */
export interface Ordered {
  /** How many operations of each session are in its causal past. */
  readonly clock: Clock;
  /**
   * How many operations of each session come before it in every order by which all conflicts that were read end alike: its causal
   * past and what lost to something in there. The same object as `clock` as long as both say the same.
   */
  arbitration: Clock;
}

/** A version that can still be read, and its write. */
export interface Version extends Ordered {
  /** Its key and id: a name that no other version shares. */
  readonly name: string;
  /** `x = 1`. */
  readonly text: string;
  readonly step: StreamStep;
  readonly session: Session;
  /** Place of its write in its session, from 1. */
  readonly index: number;
  isForgotten: boolean;
  /** By session that read it: the line of the first such read. Null while nobody has. */
  readBy: Map<Session, number> | null;
  /** What lost to it, where nothing else said so: of each session's writes the newest. Null while there are none. */
  beaten: Conflict[] | null;
}

/** A conflict that a read decided: it returned the winner and had the loser in its past. */
export interface Conflict {
  readonly loser: Version;
  readonly reader: Session;
  readonly read: StreamOperation;
}

/** A version of which only the name is left. */
export interface Remembered {
  readonly step: StreamStep;
  readonly replacedBy: StreamStep;
  /** Number of the look at which it was forgotten, from 1. */
  readonly look: number;
}

/** A session; its past is that of its newest operation, which is included. */
export interface Session extends Ordered {
  readonly name: number | string;
  readonly number: number;
  /** What it wrote and was not forgotten, in its order. */
  written: Version[];
  /** Operations that took effect. */
  count: number;
  lastLine: number;
  /** Number of looks made when it was first heard of, or heard of again after it was taken to have ended. */
  born: number;
  isEnded: boolean;
}

/** A key. */
export interface Key {
  readonly versions: Version[];
  /** By session that wrote it. */
  readonly writers: Map<Session, Writer>;
  /** By session that read it: what it returned last. */
  readonly lastReads: Map<Session, Version>;
  /** The first look that forgot a version of it; Infinity before. */
  firstForgotten: number;
  /** Elements of lists stay readable for ever. */
  isList: boolean;
  /** Whether its versions may have names; and whether one was deleted. */
  mayBeNamed: boolean;
  isDeleted: boolean;
  /** Whether a read found nothing there, and did not say whether that was the beginning or a delete. */
  hasUnnamed: boolean;
}

/** A session as a writer of one key. */
export interface Writer {
  /** Place in the session of its first write of the key. */
  readonly index: number;
  readonly step: StreamStep;
  /** Place of the newest write of the key that was forgotten; 0 where none was. */
  forgotten: number;
}

/** A name that no two versions share. */
export function nameOf(key: string, id: string): string {
  return `${key}\u0000${id}`;
}

/** The version that an operation writes; null for reads. */
export function writtenBy({ kind, key, versions }: StreamOperation): string | null {
  const id = kind === "write" ? (versions[0]?.id ?? null) : null;
  return id === null ? null : nameOf(key, id);
}

/** The operation as stories name it. */
export function stepOf({ line, session, text }: StreamOperation): StreamStep {
  return { line, session, text };
}

/** Notes the first write of a session to a key. */
export function noteFirst(key: Key, { session, index, step }: Version): void {
  const before = key.writers.get(session);
  if (before === undefined) key.writers.set(session, { index, step, forgotten: 0 });
  else if (index < before.index) key.writers.set(session, { index, step, forgotten: before.forgotten });
}

/** A key of which nothing is known. */
export function newKey(): Key {
  return {
    versions: [],
    writers: new Map(),
    lastReads: new Map(),
    firstForgotten: Infinity,
    isList: false,
    mayBeNamed: false,
    isDeleted: false,
    hasUnnamed: false,
  };
}

/** A session that has done nothing yet. */
export function newSession(
  name: number | string,
  number: number,
  clock: Clock,
  line: number,
  born: number,
  isEnded: boolean,
): Session {
  return { name, number, clock, arbitration: clock, written: [], count: 0, lastLine: line, born, isEnded };
}
