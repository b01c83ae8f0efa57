// The one unit that replicates, and its name. A record is immutable and shared: every replica that holds it holds the
// same content. This file has the types and the total orders; the encoding is in wire.ts, stamping in stamp.ts.

import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Bytes, Duration } from "../units.ts";

/**
 * The name of a record: who wrote it, in which life, into which stream, as which one. `sequence` is dense from 1 per
 * (origin, incarnation, stream), so that what a replica knows is a short list of intervals.
 * Source: dotted version vectors (Preguiça et al. 2010), with the stream in place of the replica-wide counter.
 */
export interface Dot {
  readonly origin: CloudletId;
  readonly incarnation: Incarnation;
  readonly stream: StreamId;
  readonly sequence: number;
}

/**
 * A hybrid logical clock stamp (Kulkarni et al. 2014) and a Lamport counter beside it. Both orders extend
 * happens-before; ties are broken by dot. `wall` is whole microseconds of the writer's wall clock or of a clock it has
 * seen, `logical` counts within one microsecond, `lamport` counts on its own.
 */
export interface Stamp {
  readonly wall: number;
  readonly logical: number;
  readonly lamport: number;
}

/** A closed range of sequence numbers or log positions, first <= last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Some of one writer's records in one stream. Ranges are disjoint, ascending, not adjacent. */
export interface Covered {
  readonly stream: StreamId;
  readonly origin: CloudletId;
  readonly incarnation: Incarnation;
  readonly ranges: readonly Range[];
}

/**
 * What a replica tells the others. A summary and a return are applied only where all that they cover is.
 *
 * - `summary`, of two rounds. One: everything in `covers` is applied at the writer, all that it wrote before among it. Two: for
 *   each tombstone in `ready` the writer knows that all members but those in `members` have applied it, and nothing stands
 *   beside it.
 * - `detach`: deletes need not wait for those in `members`, of whose records the writer has applied what is in `covers`.
 * - `close`: the same of members that are gone for good: what others depend on and is not in `covers` is not waited for.
 * - `back`: the writer knows that it was detached, by the notices in `covers`, and has been back since.
 * - `return`: the writer counts again. A summary otherwise, of all that it wrote while it was away, too. In `ready` are the
 *   deletes that it has written anew, which go before all that.
 */
export interface Notice {
  readonly kind: "summary" | "detach" | "close" | "back" | "return";
  readonly covers: readonly Covered[];
  readonly ready: readonly Dot[];
  /** Of a summary: members that were not counted. Of a detachment: whom it is about. */
  readonly members: readonly CloudletId[];
}

/**
 * A put or a delete, which are versions of a key (a delete is a tombstone); or a notice of one replica to the others. `sealed`: written in a version of the byte form that
 * this cloudlet cannot read. Its name, key, place in the order and stamp are known, what it says is not: it is stored,
 * ordered and passed on as it came, and shows to readers only that it is there.
 */
export interface CausalRecord {
  readonly kind: "put" | "delete" | "notice" | "sealed";
  readonly dot: Dot;
  /** Empty for a notice. */
  readonly key: string;
  /** Empty for a delete, for a notice, and for what is sealed. */
  readonly value: string;
  /** The versions of this key that this record replaces: applying it removes exactly these. */
  readonly prev: readonly Dot[];
  /** Nearest dots of the writer's past, per stream; a receiver waits for those in streams that reach it. */
  readonly deps: readonly Dot[];
  readonly stamp: Stamp;
  /**
   * Written by a session that had come to its cloudlet from elsewhere: `prev` names what stood there, and may leave out versions
   * of its past that had not come yet, or that the cloudlet has lost. Whoever applies it looks for them (docs/model.md). Left
   * out otherwise.
   */
  readonly moved?: true;
  /** Of a put that is not to last: how long from when it was written, at least. Its own cloudlet ends it (limits.ts). */
  readonly ttl?: Duration;
  /**
   * Of a delete that a cloudlet wrote by itself because the time of its put was over: `prev` names that put alone, and in the
   * order of writes the delete stands right behind it (stamp.ts).
   */
  readonly ends?: true;
  /** What a notice says; absent otherwise. */
  readonly notice?: Notice;
  /** Encoded size in bytes, value included; computed once when the record is made. Equal to the encoder's output. */
  readonly size: Bytes;
  /** Version of the byte form that it was written in, and is kept and sent on in by everybody; left out: 1. */
  readonly version?: number;
  /** What a sealed record says, as it came. */
  readonly body?: Uint8Array;
}

/** Are these the same dot? */
export function sameDot(a: Dot, b: Dot): boolean {
  return a.sequence === b.sequence && a.origin === b.origin && a.stream === b.stream && a.incarnation === b.incarnation;
}

/** A total order of dots: stream, origin, incarnation, sequence. Only for canonical output, it means nothing else. */
export function compareDots(a: Dot, b: Dot): number {
  return a.stream - b.stream || a.origin - b.origin || a.incarnation - b.incarnation || a.sequence - b.sequence;
}

/** Prints a dot as in traces: `c3.1/t7#12` is cloudlet 3, incarnation 1, stream 7, record 12. */
export function dotName(dot: Dot): string {
  return `c${dot.origin}.${dot.incarnation}/t${dot.stream}#${dot.sequence}`;
}
