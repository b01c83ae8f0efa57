/**
 * From the text of a sweep file to its plan, or to every reason why there is none: the only way in.
 *
 * Every workload is tried with every topology and every kind of faults once, and every listed parameter value once, so that what cannot be
 * run is told before anything is. Leaves out reading files (the caller hands them in) and running cases (conduct.ts).
 */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { familyTable, type FamilyName } from "../../workloads/topologies/index.ts";
import { type SweepDraws, sweepMarks } from "../oracles/names.ts";
import { parseBound } from "../scenario/bound.ts";
import { emptyMessage, parseDocument } from "../scenario/document.ts";
import { explainIssues, type FormProblem } from "../scenario/explain.ts";
import type { FileOutcome } from "../scenario/file.ts";
import { Places } from "../scenario/places.ts";
import type { FormPath, Problem } from "../scenario/problem.ts";
import { attachedBy, nameBeside, type OtherTable, otherTables, TABLE_SIZE_MAX } from "../scenario/attached.ts";
import { type CodeReference, scenarioSource, withTables } from "../scenario/read.ts";
import { ProblemList } from "../scenario/resolving.ts";
import { isPlainMap, parseFormPath } from "../scenario/settings.ts";
import { type Axis, listAxis, readAxis } from "./axes.ts";
import { type Choose, choosePoints, endlessAxis, type Space } from "./choose.ts";
import { isOwnColumn } from "./columns.ts";
import { parameterAxes } from "./parameter-axes.ts";
import { findCode } from "./find-code.ts";
import { type FaultsOption, planOf, type TopologyOption, type WorkloadOption } from "./plan-of.ts";
import type { PlanCode, PlanSource, Statistic, SweepBound, SweepExpectations, SweepPlan } from "./plan.ts";
import { CASES_MAX, sweepForm, type SweepForm } from "./schema-sweep.ts";
import { drawsOf, storyNames, storyOf } from "./stories.ts";
import { tryOut } from "./try-out.ts";

/** Files that a sweep names, by their paths from the sweep's own file. */
export interface SweepFiles {
  /** `sizeMax`: bytes; left out, as much as a scenario may have. */
  readonly text: (path: string, sizeMax?: number) => FileOutcome;
  /** The names of what is in a folder. */
  readonly list: (
    folder: string,
  ) =>
    { readonly kind: "names"; readonly names: readonly string[] } | { readonly kind: "refused"; readonly why: string };
  /** `file:` and the absolute path. */
  readonly url: (path: string) => string;
}

/** A plan, or why there is none. */
export type PlanOutcome =
  | { readonly kind: "plan"; readonly plan: SweepPlan }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Reads a sweep. Bad input never throws. `file` is how messages name the text; it lies in the folder that paths start from. */
export function readSweep(file: string, text: string, files: SweepFiles): PlanOutcome {
  const parsed = parseDocument(file, text);
  if (parsed.kind === "invalid") {
    const remedy = "expected a sweep, found an empty file; docs/scenario.md shows one";
    const problems = parsed.problems.map((problem) =>
      problem.message === emptyMessage ? { ...problem, message: remedy } : problem,
    );
    return { kind: "invalid", problems };
  }
  const places = new Places(file, parsed.document);
  const invalid = (found: readonly FormProblem[], elsewhere: readonly Problem[] = []): PlanOutcome => ({
    kind: "invalid",
    problems: [...places.locate(found), ...elsewhere],
  });
  const root = parsed.document.value;
  if (isPlainMap(root) && root["causeway"] !== undefined && root["sweep"] === undefined) {
    const why = "expected a sweep, found a scenario; run it with `causeway run`, or name it under workloads of a sweep";
    return invalid([{ path: ["causeway"], at: "key", message: why }]);
  }
  const form = sweepForm.safeParse(root);
  if (!form.success) return invalid(explainIssues(form.error.issues, root));
  const reading = new Reading(file, form.data, files);
  const plan = reading.plan();
  return plan === null ? invalid(reading.problems.problems, reading.elsewhere) : { kind: "plan", plan };
}

