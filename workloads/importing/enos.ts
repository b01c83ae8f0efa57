// Network constraints of Enos and EnosLib: groups of machines, and what the network between each two of them is made to be. Both readings of
// the format, since the same file meant other things in 2018 than it does now:
//
//                            enos-2018                                     enoslib-head
//   grp[2-4] in constraints  three groups                                  a group of that name, which there is not: refused
//   there and back           where the key symetric stands, whatever its   where symmetric is true; symetric is passed over
//                            value, or where symmetric is true
//   several for one pair     each changes what it says, the last wins      the last one, and the defaults for what it leaves out
//   groups that are not      passed over, and so are pairs that the        refused; pairs without defaults get a rule
//   there                    defaults leave out
//
// Delays, rates and losses are those of one direction: machines delay what they send, so that a round trip takes both.
//
// Each group is a node of the map. Leaves out texts (enos-values.ts), groups (enos-groups.ts) and edges (enos-edges.ts).

import { micros } from "../../model/units.ts";
import { edgesOf, type Rule } from "./enos-edges.ts";
import { type EnosText, type Fields, groupsOf, isFields, type Path } from "./enos-groups.ts";
import { expandRange, readDelay, readLoss, readRate, type Said, shown } from "./enos-values.ts";
import type { Fidelity } from "./fidelity.ts";
import type { MapNode } from "./map.ts";
import { beginning, type ImportProblem, type MapOutcome, refused } from "./outcome.ts";

/** Which program's reading of the format: Enos 3 of 2018, or EnosLib as it is now. */
export type EnosCompat = "enos-2018" | "enoslib-head";

const sectionKeys = new Set([
  ...["enable", "default_delay", "default_rate", "default_loss", "except", "groups", "constraints"],
  ...["default_network", "network"],
]);
const constraintKeys = new Set(["src", "dst", "delay", "rate", "loss", "symetric", "symmetric", "network"]);

/** Has this document constraints of a network? */
function isEnos(document: unknown): boolean {
  return isFields(document) && ("network_constraints" in document || "default_delay" in document);
}

/** Reads it. */
export function readEnos(
  document: unknown,
  text: Pick<EnosText, "placeOf" | "placeOfKey">,
  compat: EnosCompat,
  fidelity: Fidelity,
): MapOutcome {
  if (!isFields(document) || !isEnos(document))
    return refused(beginning, "expected a map with network_constraints, found others; is this a file of Enos?");
  const problems: ImportProblem[] = [];
  const reading = new Reading(
    document,
    {
      placeOf: (path) => text.placeOf(path),
      placeOfKey: (path) => text.placeOfKey(path),
      refuse: ({ line, column }, message) => problems.push({ line, column, message }),
    },
    compat,
    fidelity,
  );
  const groups = reading.groups;
  const rules = reading.rules;
  if (problems.length > 0) {
    problems.sort((one, other) => one.line - other.line || one.column - other.column);
    return { kind: "refused", problems };
  }
  const nodes = groups.map((group): MapNode => ({ id: group, label: group, place: null, upper: null }));
  return { kind: "map", map: { name: null, nodes, edges: edgesOf(groups, rules, fidelity) } };
}

