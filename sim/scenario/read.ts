/**
 * From the text of a scenario file to the scenario that runs, or to every reason why it cannot: the only way in.
 *
 * Order: YAML, `--set`, the seed, draws, the form value by value, then what must fit together. All problems of one stage
 * are told at once; a later stage begins only on sound ground. Leaves out reading files (file.ts).
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { CustomResolverName } from "../../model/topology/resolvers.ts";
import { micros } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { assemble, type Standing } from "./assemble.ts";
import { builtPlans } from "./built-plans.ts";
import { type DocumentOutcome, emptyMessage, parseDocument, type PlainDocument } from "./document.ts";
import { applyDraws, type DrawOutcome } from "./draws.ts";
import { type Drawn, type ExpandedTopology, expandTopology } from "./expand-topology.ts";
import { explainIssues, type FormProblem } from "./explain.ts";
import { CheckedSections } from "./checked-sections.ts";
import { TopologyMemory } from "./known-topology.ts";
import { Places } from "./places.ts";
import { type Problem, sortProblems } from "./problem.ts";
import { describeFound } from "./quantity.ts";
import { checkLogs, refuseCollection } from "./check-logs.ts";
import type { Basis } from "./read-otherwise.ts";
import { resolveExpectations } from "./resolve-expectations.ts";
import { resolveCore } from "./resolve-core.ts";
import { contactFaults } from "./contacts.ts";
import { resolveClocks, resolveCpus, resolveDisks, resolveFaults } from "./resolve-faults.ts";
import { resolveDetachments } from "./resolve-detachments.ts";
import { isControlled } from "./control.ts";
import { type Attached, type Tables, tablesOf } from "./attached.ts";
import { resolveAliveness } from "./resolve-aliveness.ts";
import { refuseBesideControl } from "./resolve-control.ts";
import { resolveOperations } from "./resolve-operations.ts";
import {
  type Measured,
  nothingAsked,
  nothingMeasured,
  type ReplayedTable,
  resolveMeasured,
} from "./resolve-measured.ts";
import { resolveExplore } from "./resolve-explore.ts";
import { resolveQuirks } from "./resolve-quirks.ts";
import { resolvePlans } from "./resolve-plans.ts";
import { resolveClients, resolveScript, resolveTravellers } from "./resolve-load.ts";
import { checkTravel } from "./resolve-travel.ts";
import { resolveWire } from "./resolve-wire.ts";
import { checkedQuantity, ProblemList } from "./resolving.ts";
import type { Scenario } from "./scenario.ts";
import { drawForm, type ScenarioForm, scenarioForm } from "./schema.ts";
import { Draft, isPlainMap, parseFormPath } from "./settings.ts";

/** A value for a path, as `--set path=value` gives it. */
export interface TextSetting {
  /** The whole option, for messages: `--set links.defaults.loss=5%`. */
  readonly label: string;
  readonly path: string;
  /** YAML: a text, a number, or a list or map in brackets. */
  readonly value: string;
}

/** The same with a value at hand. */
export type Setting = TextSetting | (Omit<TextSetting, "value"> & { readonly data: unknown });

/** A text that is read more than once, taken apart once. */
export interface ScenarioSource {
  /** How messages name the text. */
  readonly file: string;
  readonly text: string;
  readonly parsed: DocumentOutcome;
  readonly sections: CheckedSections;
  readonly memory: TopologyMemory;
  /** Texts of the tables that it names. */
  readonly attached: Attached;
  readonly tables: Tables;
}

/** Takes a text apart. Bad input never throws; it is told when the scenario is read. */
export function scenarioSource(file: string, text: string, attached: Attached = {}): ScenarioSource {
  const parsed = parseDocument(file, text);
  const sections = new CheckedSections(parsed.kind === "document" ? parsed.document.value : null);
  const tables = tablesOf(file, attached);
  return { file, text, parsed, sections, memory: new TopologyMemory(), attached, tables };
}

/** The same text with the tables that it names. */
export function withTables(source: ScenarioSource, attached: Attached): ScenarioSource {
  return { ...source, attached, tables: tablesOf(source.file, attached) };
}

/** What comes from outside the text. */
export interface SourceOptions {
  /** Wins over the seed of the file. */
  readonly seed?: string;
  readonly settings?: readonly Setting[];
}

