// Definitions: what the words mean, as statements that hold or do not. Rows of the catalogue (requirement.ts).

import { covered, type Requirement, scenario, transcript, worlds, operation, operations } from "./requirement.ts";

const topology = "model/topology/topology.test.ts";
const build = "model/topology/build.test.ts";
const figure1 = "model/topology/figure-1.test.ts";

/** The rows D1 to D26. */
export const definitions: readonly Requirement[] = [
  covered(
    "D1",
    "Deployment data is the configuration of cloudlets, as a state or as the operations that lead to it.",
    ["fact deployment-replays", "model/control/deployment.test.ts"],
    { fails: "fact deployment-replays", plant: "replays-in-no-order" },
  ),
  covered(
    "D2",
    "A value beside which siblings are open or operations are pending is only the best known one, and says so.",
    [
      "fact best-known",
      "oracle reads-resolve",
      "model/replication/resolver.test.ts",
      operation("best_known"),
      "sim/world/pending-reads.test.ts",
      scenario("split-and-merge"),
      scenario("leases"),
    ],
    { fails: "fact best-known", plant: "provisional-clears" },
  ),
  covered(
    "D3",
    "Cloud data is all else: users, routers, logs, figures, queues and tables, each merged as its kind demands.",
    ["fact data-classes", "properties/queues-and-tables.test.ts", transcript("queue"), scenario("resolvers")],
    { fails: "fact data-classes", plant: "removes-unseen" },
  ),
  covered(
    "D4",
    "Control operations go through an interface and are started by applications, tenants or operators.",
    ["fact operations-by-plane", "oracle operation-authority", "model/control/tables.test.ts", operation("refusals")],
    { fails: "fact operations-by-plane", plant: "everybody-administers" },
  ),
  covered(
    "D5",
    "Management operations are for owners; a tenant may start one only where bare metal is rented out.",
    [
      "fact operations-authority",
      "oracle operation-authority",
      "model/control/tables.test.ts",
      operations,
      operation("refusals"),
    ],
    { fails: "fact operations-authority", plant: "heeds-nobody" },
  ),
  covered(
    "D6",
    "Gathering logs and figures is management, though it is done to cloud data.",
    ["fact collecting-is-management", "oracle operation-authority", "model/control/tables.test.ts"],
    { fails: "fact collecting-is-management", plant: "collecting-is-control" },
  ),
  covered(
    "D7",
    "Control is a forest and flows follow it without circles; anything else is refused in words.",
    ["fact refused-topologies", build, "model/topology/plans.test.ts", topology, scenario("re-parent")],
    { fails: "fact refused-topologies", plant: "refuses-nothing" },
  ),
  covered(
    "D8",
    "Cloudlets of which neither is above the other never replicate to or target each other.",
    ["oracle direction", "fact targets-below", "fact refused-topologies", build, figure1],
    { fails: "fact targets-below", plant: "targets-siblings" },
  ),
  covered(
    "D9",
    "The twelve cloudlets of Figure 1 and how they stand to each other.",
    ["fact figure-1-pairs", figure1, scenario("figure-1")],
    { fails: "fact figure-1-pairs", plant: "forgets-a-cloudlet" },
  ),
  covered(
    "D10",
    "A flow may leave out the layer between, and causality still holds along both ways.",
    [figure1, scenario("figure-1"), scenario("fifo-shortcut"), transcript("shortcut")],
    { fails: scenario("figure-1"), plant: "apply-on-arrival" },
  ),
  covered(
    "D11",
    "What is pushed down over several ways is seen nowhere before its cause.",
    [
      "oracle causal-delivery",
      "oracle stream-opening",
      worlds,
      scenario("figure-1"),
      scenario("fifo-shortcut"),
      scenario("re-parent"),
      scenario("explore-3"),
      scenario("node-order"),
    ],
    { fails: "oracle causal-delivery", plant: "apply-on-arrival" },
  ),
  covered(
    "D12",
    "Siblings exchange nothing directly; what they share came through a common upper layer.",
    ["oracle direction", "fact reach", figure1, scenario("figure-1")],
    { fails: "oracle direction", plant: "forwards-everything" },
  ),
  covered(
    "D13",
    "Layered, direct and mixed routing end in the same states.",
    ["fact routings-agree", figure1, scenario("figure-1"), transcript("shortcut")],
    { fails: "fact routings-agree", plant: "relays-nothing" },
  ),
  covered(
    "D14",
    "An upper layer is a strict ancestor; all 66 pairs of Figure 1 are pinned.",
    ["fact figure-1-pairs", figure1, topology],
    { fails: "fact figure-1-pairs", plant: "upper-by-depth" },
  ),
  covered(
    "D15",
    "A cloudlet may target what is below it and nothing else.",
    ["fact targets-below", "oracle operation-authority", figure1, topology, scenario("operations")],
    { fails: "fact targets-below", plant: "targets-adjacent-only" },
  ),
  covered("D16", "Being above somebody moves no data; only flows do.", ["fact flows-alone-carry", topology], {
    fails: "fact flows-alone-carry",
    plant: "control-carries",
  }),
  covered(
    "D17",
    "A flow carries its scope up, down or both ways, and never the other way.",
    ["oracle direction", "fact reach", worlds, scenario("one-way"), transcript("one_way")],
    { fails: "fact reach", plant: "reaches-all-members" },
  ),
  covered(
    "D18",
    "Operations are targeted downwards only; others are refused with a reason.",
    [
      "fact operations-authority",
      "fact targets-below",
      "oracle operation-authority",
      figure1,
      topology,
      "model/control/tables.test.ts",
      operations,
      operation("refusals"),
      scenario("operations"),
    ],
    { fails: "fact targets-below", plant: "targets-siblings" },
  ),
  covered(
    "D19",
    "Who may be targeted follows from the control forest alone, as it stands when the operation arrives.",
    [
      "fact targets-below",
      "fact operations-replanned",
      figure1,
      topology,
      "properties/replan.test.ts",
      scenario("operations"),
    ],
    { fails: "fact operations-replanned", plant: "keeps-old-authority" },
  ),
  covered(
    "D20",
    "A conflict is two versions of one key of which neither precedes the other: found exactly, never by time.",
    [
      "oracle exact-conflicts",
      worlds,
      "model/replication/context.test.ts",
      transcript("siblings"),
      scenario("split-and-merge"),
      scenario("explore-3"),
    ],
    { fails: "oracle exact-conflicts", plant: "store-drops-loser" },
  ),
  covered("D21", "Sticky sessions are always served, with causal+ or real-time causal consistency.", ["oracle rtc"], {
    fails: "oracle rtc",
    plant: "lww-by-lamport",
  }),
  covered(
    "D22",
    "A session reads its writes, never reads backwards, and its writes follow its reads; one that moves takes its past along, or is seen to regress.",
    [
      "oracle read-your-writes",
      "oracle monotonic-reads",
      "oracle monotonic-writes",
      "oracle writes-follow-reads",
      "oracle session-moves",
      transcript("move_forgo"),
      scenario("commuter"),
    ],
    { fails: "oracle read-your-writes", plant: "stale-cache" },
  ),
  covered(
    "D23",
    "Whether clocks must agree for real-time causality depends on the resolver.",
    ["oracle rtc", "oracle rtc-arb", scenario("clock-skew")],
    { fails: scenario("clock-skew"), set: { clocks: "[]" } },
  ),
  covered(
    "D24",
    "Receivers converge though nothing ever travels back to the sender.",
    [
      "fact no-way-back",
      scenario("drone"),
      "properties/radio.test.ts",
      "model/replication/link.test.ts",
      transcript("one_way_cycle"),
      transcript("blind_start"),
    ],
    { fails: "fact no-way-back", plant: "never-resends" },
  ),
  covered(
    "D25",
    "All sessions of one cloudlet see causally related writes in one order.",
    [
      "oracle causal-delivery",
      "oracle stream-opening",
      scenario("one-way"),
      scenario("mixed-versions"),
      scenario("node-order"),
    ],
    { fails: scenario("node-order"), plant: "sessions-alone" },
  ),
  covered(
    "D26",
    "A local request waits for nothing but the local disk.",
    ["oracle local-wait", transcript("relay"), scenario("figure-1"), scenario("restore-from-backup")],
    { fails: "oracle local-wait", plant: "waits-for-neighbour" },
  ),
];
