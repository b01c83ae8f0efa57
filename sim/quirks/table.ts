// Quirks: what a core's surroundings may do and hardly ever do. Each is legal, as the duties of a core's caller have it
// (model/replication/io.ts), so that a core keeps every promise under all of them; what is rare outside is common in a run that has
// it on. FoundationDB's BUGGIFY is the model (Zhou et al., "FoundationDB: A Distributed Unbundled Transactional Key Value Store",
// SIGMOD 2021, section 4): a quirk is on or off for a whole run, and where it is on it acts with its rate at every occasion.
//
// docs/quirks.md, `causeway list quirks` and the marks are made from this table. Leaves out how each is carried out (quirks.ts and
// whoever asks it).

/** What acts. */
export type QuirkGroup = "disk" | "timers" | "network" | "process" | "clock" | "clients";

/** One quirk. */
export interface QuirkRow {
  /** As scenarios and marks name it. */
  readonly name: string;
  readonly group: QuirkGroup;
  /** What has happened when it acted: what its mark says. */
  readonly says: string;
  /** Why a caller may do that. */
  readonly legal: string;
  /** How often it acts where it is on, of a million occasions. */
  readonly rate: number;
  /** It takes checkpoints or shortens logs, which is not combined with everything (`logs` of a scenario). */
  readonly needsShortLogs?: true;
  /** Promises that nobody can keep under it, and why. */
  readonly suspends?: { readonly properties: readonly ("rtc" | "rtc-arb")[]; readonly why: string };
}

/** How late a timer fires at most where `late-timer` is on, in microseconds. */
export const LATE_TIMER_MAX = 500_000;
/** How long a clock stands at most where `standing-clock` is on, in microseconds. */
export const STANDING_MAX = 10_000;

/** The table. */
export const quirkTable = [
  {
    name: "late-sync",
    group: "disk",
    says: "A sync took up to a quarter of a second longer.",
    legal: "a disk answers when it likes; until then nothing is promised",
    rate: 100_000,
  },
  {
    name: "short-sync",
    group: "disk",
    says: "A sync covered the first of several entries alone.",
    legal: "positions that are confirmed may be anything up to what was handed out, as long as they are true",
    rate: 300_000,
  },
  {
    name: "repeated-sync",
    group: "disk",
    says: "A core was told a second time that a position is durable.",
    legal: "confirmed positions never decrease; nobody says that they grow",
    rate: 200_000,
  },
  {
    name: "early-checkpoint",
    group: "disk",
    says: "A disk was given a snapshot in place of a log that was not long yet.",
    legal: "a snapshot may take the place of what is confirmed at any time",
    rate: 30_000,
    needsShortLogs: true,
  },
  {
    name: "late-timer",
    group: "timers",
    says: "A timer fired after the last moment it was armed for.",
    legal: "firing late is allowed: the machine was busy",
    rate: 100_000,
  },
  {
    name: "edge-timer",
    group: "timers",
    says: "A timer fired at the first or the last moment of its range.",
    legal: "any moment of the range is; several timers armed together fire together then",
    rate: 500_000,
  },
  {
    name: "stale-timer",
    group: "timers",
    says: "A timer fired at its old moment although it had been disarmed or armed anew.",
    legal: "the firing was on its way already; each arming fires once at most",
    rate: 200_000,
  },
  {
    name: "full-outbox",
    group: "network",
    says: "A message was refused by its own machine, whose outbox was full.",
    legal: "what is sent may be lost, and nobody is told",
    rate: 30_000,
  },
  {
    name: "slow-outbox",
    group: "network",
    says: "A message stayed in its own machine for a while, and later ones left before it.",
    legal: "what is sent may be delayed and overtaken at will",
    rate: 50_000,
  },
  {
    name: "double-delivery",
    group: "network",
    says: "A message was handed in twice at one moment.",
    legal: "what is sent may come twice",
    rate: 50_000,
  },
  {
    name: "same-instant",
    group: "network",
    says: "A message arrived later, at the full millisecond at which others do.",
    legal: "a delay like any other, but inputs of one instant are many then",
    rate: 500_000,
  },
  {
    name: "swapped-instant",
    group: "network",
    says: "Of two events of one instant the one that was planned later came first.",
    legal: "what happens at one instant has no order",
    rate: 1_000_000,
  },
  {
    name: "reconnect",
    group: "network",
    says: "A way was told to have closed and opened again while nothing happened to it.",
    legal: "a connection may be reset; ways are what the machine says they are",
    rate: 5_000,
  },
  {
    name: "crash-at-delivery",
    group: "process",
    says: "A process died at the instant at which it was handed a message, and started again soon after.",
    legal:
      "a crash at the least convenient moment: all effects of the step are carried out, and nothing of it is stored",
    rate: 2_000,
  },
  {
    name: "instant-restart",
    group: "process",
    says: "A process that a fault had ended started again at the same instant.",
    legal: "how long a process is down is nobody's promise",
    rate: 500_000,
  },
  {
    name: "shortest-log",
    group: "process",
    says: "A process started with a log that retains nothing which its neighbours can do without.",
    legal: "how much a log retains is a setting; who needs more gets a snapshot",
    rate: 300_000,
    needsShortLogs: true,
  },
  {
    name: "smallest-batch",
    group: "process",
    says: "A process started with batches, and parts of snapshots, of one record each.",
    legal: "how much a batch holds is a setting",
    rate: 500_000,
  },
  {
    name: "standing-clock",
    group: "clock",
    says: "A core was told the same time as at its last step.",
    legal: "clocks never decrease from step to step; a coarse one stands for a while",
    rate: 200_000,
  },
  {
    name: "edge-clock",
    group: "clock",
    says: "A process started with a wall clock that is ahead by just the clock bound.",
    legal: "stamps up to the bound are followed, and only those beyond it are reported",
    rate: 300_000,
    suspends: { properties: ["rtc", "rtc-arb"], why: "where clocks are wrong the later of two writes may lose" },
  },
  {
    name: "impatient-client",
    group: "clients",
    says: "A client that was thinking made its next request at the instant at which its cloudlet was handed a message.",
    legal: "clients ask when they like: between two batches, and between two parts of a snapshot",
    rate: 50_000,
  },
] as const satisfies readonly QuirkRow[];

/** The name of a quirk. */
export type QuirkName = (typeof quirkTable)[number]["name"];

/** All names, in the table's order. */
export const quirkNames: readonly QuirkName[] = quirkTable.map(({ name }) => name);

/** The row of that name. */
export function quirkNamed(name: QuirkName): QuirkRow {
  return quirkTable.find((row) => row.name === name) as QuirkRow;
}
