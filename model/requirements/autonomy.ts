// Autonomy of a site that is cut off (A), and what it and its uppers must be able to do with its planes (I). Rows of the
// catalogue (requirement.ts).

import { covered, type Requirement, scenario, transcript, worlds, operation, operations } from "./requirement.ts";

/** The rows A1 to A6d. */
export const autonomy: readonly Requirement[] = [
  covered(
    "A1",
    "A cloudlet that is cut off starts virtual machines by its own planes, where it has healthy ones.",
    ["fact operations-alone", scenario("operations")],
    { fails: "fact operations-alone", plant: "planes-need-uppers" },
  ),
  covered(
    "A2a",
    "Operations for another cloudlet are never refused or held up by how alive that cloudlet looks.",
    ["fact accepted-whatever-marks", "oracle operation-answers", "oracle accepts-whatever-marks"],
    { fails: "fact accepted-whatever-marks", plant: "refuses-by-mark" },
  ),
  covered(
    "A2b",
    "What cannot be done at once is queued, and says in which state it is.",
    [
      "oracle operation-answers",
      "fact operations-caps",
      scenario("offline-month"),
      operations,
      operation("caps"),
      operation("expires_in_queue"),
    ],
    { fails: "oracle operation-answers", plant: "answers-online-only" },
  ),
  covered(
    "A2c",
    "What fails inside a cloudlet, such as a quorum of its own, fails there and stops no queue.",
    ["fact inner-quorum", "model/control/inner-quorum.test.ts", "sim/world/inner-store.test.ts"],
    { fails: "fact inner-quorum", plant: "falls-with-its-store" },
  ),
  covered(
    "A3",
    "An operation may be issued at any moment: by the local planes if there are healthy ones, else through a queue.",
    [
      "fact operations-planes",
      "fact operations-alone",
      "model/control/tables.test.ts",
      operation("no_plane"),
      operation("local_offline"),
    ],
    { fails: "fact operations-planes", plant: "planes-out-of-nothing" },
  ),
  covered(
    "A4a",
    "All that a layer manages may be away for as long as it likes, and the layer goes on taking operations.",
    [scenario("offline-month"), "workloads/operations.test.ts"],
    { fails: scenario("offline-month"), plant: "accepts-online-only" },
  ),
  covered(
    "A4b",
    "Any single cloudlet, and any number of them, may fail or be cut off without the others noticing.",
    [
      "oracle local-wait",
      worlds,
      scenario("figure-1"),
      scenario("churn-year"),
      scenario("failure-domain-of-one"),
      "workloads/operations.test.ts",
    ],
    { fails: scenario("failure-domain-of-one"), plant: "accepts-online-only" },
  ),
  covered(
    "A4c",
    "A cloudlet that stays away is detached, or gets another place; then deletes go on, and nothing is lost or comes back.",
    [
      "fact operations-replanned",
      "fact operations-closing",
      "oracle collection",
      "oracle revived",
      worlds,
      "properties/replan.test.ts",
      transcript("collect"),
      scenario("churn-year"),
      scenario("long-absence"),
      scenario("written-off"),
    ],
    { fails: "fact operations-replanned", plant: "forgets-detached" },
  ),
  covered(
    "A5a",
    "What was accepted is answered or dropped in the end, exactly once, and is not lost while its disk keeps its word.",
    [
      "fact operations-end-once",
      "fact operations-act-once",
      "oracle operation-ends",
      "oracle operations-over",
      "oracle at-most-one-effect",
      "oracle durability",
      "oracle unique-dots",
      transcript("dot_collision"),
      scenario("operations"),
      worlds,
      transcript("crash_before_stored"),
      transcript("restart_with_disk"),
      transcript("restored_backup"),
      scenario("restore-from-backup"),
      operations,
      operation("caps"),
    ],
    { fails: "fact operations-end-once", plant: "tells-provisional" },
  ),
  covered("A5b", "No request path contains a synchronous hop.", ["oracle local-wait", transcript("relay")], {
    fails: "oracle local-wait",
    plant: "waits-for-neighbour",
  }),
  covered(
    "A5c",
    "The queue for a cloudlet lies whole at every layer above it, or once and is handed down, to save memory and disk.",
    ["fact operations-custody", "oracle queue-caps", scenario("queue-custody"), operations, operation("custody")],
    { fails: "fact operations-custody", plant: "keeps-handed" },
  ),
  covered(
    "A6a",
    "At least one upper layer is told periodically who below it is alive.",
    [
      "fact view-in-time",
      "fact marks-go-up",
      operation("marks"),
      "oracle mark-rules",
      "oracle view-age",
      scenario("marks"),
    ],
    { fails: "fact view-in-time", plant: "reports-seldom" },
  ),
  covered(
    "A6b",
    "A cloudlet is unknown, autonomous, synchronizing, connected, failed, disconnected or fenced.",
    [
      "fact seven-marks",
      "model/control/aliveness.test.ts",
      operation("marks"),
      operation("marks_restart"),
      "oracle mark-rules",
      scenario("marks"),
    ],
    { fails: "fact seven-marks", plant: "calm-at-once" },
  ),
  covered(
    "A6c",
    "A cloudlet counts as failed, disconnected or fenced exactly while somebody has confirmed it.",
    [
      "fact marks-by-record",
      "model/control/confirmations.test.ts",
      operation("confirmations"),
      operation("fencing"),
      operation("went_back"),
      "oracle mark-rules",
      scenario("marks"),
    ],
    { fails: "fact marks-by-record", plant: "records-ignored" },
  ),
  covered(
    "A6d",
    "Planes have a health of their own: a site that is up without a control plane is not a site that is down.",
    ["fact planes-apart", operation("marks_no_plane"), scenario("marks")],
    { fails: "fact planes-apart", plant: "plane-is-host" },
  ),
];

