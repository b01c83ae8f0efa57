/**
 * The topology of a text that is read again and again: expanded and built once, as long as nothing in it is drawn and the sections that it
 * is made of stay the text's own.
 *
 * Leaves out how it is expanded (expand-topology.ts) and built (built-plans.ts).
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { ExpandedTopology } from "./expand-topology.ts";
import type { ScenarioForm } from "./schema.ts";

/** A topology that was not refused, as the form writes it and built. */
export interface KnownTopology {
  readonly expanded: ExpandedTopology;
  readonly topology: Topology;
}

/** Sections that a topology is made of, but for tables. */
const sections = ["topology", "scopes", "flows", "links", "plans"] as const satisfies readonly (keyof ScenarioForm)[];

/** What was built last for one text. */
export class TopologyMemory {
  #form: ScenarioForm | null = null;
  #known: KnownTopology | null = null;

  /** The topology of this form, where the last one that was kept is of the very same sections. */
  of(form: ScenarioForm): KnownTopology | null {
    const last = this.#form;
    return last !== null && isFixed(form) && sections.every((section) => form[section] === last[section])
      ? this.#known
      : null;
  }

  /** Keeps it, unless another seed or another table would make another one. */
  keep(form: ScenarioForm, known: KnownTopology): void {
    if (!isFixed(form)) return;
    this.#form = form;
    this.#known = known;
  }
}

function isFixed({ topology, measured }: ScenarioForm): boolean {
  return !("family" in topology) && measured === undefined;
}