class Reading {
  readonly problems = new ProblemList();
  /** In other files than the sweep's. */
  readonly elsewhere: Problem[] = [];
  readonly #file: string;
  readonly #form: SweepForm;
  readonly #files: SweepFiles;
  /** The path of each source. */
  readonly #workloadFiles: string[] = [];
  /** All that decides what is run. */
  readonly #hash = createHash("sha256");

  constructor(file: string, form: SweepForm, files: SweepFiles) {
    this.#file = file;
    this.#form = form;
    this.#files = files;
    this.#hash.update(JSON.stringify(form));
  }

  plan(): SweepPlan | null {
    const form = this.#form;
    const topologies = this.#topologies();
    const { workloads, sources } = this.#workloads();
    const faults = this.#faults();
    const parameters = this.#parameters();
    const expectations = this.#expectations(drawsOf(workloads));
    this.#refuseMisfits(topologies, workloads);
    const seeds = form.seeds ?? 1;
    if (typeof seeds !== "number") this.#refuseRepeated(seeds.map(String));
    if (this.#isRefused()) return null;
    const positions = (name: string, count: number): Axis =>
      listAxis(
        { name, kind: "integer" },
        Array.from({ length: count }, (_, data) => ({ data, shown: data })),
      );
    const space: Space = {
      alternatives: topologies.map(({ axes }) => axes),
      shared: [positions("workload", workloads.length), positions("faults", faults.length), ...parameters],
    };
    const choose = chooseOf(form.choose);
    const seedCount = typeof seeds === "number" ? seeds : seeds.length;
    const seed = String(form.seed ?? "1");
    const endless = choose.kind === "grid" ? endlessAxis(space) : null;
    if (endless !== null) {
      const why = `expected values that can be tried one by one, since every combination is wanted; found the range of ${endless.column.name}`;
      this.problems.add(["choose"], `${why}; give it a step or a list, or choose a sample: choose: { latin: 1000 }`);
      return null;
    }
    const points = choosePoints(space, choose, seed);
    const caseCount = points.count * seedCount;
    if (caseCount > CASES_MAX) {
      const size = `${caseCount.toPrecision(3)} runs (${points.count.toPrecision(3)} points with ${seedCount} each)`;
      const why = `expected at most ${CASES_MAX} runs, found ${size}`;
      this.problems.add(["choose"], `${why}; choose a sample: choose: { latin: 10000 }, or leave values out`);
      return null;
    }
    const topologiesCount = expectations.topologies?.count ?? 0;
    if (topologiesCount > caseCount) {
      const why = `expected at most ${caseCount} topologies, since there are no more runs, found ${topologiesCount}`;
      this.problems.add(["expectations", "topologies", "count"], `${why}; ask for fewer, or choose more points`);
      return null;
    }
    const { troubles, code } = tryOut({ seed }, { topologies, workloads, faults, parameters });
    for (const { at, problem } of troubles) {
      if (at === null) this.elsewhere.push(problem);
      else this.problems.add(at, problem.message);
    }
    const equipped = this.#equipped(sources, code);
    if (this.#isRefused()) return null;
    return planOf({
      name: form.name,
      seed,
      seeds: typeof seeds === "number" ? seeds : seeds.map(String),
      topologies,
      workloads,
      faults,
      parameters,
      ...equipped,
      points,
      expectations,
      fingerprint: this.#hash.digest("hex"),
    });
  }

  /** The sources with the code that each has, and all of it, each once for each source. */
  #equipped(
    sources: readonly PlanSource[],
    named: ReadonlyMap<number, readonly CodeReference[]>,
  ): { readonly sources: readonly PlanSource[]; readonly code: readonly PlanCode[] } {
    const all: PlanCode[] = [];
    const equipped = sources.map((source, number): PlanSource => {
      const references = named.get(number) ?? [];
      if (references.length === 0) return source;
      const { code, problems } = findCode(references, this.#workloadFiles[number] ?? "", this.#files);
      this.elsewhere.push(...problems);
      all.push(...code);
      // What it is called and where it lies is told by the texts, and may differ from machine to machine.
      for (const { code: found } of code) this.#hash.update(found.sha256);
      return { ...source, resolvers: code.map((one) => one.code) };
    });
    return { sources: equipped, code: all };
  }

  #isRefused(): boolean {
    return this.problems.problems.length > 0 || this.elsewhere.length > 0;
  }

  // --- topologies ---

  #topologies(): readonly TopologyOption[] {
    const options: TopologyOption[] = [];
    for (const [index, entry] of (this.#form.topologies ?? []).entries()) {
      const path: FormPath = ["topologies", index];
      if ("family" in entry) {
        const families = typeof entry.family === "string" ? [entry.family] : entry.family;
        const cloudlets = this.#axis("topology.cloudlets", entry.cloudlets, [...path, "cloudlets"]);
        if (cloudlets !== null && cloudlets.column.kind !== "integer") {
          this.problems.add([...path, "cloudlets"], "expected whole numbers of cloudlets");
        }
        const own = parameterAxes(entry, families, path, this.problems);
        for (const family of families) {
          const links = this.#links(entry.links, path, family);
          if (cloudlets === null) continue;
          options.push({ kind: "family", path, name: family, family, axes: [cloudlets, ...own(family), ...links] });
        }
      } else if ("file" in entry) {
        const axes = this.#links(entry.links, path, null);
        const file = this.#topologyFile(entry.file, [...path, "file"]);
        if (file !== null) options.push({ kind: "file", path, name: entry.file, ...file, axes });
      } else {
        options.push(...this.#folder(entry.folder, path, this.#links(entry.links, path, null)));
      }
    }
    if (this.#form.topologies?.length === 0) {
      this.problems.add(["topologies"], "expected at least one topology, found an empty list; leave the key out");
    }
    return this.#form.topologies === undefined ? [{ kind: "own", path: [], name: null, axes: [] }] : options;
  }

  #folder(folder: string, path: FormPath, axes: readonly Axis[]): readonly TopologyOption[] {
    const listed = this.#files.list(folder);
    if (listed.kind === "refused") {
      this.problems.add([...path, "folder"], `${folder}: ${listed.why}`);
      return [];
    }
    const names = listed.names.filter((name) => /\.ya?ml$/.test(name)).sort();
    if (names.length === 0) {
      this.problems.add([...path, "folder"], `expected YAML files in ${folder}, found none; name another folder`);
    }
    return names.flatMap((name): TopologyOption[] => {
      const inFolder = posix.join(folder, name);
      const file = this.#topologyFile(inFolder, [...path, "folder"]);
      return file === null ? [] : [{ kind: "file", path, name: inFolder, ...file, axes }];
    });
  }

  #topologyFile(path: string, at: FormPath): { readonly topology: unknown; readonly links: unknown } | null {
    const text = this.#read(path, at);
    if (text === null) return null;
    const parsed = parseDocument(this.#shown(path), text);
    if (parsed.kind === "invalid") {
      this.elsewhere.push(...parsed.problems);
      return null;
    }
    const root = parsed.document.value;
    if (isPlainMap(root) && root["topology"] !== undefined) return { topology: root["topology"], links: root["links"] };
    const message = "expected a map with the section topology; name a scenario, or a file with that section of one";
    this.elsewhere.push({ file: this.#shown(path), ...parsed.document.placeOf([]), message });
    return null;
  }

  #links(form: LinksForm, path: FormPath, family: FamilyName | null): readonly Axis[] {
    const knows = familyTable.find(({ name }) => name === family)?.hasDelays === true;
    return Object.entries(form ?? {}).flatMap(([property, choice]) => {
      // It would not be felt: the family's distances win.
      if (choice === undefined || (property === "delay" && knows)) return [];
      const axis = this.#axis(`topology.links.${property}`, choice, [...path, "links", property]);
      return axis === null ? [] : [axis];
    });
  }

  // --- workloads, faults, parameters ---

  #workloads(): { readonly workloads: readonly WorkloadOption[]; readonly sources: readonly PlanSource[] } {
    const sources: PlanSource[] = [];
    const workloads = this.#form.workloads.flatMap((entry, index): WorkloadOption[] => {
      const path: FormPath = ["workloads", index];
      if ("generated" in entry) {
        const story = storyOf(entry.generated);
        if (story !== null) return [{ kind: "generated", path, name: storyNames[story], story }];
        const why = "expected detachments, or operations and aliveness, found both";
        this.problems.add([...path, "generated"], `${why}; write two workloads`);
        return [];
      }
      const text = this.#read(entry.file, [...path, "file"]);
      if (text === null) return [];
      const bare = scenarioSource(this.#shown(entry.file), text);
      const others = this.#otherTables();
      const found = attachedBy(bare, (name) => this.#files.text(nameBeside(entry.file, name), TABLE_SIZE_MAX), others);
      if (found.kind === "invalid") {
        this.elsewhere.push(...found.problems);
        return [];
      }
      const { attached } = found;
      for (const table of Object.values(attached)) this.#hash.update(table);
      const source = withTables(bare, attached);
      if (source.parsed.kind === "invalid") {
        this.elsewhere.push(...source.parsed.problems);
        return [];
      }
      const root = source.parsed.document.value;
      const named = isPlainMap(root) && typeof root["name"] === "string" ? root["name"] : entry.file;
      sources.push({ file: source.file, text, ...(Object.keys(attached).length > 0 && { attached }) });
      this.#workloadFiles.push(entry.file);
      return [{ kind: "text", path, name: named, source: sources.length - 1, parsed: source }];
    });
    const names = workloads.map(({ name }) => name);
    for (const [index, { kind, name, path }] of workloads.entries()) {
      const first = names.indexOf(name);
      if (first === index) continue;
      const areDrawn = kind === "generated" && workloads[first]?.kind === "generated";
      const remedy = areDrawn ? "leave one of them out" : "rename one in its file";
      this.problems.add(path, `expected workloads of different names, found "${name}" twice; ${remedy}`);
    }
    return { workloads, sources };
  }

  /** Tables that parameters put in the place of a workload's own. */
  #otherTables(): readonly OtherTable[] {
    const values = Object.entries(this.#form.parameters ?? {}).flatMap(([path, choice]) =>
      (Array.isArray(choice) ? choice : [choice]).map((value): readonly [string, unknown] => [path, value]),
    );
    return otherTables(values, (path, message) => {
      this.problems.add(["parameters", path], message);
    });
  }