/** The same, and how messages name the text. */
export interface ReadOptions extends SourceOptions {
  readonly file: string;
  /** Texts of the tables that it names, by their names in it; left out: none. */
  readonly attached?: Attached;
}

/** A function in a file of the user's. */
export interface CodeReference {
  readonly name: CustomResolverName;
  /** As the scenario writes it: a path relative to its file. */
  readonly module: string;
  readonly export: string;
  /** A problem with it, at the first place that names it. */
  readonly problem: (message: string) => Problem;
}

/** A scenario ready to run, or why not. */
export type ReadOutcome =
  | {
      readonly kind: "scenario";
      readonly scenario: Scenario;
      readonly topology: Topology;
      /** What was done with each table that it names. */
      readonly replayed: readonly ReplayedTable[];
      /** Every drawn parameter. */
      readonly drawn: readonly Drawn[];
      /** Code that scopes name. Reading a scenario loads none. */
      readonly code: readonly CodeReference[];
      /** What `readOtherwise` builds on; null where values were drawn. */
      readonly basis: Basis | null;
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

const SETTLE_DEFAULT = "30s";
const CLOCK_BOUND_DEFAULT = "1min";
const DISK_SYNC_DEFAULT = 200;

/** Reads a scenario. Bad input never throws. */
export function readScenario(text: string, options: ReadOptions): ReadOutcome {
  return readSource(scenarioSource(options.file, text, options.attached), options);
}

/** Reads a scenario from a text that has been taken apart. */
export function readSource(
  { file, parsed, sections, memory, tables }: ScenarioSource,
  options: SourceOptions = {},
): ReadOutcome {
  if (parsed.kind === "invalid") return parsed;
  const { document } = parsed;
  const places = new Places(file, document);
  const problems = new ProblemList();
  const invalid = (found: readonly FormProblem[]): ReadOutcome => ({
    kind: "invalid",
    problems: [...places.locate(found), ...sortProblems(problems.elsewhere)],
  });
  if (!isPlainMap(document.value)) {
    const message = `expected a map that begins with "causeway: 1", found ${describeFound(document.value)}`;
    return invalid([{ path: [], at: "value", message }]);
  }

  const draft = new Draft(document.value);
  const { root } = draft;
  const refusedSettings = applySettings(draft, options.settings ?? [], places);
  if (refusedSettings.length > 0) return { kind: "invalid", problems: refusedSettings };

  const seed = options.seed ?? seedOf(root["seed"]);
  // Without a seed nothing can be drawn, but the rest can still be checked.
  if (seed === null) {
    if (root["seed"] === undefined) {
      problems.add(["seed"], 'missing: expected a seed; add "seed: 1" to the file, or run with --seed 1');
    }
  }
  const rng = new RngRoot(seed ?? "0").stream.fork("scenario");
  const draws = root["draw"] === undefined ? null : drawForm.safeParse(root["draw"]);
  let drawOutcome: DrawOutcome = { drawn: [], filled: [] };
  if (draws?.success === true) {
    const overridden = new Set((options.settings ?? []).map(({ path }) => path));
    drawOutcome = applyDraws(draft, draws.data, rng.fork("draw"), overridden, problems);
    for (const [path, draw] of drawOutcome.filled) places.bring(path, { kind: "draw", key: draw });
  }

  const form = sections.check(root);
  if (form === null) {
    const issues = scenarioForm.safeParse(root).error?.issues ?? [];
    return invalid([...problems.problems, ...explainIssues(issues, root)]);
  }
  const resolved = resolve(form, seed ?? "0", rng, { problems, tables, memory });
  if (resolved === null || !problems.isEmpty) return invalid(problems.problems);
  const code = resolved.code.map(({ path, ...rest }): CodeReference => {
    const [place] = places.locate([{ path, at: "value", message: "" }]) as [Problem];
    return { ...rest, problem: (message) => ({ ...place, message: `${place.message}${message}` }) };
  });
  const { expanded, measured, standing, ...told } = resolved;
  const basis = root["draw"] === undefined ? { form, expanded, measured, standing } : null;
  return { ...told, code, drawn: [...drawOutcome.drawn, ...resolved.drawn], basis };
}

/**
 * The text's own faults, as they are written there once these values are put into it; none where it is no scenario.
 *
 * @param settings such as lead to faults, and are not refused
 */
export function faultsAsWritten({ file, parsed }: ScenarioSource, settings: readonly Setting[]): readonly unknown[] {
  if (parsed.kind === "invalid" || !isPlainMap(parsed.document.value)) return [];
  const draft = new Draft(parsed.document.value);
  applySettings(draft, settings, new Places(file, parsed.document));
  const faults = draft.root["faults"];
  return Array.isArray(faults) ? faults : [];
}

/** Does it lead to a fault, or to all of them? */
export function isOfFaults({ path }: Pick<Setting, "path">): boolean {
  return path.includes("faults") && parseFormPath(path)?.[0] === "faults";
}

/** Reads a form that is at hand as data and draws nothing; null where it is refused, for whatever reason. */
export function readForm(data: unknown): Pick<Resolved, "scenario" | "topology"> | null {
  const form = scenarioForm.safeParse(data);
  if (!form.success) return null;
  const seed = seedOf(form.data.seed);
  if (seed === null) return null;
  const problems = new ProblemList();
  const resolved = resolve(form.data, seed, new RngRoot(seed).stream.fork("scenario"), {
    problems,
    tables: new Map(),
    memory: new TopologyMemory(),
  });
  return !problems.isEmpty ? null : resolved;
}

type Resolved = Omit<Extract<ReadOutcome, { kind: "scenario" }>, "code" | "basis"> & {
  readonly code: ExpandedTopology["code"];
  readonly expanded: ExpandedTopology;
  readonly measured: Measured;
  readonly standing: Standing;
};

/** The checked form with everything filled in; null when the topology is refused. Problems go to the list. */
function resolve(
  form: ScenarioForm,
  seed: string,
  rng: ReturnType<RngRoot["stream"]["fork"]>,
  {
    problems,
    tables,
    memory,
  }: { readonly problems: ProblemList; readonly tables: Tables; readonly memory: TopologyMemory },
): Resolved | null {
  const duration = micros(checkedQuantity("duration", form.duration));
  const known = memory.of(form);
  const nominal =
    known === null
      ? expandTopology(form, rng, problems)
      : { ...known.expanded, sites: known.expanded.sites.reportingTo(problems) };
  const measured =
    form.measured === undefined || !problems.isEmpty
      ? nothingMeasured
      : resolveMeasured(form, form.measured, { tables, spec: nominal.spec, duration, problems });
  const expanded = measured.bettered(nominal);
  const topology = problems.problems.length > 0 ? null : (known?.topology ?? build(expanded, problems));
  if (topology !== null) memory.keep(form, { expanded, topology });
  const { sites, spec } = expanded;
  if (duration === 0)
    problems.add(
      ["duration"],
      `expected a duration longer than nothing, found ${form.duration}; write for example 60s`,
    );
  const protocol = form.protocol ?? "causeway";
  const load = { sites, topology, duration, protocol, problems };
  const clocks = resolveClocks(form.clocks ?? [], sites);
  const clockBound = micros(checkedQuantity("duration", form.clockBound ?? CLOCK_BOUND_DEFAULT));
  const faultRng = rng.fork("faults");
  const surroundings = { sites, spec, duration, clocks, clockBound, rng: faultRng, problems };
  const faults = [
    ...resolveFaults(form.faults ?? [], surroundings),
    ...contactFaults(expanded.contacts, duration, problems),
    ...measured.faults,
  ];
  const travellers = resolveTravellers(form, load);
  const script = resolveScript(form.script ?? [], travellers, load);
  const replayed = topology === null ? nothingAsked : measured.load(topology);
  const allTravellers = [...travellers, ...replayed.travellers];
  // Stable: at one moment the script comes first.
  const steps = replayed.script.length === 0 ? script : [...script, ...replayed.script].sort((a, b) => a.at - b.at);
  const before: Standing["before"] = {
    name: form.name,
    shows: form.shows ?? [],
    seed,
    protocol,
    causality: form.causality ?? "session",
    topology: spec,
    resolvers: [],
    ...(form.plans !== undefined && { plans: resolvePlans(form.plans, expanded.plans, { duration, problems }) }),
    ...(form.detachments !== undefined && {
      detachments: resolveDetachments(form, { sites, topology, duration, problems }),
    }),
    ...(form.operations !== undefined && {
      operations: resolveOperations(form, form.operations, { sites, spec, topology, duration, problems }),
    }),
    ...(form.aliveness !== undefined && {
      aliveness: resolveAliveness(form.aliveness, { sites, topology, duration, problems }),
    }),
    clients: resolveClients(form.clients ?? [], load),
    script: steps,
    ...(allTravellers.length > 0 && { travellers: allTravellers }),
    clocks,
    diskSync: { kind: "constant", value: micros(DISK_SYNC_DEFAULT) },
    disks: resolveDisks(form.disks ?? [], sites),
    cpus: resolveCpus(form.cpus ?? [], sites),
  };
  const wire = resolveWire(form.wire, sites, spec, faults, problems);
  const core = form.core === undefined ? undefined : resolveCore(form.core, { sites, topology, problems });
  const settle = micros(checkedQuantity("duration", form.settle ?? SETTLE_DEFAULT));
  const expectations = resolveExpectations(form, problems);
  const explore = form.explore === undefined ? undefined : resolveExplore(form, topology, steps, problems);
  const logs = { retain: form.logs?.retain ?? null, checkpoint: form.logs?.checkpoint ?? null };
  const standing = {
    before,
    around: { logs, clockBound, duration, settle, ...(explore !== undefined && { explore }) },
  };
  const exchanged = { wire, faults, ...(core !== undefined && { core }), expectations };
  const quirks = resolveQuirks(form.quirks ?? [], assemble(standing, exchanged), rng.fork("quirks"), problems);
  const scenario = assemble(standing, { ...exchanged, quirks });
  if (isControlled(scenario)) {
    refuseBesideControl(form, { spec: topology === null ? null : spec, plans: expanded.plans, problems });
  }
  checkLogs(scenario, problems);
  if (form.plans !== undefined) refuseCollection(form, problems);
  checkTravel(scenario, problems);
  return topology === null
    ? null
    : {
        kind: "scenario",
        scenario,
        topology,
        replayed: measured.replayed,
        drawn: expanded.drawn,
        code: expanded.code,
        expanded,
        measured,
        standing,
      };
}

function build(expanded: ExpandedTopology, problems: ProblemList): Topology | null {
  const built = builtPlans(expanded.spec, expanded.plans);
  if (built.kind === "plans") return built.plans[0] as Topology;
  // Links and flows that were made from a broken tree are wrong because of it; nobody wrote them.
  const isTreeBroken = built.refusals.some(({ path }) => path[0] === "cloudlets");
  for (const { rule, ids, path, message, plan } of built.refusals) {
    const place = expanded.placeInForm(path, plan);
    if (isTreeBroken && place.isDerived) continue;
    problems.add(place.path, `${message} (${[rule, ...ids].join(", ")})`, place.at);
  }
  return null;
}

/** The seed as text; null when there is none, or none that the form accepts. */
function seedOf(found: unknown): string | null {
  if (typeof found === "number" && Number.isSafeInteger(found) && found >= 0) return String(found);
  return typeof found === "string" && found.length > 0 ? found : null;
}

/** Puts every setting in place; what cannot be placed is returned. */
function applySettings(draft: Draft, settings: readonly Setting[], places: Places): Problem[] {
  const refused: Problem[] = [];
  for (const { label, path, ...given } of settings) {
    const steps = parseFormPath(path);
    const parsed = "data" in given ? valueAtHand(given.data) : parseDocument(label, given.value);
    const outcome =
      steps === null
        ? { kind: "refused" as const, why: `expected a path such as links.defaults.loss, found "${path}"` }
        : parsed.kind === "invalid"
          ? { kind: "refused" as const, why: settingFlaw(parsed.problems[0]?.message ?? "") }
          : draft.set(steps, parsed.document.value);
    if (outcome.kind === "set") places.bring(outcome.path, { kind: "setting", label });
    else refused.push({ file: label, line: 0, column: 0, message: outcome.why });
  }
  return refused;
}

/** A value that needs no parser. */
function valueAtHand(value: unknown): { readonly kind: "document"; readonly document: Pick<PlainDocument, "value"> } {
  return { kind: "document", document: { value } };
}

/** What the parser said of a value, in the words of a setting. */
function settingFlaw(message: string): string {
  return message === emptyMessage ? 'missing: expected a value after the =; an empty text is written ""' : message;
}
