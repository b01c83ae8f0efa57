// The scenario of a case: a text with the case's settings, or one that is drawn whole, in either case with faults from the whole table
// on top where the case asks for them. The same case makes the same scenario, in whichever thread.
//
// A text is taken apart once per thread, however many cases are made of it: `CaseMaker` keeps it. Leaves out running it (row.ts).

import { assert } from "../../model/assert.ts";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { type FaultName, faultNames } from "../faults/table.ts";
import { withLostDisk } from "../run/generate-lost-disks.ts";
import { generateControl } from "../run/generate-control.ts";
import { generatedScenario } from "../run/generate.ts";
import { generateReturns } from "../run/generate-returns.ts";
import type { CodeReference, ScenarioSource } from "../scenario/read.ts";
import { readSource, scenarioSource } from "../scenario/read.ts";
import { type Problem, renderProblem } from "../scenario/problem.ts";
import type { ResolverCode, Scenario } from "../scenario/scenario.ts";
import { readSwarm } from "../swarm/read-swarm.ts";
import { kindOf, underFaults } from "../swarm/under-faults.ts";
import type { PlanSource, SweepCase } from "./plan.ts";

/** A scenario that may be run. */
export interface MadeCase {
  readonly kind: "made";
  readonly scenario: Scenario;
  /** The user's functions that it may call. */
  readonly resolvers: MergeFunctions;
  /** The kind of every fault in it, as its text has them or as they were drawn. */
  readonly faults: readonly FaultName[];
}

/** The scenario, or every reason why there is none. */
export type CaseOutcome = MadeCase | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Makes scenarios of the cases of one plan. */
export class CaseMaker {
  readonly #texts: readonly PlanSource[];
  readonly #merges: readonly MergeFunctions[];
  readonly #sources: (ScenarioSource | undefined)[];

  /**
   * @param sources those of the plan
   * @param merges the code of each (load-code.ts); left out where nothing is run, or nothing has any
   */
  constructor(sources: readonly PlanSource[], merges: readonly MergeFunctions[] = []) {
    this.#texts = sources;
    this.#merges = merges;
    this.#sources = sources.map(() => undefined);
  }

  /** The scenario of a case. What is wrong with a text or a setting is returned, never thrown. */
  make(one: SweepCase): CaseOutcome {
    return one.workload.kind === "text" ? this.#fromText(one, one.workload.source) : drawn(one, one.workload);
  }

  #fromText(one: SweepCase, number: number): CaseOutcome {
    const source = this.#sourceOf(number);
    const { seed, settings, faults } = one;
    const own = ownFaults(source, one);
    if (faults.kind === "own") {
      const read = readSource(source, { seed, settings });
      if (read.kind === "invalid") return { kind: "refused", problems: read.problems };
      return this.#made(number, read, own);
    }
    const read = readSwarm(source, seed, { settings, wanted: faults.wanted });
    if (read.kind === "invalid") return { kind: "refused", problems: read.problems };
    return this.#made(number, read.read, [...own, ...read.swarm.faults.map(kindOf)]);
  }

  // 1. A scope may name a function in a file of the user's. 2. Whoever runs a sweep has been told which files its cases name, and has been
  // asked about these. 3. A case may name another one yet, since not every combination is tried before. It is refused.
  #made(number: number, { scenario, code }: Read, faults: readonly FaultName[]): CaseOutcome {
    const resolvers = this.#merges[number] ?? noFunctions;
    if (code.length === 0) return { kind: "made", scenario, resolvers, faults };
    const known = this.#texts[number]?.resolvers ?? [];
    const own = code.map((named) => known.find(({ name }) => name === named.name) ?? named);
    const strange = own.filter((one): one is CodeReference => "problem" in one);
    const why = "expected code that the sweep was seen to name when it was read, found another file";
    if (strange.length > 0) {
      const remedy = "name it in the workload, or among the first values of its parameter";
      return { kind: "refused", problems: strange.map(({ problem }) => problem(`${why}; ${remedy}`)) };
    }
    const resolving = own.filter((one): one is ResolverCode => "sha256" in one);
    return { kind: "made", scenario: { ...scenario, resolvers: resolving }, resolvers, faults };
  }

  #sourceOf(number: number): ScenarioSource {
    const text = this.#texts[number];
    assert(text !== undefined, "a case of a text that its plan does not have");
    return (this.#sources[number] ??= scenarioSource(text.file, text.text, text.attached));
  }
}

/** One line for a person: what is wrong with a case that makes no scenario. */
export function refusalText(problems: readonly Problem[]): string {
  const [first, ...more] = problems;
  if (first === undefined) return "refused";
  return `${renderProblem(first)}${more.length > 0 ? ` (and ${more.length} more)` : ""}`;
}

interface Read {
  readonly scenario: Scenario;
  readonly code: readonly CodeReference[];
}

const noFunctions: MergeFunctions = new Map();

function drawn({ seed, faults }: SweepCase, workload: DrawnWorkload): MadeCase {
  const scenario = storyOf(seed, workload);
  const own = scenario.faults.flatMap(({ kind }) => faultNames.filter((name) => name === kind));
  if (faults.kind === "own") return { kind: "made", scenario, resolvers: noFunctions, faults: own };
  // Where people ask for operations one disk is lost at most, as the story has it: where an issuer and a target both lose what they had of an
  // operation, it may stay open (docs/control.md, limits).
  const hasIssuers = (scenario.operations?.issuers ?? []).length > 0;
  const under = underFaults(scenario, faults.wanted, hasIssuers);
  return { kind: "made", scenario: under.scenario, resolvers: noFunctions, faults: [...own, ...under.drawn] };
}

function storyOf(seed: string, { story, tree }: DrawnWorkload): Scenario {
  if (story === "data") return generatedScenario(seed, { tree });
  return story === "detachments" ? generateReturns(seed, tree) : withLostDisk(generateControl(seed, story, tree));
}

type DrawnWorkload = Extract<SweepCase["workload"], { kind: "generated" }>;

// Faults as the form lists them, composites as what they are called there.
function ownFaults({ parsed }: ScenarioSource, { settings }: SweepCase): readonly FaultName[] {
  const set = settings.findLast(({ path }) => path === "faults");
  const root = parsed.kind === "document" ? parsed.document.value : null;
  const list: unknown = set === undefined ? (root as { readonly faults?: unknown } | null)?.faults : set.data;
  if (!Array.isArray(list)) return [];
  return list.flatMap((fault: unknown) =>
    typeof fault === "object" && fault !== null ? faultNames.filter((name) => name in fault) : [],
  );
}
