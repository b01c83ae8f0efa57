// The names of everything a run can say: properties that an oracle judges, and marks that a run must reach to prove
// anything. Scenario files, reports, `causeway list` and the docs all read this table.

import { type ControlCase, operationCases, watchedCases } from "./control-marks.ts";
import { type QuirkName, quirkTable } from "../quirks/table.ts";

/** One property: its name, the catalogue ids it covers, and one sentence. */
export interface OracleEntry {
  readonly name: string;
  readonly ids: readonly string[];
  readonly says: string;
}

/** Every property an oracle judges. */
export const oracleTable = [
  {
    name: "causal-delivery",
    ids: ["D11", "D25"],
    says: "A record is applied only after all of its past that reaches this cloudlet.",
  },
  {
    name: "exact-conflicts",
    ids: ["D20", "R1a", "R1c", "K4"],
    says: "Two versions stand side by side exactly when neither causally precedes the other.",
  },
  { name: "reads-resolve", ids: ["R1b", "D2"], says: "Every read equals the resolver over the maximal visible set." },
  {
    name: "read-your-writes",
    ids: ["D22"],
    says: "A session's read is never older than its own last write of the key.",
  },
  { name: "monotonic-reads", ids: ["D22"], says: "A session's read is never older than what it has read before." },
  {
    name: "monotonic-writes",
    ids: ["D22"],
    says: "A session's writes are applied in their order wherever they arrive.",
  },
  { name: "writes-follow-reads", ids: ["D22"], says: "A write is applied only after what its session had read." },
  {
    name: "rtc",
    ids: ["D21", "D23"],
    says: "Reads fit one causal order that never runs against real time (real-time causal, Mahajan).",
  },
  {
    name: "rtc-arb",
    ids: ["N3", "D23"],
    says: "Of two conflicting writes that do not overlap in time, the later one wins.",
  },
  { name: "local-wait", ids: ["D26", "A4b", "A5b"], says: "A local request waits for nothing but the local disk." },
  {
    name: "direction",
    ids: ["D8", "D12", "D17", "N9"],
    says: "No record travels horizontally, against its flow's direction, or beyond its scope.",
  },
  { name: "durability", ids: ["A5a"], says: "Nothing that was acknowledged is lost while its disk keeps its word." },
  {
    name: "unique-dots",
    ids: ["A5a"],
    says: "No two records carry one name; where two do and could meet, somebody reports it.",
  },
  {
    name: "stream-opening",
    ids: ["D11", "D25"],
    says: "What a re-parented cloudlet receives newly is open only once it has all that precedes what it had applied.",
  },
  {
    name: "collection",
    ids: ["A4c"],
    says: "A delete goes for good only when everybody has it and no version can turn up that does not know of it.",
  },
  {
    name: "revived",
    ids: ["A4c"],
    says: "What was deleted does not come back to life with a member that was detached and returns.",
  },
  {
    name: "session-moves",
    ids: ["D22", "G8", "N13"],
    says: "A session that moves brings only its past, and each answer says exactly what of it is missing there.",
  },
  {
    name: "time-limits",
    ids: ["N10"],
    says: "A put with a time limit is ended by its own cloudlet, not early, soon, and without a change of anything else.",
  },
  {
    name: "operation-answers",
    ids: ["A2a", "A2b"],
    says: "Who asks for an operation is answered as soon as the disk has it, and not refused for want of a way or a peer.",
  },
  {
    name: "operation-authority",
    ids: ["D4", "D5", "D6", "D15", "D18"],
    says: "Operations are accepted for cloudlets below, from who may ask, and carried out at their targets, by planes that work.",
  },
  {
    name: "operation-ends",
    ids: ["N4", "A5a"],
    says: "An operation has one end, told where it was issued; done is told only of what was carried out.",
  },
  {
    name: "at-most-one-effect",
    ids: ["N4", "A5a"],
    says: "A plane is told of an operation once at most, whatever is repeated or crashes.",
  },
  {
    name: "operation-order",
    ids: ["N10"],
    says: "An operation begins after those that it comes after, after earlier ones of its issuer on the same object, and after upgrades that it needs.",
  },
  {
    name: "queue-caps",
    ids: ["A5c"],
    says: "No queue of operations holds more than its cap, in records or in bytes, at any layer.",
  },
  {
    name: "operations-over",
    ids: ["N4", "A5a"],
    says: "After the healing every accepted operation ends, unless somebody on its way stays broken.",
  },
  {
    name: "mark-rules",
    ids: ["A6a", "A6b", "A6c", "N6", "N8", "G6"],
    says: "Who is watched is marked as silence, planes and confirmations really are, by declared changes, no more often than stated.",
  },
  {
    name: "view-age",
    ids: ["I6", "A6a"],
    says: "What a cloudlet shows of one right below was observed there, never goes back, and is no older than stated while that is connected.",
  },
  {
    name: "accepts-whatever-marks",
    ids: ["A2a"],
    says: "No operation is refused or kept waiting because of how its target is marked.",
  },
  {
    name: "convergence",
    ids: ["G2", "R2a"],
    says: "After healing, those that receive the same records hold the same state within the budget.",
  },
] as const satisfies readonly OracleEntry[];

