// The numbered rules that a topology must keep, as a table, and the form in which a breach is reported. The checks
// themselves are beside what they build: sites.ts, scopes.ts, links.ts, flows.ts, routes.ts, streams.ts. A topology that
// keeps all rules is built; every breach of every rule is reported at once, so that a person mends a file in one go.

/** Number of a rule. */
export type RuleId =
  "T1" | "T2" | "T3" | "T4" | "T5" | "T6" | "T7" | "T8" | "T9" | "T10" | "T11" | "T12" | "T13" | "T14";

/** A rule in one sentence, with the requirements of the catalogue that it keeps. */
export interface Rule {
  readonly id: RuleId;
  readonly says: string;
  /** Ids of the catalogue (D..: definitions of the position paper, N..: decisions on what it leaves open). */
  readonly ids: readonly string[];
}

/** All rules in order. */
export const RULES: readonly Rule[] = [
  { id: "T1", ids: ["D7"], says: "names and prefixes are not empty, have no blanks, and each name is given once" },
  { id: "T2", ids: ["D7", "D14"], says: "an upper layer is a cloudlet of the topology" },
  { id: "T3", ids: ["D7", "N1"], says: "control has no cycle: each cloudlet has at most one upper, up to a root" },
  {
    id: "T4",
    ids: ["D8", "D12", "N1", "N2"],
    says: "a flow joins an ancestor, named as its upper, with a descendant, named as its lower; never horizontal sites",
  },
  { id: "T5", ids: ["D7", "N1"], says: "flows, oriented from upper to lower, have no cycle" },
  { id: "T6", ids: ["D17"], says: "a flow carries a scope of the topology" },
  { id: "T7", ids: ["D17", "N9"], says: "a scope has at most one flow between the same two ends" },
  { id: "T8", ids: ["R1b"], says: "scopes have prefixes of their own, and scopes that overlap have the same resolver" },
  { id: "T9", ids: ["N11"], says: "a link joins two different cloudlets of the topology" },
  { id: "T10", ids: ["D8", "N11"], says: "a flow has a route over links, none of them between horizontal sites" },
  { id: "T11", ids: ["N11"], says: "all flows between the same two ends ride the same route" },
  { id: "T12", ids: ["N11"], says: "quantities of a link are whole, not negative, and shares are at most the whole" },
  { id: "T13", ids: ["G10"], says: "there is a cloudlet, and what follows from the topology fits into memory" },
  { id: "T14", ids: ["N1", "D7"], says: "plans of one family have the same cloudlets, scopes and links" },
];

/** Where in the spec: keys and indices from its root, such as `["flows", 3, "lower"]`. */
export type SpecPath = readonly (string | number)[];

/** One breach of one rule, at one place, in words that end with a remedy. */
export interface Refusal {
  readonly rule: RuleId;
  /** The rule's ids in the catalogue. */
  readonly ids: readonly string[];
  readonly path: SpecPath;
  readonly message: string;
}

/** Collects refusals; checks are handed one of these and go on after a breach. */
export interface Refusals {
  readonly list: readonly Refusal[];
  add(rule: RuleId, path: SpecPath, message: string): void;
}

/** An empty collection of refusals. */
export function collectRefusals(): Refusals {
  const list: Refusal[] = [];
  const idsOf = new Map(RULES.map((rule) => [rule.id, rule.ids]));
  return {
    list,
    add(rule, path, message) {
      list.push({ rule, ids: idsOf.get(rule) ?? [], path, message });
    },
  };
}

/** A path as people read it: `flows[3].lower`. */
export function renderSpecPath(path: SpecPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
