/**
 * What an online check keeps: sessions with their pasts, versions that can still be read, and names of forgotten ones.
 *
 * Leaves out what is done with them (stream-checker.ts).
 */
import type { Clock } from "./clock.ts";
import type { StreamOperation, StreamStep } from "./stream-types.ts";

/** A version that can still be read. */
export interface Version {
  /** Its key and id: a name that no other version shares. */
  readonly name: string;
  readonly step: StreamStep;
  readonly session: Session;
  /** Place of its write in its session, from 1. */
  readonly index: number;
  readonly clock: Clock;
  /** Whether its write is known to have happened: its outcome was ok, or somebody read it. */
  isCertain: boolean;
  /** Whether a read passed it over while it was uncertain. */
  wasPassedOver: boolean;
  /** Sessions that read it and then another one. */
  readonly leftBy: Set<Session>;
}

/** A version of which only the name is left. */
export interface Remembered {
  readonly step: StreamStep;
  readonly replacedBy: StreamStep;
  /** Number of the look at which it was forgotten, from 1. */
  readonly look: number;
}

/** A session. */
export interface Session {
  readonly name: string;
  readonly number: number;
  /** How many operations of each session are in its past, its own included. */
  readonly clock: Clock;
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
  /** By session that wrote it: its first certain write. */
  readonly firstWrites: Map<Session, { readonly index: number; readonly step: StreamStep }>;
  /** By session that read it: what it returned last. */
  readonly lastReads: Map<Session, Version>;
  /** The first look that forgot a version of it; Infinity before. */
  firstForgotten: number;
  /** Elements of lists stay readable for ever. */
  isList: boolean;
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

/** Notes the first certain write of a session to a key. */
export function noteFirst(key: Key, { session, index, step }: Version): void {
  const before = key.firstWrites.get(session);
  if (before === undefined || index < before.index) key.firstWrites.set(session, { index, step });
}
