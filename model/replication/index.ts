// The public surface of the replication core.

export { createReplica, Replica } from "./replica.ts";
export type { ReplicaConfig } from "./standing.ts";
export type { WireConfig } from "./wire-config.ts";
export type * from "./io.ts";
export type * from "./messages.ts";
export { compareDots, dotName, sameDot } from "./record.ts";
export type { CausalRecord, Dot, Stamp } from "./record.ts";
export { compareHybrid, compareLamport } from "./stamp.ts";
export { decode, encode, encodedSize, isIntact, recordSize, wireVersion } from "./wire.ts";
export type { Decoded, Speaks } from "./wire.ts";
export type { MessageRefusal } from "./admission.ts";
export type { MergeFunction, MergeFunctions, PlainVersion } from "./resolver.ts";
export { rightRules } from "./rules.ts";
export type { Rules } from "./rules.ts";
export { decodeEntry, encodeEntry } from "./entry-bytes.ts";
export { decodeSnapshot, encodeSnapshot } from "./snapshot-bytes.ts";
export type { DecodedSnapshot } from "./snapshot-bytes.ts";
