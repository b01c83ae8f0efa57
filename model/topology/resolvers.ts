// The names of the resolvers, with what each does to a conflict. What a scope's resolver is decides three things: what a
// read returns, what a write replaces, and which requests there are. Evaluating them is in model/replication/resolver.ts.

/** How a resolver treats the versions of a key: see `familyOf`. */
export type ResolverFamily = "one" | "all" | "delta" | "custom";

interface ResolverEntry {
  readonly name: string;
  readonly family: ResolverFamily;
  readonly says: string;
}

/** Every resolver that needs no code of a user's. */
export const resolverTable = [
  {
    name: "lww-hlc",
    family: "one",
    says: "last writer wins by hybrid logical clock: real-time causal while skew stays below the gap between writes",
  },
  {
    name: "lww-lamport",
    family: "one",
    says: "last writer wins by Lamport clock: causal, but not real-time causal even with perfect clocks",
  },
  { name: "return-them-all", family: "all", says: "all siblings are returned: real-time causal under any skew" },
  {
    name: "upper-wins",
    family: "one",
    says: "of siblings the one wins whose cloudlet stands highest in the control tree, ties by hybrid stamp",
  },
  {
    name: "lower-wins",
    family: "one",
    says: "of siblings the one wins whose cloudlet stands lowest in the control tree, ties by hybrid stamp",
  },
  {
    name: "by-hand",
    family: "all",
    says: "all siblings are returned until somebody resolves them; the report lists those that stay open",
  },
  { name: "counter", family: "delta", says: "a sum of signed amounts (request: add); nothing is lost" },
  {
    name: "set",
    family: "delta",
    says: "elements that are inserted and removed; a removal takes what its cloudlet had, so an insert beside it stays",
  },
  { name: "log", family: "delta", says: "entries that are appended, in the order of their hybrid stamps" },
  {
    name: "queue",
    family: "delta",
    says: "entries that are appended and taken out, in the order of their hybrid stamps; what two take at once is gone once",
  },
  {
    name: "table",
    family: "delta",
    says: "rows of cells (insert: row/column=value); of a cell the last write stands, a removal takes the row as its cloudlet had it",
  },
] as const satisfies readonly ResolverEntry[];

/** A resolver that the core brings along. */
export type BuiltInResolver = (typeof resolverTable)[number]["name"];

/** A user's own function, by name; the function itself is handed to whoever evaluates it. */
export type CustomResolverName = `custom:${string}`;

/** How the versions of a key become one answer: evaluated at read, never stored. */
export type ResolverName = BuiltInResolver | CustomResolverName;

/** The resolvers whose records are deltas: a value is the merge of all of them. */
export type DeltaResolver = Extract<(typeof resolverTable)[number], { readonly family: "delta" }>["name"];

/** The names alone, in the order of the table. */
export const builtInResolvers: readonly BuiltInResolver[] = resolverTable.map(({ name }) => name);

const families: ReadonlyMap<string, ResolverFamily> = new Map(resolverTable.map(({ name, family }) => [name, family]));

/**
 * - `one`: a read returns one version and hides the rest; a write replaces them all, hidden losers included.
 * - `all`: a read returns every version; a write replaces those that its session has seen.
 * - `delta`: versions are the latest of all that were applied, and a value is the merge of all; a write follows them.
 * - `custom`: a user's function makes one value of all versions; a read has seen them all, a write replaces them all.
 */
export function familyOf(resolver: ResolverName): ResolverFamily {
  return families.get(resolver) ?? "custom";
}

/** Is this one of those whose records are deltas? */
export function isDeltaResolver(resolver: ResolverName): resolver is DeltaResolver {
  return families.get(resolver) === "delta";
}

/** Can something be taken away there that was put in? A removal names what it takes. */
export function hasRemovals(resolver: ResolverName): boolean {
  return resolver === "set" || resolver === "queue" || resolver === "table";
}

/** Is this a user's own? */
export function isCustomResolver(resolver: ResolverName): resolver is CustomResolverName {
  return !families.has(resolver);
}

/** Does a write replace every live version, hidden ones included, and not only those its session has seen? */
export function replacesAll(resolver: ResolverName): boolean {
  return families.get(resolver) !== "all";
}
