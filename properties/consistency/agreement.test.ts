// Every fast checker against its brute-force twin; checkers that overlook one pattern, which the same comparison must catch; and the
// lemma that most twins rest on, against the definitions.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHistory, implies, type ModelName, pick } from "causeway-sim/model";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { type Judge, compareOnce, fast, twins } from "./agreement.ts";
import { drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions } from "./transactions/draw.ts";
import { byDefinition, byLemma, definitions } from "./twins/causal.ts";
import { smallHistory } from "./twins/small.ts";

/** Patterns whose absence from a checker the comparison must notice, by model. */
const needed: Readonly<Record<string, readonly string[]>> = {
  RYW: ["ThinAirRead", "WriteCOInitRead", "WriteCORead"],
  MR: ["NonMonotonicRead"],
  MW: ["WriteCORead"],
  WFR: ["WriteCORead", "CyclicCO"],
  "RYW-shared": ["WriteCOInitRead", "CyclicVersions"],
  "MR-shared": ["NonMonotonicRead", "CyclicVersions"],
  "MW-shared": ["NonMonotonicRead", "CyclicVersions"],
  "WFR-shared": ["NonMonotonicRead", "CyclicVersions"],
  CC: [
    "ThinAirRead",
    "AbortedRead",
    "CyclicCO",
    "WriteCOInitRead",
    "WriteCORead",
    "MissingElement",
    "RepeatedElement",
    "IncompatibleOrder",
  ],
  CCv: ["CyclicCO", "WriteCORead", "CyclicCF", "IncompatibleOrder"],
  PRAM: ["CyclicHB", "WriteHBInitRead"],
  CM: ["WriteCORead", "CyclicHB", "WriteHBInitRead"],
  RTC: ["CyclicCF", "ReadFromFuture", "CyclicRealTime", "MissingSibling"],
  "RTC-arb": ["CyclicCF", "CyclicRealTime"],
  MV: ["MissingSibling", "ReplacedSibling", "CyclicCO"],
  SEC: ["Diverged"],
  RC: [
    "ThinAirRead",
    "AbortedRead",
    "FutureRead",
    "NotMyOwnWrite",
    "NotMyLastWrite",
    "IntermediateRead",
    "CyclicCO",
    "CyclicCF",
    "NonMonotonicRead",
    "MissingElement",
    "RepeatedElement",
    "IncompatibleOrder",
  ],
  RA: ["NonRepeatableRead", "FracturedRead", "WriteCOInitRead", "MissingElement"],
  TCC: ["WriteCOInitRead", "WriteCORead", "CyclicCF", "MissingElement"],
  SER: ["NoOrder"],
  LIN: ["CyclicRealTime", "ReadFromFuture", "MissingElement", "NoOrder"],
};

/** A checker that overlooks a pattern: a rule forgotten. */
const blindTo =
  (pattern: string): Judge =>
  (history, model) => {
    const verdict = checkHistory(history, { models: [model] }).verdicts.get(model)!;
    return verdict.kind === "violated" && verdict.evidence.pattern === pattern ? "holds" : verdict.kind;
  };

/** Models that judge no reads of sets: what follows from them follows for the other keys. */
const lookPastSets: ReadonlySet<ModelName> = new Set<ModelName>(["RC", "RA", "TCC", "SER", "LIN"]);

describe.each(twins)("$model", (twin) => {
  const batch = 50;
  const census = new Map<string, number>();
  prop(
    `agrees with its twin on batches of ${batch} histories`,
    fc.integer(),
    (seed) => {
      const rng = new RngRoot(String(seed)).stream;
      for (let at = 0; at < batch; at += 1) expect(compareOnce(twin, rng, census)).toBeNull();
    },
    { numRuns: 60, timeout: 60_000 },
  );

  test("has met histories where the model holds and such where it does not", () => {
    expect(census.get("holds")).toBeGreaterThan(300);
    expect(census.get("violated")).toBeGreaterThan(100);
  });

  test.each((needed[twin.model] ?? []).map((pattern) => ({ pattern })))(
    "a checker that overlooks $pattern is caught",
    ({ pattern }) => {
      const rng = new RngRoot(`blind to ${pattern}`).stream;
      const judge = blindTo(pattern);
      for (let tries = 0; tries < 50_000; tries += 1) if (compareOnce(twin, rng, new Map(), judge) !== null) return;
      expect.fail(`no history shows that ${twin.model} needs ${pattern}`);
    },
    60_000,
  );
});

