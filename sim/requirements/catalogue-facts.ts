// Facts on the catalogue of operations (D4, D6): which plane each kind belongs to and who may ask for it, as the requirements have it, held
// against what a request really meets, and against the plane that is really told.
//
// Leaves out where an operation may be targeted (topology-facts.ts, operation-facts.ts).

import { assert } from "../../model/assert.ts";
import { judgeRequest } from "../../model/control/authority.ts";
import {
  catalogueOf,
  operationKinds,
  type Actor,
  type OperationKind,
  type PlaneName,
} from "../../model/control/catalogue.ts";
import { withOperations } from "../../model/control/scopes.ts";
import type { CloudletId } from "../../model/ids.ts";
import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { type Fact, Trial } from "./fact.ts";

const actors: readonly Actor[] = ["owner", "operator", "tenant"];
const planeNames: readonly PlaneName[] = ["control", "management"];

// What people and applications do to cloud data through its interface; everything else is administration.
const ofControl = [
  ...["user", "vm", "router", "image"].flatMap((object) =>
    ["create", "read", "update", "delete"].map((verb) => `${object}.${verb}`),
  ),
  "vm.start",
  "vm.stop",
  "vm.resize",
];
const forOwners = [
  "deployment.configure",
  "nodes.scaleUp",
  "nodes.scaleDown",
  "host.hotfix",
  "host.kernelUpdate",
  "cloud.majorUpgrade",
  "metrics.collect",
];
const onRentedMachines = ["baremetal.provision", "baremetal.power"];

type Twist = (kind: OperationKind) => OperationKind;

function topologyOfOne(): Topology {
  const built = buildPlans(withOperations([{ cloudlets: [{ name: "site" }], scopes: [], flows: [], links: [] }]));
  assert(built.kind === "plans", "a site alone is a topology");
  return built.plans[0] as Topology;
}

function factOf(
  name: string,
  says: string,
  deviations: readonly { readonly name: string; readonly says: string; readonly twist: Twist }[],
  concerns: (kind: string) => boolean,
): Fact {
  return {
    name,
    says,
    deviations: deviations.map((one) => ({ name: one.name, says: one.says })),
    try(deviation) {
      const trial = new Trial();
      const twist = deviations.find((one) => one.name === deviation)?.twist ?? ((kind: OperationKind) => kind);
      judge(operationKinds.map(twist), concerns, trial);
      carryOut(concerns, trial);
      return trial.end();
    },
  };
}

function planeOf(kind: string): PlaneName {
  return ofControl.includes(kind) ? "control" : "management";
}

// Each kind, asked for by everybody, where both planes work or one of them is not there.
function judge(kinds: readonly OperationKind[], concerns: (kind: string) => boolean, trial: Trial): void {
  const topology = topologyOfOne();
  const catalogue = catalogueOf(kinds);
  const all = [...ofControl, ...forOwners, ...onRentedMachines].filter(concerns);
  const known = [...catalogue.keys()].filter(concerns);
  trial.expect(all.toSorted().join(" ") === known.toSorted().join(" "), () => `the catalogue has ${known.join(", ")}`);
  const site = 0 as CloudletId;
  for (const kind of all) {
    for (const actor of actors) {
      for (const missing of [null, ...planeNames]) {
        const planes = {
          control: missing === "control" ? "none" : "healthy",
          management: missing === "management" ? "none" : "healthy",
        } as const;
        const office = { topology, self: site, catalogue, planes, stateOf: () => "unknown" as const };
        const refused = judgeRequest({ target: site, kind, object: "thing", actor }, office);
        const isForActor = actor !== "tenant" || !forOwners.includes(kind);
        const expected = !isForActor ? "notForActor" : missing === planeOf(kind) ? "noPlane" : null;
        trial.expect((refused?.code ?? null) === expected, () => {
          const where = missing === null ? "where both planes work" : `where there is no ${missing} plane`;
          return `${kind} for a ${actor}, ${where}: ${refused?.code ?? "accepted"} instead of ${expected ?? "accepted"}`;
        });
      }
    }
  }
}

// Each kind, asked for by an owner: the plane that is told.
function carryOut(concerns: (kind: string) => boolean, trial: Trial): void {
  const cluster = new Cluster();
  const say = (line: string, input: readonly string[] = []): string => cluster.handle({ ...parseCommand(line), input });
  say("topology operations=yes", ["cloudlet a", "cloudlet b upper=a"]);
  say("log control");
  say("heal");
  say("stabilize");
  for (const kind of [...ofControl, ...forOwners, ...onRentedMachines].filter(concerns)) {
    const out = `${say(`issue a ${kind} b ${kind} thing-${kind} by=owner`)}\n${say("stabilize")}`;
    const [, plane = "no", id = ""] = /has its (\w+) plane do (\S+):/.exec(out) ?? [];
    trial.expect(plane === planeOf(kind), () => `${kind} was told to the ${plane} plane`);
    if (id !== "") say(`executed b ${id} done`);
    say("stabilize");
  }
}

/** All of them. */
export const catalogueFacts: readonly Fact[] = [
  factOf(
    "operations-by-plane",
    "Every kind of operation belongs to one plane and to those who may ask for it, and is refused to others and carried out there.",
    [
      {
        name: "starts-are-management",
        says: "Starting a virtual machine counts as administration.",
        twist: (kind) => (kind.name === "vm.start" ? { ...kind, plane: "management" } : kind),
      },
      {
        name: "everybody-administers",
        says: "Whoever asks may ask for everything.",
        twist: (kind) => ({ ...kind, issuers: actors }),
      },
    ],
    () => true,
  ),
  factOf(
    "collecting-is-management",
    "Collecting logs, performance and usage is the management plane's, though it is done to cloud data, and not for tenants.",
    [
      {
        name: "collecting-is-control",
        says: "What is done to cloud data belongs to the control plane.",
        twist: (kind) => (kind.verb === "collect" ? { ...kind, plane: "control" } : kind),
      },
    ],
    (kind) => kind === "metrics.collect",
  ),
];
