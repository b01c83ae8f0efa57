/**
 * What the steps from a scenario's form to the scenario share: collecting problems, reading checked quantities, and
 * turning names and selections of cloudlets into names that exist.
 *
 * Leaves out the steps themselves: expand-topology.ts, resolve-load.ts, resolve-faults.ts.
 */
import { assert } from "../../model/assert.ts";
import { nearestName } from "../../model/topology/names.ts";
import type { CloudletSpec } from "../../model/topology/spec.ts";
import type { FormProblem } from "./explain.ts";
import type { FormPath, Problem } from "./problem.ts";
import { parseQuantity, type QuantityKind, shortened } from "./quantity.ts";
import { parseSpread } from "./spread.ts";
import type { DurationSpec } from "./scenario.ts";

/** Collects problems; steps go on after one, so that all are told at once. */
export class ProblemList {
  readonly problems: FormProblem[] = [];
  /** In other files than the scenario's. */
  readonly elsewhere: Problem[] = [];

  /** Whether there is any. */
  get isEmpty(): boolean {
    return this.problems.length === 0 && this.elsewhere.length === 0;
  }

  add(path: FormPath, message: string, at: "key" | "value" = "value"): void {
    this.problems.push({ path, at, message });
  }
}

/** The value of a quantity that the form's check has let pass. */
export function checkedQuantity(kind: QuantityKind, text: string): number {
  const outcome = parseQuantity(kind, text);
  assert(outcome.kind === "quantity", "a quantity that the form's check let pass cannot be read");
  return outcome.value;
}

/** The distribution that the form's check has let pass. */
export function checkedSpread(text: string): DurationSpec {
  const outcome = parseSpread(text);
  assert(outcome.kind === "spread", "a distribution that the form's check let pass cannot be read");
  return outcome.spread;
}

/** Who is called what, and who stands at the ends of the forest. */
interface SiteIndex {
  readonly names: readonly string[];
  readonly known: ReadonlySet<string>;
  readonly roots: readonly string[];
  readonly leaves: readonly string[];
}

/** Cloudlets by name, and the selections that a scenario may write instead of names. */
export class SiteNames {
  readonly names: readonly string[];
  readonly #index: SiteIndex;
  readonly #problems: ProblemList;

  private constructor(index: SiteIndex, problems: ProblemList) {
    this.names = index.names;
    this.#index = index;
    this.#problems = problems;
  }

  static of(cloudlets: readonly CloudletSpec[], problems: ProblemList): SiteNames {
    const names = cloudlets.map(({ name }) => name);
    const uppers = new Set(cloudlets.map(({ upper }) => upper));
    const roots = cloudlets.filter(({ upper }) => upper === undefined).map(({ name }) => name);
    const leaves = names.filter((name) => !uppers.has(name));
    return new SiteNames({ names, known: new Set(names), roots, leaves }, problems);
  }

  /** The same, reporting elsewhere. */
  reportingTo(problems: ProblemList): SiteNames {
    return new SiteNames(this.#index, problems);
  }

  /** Whether there is such a cloudlet; reports it where there is none. */
  check(name: string, path: FormPath): boolean {
    if (this.#index.known.has(name)) return true;
    const near = nearestName(name, this.names);
    const known = this.names.slice(0, 8).join(", ");
    const remedy =
      near === null ? `there are ${known}${this.names.length > 8 ? ", ..." : ""}` : `did you mean "${near}"?`;
    this.#problems.add(path, `expected the name of a cloudlet, found "${shortened(name)}"; ${remedy}`);
    return false;
  }

  /** The cloudlets that `all`, `roots`, `leaves`, a name or a list of names stands for, each once, in their order. */
  select(selection: string | readonly string[], path: FormPath): readonly string[] {
    if (typeof selection === "string") {
      if (this.#index.known.has(selection)) return [selection];
      if (selection === "all") return this.names;
      if (selection === "roots") return this.#index.roots;
      if (selection === "leaves") return this.#index.leaves;
      return this.check(selection, path) ? [selection] : [];
    }
    const chosen = new Set<string>();
    for (const [index, name] of selection.entries()) {
      if (!this.check(name, [...path, index])) continue;
      if (chosen.has(name))
        this.#problems.add([...path, index], `cloudlet "${shortened(name)}" is named twice; remove one`);
      chosen.add(name);
    }
    return [...chosen];
  }
}
