// Integer names of the things in a run, and the strings a person sees for them. Inside, everything is an index; names
// such as "cloudlet3" live in the topology and appear only at the edges. Dots, the names of records, are in
// replication/record.ts.

import type { Brand } from "./units.ts";

/** Index of a cloudlet in its topology, dense from 0. */
export type CloudletId = Brand<number, "CloudletId">;
/** Index of a scope in its topology, dense from 0. */
export type ScopeId = Brand<number, "ScopeId">;
/** Index of a stream in its topology, dense from 0: the unit that dependencies are tracked by. */
export type StreamId = Brand<number, "StreamId">;
/** One client bound to one cloudlet; never reused within a run. */
export type SessionId = Brand<number, "SessionId">;
/** A request's number; unique within a run, chosen by the client, echoed in the reply. */
export type OpId = Brand<number, "OpId">;
/** One start of one process, 1 to 2^31 - 1; larger than every earlier one of that cloudlet, given by the host. */
export type Incarnation = Brand<number, "Incarnation">;

/** Prints a session as in traces: `s12`. */
export function sessionName(session: SessionId): string {
  return `s${session}`;
}

/** Prints a request as in traces: `op17`. */
export function opName(op: OpId): string {
  return `op${op}`;
}
