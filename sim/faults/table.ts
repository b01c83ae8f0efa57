// Every kind of fault that a scenario can name, one row each: docs/faults.md, `causeway list faults` and the form's descriptions are
// made from it. Parameters with their units and ranges are the form's (scenario/schema-faults.ts).
//
// A composite is a way of writing several others: reading a scenario turns it into them, so that the world knows few kinds.
// Leaves out what faults do, which is inject.ts.

import type { MarkName, OracleName } from "../oracles/names.ts";

/** What a fault happens to. */
export type FaultGroup = "network" | "disk" | "process" | "clock" | "membership";

/** One kind. */
export interface FaultRow {
  /** The key that names it in a scenario. */
  readonly name: string;
  readonly group: FaultGroup;
  /** What happens, as the form says it. */
  readonly says: string;
  /** What outside of simulators does that. */
  readonly models: string;
  /** Properties that break first where the core, or a planted bug of it, does not cope. */
  readonly threatens: readonly OracleName[];
  /** Marks that show in a report that it happened; one of them is enough. */
  readonly marks: readonly MarkName[];
  /** Promises that nobody can keep under it, and why: what a run says is suspended. */
  readonly suspends?: { readonly properties: readonly OracleName[]; readonly why: string };
  /** For a composite: the kinds that it is turned into. */
  readonly becomes?: readonly string[];
}

const diskLoss = {
  properties: ["durability"],
  why: "what a disk loses although it was acknowledged is gone unless a neighbour has it; exactly those records are excused",
} as const;
const wrongClocks = {
  properties: ["rtc", "rtc-arb"],
  why: "where clocks are wrong the later of two writes may lose",
} as const;