prop(
  "a model that holds brings with it all that it implies",
  fc.integer(),
  (seed) => {
    const rng = new RngRoot(String(seed)).stream;
    const kind = pick(rng, ["register", "register", "siblings", "list", "mixed"] as const);
    const deletes = rng.chance(300_000);
    const options = { operations: 9, kind, deletes, times: rng.chance(500_000), marks: rng.chance(300_000) };
    const text =
      kind !== "siblings" && rng.chance(300_000)
        ? drawTransactions(rng, { operations: 9, perTransaction: 3, kind })
        : drawHistory(rng, { ...options, replaced: kind !== "mixed" && rng.chance(300_000) });
    const { verdicts } = checkHistory(historyOf(text));
    const hasSets = kind === "siblings" || kind === "mixed";
    for (const [stronger, { kind: verdict }] of verdicts) {
      if (hasSets && lookPastSets.has(stronger)) continue;
      for (const [weaker, other] of verdicts)
        if (verdict === "holds" && other.kind === "violated" && implies(stronger, weaker))
          expect.fail(`${text}: ${stronger} holds, ${weaker} does not: ${JSON.stringify(other.evidence)}`);
    }
  },
  { numRuns: 4_000, timeout: 120_000 },
);

prop(
  "transactions that hold under a model hold under all that it implies, those of single operations included",
  fc.integer(),
  (seed) => {
    const rng = new RngRoot(`implied ${seed}`).stream;
    const text = drawTransactions(rng, { operations: 12, perTransaction: 1 + rng.intInclusive(3), kind: "register" });
    const { verdicts } = checkHistory(historyOf(text));
    for (const [stronger, { kind: verdict }] of verdicts)
      for (const [weaker, other] of verdicts)
        if (verdict === "holds" && other.kind === "violated" && implies(stronger, weaker))
          expect.fail(`${text}: ${stronger} holds, ${weaker} does not: ${JSON.stringify(other.evidence)}`);
  },
  { numRuns: 2_000, timeout: 120_000 },
);

prop(
  "where every transaction is one operation on a register, transactional causal consistency is causal convergence",
  fc.integer(),
  (seed) => {
    const rng = new RngRoot(`alone ${seed}`).stream;
    const text = rng.chance(500_000)
      ? drawTransactions(rng, { operations: 14, perTransaction: 1, kind: "register" })
      : drawHistory(rng, { operations: 14, kind: "register" });
    // A transaction of two operations on keys of its own changes nothing, but then the checker of transactions is asked.
    const withTransaction = historyOf(`${text} | < W(p,1) W(q,1) >`);
    expect(fast(withTransaction, "TCC"), text).toBe(fast(historyOf(text), "CCv"));
  },
  { numRuns: 5_000, timeout: 120_000 },
);

prop(
  "session order with reads-from is as good a causal order as any",
  fc.integer(),
  (seed) => {
    const rng = new RngRoot(String(seed)).stream;
    const kind = pick(rng, ["register", "register", "list", "siblings"] as const);
    const text = drawHistory(rng, { operations: rng.chance(150_000) ? 6 : 5, kind, times: true });
    const history = smallHistory(historyOf(text));
    for (const [model, holds] of Object.entries(definitions))
      expect(`${text}: ${model} ${holds(history, byLemma)}`).toBe(`${text}: ${model} ${holds(history, byDefinition)}`);
  },
  { numRuns: 400, timeout: 120_000 },
);