/** The rows I1 to I6. */
export const invariants: readonly Requirement[] = [
  covered(
    "I1",
    "Cloud data may be created, read, changed and deleted at the cloudlet or at any layer above it, at any time.",
    [
      "fact operations-alone",
      "fact operations-end-once",
      operations,
      operation("local_offline"),
      operation("accept_execute_done"),
    ],
    { fails: "fact operations-alone", plant: "planes-need-uppers" },
  ),
  covered(
    "I2a",
    "Local changes of a cut off cloudlet wait for no upper layer, where it has a healthy control plane.",
    ["fact operations-alone", operation("local_offline")],
    { fails: "fact operations-alone", plant: "planes-need-uppers" },
  ),
  covered(
    "I2b",
    "A site of bare resources cannot do that: it is reported as exempt, and its operations queue above.",
    [
      "fact operations-planes",
      scenario("no-local-plane"),
      "sim/report/operations.test.ts",
      operations,
      operation("no_plane"),
    ],
    { fails: scenario("no-local-plane"), plant: "planes-out-of-nothing" },
  ),
  covered(
    "I3",
    "Edge nodes are added and removed by the local management plane if there is one, else through an upper layer.",
    [scenario("no-local-plane"), "workloads/operations.test.ts"],
    { fails: scenario("no-local-plane"), plant: "planes-out-of-nothing" },
  ),
  covered(
    "I4",
    "Fixes and minor updates, kernels included, may be issued at any time, and are applied once, in causal order.",
    ["fact patched-once", "fact operations-act-once"],
    { fails: "fact patched-once", plant: "never-waits" },
  ),
  covered(
    "I5",
    "Major upgrades may be issued at any time; cloudlets of different versions work on one path, and what one cannot read it keeps, orders and passes on.",
    ["fact upgraded-first", "model/replication/admission.test.ts", worlds, scenario("mixed-versions")],
    { fails: "fact upgraded-first", plant: "begins-unread" },
  ),
  covered(
    "I6",
    "The upper of a cloudlet sees hardware, power, state logs, alerts, performance and metering, each with its age.",
    ["fact view-in-time", "model/control/view.test.ts", operation("marks"), "oracle view-age", scenario("marks")],
    { fails: "fact view-in-time", plant: "reports-seldom" },
  ),
];