/** The name of a property. */
export type OracleName = (typeof oracleTable)[number]["name"];

/** Properties that are judged only where a scenario has operations. */
export const operationOracles = [
  "operation-answers",
  "operation-authority",
  "operation-ends",
  "at-most-one-effect",
  "operation-order",
  "queue-caps",
  "operations-over",
] as const satisfies readonly OracleName[];

/** Properties that are judged only where cloudlets are watched. */
export const markOracles = [
  "mark-rules",
  "view-age",
  "accepts-whatever-marks",
] as const satisfies readonly OracleName[];

const ofOperations: ReadonlySet<OracleName> = new Set(operationOracles);
const ofAliveness: ReadonlySet<OracleName> = new Set(markOracles);
/** Judged at the end of a run: more time might have helped. */
const atTheEnd: ReadonlySet<OracleName> = new Set(["convergence", "operations-over"]);
/** Real time is promised by no resolver under every clock, so a scenario asks for it by name. */
const onlyByName: ReadonlySet<OracleName> = new Set(["rtc", "rtc-arb"]);

/** What a scenario expects that says nothing of it: what is to hold always, and what in the end. */
export function usuallyExpected(
  hasOperations: boolean,
  isWatched = false,
): {
  readonly always: readonly OracleName[];
  readonly eventually: readonly OracleName[];
} {
  const names = oracleTable
    .map(({ name }): OracleName => name)
    .filter((name) => (hasOperations || !ofOperations.has(name)) && (isWatched || !ofAliveness.has(name)));
  return {
    always: names.filter((name) => !atTheEnd.has(name) && !onlyByName.has(name)),
    eventually: names.filter((name) => atTheEnd.has(name)),
  };
}

/**
 * One mark. `onlyPlanted`: no run reaches it without a planted bug; `needsDetachments`: none in which nobody is detached;
 * `needsAliveness`: none in which nobody is watched; `needsOperations`: none in which nobody asks for operations; `isRare`: about one of some hundred drawn scenarios does, and a test of its own surely does.
 */
interface MarkEntry {
  readonly name: string;
  readonly says: string;
  readonly onlyPlanted?: true;
  readonly needsDetachments?: true;
  readonly needsAliveness?: true;
  readonly needsOperations?: true;
  readonly isRare?: true;
}

