/**
 * What has been read, with other sections: those that a swarm draws. Everything else stands as it was read, so only what follows from
 * these sections is worked out again: the faults, whether they need bytes, quirks, core and expectations.
 *
 * Leaves out the drawing (sim/swarm), and what is wrong with sections that are refused: only a whole reading (read.ts) says so.
 */
import type { Topology } from "../../model/topology/topology.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { OracleName } from "../oracles/names.ts";
import { assemble, type Exchanged, type Standing } from "./assemble.ts";
import { checkLogs } from "./check-logs.ts";
import { contactFaults } from "./contacts.ts";
import type { ExpandedTopology } from "./expand-topology.ts";
import type { FaultForm } from "./fault-places.ts";
import { resolveCore } from "./resolve-core.ts";
import { resolveExpectations } from "./resolve-expectations.ts";
import { resolveFaults } from "./resolve-faults.ts";
import type { Measured } from "./resolve-measured.ts";
import { type QuirkForm, resolveQuirks } from "./resolve-quirks.ts";
import { resolveWire } from "./resolve-wire.ts";
import { ProblemList } from "./resolving.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** What has been read of a text: its checked form and the topology as the form writes it. */
export interface Basis {
  readonly form: ScenarioForm;
  readonly expanded: ExpandedTopology;
  readonly measured: Measured;
  /** What of the scenario stands whatever is drawn. */
  readonly standing: Standing;
}

/** Sections in the place of those that were read; each as the form's check lets it pass. */
export interface OtherSections {
  readonly faults: readonly FaultForm[];
  readonly quirks: readonly QuirkForm[];
  readonly core: readonly string[];
  readonly expectations: { readonly always: readonly OracleName[]; readonly eventually: readonly OracleName[] };
}

interface Readable {
  readonly scenario: Scenario;
  readonly topology: Topology;
  /** Null where values were drawn: faults may hold some of them. */
  readonly basis: Basis | null;
}

/**
 * What reading the text again with these sections as settings comes to, without going through the others. Null where that may not be so,
 * or where something is refused.
 */
export function readOtherwise<Read extends Readable>(read: Read, sections: OtherSections): Read | null {
  const { scenario, topology, basis } = read;
  // An exploration judges the whole form.
  if (basis === null || basis.form.explore !== undefined) return null;
  const { form, expanded, measured, standing } = basis;
  const { seed, topology: spec, duration, clocks, clockBound } = scenario;
  const problems = new ProblemList();
  const sites = expanded.sites.reportingTo(problems);
  const rng = new RngRoot(seed).stream.fork("scenario");
  const ground = { sites, spec, duration, clocks, clockBound, rng: rng.fork("faults"), problems };
  const faults = [
    ...resolveFaults(sections.faults, ground),
    ...contactFaults(expanded.contacts, duration, problems),
    ...measured.faults,
  ];
  const expectations = resolveExpectations({ ...form, expectations: sections.expectations }, problems);
  const exchanged: Exchanged = {
    wire: resolveWire(form.wire, sites, spec, faults, problems),
    faults,
    core: resolveCore(sections.core, { sites, topology, problems }),
    expectations,
    quirks: resolveQuirks(sections.quirks, { ...scenario, faults, expectations }, rng.fork("quirks"), problems),
  };
  const otherwise = assemble(standing, exchanged);
  checkLogs(otherwise, problems);
  return problems.isEmpty ? { ...read, scenario: otherwise } : null;
}
