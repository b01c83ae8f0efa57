// Replication and its conflicts. Rows of the catalogue (requirement.ts).

import {
  covered,
  exempt,
  inPart,
  open,
  type Requirement,
  scenario,
  transcript,
  worlds,
  operation,
  operations,
} from "./requirement.ts";

/** The rows R0 to R6. */
export const replication: readonly Requirement[] = [
  covered(
    "R0",
    "Data and queued operations are one kind of record, in one queue, judged by one set of oracles.",
    [
      "fact operations-are-records",
      "fact three-personas",
      scenario("operations"),
      operations,
      operation("accept_execute_done"),
    ],
    { fails: "fact operations-are-records", plant: "relays-nothing" },
  ),
  covered(
    "R1a",
    "A resolution is a version that replaces the siblings it settles, and depends on them.",
    ["oracle exact-conflicts", transcript("siblings"), transcript("by_hand"), worlds, scenario("resolvers")],
    { fails: scenario("resolvers"), plant: "resolves-all-but-one" },
  ),
  covered(
    "R1b",
    "Strategies are chosen per scope, and each is a function of the set of versions.",
    [
      "oracle reads-resolve",
      "model/replication/resolver.test.ts",
      transcript("deltas"),
      scenario("clock-skew"),
      scenario("split-and-merge"),
      scenario("resolvers"),
    ],
    { fails: "oracle reads-resolve", plant: "resolver-picks-first" },
  ),
  covered(
    "R1c",
    "After a resolution no sibling it settled comes back anywhere.",
    ["oracle exact-conflicts", transcript("siblings"), transcript("by_hand"), worlds, scenario("resolvers")],
    { fails: "oracle exact-conflicts", plant: "resolves-all-but-one" },
  ),
  covered(
    "R2a",
    "Causally related data reaches every cloudlet that flows lead to.",
    ["oracle convergence", worlds, transcript("relay")],
    { fails: "oracle convergence", plant: "relays-nothing" },
  ),
  inPart(
    "R2b",
    "Convergence one way is preferred, and two-way flows are avoided where they can be.",
    ["properties/radio.test.ts", "model/replication/link.test.ts", transcript("one_way_cycle")],
    "something that chooses directions, and the share of traffic that goes one way",
  ),
  covered("R3a", "Everything holds with no two-way flow at all.", [worlds, scenario("one-way")], {
    fails: scenario("one-way"),
    plant: "never-resends",
  }),
  covered("R3b", "Images travel down only.", [scenario("one-way"), transcript("one_way")], {
    fails: scenario("one-way"),
    plant: "forwards-everything",
  }),
  covered(
    "R3c",
    "Reports travel up only, and directives that follow them are not held up.",
    [scenario("one-way"), transcript("mixed_directions")],
    { fails: scenario("one-way"), plant: "forwards-everything" },
  ),
  exempt(
    "R4",
    "Present platforms have no causal backends and client libraries.",
    "it speaks of other people's software, and nothing of ours could make it true or false",
  ),
  open("R5", "Quorum databases refuse or wait where sites are cut off, far away or many."),
  open("R6", "Models that are always available allow anomalies that somebody has to handle: each is counted."),
];
