// The operations that a control and a management plane know, as data: which plane carries one out, what it does to which kind
// of object, who may ask for it, and whether doing it twice is the same as doing it once. Which operations get into each
// other's way is in conflicts.ts, who may be targeted in authority.ts. A user may hand over a catalogue of his own.

/** Who asks (D4, D5): who owns the infrastructure, who operates it, who rents a part of it. */
export type Actor = "owner" | "operator" | "tenant";

/** Which plane carries an operation out. They live and fail apart from each other and from the host (A6d). */
export type PlaneName = "control" | "management";

/** What an operation does to its object. Conflicts are decided by verbs. */
export type Verb =
  | "create"
  | "read"
  | "update"
  | "delete"
  | "start"
  | "stop"
  | "resize"
  | "configure"
  | "scaleUp"
  | "scaleDown"
  | "patch"
  | "upgrade"
  | "collect";

/** One kind of operation. */
export interface OperationKind {
  /** As people write it: `vm.create`. */
  readonly name: string;
  readonly plane: PlaneName;
  readonly verb: Verb;
  /** What it is done to: a user, a virtual machine, the cloudlet's nodes. */
  readonly object: string;
  readonly issuers: readonly Actor[];
  /** Doing it twice leaves what doing it once leaves. It is done at most once all the same. */
  readonly isIdempotent: boolean;
  readonly says: string;
}

const everyone: readonly Actor[] = ["owner", "operator", "tenant"];
const administrators: readonly Actor[] = ["owner", "operator"];

/** Cloud data that is created, read, updated and deleted through the interface of the control plane (D3, D4). */
const cloudData = ["user", "vm", "router", "image"] as const;

const crud = cloudData.flatMap((object) =>
  (["create", "read", "update", "delete"] as const).map((verb): OperationKind => ({
    name: `${object}.${verb}`,
    plane: "control",
    verb,
    object,
    issuers: everyone,
    isIdempotent: verb === "read" || verb === "delete",
    says: `${verb} a ${object}`,
  })),
);

const machines = (["start", "stop", "resize"] as const).map((verb): OperationKind => ({
  name: `vm.${verb}`,
  plane: "control",
  verb,
  object: "vm",
  issuers: everyone,
  isIdempotent: true,
  says: `${verb} a virtual machine`,
}));

function administration(
  name: string,
  verb: Verb,
  object: string,
  isIdempotent: boolean,
  says: string,
  issuers: readonly Actor[] = administrators,
): OperationKind {
  return { name, plane: "management", verb, object, issuers, isIdempotent, says };
}

/**
 * The built-in catalogue. Collecting metrics belongs to the management plane though what it collects is cloud data (D6). A
 * tenant may ask for no operation of that plane but those on machines that he rents whole (D5).
 */
export const operationKinds: readonly OperationKind[] = [
  ...crud,
  ...machines,
  administration("deployment.configure", "configure", "deployment", true, "change the configuration of the cloudlet"),
  administration("nodes.scaleUp", "scaleUp", "nodes", false, "add edge nodes"),
  administration("nodes.scaleDown", "scaleDown", "nodes", false, "take edge nodes away"),
  administration("host.hotfix", "patch", "host", true, "apply a hotfix or a security patch"),
  administration("host.kernelUpdate", "patch", "host", true, "update the kernel"),
  administration("cloud.majorUpgrade", "upgrade", "cloud", false, "go over to another major version"),
  administration("metrics.collect", "collect", "metrics", true, "collect logs, performance and usage statistics"),
  administration("baremetal.provision", "create", "machine", false, "install a machine that is rented whole", everyone),
  administration("baremetal.power", "start", "machine", true, "switch on a machine that is rented whole", everyone),
];

/** Kinds by name. */
export type Catalogue = ReadonlyMap<string, OperationKind>;

/** Indexes kinds by name; of two of one name the later stands. */
export function catalogueOf(kinds: readonly OperationKind[]): Catalogue {
  return new Map(kinds.map((kind) => [kind.name, kind]));
}
