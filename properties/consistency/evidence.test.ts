// What is shown for a violation can be checked by hand, edge by edge: here a program does so, against the history alone.

import {
  checkHistory,
  type Edge,
  type Evidence,
  type History,
  keyKind,
  operationKind,
  pick,
  readHistory,
  type Rng,
  utf8,
} from "causeway-sim/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { historyText } from "../../sim/bench/histories.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";
import { drawTransactions } from "./transactions/draw.ts";
import { drawTimed } from "./transactions/draw-times.ts";

function listedBy(history: History, operation: number): readonly number[] {
  return [...history.listed.subarray(history.listStart[operation], history.listStart[operation + 1])];
}

function isRead(history: History, operation: number): boolean {
  return history.kind[operation] === operationKind.read;
}

/** Everything that session order and reads-from put behind an operation, or on it; of a transaction all or nothing. */
function causalFuture(history: History, from: number): ReadonlySet<number> {
  const future = new Set([from]);
  for (const operation of future) {
    const next = operation + 1;
    if (history.transaction !== null)
      history.transaction.forEach((of, other) => {
        if (of === history.transaction![operation]) future.add(other);
      });
    if (next < history.operationCount && history.session[next] === history.session[operation]) future.add(next);
    for (let other = 0; other < history.operationCount; other += 1)
      if (
        !isRead(history, operation) &&
        isRead(history, other) &&
        listedBy(history, other).includes(history.version[operation]!)
      )
        future.add(other);
  }
  return future;
}

/** What is wrong with an edge; null where it says the truth. */
function flawOf(history: History, { from, to, why }: Edge): string | null {
  const sameKey = history.key[from] === history.key[to];
  switch (why.kind) {
    case "session":
      return history.session[from] === history.session[to] && from < to ? null : "not in session order";
    case "reads-from":
      return isRead(history, to) && sameKey && listedBy(history, to).includes(history.version[from]!)
        ? null
        : "not read from";
    case "replaces":
      return !isRead(history, to) && listedBy(history, to).includes(history.version[from]!) ? null : "not replaced";
    case "hidden-by": {
      if (!sameKey || isRead(history, from) || isRead(history, to)) return "not two writes of a key";
      if (!isRead(history, why.by) || !listedBy(history, why.by).includes(history.version[to]!))
        return "the read returned another";
      if (why.via === undefined) return causalFuture(history, from).has(why.by) ? null : "not visible to the read";
      if (why.via[0]?.from !== from || why.via.at(-1)?.to !== why.by) return "the way leads elsewhere";
      return flawOfWay(history, why.via);
    }
    case "real-time":
      return history.end![from]! < history.start![to]! ? null : "not in real time";
    case "listed": {
      const [first, second] = [from, to].map((write) => listedBy(history, why.by).indexOf(history.version[write]!));
      return first! >= 0 && first! < second! ? null : "not listed so";
    }
    case "unlisted": {
      const list = listedBy(history, why.by);
      const [shown, lacking] = [list.includes(history.version[from]!), !list.includes(history.version[to]!)];
      return sameKey && shown && lacking ? null : "listed, or the one before it is not";
    }
    case "overwritten-by": {
      const list = listedBy(history, from);
      if (why.via !== undefined) {
        const isReturned = list.includes(history.version[why.via[0]?.from ?? from]!);
        return isReturned && why.via.at(-1)?.to === to ? flawOfWay(history, why.via) : "the way leads elsewhere";
      }
      const isOlder = history.keyKind[history.key[from]!] === keyKind.list || list[0] === 0;
      return sameKey && isRead(history, from) && !isRead(history, to) && isOlder && !list.includes(history.version[to]!)
        ? null
        : "nothing older was read";
    }
    case "transaction":
      return history.transaction?.[from] === history.transaction?.[to] && history.transaction !== null
        ? null
        : "not in one transaction";
    case "guarantee":
      return sameKey && why.because.length === 2 ? null : "no guarantee";
  }
}

/** Steps that follow each other, each of them true. */
function flawOfWay(history: History, way: readonly Edge[]): string | null {
  for (const [at, edge] of way.entries()) {
    const flaw = flawOf(history, edge);
    if (flaw !== null) return flaw;
    const next = way[at + 1];
    if (next !== undefined && next.from !== edge.to) return "the way breaks off";
  }
  return null;
}

/** Patterns that operations alone show: two lists, or what a search could not place. */
const withoutEdges = ["ThinAirRead", "Diverged", "RepeatedElement", "IncompatibleOrder", "NoOrder"];

function flawOfEvidence(history: History, { edges, cyclic, operations, pattern }: Evidence): string | null {
  if (new Set(operations).size !== operations.length || operations.length === 0)
    return "operations told twice, or none";
  if (cyclic) {
    if (edges.length === 0 || edges.at(-1)!.to !== edges[0]!.from) return "no cycle";
    return flawOfWay(history, edges);
  }
  if (edges.length === 0) return withoutEdges.includes(pattern) ? null : "nothing shown";
  return edges.map((edge) => flawOf(history, edge)).find((flaw) => flaw !== null) ?? null;
}

