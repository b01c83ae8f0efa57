// The public surface of the replication core.

export { createReplica, Replica } from "./replica.ts";
export type { ReplicaConfig } from "./replica.ts";
export type * from "./io.ts";
export type * from "./messages.ts";
export { compareDots, dotName, sameDot } from "./record.ts";
export type { CausalRecord, Dot, Stamp } from "./record.ts";
export { compareHybrid, compareLamport } from "./stamp.ts";
export { decode, encode, encodedSize, recordSize, wireVersion } from "./wire.ts";
export type { Decoded } from "./wire.ts";
export { rightRules } from "./rules.ts";
export type { Rules } from "./rules.ts";
