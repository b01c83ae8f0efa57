// The catalogue of requirements as data: those that have a check, each in a line of our own words, with what checks it.
// Ids are stable; scenarios, oracles and tests refer to them. What has no check yet is not listed: an entry without a check
// would be a promise.

/** One requirement. */
export interface Requirement {
  readonly id: string;
  readonly says: string;
  /** Oracles (`oracle NAME`), and files of tests, transcripts or scenarios. */
  readonly checks: readonly string[];
}

const worlds = "properties/replication.test.ts";
const radio = "properties/radio.test.ts";
const topology = "model/topology/topology.test.ts";
const figure1 = "model/topology/figure-1.test.ts";
const transcript = (name: string): string => `model/replication/testdata/${name}.txt`;
const scenario = (name: string): string => `workloads/${name}.yaml`;

/** All requirements that something checks, by id. */
export const requirements: readonly Requirement[] = [
  // Goals.
  {
    id: "G2",
    says: "What is written on both sides of a partition reaches everyone of its scope after healing.",
    checks: [
      "oracle convergence",
      worlds,
      scenario("figure-1"),
      scenario("restore-from-backup"),
      scenario("mixed-versions"),
      scenario("explore-3"),
    ],
  },
  {
    id: "G3",
    says: "Concurrent edits at hub and edge are resolved for the hub, and no version is lost silently.",
    checks: [scenario("split-and-merge"), scenario("resolvers"), transcript("siblings")],
  },
  {
    id: "G4",
    says: "What the center pushes may collide at the edge, and is resolved there with the same result.",
    checks: [scenario("split-and-merge"), scenario("resolvers"), transcript("lww")],
  },
  {
    id: "G7",
    says: "What has no uplink is served in contact windows: what it wrote arrives within a round of whoever comes by.",
    checks: [scenario("drone"), "sim/hosts/journey.test.ts"],
  },
  {
    id: "G8",
    says: "A session goes on at the nearest cloudlet with all its guarantees, and nothing but its own past moves with it.",
    checks: ["oracle session-moves", worlds, transcript("move_with_bundle"), scenario("commuter"), scenario("drone")],
  },
  {
    id: "G10",
    says: "With thousands of sites a record's metadata does not grow with their number.",
    checks: ["model/replication/metadata.bench.ts"],
  },

  // Definitions.
  {
    id: "D2",
    says: "A value beside which siblings are open is only the best known one, and says so.",
    checks: [
      "oracle reads-resolve",
      "model/replication/resolver.test.ts",
      scenario("split-and-merge"),
      scenario("leases"),
    ],
  },
  {
    id: "D7",
    says: "Control is a forest and flows follow it without circles; anything else is refused in words.",
    checks: ["model/topology/build.test.ts", "model/topology/plans.test.ts", topology, scenario("re-parent")],
  },
  {
    id: "D8",
    says: "Cloudlets of which neither is above the other never replicate to or target each other.",
    checks: ["oracle direction", "model/topology/build.test.ts", figure1],
  },
  {
    id: "D9",
    says: "The twelve cloudlets of Figure 1 and how they stand to each other.",
    checks: [figure1, scenario("figure-1")],
  },
  {
    id: "D10",
    says: "A flow may leave out the layer between, and causality still holds along both ways.",
    checks: [figure1, scenario("figure-1"), scenario("fifo-shortcut"), transcript("shortcut")],
  },
  {
    id: "D11",
    says: "What is pushed down over several ways is seen nowhere before its cause.",
    checks: [
      "oracle causal-delivery",
      "oracle stream-opening",
      worlds,
      scenario("figure-1"),
      scenario("fifo-shortcut"),
      scenario("re-parent"),
      scenario("explore-3"),
      scenario("node-order"),
    ],
  },
  {
    id: "D12",
    says: "Siblings exchange nothing directly; what they share came through a common upper layer.",
    checks: ["oracle direction", figure1, scenario("figure-1")],
  },
  {
    id: "D13",
    says: "Layered, direct and mixed routing end in the same states.",
    checks: [figure1, scenario("figure-1"), transcript("shortcut")],
  },
  {
    id: "D14",
    says: "An upper layer is a strict ancestor; all 66 pairs of Figure 1 are pinned.",
    checks: [figure1, topology],
  },
  { id: "D15", says: "A cloudlet may target what is below it and nothing else.", checks: [figure1, topology] },
  { id: "D16", says: "Being above somebody moves no data; only flows do.", checks: [topology] },
  {
    id: "D17",
    says: "A flow carries its scope up, down or both ways, and never the other way.",
    checks: ["oracle direction", worlds, scenario("one-way"), transcript("one_way")],
  },
  {
    id: "D18",
    says: "Operations are targeted downwards only; others are refused with a reason.",
    checks: [figure1, topology],
  },
  { id: "D19", says: "Who may be targeted follows from the control forest alone.", checks: [figure1, topology] },
  {
    id: "D20",
    says: "A conflict is two versions of one key of which neither precedes the other: found exactly, never by time.",
    checks: [
      "oracle exact-conflicts",
      worlds,
      "model/replication/context.test.ts",
      transcript("siblings"),
      scenario("split-and-merge"),
      scenario("explore-3"),
    ],
  },
  {
    id: "D21",
    says: "Sticky sessions are always served, with causal+ or real-time causal consistency.",
    checks: ["oracle rtc"],
  },
  {
    id: "D22",
    says: "A session reads its writes, never reads backwards, and its writes follow its reads; one that moves takes its past along, or is seen to regress.",
    checks: [
      "oracle read-your-writes",
      "oracle monotonic-reads",
      "oracle monotonic-writes",
      "oracle writes-follow-reads",
      "oracle session-moves",
      transcript("move_forgo"),
      scenario("commuter"),
    ],
  },
  {
    id: "D23",
    says: "Whether clocks must agree for real-time causality depends on the resolver.",
    checks: ["oracle rtc", "oracle rtc-arb", scenario("clock-skew")],
  },
  {
    id: "D24",
    says: "Receivers converge though nothing ever travels back to the sender.",
    checks: [
      scenario("drone"),
      radio,
      "model/replication/link.test.ts",
      transcript("one_way_cycle"),
      transcript("blind_start"),
    ],
  },
  {
    id: "D25",
    says: "All sessions of one cloudlet see causally related writes in one order.",
    checks: [
      "oracle causal-delivery",
      "oracle stream-opening",
      scenario("one-way"),
      scenario("mixed-versions"),
      scenario("node-order"),
    ],
  },
  {
    id: "D26",
    says: "A local request waits for nothing but the local disk.",
    checks: ["oracle local-wait", transcript("relay"), scenario("figure-1"), scenario("restore-from-backup")],
  },

  // Autonomy.
  {
    id: "A4b",
    says: "Any single cloudlet may fail or be cut off without the others noticing.",
    checks: [worlds, scenario("figure-1"), scenario("churn-year")],
  },
  {
    id: "A4c",
    says: "Deletes go for good once everybody has them, and never while anybody could still need them.",
    checks: [
      "oracle collection",
      "oracle revived",
      worlds,
      transcript("collect"),
      scenario("churn-year"),
      scenario("long-absence"),
      scenario("written-off"),
    ],
  },
  {
    id: "A5a",
    says: "What was accepted is not lost while its disk keeps its word; what a fault took is told.",
    checks: [
      "oracle durability",
      "oracle unique-dots",
      transcript("dot_collision"),
      worlds,
      transcript("crash_before_stored"),
      transcript("restart_with_disk"),
      transcript("restored_backup"),
      scenario("restore-from-backup"),
    ],
  },
  {
    id: "A5b",
    says: "No request path contains a synchronous hop.",
    checks: ["oracle local-wait", transcript("relay")],
  },

  // Replication and conflicts.
  {
    id: "R1a",
    says: "A resolution is a version that replaces the siblings it settles, and depends on them.",
    checks: [transcript("siblings"), transcript("by_hand"), worlds, scenario("resolvers")],
  },
  {
    id: "R1b",
    says: "Strategies are chosen per scope, and each is a function of the set of versions.",
    checks: [
      "oracle reads-resolve",
      "model/replication/resolver.test.ts",
      transcript("deltas"),
      scenario("clock-skew"),
      scenario("split-and-merge"),
      scenario("resolvers"),
    ],
  },
  {
    id: "R1c",
    says: "After a resolution no sibling it settled comes back anywhere.",
    checks: [transcript("siblings"), transcript("by_hand"), worlds, scenario("resolvers")],
  },
  {
    id: "R2a",
    says: "Causally related data reaches every cloudlet that flows lead to.",
    checks: ["oracle convergence", worlds, transcript("relay")],
  },
  {
    id: "R2b",
    says: "One-way convergence is enough: acknowledgements save bytes and change nothing else.",
    checks: [radio, "model/replication/link.test.ts", transcript("one_way_cycle")],
  },
  { id: "R3a", says: "Everything holds with no two-way flow at all.", checks: [worlds, scenario("one-way")] },
  { id: "R3b", says: "Images travel down only.", checks: [scenario("one-way"), transcript("one_way")] },
  {
    id: "R3c",
    says: "Reports travel up only, and directives that follow them are not held up.",
    checks: [scenario("one-way"), transcript("mixed_directions")],
  },
  { id: "K4", says: "A write conflicts with what it does not replace.", checks: [worlds, transcript("siblings")] },
  {
    id: "Q8",
    says: "Word from receiver to sender is an optimisation, and what it saves is reported.",
    checks: [radio, "sim/run/redundancy.test.ts", transcript("one_way_cycle"), transcript("lost_part")],
  },

  // Integration.
  {
    id: "I5",
    says: "Cloudlets of different versions work on one path; what one cannot read it keeps, orders and passes on.",
    checks: ["model/replication/admission.test.ts", worlds, scenario("mixed-versions")],
  },

  // Claims.
  {
    id: "C7",
    says: "On one trace: what last-writer-wins loses, return-them-all leaves open, and resolving by hand ends.",
    checks: [scenario("resolvers"), "properties/docs.test.ts"],
  },

  // What the requirements left open, as decided.
  {
    id: "N1",
    says: "Control is a forest; flows join ancestors with descendants and may skip layers.",
    checks: [topology, figure1, "model/topology/plans.test.ts", "properties/plans.test.ts", scenario("re-parent")],
  },
  {
    id: "N2",
    says: "Siblings learn each other's writes only where flows lead up and down again.",
    checks: [figure1],
  },
  {
    id: "N3",
    says: "Real time is judged against true time, per resolver, with a margin.",
    checks: ["oracle rtc-arb", scenario("clock-skew")],
  },
  {
    id: "N9",
    says: "Direction belongs to each flow.",
    checks: [worlds, scenario("one-way"), transcript("mixed_directions")],
  },
  {
    id: "N10",
    says: "A put with a time limit ends by an ordinary delete of its own cloudlet; what depends on the put is not disturbed.",
    checks: [
      "oracle time-limits",
      worlds,
      "model/replication/limits.test.ts",
      "model/replication/stamp.test.ts",
      transcript("limit"),
      transcript("limit_overwrite"),
      transcript("limit_restart"),
      transcript("limit_lost_disk"),
      scenario("leases"),
    ],
  },
  {
    id: "N11",
    says: "Flows ride on links; a link of the way down is the flow down.",
    checks: [topology, scenario("figure-1")],
  },
  {
    id: "N13",
    says: "A session that comes from elsewhere is answered at once, current or behind with what is missing, or begins anew.",
    checks: [
      "oracle session-moves",
      worlds,
      transcript("move_behind"),
      transcript("move_forgo"),
      transcript("move_refused_bundle"),
      scenario("commuter"),
      scenario("drone"),
    ],
  },
];
