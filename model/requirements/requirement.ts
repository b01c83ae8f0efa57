// What a row of the catalogue of requirements is: what is required, what checks it, and what would turn the row to failing.
//
// A row counts as covered only when something can turn it: a check that nothing makes fail would hold whatever the core does.
// What is checked in part says what is lacking, and is not yet covered. Leaves out the rows, which are data in the files
// beside this one, and the running, which needs the simulator (sim/requirements).

/**
 * The name of a check: `oracle NAME` judges drawn worlds, `fact NAME` is a statement that is tried out as it stands (sim/requirements),
 * `workloads/NAME.yaml` is a scenario that must end as it expects; these three a program can run. Any other path is a file of tests
 * or a transcript, which `npm test` runs.
 */
export type CheckName = string;

/** What makes one check of a row fail, and the row with it. */
export interface Turn {
  readonly fails: CheckName;
  /** A planted bug of the core or the machines; of a fact: one of its own deviations. */
  readonly plant?: string;
  /** Of a scenario: other values at places of it, as `--set` takes them. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Whether a row is covered. */
export type Coverage =
  | { readonly kind: "covered"; readonly turn: Turn }
  | { readonly kind: "exempt"; readonly reason: string }
  /** Not yet covered; `lacks`: what is missing where something is checked already. */
  | { readonly kind: "open"; readonly lacks: string | null };

/** One requirement. */
export interface Requirement {
  readonly id: string;
  /** In one sentence of our own. */
  readonly says: string;
  readonly checks: readonly CheckName[];
  readonly coverage: Coverage;
}

/** A row that is checked, and that `turn` makes fail. */
export function covered(id: string, says: string, checks: readonly CheckName[], turn: Turn): Requirement {
  return { id, says, checks, coverage: { kind: "covered", turn } };
}

/** A row of which only a part is checked. */
export function inPart(id: string, says: string, checks: readonly CheckName[], lacks: string): Requirement {
  return { id, says, checks, coverage: { kind: "open", lacks } };
}

/** A row that nothing checks. */
export function open(id: string, says: string): Requirement {
  return { id, says, checks: [], coverage: { kind: "open", lacks: null } };
}

/** A row that nothing of ours could keep or break. */
export function exempt(id: string, says: string, reason: string): Requirement {
  return { id, says, checks: [], coverage: { kind: "exempt", reason } };
}

/** The kind of a check, by its name. */
export function kindOfCheck(name: CheckName): "oracle" | "fact" | "scenario" | "tests" {
  if (name.startsWith("oracle ")) return "oracle";
  if (name.startsWith("fact ")) return "fact";
  return name.startsWith("workloads/") && name.endsWith(".yaml") ? "scenario" : "tests";
}

/** A golden transcript of the core. */
export function transcript(name: string): CheckName {
  return `model/replication/testdata/${name}.txt`;
}

/** A golden transcript of the control layer. */
export function operation(name: string): CheckName {
  return `model/control/testdata/${name}.txt`;
}

/** A committed scenario. */
export function scenario(name: string): CheckName {
  return `workloads/${name}.yaml`;
}

/** Drawn small worlds, and every order in them. */
export const worlds: CheckName = "properties/replication.test.ts";

/** Drawn small worlds of cloudlets with control layers. */
export const operations: CheckName = "properties/operations.test.ts";
