// What a user's function must hold to, tried on versions drawn from a fixed seed before it is used. Two results are the
// same when a reader could not tell them apart: the same value, or both deleted.
//
// 1. commutative, associative, idempotent: any number of versions have one answer, in whatever order they are merged.
//    Idempotent means that what has been merged in changes nothing when it comes again. merge(a, a) need not be a: a
//    function may bring texts that its writer never made, such as an unsorted list, into their proper form.
// 2. deterministic: the same inputs have the same result, also after a thousand other calls.
// 3. It does not throw, returns a whole version, and leaves its inputs as they are (guard.ts).
// 4. It is quick enough. Only here is a clock looked at; what a run does depends on none.
//
// Leaves out proofs: a function that breaks a law only on inputs that were not drawn gets through, and is seen by the
// oracle reads-resolve, which merges in another order than the core.

import type { MergeFunction, PlainVersion } from "../../model/replication/resolver.ts";
import { RngRoot } from "../kernel/rng.ts";
import { frozenCopy, guarded, inputsText, outputText, ResolverFailed } from "./guard.ts";
import { drawVersions } from "./samples.ts";

/** How many draws of five versions the laws are tried on, each with all orders of its first three. */
export const LAW_SAMPLES = 1_000;

/** How much work all of them may be, in milliseconds of a processor: a busy machine makes no function slow. */
export const LAW_BUDGET = 5_000;

const orders = [
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

const remedies = {
  commutative: "let the result not depend on which comes first; break ties by origin, incarnation, stream and sequence",
  associative: "let the result not depend on what was merged before: keep all that a later merge needs in the value",
  idempotent: "let a version that was merged in change nothing when it comes again; sums and concatenations do",
  deterministic: "keep no state between calls, and read neither a clock nor dice",
} as const;

/**
 * The first law that the function breaks, with a counterexample and what to do; null when all hold.
 *
 * @param now milliseconds of work, which do not run backwards
 */
export function breachOf(merge: MergeFunction, now: () => number): string | null {
  const rng = new RngRoot("laws of resolvers").stream.fork("samples");
  const checked = guarded(merge, "");
  const began = now();
  const first: { versions: readonly PlainVersion[]; made: PlainVersion }[] = [];
  try {
    for (let sample = 0; sample < LAW_SAMPLES; sample += 1) {
      const versions = drawVersions(sample, rng);
      const mutation = mutationOf(merge, versions);
      if (mutation !== null) return mutation;
      const breach = brokenLaw(checked, versions);
      // A function that remembers breaks any law; then it is not the one to be told of.
      if (breach !== null) return breach === brokenLaw(checked, versions) ? breach : fickle(versions);
      first.push({ versions, made: together(checked, versions) });
      if (now() - began > LAW_BUDGET) {
        return `it is slow: ${sample + 1} of ${LAW_SAMPLES} triples took more than ${LAW_BUDGET / 1_000} s; make it faster`;
      }
    }
    // Once more at the end: what a function remembers shows only later.
    for (const { versions, made } of first) {
      const again = together(checked, versions);
      if (isSame(made, again)) continue;
      const [a, b, c, d, e] = versions as Five;
      return differing("deterministic", { a, b, c, d, e }, [
        ["merging all in this order", made],
        ["and later", again],
      ]);
    }
    return null;
  } catch (error) {
    if (error instanceof ResolverFailed) return error.message;
    throw error;
  }
}

type Five = readonly [PlainVersion, PlainVersion, PlainVersion, PlainVersion, PlainVersion];

function brokenByPair(merge: MergeFunction, a: PlainVersion, b: PlainVersion): string | null {
  const ab = merge(a, b);
  const repeated = merge(a, b);
  if (!isSame(ab, repeated)) {
    return differing("deterministic", { a, b }, [
      ["merge(a, b)", ab],
      ["and then", repeated],
    ]);
  }
  const ba = merge(b, a);
  if (!isSame(ab, ba)) {
    return differing("commutative", { a, b }, [
      ["merge(a, b)", ab],
      ["merge(b, a)", ba],
    ]);
  }
  for (const [name, other] of [
    ["a", a],
    ["b", b],
    ["merge(a, b)", ab],
  ] as const) {
    const more = merge(ab, other);
    if (isSame(ab, more)) continue;
    return differing("idempotent", { a, b }, [
      ["merge(a, b)", ab],
      [`merge(merge(a, b), ${name})`, more],
    ]);
  }
  return null;
}

function brokenLaw(merge: MergeFunction, versions: readonly PlainVersion[]): string | null {
  const [a, b, c, d, e] = versions as Five;
  const inPair = brokenByPair(merge, a, b) ?? brokenByPair(merge, b, c) ?? brokenByPair(merge, a, c);
  if (inPair !== null) return inPair;
  const left = merge(merge(a, b), c);
  const right = merge(a, merge(b, c));
  if (!isSame(left, right)) {
    return differing("associative", { a, b, c }, [
      ["merge(merge(a, b), c)", left],
      ["merge(a, merge(b, c))", right],
    ]);
  }
  const three = { a, b, c };
  const names = ["a", "b", "c"] as const;
  for (const order of orders) {
    const [x, y, z] = order.map((at) => names[at]) as [keyof typeof three, keyof typeof three, keyof typeof three];
    const other = merge(merge(three[x], three[y]), three[z]);
    if (isSame(left, other)) continue;
    return differing("associative", three, [
      ["merge(merge(a, b), c)", left],
      [`merge(merge(${x}, ${y}), ${z})`, other],
    ]);
  }
  const forth = together(merge, versions);
  const back = together(merge, versions.toReversed());
  if (isSame(forth, back)) return null;
  return differing("associative", { a, b, c, d, e }, [
    ["merging a to e one after the other", forth],
    ["and e to a", back],
  ]);
}

// Tried on versions that can be written to: frozen ones would only make it throw.
function mutationOf(merge: MergeFunction, versions: readonly PlainVersion[]): string | null {
  const inputs = versions.slice(0, 2) as [PlainVersion, PlainVersion];
  const copies = inputs.map((version) => ({ ...version })) as [PlainVersion, PlainVersion];
  try {
    merge(copies[0], copies[1]);
  } catch {
    // The checked call that follows tells of it.
    return null;
  }
  const changed = copies.findIndex((copy, at) => JSON.stringify(copy) !== JSON.stringify(inputs[at]));
  if (changed < 0) return null;
  const name = changed === 0 ? "a" : "b";
  const after = inputsText({ [name]: frozenCopy(copies[changed] as PlainVersion) });
  const call = inputsText({ a: inputs[0], b: inputs[1] });
  return `it changes its input: with ${call}, merge(a, b) leaves ${after}; make a new version: { ...a, value }`;
}

function fickle(versions: readonly PlainVersion[]): string {
  const [a, b, c, d, e] = versions as Five;
  return `it is not deterministic: with ${inputsText({ a, b, c, d, e })}, the same calls give something else the second time; ${remedies.deterministic}`;
}

function together(merge: MergeFunction, versions: readonly PlainVersion[]): PlainVersion {
  return versions.reduce((result, version) => merge(result, version));
}

function isSame(one: PlainVersion, other: PlainVersion): boolean {
  return one.deleted === other.deleted && one.value === other.value;
}

function differing(
  law: keyof typeof remedies,
  inputs: Readonly<Record<string, PlainVersion>>,
  outputs: readonly (readonly [call: string, made: PlainVersion])[],
): string {
  const given = outputs.map(([call, made]) => `${call} gives ${outputText(made)}`).join(", ");
  return `it is not ${law}: with ${inputsText(inputs)}, ${given}; ${remedies[law]}`;
}
