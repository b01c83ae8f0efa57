// Challenges (C) and the vision (V): what is asked of tooling around the core. Rows of the catalogue (requirement.ts).

import { covered, exempt, open, type Requirement, scenario, operation, operations } from "./requirement.ts";

const survey = "it asks for a survey of other people's software, and nothing of ours could turn its answer";

/** The rows C1 to C9. */
export const challenges: readonly Requirement[] = [
  open(
    "C1",
    "Operations and flows are grouped into topologies of replication, by latency, cuts, direction and kind of store.",
  ),
  covered(
    "C2",
    "State is replicated as data or by doing the operations again, and both end alike.",
    ["fact data-or-replay"],
    { fails: "fact data-or-replay", plant: "last-state-wins" },
  ),
  open("C3", "What a component replicates by itself is not replicated a second time."),
  open("C4", "Latency and the number of replicas say where one stretched control plane will do."),
  open("C5", "Keeping all topologies at once costs little, in machines and in people's care."),
  open("C6", "Each component gets the topology that it needs, and one without state replicates nothing."),
  covered(
    "C7",
    "On one trace: what last-writer-wins loses, return-them-all leaves open, and resolving by hand ends.",
    [scenario("resolvers"), "properties/docs.test.ts"],
    { fails: scenario("resolvers"), plant: "resolver-picks-first" },
  ),
  covered(
    "C8",
    "A layer put in between takes over a part of the queues above it.",
    ["fact layer-takes-over", operation("insert_layer"), scenario("replan-with-queues")],
    { fails: "fact layer-takes-over", plant: "keeps-handed" },
  ),
  open("C9", "Infrastructure, platforms and workloads on top of each other use one approach."),
];

/** The rows V1 to V7. */
export const vision: readonly Requirement[] = [
  open("V1", "Replication is offered to tenants as a service, each of them apart from the others."),
  open("V2", "A version control of files serves configuration, and leaves other data to people."),
  open("V3", "Client libraries over local stores that share nothing, and that may promise more than causality inside."),
  open("V4", "Cloudlets may have different stores underneath."),
  covered(
    "V5",
    "Conflicting operations are resolved as they meet, queued ones too, and what follows goes to its targets.",
    ["fact conflicts-settled", operations, operation("conflicts"), "model/control/tables.test.ts"],
    { fails: "fact conflicts-settled", plant: "settles-nothing" },
  ),
  open("V6", "A predecessor needed people's care for every object that it healed: how much is counted."),
  open("V7", "One causal store for all is the most uniform, where every site can run it."),
];

/** The rows Z1 to Z3. */
export const conclusion: readonly Requirement[] = [
  covered(
    "Z1",
    "Queues with lazy replication, aliveness of planes, and one approach to all data are the three principles.",
    [
      "fact operations-are-records",
      "fact three-personas",
      "fact limits-are-kept",
      "fact always-manageable",
      "fact seven-marks",
      "fact view-in-time",
    ],
    { fails: "fact always-manageable", plant: "waits-for-neighbour" },
  ),
  open(
    "Z2",
    "A shared causal store and client libraries are two families of solutions, beside each other in one simulator.",
  ),
  covered(
    "Z3",
    "The smallest product: a central control plane, bare sites, no autonomy, and workloads that go on while cut off.",
    [scenario("no-local-plane")],
    { fails: scenario("no-local-plane"), plant: "planes-out-of-nothing" },
  ),
];

/** The rows K1 to K6 and Q1 to Q8: claims of related work, and questions. */
export const claims: readonly Requirement[] = [
  open("K1", "COPS shows that client libraries scale, without real time, and outlives the failure of a data center."),
  open("K2", "A weaker model on top of stronger local stores works, and gives a view that is always there."),
  open("K3", "Global causal databases are the other way: they scale, two-way, over long links."),
  covered(
    "K4",
    "A write conflicts with what it does not replace.",
    ["oracle exact-conflicts", "properties/replication.test.ts", "model/replication/testdata/siblings.txt"],
    { fails: "oracle exact-conflicts", plant: "replaces-nothing" },
  ),
  open("K5", "A hierarchy and a mesh of equals differ in messages and in what recovery takes."),
  open("K6", "Several operators work together by contracts on what crosses between them."),
  open("Q1", "How many data centers may fail at once in COPS, and what does it cost?"),
  open("Q2", "Does COPS serve flows that go both ways?"),
  exempt("Q3", "Which implementations of real-time causality and of COPS are open?", survey),
  open("Q4", "Which cases of replication may go one way, and which requirements then fail?"),
  open("Q5", "Are two flows that go one way each as good as one that goes both ways?"),
  open("Q6", "Do names that can be predicted save the replication of users and projects?"),
  exempt("Q7", "Which causal databases and file systems could serve everybody?", survey),
  covered(
    "Q8",
    "Word from receiver to sender is an optimisation, and what it saves is reported.",
    [
      "fact acknowledgements-save",
      "properties/radio.test.ts",
      "sim/run/redundancy.test.ts",
      "model/replication/testdata/one_way_cycle.txt",
      "model/replication/testdata/lost_part.txt",
    ],
    { fails: "fact acknowledgements-save", plant: "never-resends" },
  ),
];