const stories = [
  { name: "conflict", says: "Two concurrent versions of one key met at a cloudlet." },
  { name: "conflict-closed", says: "A write replaced two or more siblings." },
  { name: "partition", says: "A link between two replication neighbours went down." },
  { name: "partition-healed", says: "A link came back and records crossed it that had waited." },
  { name: "pending", says: "A record arrived before its past and waited." },
  { name: "duplicate", says: "A record arrived where it was already known." },
  { name: "relay", says: "A record reached a cloudlet over another one." },
  { name: "retransmission", says: "A batch was sent again." },
  { name: "message-corrupted", says: "A message arrived with flipped bits and was refused." },
  { name: "sealed-relayed", says: "A cloudlet took in a record of a version that it cannot read." },
  { name: "sealed-read", says: "A read was told that there is something newer that cannot be read there." },
  { name: "message-lost", says: "A message was lost on a link." },
  { name: "crash", says: "A process crashed." },
  { name: "crash-with-unsynced", says: "A process crashed while a write was not yet durable." },
  { name: "torn-tail", says: "A crash left half an entry at the end of a log, or some that no sync had confirmed." },
  { name: "fsync-lied", says: "A crash took records whose sync a disk had confirmed." },
  { name: "bit-rot", says: "A restart found entries on its disk whose checksum did not fit, and dropped them." },
  {
    name: "checkpoint-rotten",
    says: "A restart found that its checkpoint's checksum did not fit, and went on with what lay behind it.",
    isRare: true,
  },
  { name: "backup-restored", says: "A cloudlet came back with an earlier state of its disk and lacked records." },
  { name: "disk-cloned", says: "A cloudlet came back with a copy of another one's disk." },
  { name: "foreign-record", says: "A copied disk held a record that no flow brings to its new cloudlet: left out." },
  { name: "own-record-returned", says: "A neighbour brought a cloudlet a record of its own that it had lost." },
  {
    name: "dot-collision",
    says: "A cloudlet found two records of one name.",
    onlyPlanted: true,
  },
  { name: "disk-lost", says: "A cloudlet came back with an empty disk and was filled again." },
  { name: "tombstone", says: "A deleted key was read." },
  { name: "tombstone-collected", says: "A cloudlet dropped a delete that everybody has applied." },
  { name: "put-ended", says: "A cloudlet ended a put whose time was over." },
  { name: "end-raced", says: "The end of a put met a version that had replaced the put elsewhere." },
  { name: "end-after-restart", says: "A cloudlet ended a put that an earlier life of its process had written." },
  { name: "hidden-loser", says: "A read where one version wins hid a sibling." },
  { name: "siblings-returned", says: "A read where siblings are kept returned more than one version." },
  { name: "resolved-by-hand", says: "A request resolved open siblings." },
  { name: "deltas-merged", says: "A read merged deltas of which none knew of the other." },
  { name: "clock-step", says: "A wall clock jumped." },
  { name: "clock-drifted", says: "A fault made a clock run faster or slower." },
  { name: "clock-frozen", says: "A process was paused, and its clocks stood still with it." },
  { name: "process-paused", says: "A paused process went on and found what had come meanwhile." },
  { name: "disk-slow", says: "A disk finished a sync while a fault made it slow." },
  { name: "disk-full", says: "A write was refused since there was no room on the disk." },
  { name: "message-held", says: "A message waited before a clogged link." },
  { name: "link-degraded", says: "A fault changed how or whether a message crossed a link." },
  { name: "upgraded", says: "A process came back with software of a newer byte form." },
  {
    name: "downgrade-refused",
    says: "Older software was not let start from a disk that newer software had written.",
  },
  { name: "far-future", says: "A stamp arrived from beyond the clock bound." },
  { name: "dependency-elsewhere", says: "A record depended on one in a stream that does not reach its receiver." },
  {
    name: "node-order",
    says: "A write followed what another session did at its cloudlet, and what its own session had not seen.",
  },
  { name: "reparented", says: "A cloudlet was told of a plan that gives it another upper." },
  {
    name: "reparented-sending",
    says: "A cloudlet was re-parented while its former upper still lacked records it had.",
  },
  {
    name: "reparented-receiving",
    says: "A cloudlet was re-parented while it still lacked records of its former upper.",
  },
  {
    name: "stream-opened",
    says: "A cloudlet got the last of what it had to wait for when it went over to another plan.",
  },
  { name: "request-queued", says: "A request waited for its cloudlet's busy processor." },
  { name: "log-compacted", says: "A replica's log dropped records that were applied." },
  { name: "snapshot-installed", says: "A snapshot became visible in place of records one by one." },
  { name: "sent-unheard", says: "A batch or a part of a snapshot was repeated while no way led back." },
  { name: "session-moved", says: "A session went on at another cloudlet." },
  { name: "moved-with-bundle", says: "A session brought records of its past to where it went on." },
  { name: "moved-behind", says: "A session went on where some of its past had not come, and was told so." },
  { name: "forgo-regressed", says: "A session that had given its past up read something older than that." },
  { name: "member-detached", says: "Somebody detached or closed a member.", needsDetachments: true },
  {
    name: "record-held-back",
    says: "A cloudlet held back what a member wrote that was detached.",
    needsDetachments: true,
  },
  { name: "member-returned", says: "A member that was detached came back and counts again.", needsDetachments: true },
  {
    name: "delete-written-anew",
    says: "A member that came back wrote a delete anew that its writes had missed.",
    needsDetachments: true,
  },
  {
    name: "dependents-released",
    says: "A record became visible without one that is lost with a closed member.",
    isRare: true,
  },
  { name: "offline-write", says: "A write was answered while every link of its cloudlet was down." },
] as const satisfies readonly MarkEntry[];

/** The name of a mark. */
export type MarkName = (typeof stories)[number]["name"] | ControlCase | QuirkName;

/** Every mark a run can reach: the interesting cases that a sweep must not miss, and the quirks that acted. */
export const markTable: readonly (MarkEntry & { readonly name: MarkName })[] = [
  ...stories,
  ...operationCases,
  ...watchedCases,
  // Few drawn scenarios may have short logs.
  ...quirkTable.map(({ name, says, ...row }) =>
    "needsShortLogs" in row ? { name, says, isRare: true as const } : { name, says },
  ),
];

/** What scenarios of a sweep are drawn with, beside what all have. */
export interface SweepDraws {
  /** Members are detached. */
  readonly detachments?: boolean;
  /** People ask for operations. */
  readonly operations?: boolean;
  /** Cloudlets are watched. */
  readonly aliveness?: boolean;
}

/** Marks that a sweep must reach somewhere, or it proves too little: all that drawn scenarios do not reach rarely or never. */
export function sweepMarks({
  detachments = false,
  operations = false,
  aliveness = false,
}: SweepDraws): readonly MarkName[] {
  return markTable
    .filter((entry) => entry.onlyPlanted !== true && entry.isRare !== true)
    .filter((entry) => detachments || entry.needsDetachments !== true)
    .filter((entry) => operations || entry.needsOperations !== true)
    .filter((entry) => aliveness || entry.needsAliveness !== true)
    .map(({ name }) => name);
}

/** Can a mark be reached with this? Whoever lists what was never met leaves the others out. */
export function canReach(name: MarkName, { operations = true, aliveness = true }: SweepDraws): boolean {
  const entry = markTable.find((one) => one.name === name);
  return (operations || entry?.needsOperations !== true) && (aliveness || entry?.needsAliveness !== true);
}
