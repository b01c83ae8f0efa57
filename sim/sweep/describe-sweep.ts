/**
 * The part of docs/scenario.md about sweep files, generated from their form, and the JSON Schema for editors.
 *
 * Leaves out how sweeps are run and what is in their results (docs/sweeps.md).
 */
import { describeSections } from "../scenario/describe-form.ts";
import { type JsonSchema, toJsonSchema } from "../scenario/json-schema.ts";
import { sweepForm } from "./schema-sweep.ts";

/** The schema that editors read; deterministic. */
export function sweepJsonSchema(): JsonSchema {
  return { title: "A sweep of causeway", ...toJsonSchema(sweepForm) };
}

/** The part as Markdown. */
export function describeSweepForm(): string {
  return [introduction, ...describeSections(sweepJsonSchema(), "###"), closing].join("\n");
}

const introduction = `## Sweep files

A sweep runs workloads over many topologies, under faults, with other parameters and seeds. \`causeway sweep FILE\` runs one. Each
run is a scenario of its own: a workload's text, in which the topology, the links, the faults and the parameters of that run are set.
Editors complete and check a sweep whose first line is

\`\`\`yaml
# yaml-language-server: $schema=../schema/sweep.schema.json
\`\`\`

This one has 3 x 4 x 2 = 24 points with 5 runs each:

\`\`\`yaml sweep
sweep: 1
name: sites
topologies:
  - { family: [star, balanced, geographic], cloudlets: [4, 8, 16, 32] }
workloads:
  - file: tenants.yaml
faults: [swarm]
parameters:
  settle: [60s, 120s]
seeds: 5
expectations:
  bounds:
    visibility.p99: { p95: "<= 30s" }
\`\`\`
`;

const closing = `### Choosing

With \`choose: grid\` every combination is run, the seeds of a point one after the other; a range of quantities needs a step then.
\`choose: { random: 1000 }\` draws a thousand points, \`choose: { latin: 1000 }\` spreads them: each axis is cut into a thousand parts, and
each part is taken once. Topologies are chosen first; what only one family or file has, such as its number of cloudlets, is spread
over the points that fell to it.

A point is the same whoever runs it and in whatever order: a shard or a resumed sweep runs what the whole would have run.

### Scenarios drawn whole

\`generated: {}\` draws a scenario from each run's seed: several scopes with flows of all directions, clients everywhere, and some
kinds of trouble, others each time. In each there are at least 50 requests, a partition that heals, and a conflict across it.
\`generated: { detachments: true }\` draws another kind: a subtree is cut off or far away, those in it are detached or closed
([detachments](#detachments)), all go on writing and deleting, and it comes back. What was deleted meanwhile must not come back with it,
which is judged as \`revived\`. Where members are detached, no drawn fault takes what was on a disk: what becomes of a member that loses
its disk meanwhile is a limit of the protocol ([model.md](model.md#members-that-are-detached)).
\`generated: { operations: true }\` draws people who ask for operations at several layers, with queues of either custody and every policy
at the cap, planes that are missing, fail or lose the majority of their stores, and upgrades that operations need.
\`generated: { aliveness: true }\` draws cloudlets that are watched, what is observed of them, and people who confirm and take back; in half of them people ask for
operations, too. With both flags a run is of one kind or the other, by its seed. Where people ask, no drawn fault takes what was
on a disk; other faults that no world with operations or marks may have ([control.md](control.md#limits)) are left out, too.

All kinds take families from \`topologies\`, and faults of \`swarm\` on top; a sweep may have several:

\`\`\`yaml sweep
sweep: 1
name: drawn
topologies:
  - { family: [star, chain], cloudlets: { from: 3, to: 9 } }
workloads:
  - { generated: {} }
  - { generated: { detachments: true } }
  - { generated: { operations: true, aliveness: true } }
faults: [swarm]
choose: { latin: 200 }
\`\`\`

### Faults and expectations of single runs

Each run is judged by what its workload expects. Under drawn faults (\`swarm\`) marks and bounds of a workload's own story are not asked
for, and what the drawn faults make impossible is suspended, as with \`causeway run --swarm\` (docs/faults.md). \`expectations\` of the
sweep are about all runs together.

### Families of topologies

\`causeway list families\` tells what each family imitates, after which source, and what it takes beside a number of cloudlets: the side of
the square that its cloudlets lie in (\`km\`), how far links of a Waxman graph reach and how many there are (\`alpha\`, \`beta\`), and how long
a round of those that move takes (\`round\`).
A scenario asks for a member with \`topology: { family: { shape: waxman, cloudlets: 40, km: 800 } }\`; in a sweep each of these is a value,
a list or a range, and of several families each takes what it has:

\`\`\`yaml sweep
sweep: 1
name: regions
topologies:
  - { family: [gabriel, waxman], cloudlets: [20, 40], km: 800, alpha: [0.1, 0.4] }
  - { family: community, cloudlets: 60, km: 30 }
workloads:
  - file: tenants.yaml
faults: [swarm]
\`\`\`

Graphs (\`gabriel\`, \`waxman\`, \`community\`) become trees as imported maps do: the shortest ways from the centre by delay, a community's
from its gateway, are the tree, and all other edges are spare links.

Those that move (\`vehicles\`, \`drones\`, \`satellites\`) bring a contact plan: their links are up when they meet, again and again, and down in
between, until the load ends. Buses and satellites have spare links to others that they meet, to which [plans](#plans) may move them.
By themselves rounds take minutes, and those of satellites a day: \`round: 30s\` makes all of them faster, so that a run of minutes has many.
Contact plans of one's own stand at links: \`links: { list: [{ between: [base, drone], contacts: [{ from: 0s, until: 20s }], repeat: 5min }] }\`.

Scenarios that are drawn whole take the tree of a family and the
delays of its links, and draw other links themselves, which are always up.

### Folders of topologies

\`file\` and \`folder\` take the sections \`topology\` and \`links\` of a scenario file, or of a file that has nothing else. What a
workload names (cloudlets in \`at\`, in faults, in scripts) has to be there in every topology that it meets; this is tried out before
anything is run. Workloads that use \`all\`, \`roots\` and \`leaves\` fit every topology.
`;