/** One document, read once from top to bottom. */
class Reading {
  readonly groups: readonly string[];
  /** By place of the source times the number of groups, plus the place of the destination. */
  readonly rules: ReadonlyMap<number, Rule>;
  readonly #text: EnosText;
  readonly #isOld: boolean;
  readonly #fidelity: Fidelity;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(document: Fields, text: EnosText, compat: EnosCompat, fidelity: Fidelity) {
    this.#text = text;
    this.#isOld = compat === "enos-2018";
    this.#fidelity = fidelity;
    fidelity.note("assumed", `constraints mean what they do in ${compat}`);
    const isAlone = !("network_constraints" in document);
    const path: Path = isAlone ? [] : ["network_constraints"];
    const section = isAlone ? document : document["network_constraints"];
    if (!isFields(section))
      text.refuse(text.placeOf(path), `expected a map at network_constraints, found ${shown(section)}; write one`);
    const said = isFields(section) ? section : {};
    this.#tellPassedOver(document, said, isAlone, path);
    this.groups =
      "topology" in document ? groupsOf(document["topology"], text, fidelity) : this.#groupsNamed(said, path);
    this.#numbers = new Map(this.groups.map((group, at) => [group, at]));
    this.rules = isFields(section) && this.#isOn(said, path) ? this.#rulesOf(said, path) : new Map();
  }

  #tellPassedOver(document: Fields, section: Fields, isAlone: boolean, path: Path): void {
    const others = isAlone
      ? []
      : Object.keys(document).filter((key) => key !== "topology" && key !== "network_constraints");
    for (const key of others) this.#fidelity.note("dropped", "a section that says nothing of the network", key);
    for (const key of Object.keys(section)) {
      if (!sectionKeys.has(key) && !(isAlone && key === "topology"))
        this.#fidelity.note("dropped", "a key that the format does not have", [...path, key].join("."));
    }
    for (const key of ["default_network", "network"]) if (key in section) this.#noteNetwork(section[key]);
  }

  #noteNetwork(network: unknown): void {
    this.#fidelity.note(
      "dropped",
      "a network to which alone a rule applies: a link stands for all networks between its groups",
      typeof network === "string" ? network : shown(network),
    );
  }

  #isOn(section: Fields, path: Path): boolean {
    const { enable } = section;
    if (enable === undefined || enable === true) return true;
    if (enable === false) {
      this.#fidelity.note("dropped", "all constraints, since enable is false");
      return false;
    }
    this.#flaw([...path, "enable"], `expected true or false, found ${shown(enable)}; write one of them`);
    return false;
  }

  /** Without a topology: those that constraints speak of. */
  #groupsNamed(section: Fields, path: Path): readonly string[] {
    const names = new Set<string>();
    const add = (value: unknown): void => {
      if (typeof value !== "string") return;
      const expanded = this.#isOld ? expandRange(value) : null;
      for (const name of expanded?.kind === "value" ? expanded.value : [value]) names.add(name);
    };
    if (Array.isArray(section["groups"])) section["groups"].forEach(add);
    const constraints: readonly unknown[] = Array.isArray(section["constraints"]) ? section["constraints"] : [];
    for (const constraint of constraints.filter(isFields)) {
      add(constraint["src"]);
      add(constraint["dst"]);
    }
    if (names.size < 2) {
      this.#text.refuse(
        this.#text.placeOf(path),
        `expected groups at topology, or at least two in groups and constraints, found ${names.size}; name them`,
      );
    }
    this.#fidelity.note("assumed", "a group that only constraints name, since there is no topology", null, names.size);
    return [...names];
  }

  #rulesOf(section: Fields, path: Path): ReadonlyMap<number, Rule> {
    const defaults = this.#defaults(section, path);
    const rules = new Map<number, Rule>();
    const selected = this.#selected(section, path);
    const count = this.groups.length;
    for (const from of selected) for (const to of selected) if (from !== to) rules.set(from * count + to, defaults);
    this.#fidelity.note("read", "a default rule, for one direction between two groups", null, rules.size);
    const { constraints = null } = section;
    if (constraints === null) return rules;
    if (!Array.isArray(constraints)) {
      this.#flaw([...path, "constraints"], `expected a list, found ${shown(constraints)}; write one, or leave it out`);
      return rules;
    }
    for (const [at, constraint] of (constraints as readonly unknown[]).entries())
      this.#constrain(rules, constraint, [...path, "constraints", at], defaults);
    return rules;
  }

  #defaults(section: Fields, path: Path): Rule {
    const { default_loss: loss = null } = section;
    for (const [key, such] of [
      ["default_delay", "10ms"],
      ["default_rate", "1gbit"],
    ] as const)
      if (section[key] === undefined) this.#flaw(path, `expected ${key}, found none; add it, such as ${key}: ${such}`);
    const { default_delay: delay = "0ms", default_rate: rate = "1kbit" } = section;
    return {
      delay: this.#taken(readDelay(delay), [...path, "default_delay"]) ?? micros(0),
      rate: this.#taken(readRate(rate), [...path, "default_rate"]) ?? 1,
      loss: this.#taken(readLoss(loss), [...path, "default_loss"]) ?? 0,
    };
  }

  #selected(section: Fields, path: Path): readonly number[] {
    const { groups = null } = section;
    const among =
      groups === null ? this.groups.map((_, at) => at) : this.#listed(groups, [...path, "groups"], this.#isOld);
    const except = new Set(this.#listed(section["except"] ?? null, [...path, "except"], false));
    return [...new Set(among)].filter((group) => !except.has(group));
  }

  #listed(names: unknown, path: Path, isExpanded: boolean): readonly number[] {
    if (names === null) return [];
    if (!Array.isArray(names)) {
      this.#flaw(path, `expected a list of groups, found ${shown(names)}; write one such as [grp1]`);
      return [];
    }
    return (names as readonly unknown[]).flatMap((name, at) => this.#named(name, [...path, at], isExpanded));
  }

  /** The numbers of the groups that a name stands for. */
  #named(name: unknown, path: Path, isExpanded: boolean): readonly number[] {
    if (typeof name !== "string") {
      this.#flaw(path, `expected the name of a group, found ${shown(name)}; name one of ${this.#someGroups}`);
      return [];
    }
    const names = isExpanded ? this.#taken(expandRange(name), path) : [name];
    return (names ?? []).flatMap((one) => {
      const number = this.#numbers.get(one);
      if (number !== undefined) return [number];
      if (this.#isOld) {
        this.#fidelity.note("dropped", "a name that no group has, which Enos passes over", one);
        return [];
      }
      const isRange = /\[.*\]/u.test(one);
      const remedy = isRange
        ? "EnosLib takes no ranges here: name each group, or read it with --compat enos-2018"
        : `name one of ${this.#someGroups}`;
      this.#flaw(path, `expected the name of a group, found ${shown(one)}; ${remedy}`);
      return [];
    });
  }

  #constrain(rules: Map<number, Rule>, constraint: unknown, path: Path, defaults: Rule): void {
    if (!isFields(constraint)) {
      this.#flaw(
        path,
        `expected a constraint with src and dst, found ${shown(constraint)}; write one, or leave it out`,
      );
      return;
    }
    const said: Partial<Rule> = {
      ...this.#value(constraint, "delay", readDelay, path),
      ...this.#value(constraint, "rate", readRate, path),
      ...this.#value(constraint, "loss", readLoss, path),
    };
    const sources = this.#named(constraint["src"], [...path, "src"], this.#isOld);
    const destinations = this.#named(constraint["dst"], [...path, "dst"], this.#isOld);
    const isBoth = this.#isSymmetric(constraint, path);
    for (const key of Object.keys(constraint)) {
      if (!constraintKeys.has(key)) this.#fidelity.note("dropped", "a key that the format does not have", key);
    }
    if (constraint["network"] !== undefined) this.#noteNetwork(constraint["network"]);
    for (const from of sources) {
      for (const to of destinations) {
        this.#set(rules, from, to, said, defaults);
        if (isBoth && from !== to) this.#set(rules, to, from, said, defaults);
      }
    }
  }

  #set(rules: Map<number, Rule>, from: number, to: number, said: Partial<Rule>, defaults: Rule): void {
    const [source = "", destination = ""] = [this.groups[from], this.groups[to]];
    if (from === to) {
      this.#fidelity.note("dropped", "a rule between machines of one group: a cloudlet stands for all of them", source);
      return;
    }
    const pair = from * this.groups.length + to;
    const before = rules.get(pair);
    const where = `${source} to ${destination}`;
    if (before === undefined && this.#isOld) {
      this.#fidelity.note(
        "dropped",
        "a constraint of groups that the defaults leave out, which Enos passes over",
        where,
      );
      return;
    }
    rules.set(pair, { ...(this.#isOld ? (before ?? defaults) : defaults), ...said });
    this.#fidelity.note("read", "a constraint, for one direction between two groups", where);
  }

  #isSymmetric(constraint: Fields, path: Path): boolean {
    const { symetric, symmetric } = constraint;
    for (const [key, value] of Object.entries({ symetric, symmetric })) {
      if (value !== undefined && typeof value !== "boolean")
        this.#flaw([...path, key], `expected true or false, found ${shown(value)}; write one of them`);
    }
    if (!this.#isOld) {
      if (symetric !== undefined)
        this.#fidelity.note("dropped", "symetric, which EnosLib passes over: it reads symmetric");
      return symmetric === true;
    }
    if (symetric === false)
      this.#fidelity.note(
        "repaired",
        "symetric is false, and both directions get the rule: Enos asks whether the key is there",
      );
    if (symmetric === true && symetric === undefined)
      this.#fidelity.note("repaired", "symmetric is taken as symetric, which is how Enos spelt it");
    return symetric !== undefined || symmetric === true;
  }

  #value<Key extends keyof Rule>(
    constraint: Fields,
    key: Key,
    read: (value: unknown) => Said<Rule[Key]>,
    path: Path,
  ): Partial<Rule> {
    if (constraint[key] === undefined) return {};
    const value = this.#taken(read(constraint[key]), [...path, key]);
    return value === null ? {} : { [key]: value };
  }

  #taken<Value>(said: Said<Value>, path: Path): Value | null {
    if (said.kind === "value") return said.value;
    this.#flaw(path, said.message);
    return null;
  }

  #flaw(path: Path, message: string): void {
    this.#text.refuse(this.#text.placeOf(path), message);
  }

  get #someGroups(): string {
    return `${this.groups.slice(0, 5).join(", ")}${this.groups.length > 5 ? " and so on" : ""}`;
  }
}