  #faults(): readonly FaultsOption[] {
    const options = (this.#form.faults ?? ["own"]).map((entry, index): FaultsOption => {
      const path: FormPath = ["faults", index];
      if (typeof entry === "string") return { kind: entry, path, name: entry };
      return { kind: "list", path: [...path, "list"], name: entry.name, list: entry.list };
    });
    if (options.length === 0)
      this.problems.add(["faults"], "expected at least one kind, found an empty list; leave the key out");
    for (const [index, { name }] of options.entries()) {
      if (options.findIndex((other) => other.name === name) !== index) {
        this.problems.add(["faults", index], `expected faults of different names, found "${name}" twice; rename one`);
      }
    }
    return options;
  }

  /** The same run once more shows nothing, and would count in how sure the share of failing runs is. */
  #refuseRepeated(seeds: readonly string[]): void {
    const known = new Map<string, number>();
    for (const [at, seed] of seeds.entries()) {
      const before = known.get(seed);
      if (before === undefined) known.set(seed, at);
      const why = `expected every seed once, found ${seed} as seeds[${before}], too; take one away`;
      if (before !== undefined) this.problems.add(["seeds", at], why);
    }
  }

  #parameters(): readonly Axis[] {
    return Object.entries(this.#form.parameters ?? {}).flatMap(([target, choice]) => {
      const path: FormPath = ["parameters", target];
      const steps = parseFormPath(target);
      const section = steps?.[0];
      if (
        steps === null ||
        section === "seed" ||
        section === "topology" ||
        section === "faults" ||
        section === "draw"
      ) {
        const remedy = "topologies, faults and seeds have keys of their own";
        this.problems.add(path, `expected a path such as logs.retain, found "${target}"; ${remedy}`, "key");
        return [];
      }
      if (isOwnColumn(target) || ["topology", "workload", "faults"].includes(target)) {
        this.problems.add(path, `the results have a column of this name already; write ["${target}"]`, "key");
        return [];
      }
      const axis = this.#axis(target, choice, path);
      return axis === null ? [] : [axis];
    });
  }

  #axis(name: string, choice: Parameters<typeof readAxis>[1], path: FormPath): Axis | null {
    const outcome = readAxis(name, choice);
    if (outcome.kind === "axis") return outcome.axis;
    this.problems.add(outcome.at === "value" ? path : [...path, outcome.at], outcome.why);
    return null;
  }

  /** What scenarios that are drawn whole have no place for. */
  #refuseMisfits(topologies: readonly TopologyOption[], workloads: readonly WorkloadOption[]): void {
    const drawn = workloads.find(({ kind }) => kind === "generated");
    if (drawn === undefined) return;
    const remedy = "leave it out, or put it into a sweep without `generated`";
    for (const { kind, path, axes } of topologies) {
      const isFitting = kind === "own" || (kind === "family" && axes.length === 1);
      if (isFitting) continue;
      const isOfLinks = axes.some(({ column }) => column.name.startsWith("topology.links."));
      const found = kind === "file" ? "the topology of a file" : isOfLinks ? "links" : "parameters of a family";
      this.problems.add(
        path,
        `expected families alone beside generated workloads, which draw their links, found ${found}; ${remedy}`,
      );
    }
    if (this.#form.parameters !== undefined) {
      this.problems.add(
        ["parameters"],
        `expected none beside generated workloads, which no path leads into; ${remedy}`,
        "key",
      );
    }
    for (const [index, entry] of (this.#form.faults ?? []).entries()) {
      if (typeof entry === "string") continue;
      this.problems.add(
        ["faults", index],
        `expected own or swarm beside generated workloads, which draw theirs, found a list; ${remedy}`,
      );
    }
  }

  // --- expectations ---

  #expectations(draws: SweepDraws): SweepExpectations {
    const { sometimes = [], everyFault = false, topologies, bounds = {} } = this.#form.expectations ?? {};
    const read: SweepBound[] = [];
    for (const [metric, byStatistic] of Object.entries(bounds)) {
      for (const [over, text] of Object.entries(byStatistic)) {
        const outcome = parseBound(metric, text);
        if (outcome.kind === "bound") read.push({ ...outcome.bound, over: over as Statistic });
        else {
          const path = ["expectations", "bounds", metric];
          this.problems.add(outcome.at === "key" ? path : [...path, over], outcome.why, outcome.at);
        }
      }
    }
    if (everyFault && !(this.#form.faults ?? []).includes("swarm")) {
      const why = "expected faults that are drawn, since every kind is to be drawn somewhere; add swarm to faults";
      this.problems.add(["expectations", "everyFault"], why);
    }
    return {
      sometimes: sometimes === "every" ? sweepMarks(draws) : sometimes,
      bounds: read,
      topologies:
        topologies === undefined
          ? null
          : { count: topologies.count, requests: topologies.requests ?? 1, marks: topologies.marks ?? [] },
      everyFault,
    };
  }

  // --- files ---

  #read(path: string, at: FormPath): string | null {
    const outcome = this.#files.text(path);
    if (outcome.kind === "text") {
      this.#hash.update(outcome.text);
      return outcome.text;
    }
    this.problems.add(at, `${this.#shown(path)}: ${outcome.why}`);
    return null;
  }

  /** The path as a person in the folder of the command would write it. */
  #shown(path: string): string {
    return posix.join(posix.dirname(this.#file), path);
  }
}

type LinksForm = Extract<NonNullable<SweepForm["topologies"]>[number], { family: unknown }>["links"];

function chooseOf(form: SweepForm["choose"]): Choose {
  if (form === undefined || form === "grid") return { kind: "grid" };
  return "random" in form ? { kind: "random", points: form.random } : { kind: "latin", points: form.latin };
}