function draw(rng: Rng): string {
  const kind = pick(rng, ["register", "register", "siblings", "list", "mixed"] as const);
  const deletes = rng.chance(300_000);
  const options = { operations: 12, kind, deletes, times: rng.chance(500_000), marks: rng.chance(200_000) };
  return drawHistory(rng, { ...options, replaced: kind === "siblings" && rng.chance(300_000) });
}

prop(
  "every edge of every evidence is true, and cycles close",
  fc.integer(),
  (seed) => {
    const text = draw(new RngRoot(String(seed)).stream);
    const history = historyOf(text);
    for (const [model, verdict] of checkHistory(history).verdicts) {
      if (verdict.kind !== "violated" || ["RC", "RA", "TCC", "SER", "LIN"].includes(model)) continue;
      const flaw = flawOfEvidence(history, verdict.evidence);
      if (flaw !== null) expect.fail(`${text}: ${model}: ${flaw}: ${JSON.stringify(verdict.evidence)}`);
    }
  },
  { numRuns: 3_000, timeout: 120_000 },
);

prop(
  "the same where transactions, or all operations, are put into one order",
  fc.integer(),
  (seed) => {
    const rng = new RngRoot(`evidence ${seed}`).stream;
    const kind = pick(rng, ["register", "list", "mixed"] as const);
    const perTransaction = 1 + rng.intInclusive(3);
    const text = rng.chance(400_000)
      ? drawTimed(rng, { operations: 10, kind, twice: rng.chance(200_000) })
      : drawTransactions(rng, { operations: 16, perTransaction, kind });
    const history = historyOf(text);
    for (const [model, verdict] of checkHistory(history, { models: ["RC", "RA", "TCC", "SER", "LIN"] }).verdicts) {
      if (verdict.kind !== "violated") continue;
      const flaw = flawOfEvidence(history, verdict.evidence);
      if (flaw !== null) expect.fail(`${text}: ${model}: ${flaw}: ${JSON.stringify(verdict.evidence)}`);
    }
  },
  { numRuns: 4_000, timeout: 120_000 },
);

test.each(["written-last", "arrived-last"] as const)(
  "a long history of what was %s is refuted in a few operations",
  (shows) => {
    const shape = { operations: 3_000, sessions: 12, keys: 20, writePercent: 50, lag: 300, shows, isViolated: true };
    const read = readHistory(utf8(historyText(shows, shape)), { fileName: "drawn" });
    if (read.kind !== "read") throw new Error("what was drawn can be read");
    const models = ["MW", "RYW-shared", "MR-shared", "PRAM", "CC", "CM", "CCv"] as const;
    for (const [model, verdict] of checkHistory(read.history, { models }).verdicts) {
      if (verdict.kind !== "violated") continue;
      const { evidence } = verdict;
      expect(`${model} ${flawOfEvidence(read.history, evidence)}`).toBe(`${model} null`);
      expect(evidence.operations.length).toBeLessThan(12);
    }
  },
);

test("evidence that says what is not so is found out", () => {
  const history = historyOf("W(x,1) R(x,2) | W(x,2) R(x,1)");
  const verdict = checkHistory(history, { models: ["CCv"] }).verdicts.get("CCv");
  if (verdict?.kind !== "violated") throw new Error("the paper's figure 2 (a) is not convergent");
  const { evidence } = verdict;
  expect(flawOfEvidence(history, evidence)).toBeNull();
  expect(flawOfEvidence(history, { ...evidence, edges: evidence.edges.slice(1) })).toBe("no cycle");
  const elsewhere = evidence.edges.map((edge): Edge => ({ ...edge, why: { kind: "session" } }));
  expect(flawOfEvidence(history, { ...evidence, edges: elsewhere })).toBe("not in session order");
});

test("two sessions that answer each other a hundred thousand times, and a reason as long, overflow no stack", () => {
  const rounds = 25_000;
  const [left, right] = [["W(x,1)"], [] as string[]];
  for (let round = 1; round < rounds; round += 1) {
    left.push(`R(y,${round})`, `W(x,${round + 1})`);
    right.push(`R(x,${round})`, `W(y,${round})`);
  }
  const honest = historyOf(`${left.join(" ")} | ${right.join(" ")}`);
  const models = ["CC", "CCv", "CM", "PRAM", "WFR", "RYW", "MR-shared"] as const;
  for (const [model, { kind }] of checkHistory(honest, { models }).verdicts)
    expect(`${model} ${kind}`).toBe(`${model} holds`);
  const stale = historyOf(`${left.join(" ")} R(x,1) | ${right.join(" ")} R(x,1)`);
  const verdict = checkHistory(stale, { models: ["CC"] }).verdicts.get("CC");
  expect(verdict).toMatchObject({ kind: "violated", evidence: { pattern: "WriteCORead" } });
}, 60_000);
