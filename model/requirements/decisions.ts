// What the requirements leave open, as it was decided here. Rows of the catalogue (requirement.ts).

import { covered, type Requirement, scenario, transcript, worlds, operation, operations } from "./requirement.ts";

const topology = "model/topology/topology.test.ts";
const figure1 = "model/topology/figure-1.test.ts";

/** The rows N1 to N13. */
export const decisions: readonly Requirement[] = [
  covered(
    "N1",
    "Control is a forest; flows join ancestors with descendants and may skip layers.",
    [
      "fact refused-topologies",
      topology,
      figure1,
      "model/topology/plans.test.ts",
      "properties/plans.test.ts",
      scenario("re-parent"),
    ],
    { fails: "fact refused-topologies", plant: "refuses-nothing" },
  ),
  covered(
    "N2",
    "Siblings learn each other's writes only where flows lead up and down again.",
    ["fact reach", figure1],
    { fails: "fact reach", plant: "reaches-all-members" },
  ),
  covered(
    "N3",
    "Real time is judged against true time, per resolver, with a margin.",
    ["oracle rtc-arb", scenario("clock-skew")],
    { fails: "oracle rtc-arb", plant: "stamps-ignore-clock" },
  ),
  covered(
    "N4",
    "Every operation that was accepted ends in exactly one way, and its issuer learns it, once the end is final.",
    [
      "fact operations-end-once",
      "fact operations-act-once",
      "oracle operation-ends",
      "oracle operations-over",
      "oracle at-most-one-effect",
      "fact operations-closing",
      operations,
      operation("crash_inquire"),
      operation("late_expiry"),
      operation("closed"),
    ],
    { fails: "fact operations-end-once", plant: "end-beats-done" },
  ),
  covered(
    "N5",
    "The view of a cloudlet is at its adjacent upper at least, and goes further up by ordinary flows.",
    ["fact marks-go-up", "fact view-in-time", operation("marks")],
    { fails: "fact marks-go-up", plant: "keeps-marks" },
  ),
  covered(
    "N6",
    "Failed, disconnected and fenced follow the records that stand, each its own; the gravest of concurrent ones counts.",
    ["fact marks-by-record", "model/control/confirmations.test.ts", operation("confirmations"), "oracle mark-rules"],
    { fails: "fact marks-by-record", plant: "records-ignored" },
  ),
  covered(
    "N7",
    "The target judges authority when an operation arrives; custody may go back up and down another way.",
    ["fact operations-replanned", "properties/replan.test.ts", scenario("replan-with-queues")],
    { fails: "fact operations-replanned", plant: "keeps-old-authority" },
  ),
  covered(
    "N8",
    "A cloudlet is autonomous when it is silent and was last known to have a healthy control plane.",
    [
      "fact autonomous-by-plane",
      "fact history-corrected",
      "model/control/aliveness.test.ts",
      "model/control/mark-history.test.ts",
      operation("marks_no_plane"),
      "oracle mark-rules",
    ],
    { fails: "fact autonomous-by-plane", plant: "silent-is-autonomous" },
  ),
  covered(
    "N9",
    "Direction belongs to each flow.",
    ["oracle direction", worlds, scenario("one-way"), transcript("mixed_directions")],
    { fails: scenario("one-way"), plant: "forwards-everything" },
  ),
  covered(
    "N10",
    "An operation that expires leaves a record in its place; a put with a time limit ends by an ordinary delete of its own cloudlet, and what depends on it is not disturbed.",
    [
      "fact operations-time",
      "fact operations-order",
      "oracle operation-order",
      "oracle time-limits",
      worlds,
      "model/replication/limits.test.ts",
      "model/replication/stamp.test.ts",
      transcript("limit"),
      transcript("limit_overwrite"),
      transcript("limit_restart"),
      transcript("limit_lost_disk"),
      scenario("leases"),
      operations,
      operation("expires_in_queue"),
      operation("late_expiry"),
    ],
    { fails: "fact operations-time", plant: "begins-late" },
  ),
  covered(
    "N11",
    "Flows ride on links; a link of the way down is the flow down.",
    ["fact routes", topology, scenario("figure-1")],
    { fails: "fact routes", plant: "routes-over-siblings" },
  ),
  covered(
    "N12",
    "Every control edge carries directives down and results up; over one without a way back operations need an expiry and end unconfirmed.",
    [
      "fact operations-one-way",
      operations,
      operation("accept_execute_done"),
      operation("one_way"),
      scenario("one-way-diode"),
    ],
    { fails: "fact operations-one-way", plant: "accepts-without-expiry" },
  ),
  covered(
    "N13",
    "A session that comes from elsewhere is answered at once, current or behind with what is missing, or begins anew.",
    [
      "oracle session-moves",
      worlds,
      transcript("move_behind"),
      transcript("move_forgo"),
      transcript("move_refused_bundle"),
      scenario("commuter"),
      scenario("drone"),
    ],
    { fails: "oracle session-moves", plant: "behind-not-said" },
  ),
];