/** The table. */
export const faultTable = [
  {
    name: "linkDown",
    group: "network",
    says: "a link is down",
    models: "a cut fibre, a modem that lost its cell; one way only: a radio that is heard and does not hear",
    threatens: ["convergence", "local-wait"],
    marks: ["partition"],
  },
  {
    name: "partition",
    group: "network",
    says: "links between different groups are down",
    models: "a site, a region or a provider cut off, into as many parts as there are groups",
    threatens: ["convergence", "local-wait", "exact-conflicts"],
    marks: ["partition"],
  },
  {
    name: "isolate",
    group: "network",
    says: "all links of one cloudlet are down",
    models: "a site whose switch or uplink failed, and who goes on serving what is inside",
    threatens: ["convergence", "local-wait"],
    marks: ["partition"],
  },
  {
    name: "cutSubtree",
    group: "network",
    says: "a backhaul is cut: a cloudlet and all below it are apart from the rest, whatever shortcuts there are",
    models: "the failure of one aggregation site's uplink, which takes everything behind it along",
    threatens: ["convergence", "exact-conflicts"],
    marks: ["partition"],
    becomes: ["partition"],
  },
  {
    name: "ring",
    group: "network",
    says: "of the links among these cloudlets only those between neighbours of a ring are up",
    models: "partial reachability: everybody reaches somebody, nobody reaches all",
    threatens: ["convergence", "causal-delivery"],
    marks: ["partition"],
    becomes: ["linkDown"],
  },
  {
    name: "bridge",
    group: "network",
    says: "two groups have no links to each other but over one cloudlet between them",
    models: "partial reachability: a routing failure that one site alone is not part of",
    threatens: ["convergence", "causal-delivery"],
    marks: ["partition"],
    becomes: ["linkDown"],
  },
  {
    name: "flapping",
    group: "network",
    says: "a link goes down and up again, over and over",
    models: "a loose connector, a route that oscillates, a radio link in the rain",
    threatens: ["convergence", "unique-dots"],
    marks: ["partition"],
    becomes: ["linkDown"],
  },
  {
    name: "swizzle",
    group: "network",
    says: "cloudlets are cut off one after another, and come back in another order",
    models: "rolling outages and repairs: every mixture of who sees whom comes up once",
    threatens: ["convergence", "causal-delivery"],
    marks: ["partition"],
    becomes: ["isolate"],
  },
  {
    name: "degrade",
    group: "network",
    says: "a link does worse than its own properties say",
    models: "loss, duplicates, reordering, flipped bits, delay spikes or a collapse of bandwidth for a time",
    threatens: ["convergence", "causal-delivery", "monotonic-writes"],
    marks: ["link-degraded"],
  },
  {
    name: "clog",
    group: "network",
    says: "messages wait before a link until this is over, in order; nothing is lost by it, and nobody is told",
    models: "a stalled connection or a full buffer: TCP that neither delivers nor fails",
    threatens: ["convergence", "local-wait"],
    marks: ["message-held"],
  },
  {
    name: "lyingFsync",
    group: "disk",
    says: "a disk says that syncs are done which are not: a crash takes what they confirmed",
    models: "a drive with a volatile cache that acknowledges flushes, or a hypervisor that does",
    threatens: ["durability", "unique-dots"],
    marks: ["fsync-lied"],
    suspends: diskLoss,
  },
  {
    name: "bitRot",
    group: "disk",
    says: "bits flip in what a disk holds: a process that starts from it later finds that by checksums",
    models: "latent sector errors and silent corruption",
    threatens: ["durability", "exact-conflicts"],
    marks: ["bit-rot", "checkpoint-rotten"],
    suspends: diskLoss,
  },
  {
    name: "slowDisk",
    group: "disk",
    says: "syncs take longer than usual",
    models: "a worn flash card, a neighbour on the same volume, a drive that retries",
    threatens: ["local-wait", "durability"],
    marks: ["disk-slow"],
  },
  {
    name: "fullDisk",
    group: "disk",
    says: "a disk has no room: writes are refused with the code diskFull, and all else that is to be stored waits",
    models: "a log that nobody rotated; goes on when there is room again",
    threatens: ["local-wait", "durability", "convergence"],
    marks: ["disk-full"],
  },
  {
    name: "restoreBackup",
    group: "disk",
    says: "a process dies and comes back with an old state of its disk",
    models: "a virtual machine set back to a snapshot, a restored backup",
    threatens: ["unique-dots", "durability"],
    marks: ["backup-restored"],
    suspends: diskLoss,
  },
  {
    name: "cloneDisk",
    group: "disk",
    says: "a process dies and comes back with a copy of another cloudlet's disk",
    models: "a machine set up from an image of one that was in use",
    threatens: ["unique-dots", "direction"],
    marks: ["disk-cloned"],
    suspends: diskLoss,
  },
  {
    name: "crash",
    group: "process",
    says: "a process dies and what was not synced is lost",
    models:
      "a power failure, a kernel panic, a killed container; with disk: torn what was half written, with lose a new disk",
    threatens: ["durability", "causal-delivery", "convergence"],
    marks: ["crash"],
    suspends: diskLoss,
  },
  {
    name: "pause",
    group: "process",
    says: "a process does nothing for a time, and what comes for it waits",
    models:
      "a long garbage collection, a stopped process (clock: runs); a virtual machine that is moved or suspended (clock: stands)",
    threatens: ["time-limits", "convergence", "local-wait"],
    marks: ["process-paused", "clock-frozen"],
  },
  {
    name: "upgrade",
    group: "process",
    says: "a process stops and comes back with software of a newer byte form",
    models: "a rolling upgrade: the wire version changes while everybody else goes on",
    threatens: ["reads-resolve", "convergence"],
    marks: ["upgraded"],
    becomes: ["crash"],
  },
  {
    name: "downgrade",
    group: "process",
    says: "a process stops, and older software is put in its place: it is refused by a disk that newer software wrote",
    models: "a rollback after an upgrade",
    threatens: ["durability", "reads-resolve"],
    marks: ["downgrade-refused"],
    becomes: ["crash"],
  },
  {
    name: "clockStep",
    group: "clock",
    says: "a wall clock jumps",
    models: "a correction by hand or by a time server, a leap second, a battery that ran out",
    threatens: ["rtc", "rtc-arb", "time-limits"],
    marks: ["clock-step"],
    suspends: wrongClocks,
  },
  {
    name: "clockDrift",
    group: "clock",
    says: "clocks run faster or slower than usual",
    models: "a crystal in heat or cold",
    threatens: ["rtc-arb", "time-limits"],
    marks: ["clock-drifted"],
    suspends: wrongClocks,
  },
  {
    name: "clockSlew",
    group: "clock",
    says: "a clock is brought to another time by running fast or slow until it is there",
    models: "NTP, which corrects small errors by at most 500 ppm",
    threatens: ["rtc-arb", "time-limits"],
    marks: ["clock-drifted"],
    suspends: wrongClocks,
    becomes: ["clockDrift"],
  },
  {
    name: "clockStrobe",
    group: "clock",
    says: "a wall clock jumps there and back, over and over",
    models: "two time sources that disagree and take turns",
    threatens: ["rtc-arb", "rtc", "monotonic-writes"],
    marks: ["clock-step"],
    suspends: wrongClocks,
    becomes: ["clockStep"],
  },
  {
    name: "farFuture",
    group: "clock",
    says: "a wall clock jumps beyond what others follow: its stamps poison what they touch",
    models: "a wrong year in a BIOS",
    threatens: ["rtc-arb", "reads-resolve"],
    marks: ["far-future"],
    suspends: wrongClocks,
    becomes: ["clockStep"],
  },
  {
    name: "churn",
    group: "membership",
    says: "cloudlets come and go, each at its own times",
    models: "vehicles, shops that switch off at night, sites on solar power",
    threatens: ["convergence", "durability"],
    marks: ["crash", "partition"],
    becomes: ["crash", "isolate"],
  },
  {
    name: "massReturn",
    group: "membership",
    says: "many cloudlets are away and come back at one moment",
    models: "the end of a regional outage: everybody greets everybody at once",
    threatens: ["convergence", "exact-conflicts"],
    marks: ["crash", "partition"],
    becomes: ["crash", "isolate"],
  },
  {
    name: "cascade",
    group: "membership",
    says: "aggregation layers fail one after another, and come back in the same order",
    models: "overload or a bad update that moves through the layers",
    threatens: ["convergence", "durability"],
    marks: ["crash", "partition"],
    becomes: ["crash", "isolate"],
  },
] as const satisfies readonly FaultRow[];

/** The name of a kind, as scenarios write it. */
export type FaultName = (typeof faultTable)[number]["name"];

/** All names, in the table's order. */
export const faultNames = faultTable.map(({ name }) => name);

/** What happens in a fault of this kind. */
export function faultSays(name: FaultName): string {
  return faultTable.find((row) => row.name === name)?.says ?? "";
}
