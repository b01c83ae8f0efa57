// Goals: what edge clouds are to be able to do. Rows of the catalogue (requirement.ts).

import { covered, open, operation, operations, type Requirement, scenario, transcript, worlds } from "./requirement.ts";

/** The rows G1 to G13. */
export const goals: readonly Requirement[] = [
  covered(
    "G1",
    "Distant sites stay manageable at any time: watched, alerted on, scaled, upgraded and patched.",
    ["fact always-manageable", "fact accepted-whatever-marks", scenario("marks")],
    { fails: "fact always-manageable", plant: "refuses-the-silent" },
  ),
  covered(
    "G2",
    "What is written on both sides of a partition reaches everyone of its scope after healing.",
    [
      "oracle convergence",
      worlds,
      scenario("figure-1"),
      scenario("restore-from-backup"),
      scenario("mixed-versions"),
      scenario("explore-3"),
    ],
    { fails: "oracle convergence", plant: "never-resends" },
  ),
  covered(
    "G3",
    "Concurrent edits at hub and edge are resolved for the hub, and no version is lost silently.",
    [scenario("split-and-merge"), scenario("resolvers"), transcript("siblings")],
    { fails: scenario("split-and-merge"), plant: "store-drops-loser" },
  ),
  covered(
    "G4",
    "What the center pushes may collide at the edge, and is resolved there with the same result.",
    [scenario("split-and-merge"), scenario("resolvers"), transcript("lww")],
    { fails: scenario("split-and-merge"), plant: "resolver-picks-first" },
  ),
  covered(
    "G5",
    "Being offline is ordinary: sites that are cut off for most of the time are no failure, and agree in the end.",
    ["fact offline-is-ordinary", "fact marks-by-record"],
    { fails: "fact offline-is-ordinary", plant: "gives-up-the-absent" },
  ),
  covered(
    "G6",
    "A cut is no disaster: silence alone never makes a site count as failed or fenced.",
    ["fact marks-by-record", "fact autonomous-by-plane", operation("marks_no_plane"), "oracle mark-rules"],
    { fails: "fact marks-by-record", plant: "silence-is-failure" },
  ),
  covered(
    "G7",
    "What has no uplink is served in contact windows, and what it wrote arrives within the time that follows from them.",
    [scenario("drone"), scenario("contact-plan"), "sim/hosts/journey.test.ts"],
    { fails: scenario("drone"), set: { "clients[0].travel.bundle": "0B" } },
  ),
  covered(
    "G8",
    "A session goes on at the nearest cloudlet with all its guarantees, and nothing but its own past moves with it.",
    ["oracle session-moves", worlds, transcript("move_with_bundle"), scenario("commuter"), scenario("drone")],
    { fails: "oracle session-moves", plant: "moves-without-past" },
  ),
  covered(
    "G9",
    "Small sites have little room: limits of memory and disk are kept, and what was given up for them is told.",
    ["fact limits-are-kept", "fact operations-caps", operations, operation("caps"), scenario("churn-year")],
    { fails: "fact limits-are-kept", plant: "blames-time" },
  ),
  covered(
    "G10",
    "With thousands of sites a record's metadata does not grow with their number.",
    ["fact metadata-stays-small", "model/replication/metadata.bench.ts"],
    { fails: "fact metadata-stays-small", plant: "reads-every-reporter" },
  ),
  covered(
    "G11",
    "With every link down, local operations succeed wherever there is a healthy local plane.",
    ["fact operations-alone", scenario("failure-domain-of-one"), operation("local_offline")],
    { fails: "fact operations-alone", plant: "planes-need-uppers" },
  ),
  open(
    "G12",
    "Causal consistency serves these needs better than quorums, which refuse, and than eventual stores, which err.",
  ),
  covered(
    "G13",
    "Owners, operators and tenants use the same tooling, over the data of all of them.",
    ["fact three-personas"],
    { fails: "fact three-personas", plant: "tenants-apart" },
  ),
];
