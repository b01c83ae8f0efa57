// What two replicas say to each other: a handshake that says what one has, a batch of records, and an acknowledgement;
// and for a peer that needs what the sender no longer keeps record by record, a snapshot in parts, and which of its parts
// have come. Encoding and sizes are in wire.ts; the conversation itself in peer.ts, sender.ts and receiver.ts.

import type { Incarnation, ScopeId } from "../ids.ts";
import type { CausalRecord, Covered, Range } from "./record.ts";

export type { Covered, Range } from "./record.ts";

/**
 * What a replica has of a writer, stored or on the way to its disk: what a crash takes from it then, the greeting of its
 * next life leaves out.
 */
export interface Known extends Covered {
  /** Over these records (digests.ts), from 1 to 2^30 - 1; 0 when it is not known; 2^30: the speaker has found this life of its own doubled. */
  readonly digest: number;
}

/** Greeting after every connect: who speaks, and what it already has of what the other may send. */
export interface HelloMessage {
  readonly kind: "hello";
  /** The speaker's incarnation. */
  readonly incarnation: Incarnation;
  /** Counts this speaker's greetings to this peer; a repeated one is recognised by it. */
  readonly round: number;
  /** The other's greeting that the speaker has heard last: incarnation and round, both 0 when none. */
  readonly hears: { readonly incarnation: Incarnation | 0; readonly round: number };
  /** True until the speaker has read in the other's greeting that its own was heard: it asks for one. */
  readonly asks: boolean;
  /** The versions of the byte form that the speaker can read and write. */
  readonly speaks: { readonly least: number; readonly most: number };
  /** Everything the speaker has in the streams that the other may bring it. */
  readonly known: readonly Known[];
}

/**
 * A batch from the sender's apply order. It covers the positions after `after` up to and including `upTo`; positions that
 * carry nothing for this peer are covered silently. `epoch` counts the sender's restarts of this conversation, `base` is
 * the position where this epoch began: everything up to it is known to be stored at the peer already.
 */
export interface RecordsMessage {
  readonly kind: "records";
  readonly incarnation: Incarnation;
  readonly epoch: number;
  /** The receiver's life that `base` and the acknowledgements are about; 0 when the sender never heard a greeting. */
  readonly to: Incarnation | 0;
  readonly base: number;
  readonly after: number;
  readonly upTo: number;
  readonly records: readonly CausalRecord[];
}

/** Everything up to `upTo`, and these ranges beyond it, is stored at the speaker. An optimisation only (R2b, D24). */
export interface AckMessage {
  readonly kind: "ack";
  /** Incarnation and epoch of the sender whose positions these are. */
  readonly incarnation: Incarnation;
  readonly epoch: number;
  readonly upTo: number;
  readonly beyond: readonly Range[];
}

/** What covered records of one scope depend on in other scopes, as far as no version in the cut says so itself. */
export interface Outside {
  readonly scope: ScopeId;
  readonly needs: readonly Covered[];
}

/**
 * One part of a snapshot: of a causally closed cut (cut.ts) of what the sender has applied, as far as flows carry it to
 * the peer. The cut is the sender's state at position `upTo` of its apply order; with all `parts` parts the peer has
 * everything after `after` up to there.
 */
export interface SnapshotMessage {
  readonly kind: "snapshot";
  readonly incarnation: Incarnation;
  readonly epoch: number;
  /** As in `RecordsMessage`. */
  readonly to: Incarnation | 0;
  readonly after: number;
  readonly upTo: number;
  /** Counts the cuts that the sender has taken for this peer: parts of one number are of one cut. */
  readonly cut: number;
  /** Which part, from 1. */
  readonly part: number;
  readonly parts: number;
  readonly applied: readonly Covered[];
  readonly outside: readonly Outside[];
  readonly versions: readonly CausalRecord[];
}

/** These parts of the cut of this number have come; what is missing is to be sent again. Says nothing about disks. */
export interface PartsMessage {
  readonly kind: "parts";
  /** Incarnation and epoch of the sender whose positions these are. */
  readonly incarnation: Incarnation;
  readonly epoch: number;
  readonly cut: number;
  readonly ranges: readonly Range[];
}

/** Everything that travels between replicas. */
export type Message = HelloMessage | RecordsMessage | AckMessage | SnapshotMessage | PartsMessage;
