/**
 * Every edge of a story about a stream against the stream itself: what it names is there, in this order, and for this reason. And a
 * way that is told as forgotten is told so only by who forgets.
 */
import type { StreamEdge, StreamLimits, StreamOperation, StreamViolation } from "causeway-sim/model";
import { describe, expect, test } from "vitest";
import { streamLimits } from "../../model/consistency/stream/stream-types.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { forgetful, judgeDrawn } from "./stream-draw.ts";

const COUNT = 2_000;

/** The operations of a stream, by line, with what comes causally before each: their lines. */
class Lines {
  readonly #stream: readonly StreamOperation[];
  readonly #pasts = new Map<number, ReadonlySet<number>>();

  constructor(stream: readonly StreamOperation[]) {
    this.#stream = stream;
  }

  at(line: number): StreamOperation | undefined {
    return this.#stream[line - 1];
  }

  /** Follows session order and reads-from backwards. */
  pastOf(line: number): ReadonlySet<number> {
    const known = this.#pasts.get(line);
    if (known !== undefined) return known;
    const past = new Set<number>();
    const open = [line];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { session, key, kind, versions } = this.at(next)!;
      const before = this.#stream.slice(0, next - 1).findLast((other) => other.session === session);
      const read = kind === "read" ? versions.map(({ id }) => id) : [];
      const writers = this.#stream.filter(
        (other) =>
          other.kind === "write" && other.outcome !== "failed" && other.key === key && read.includes(idOf(other)),
      );
      for (const { line: found } of [...(before === undefined ? [] : [before]), ...writers]) {
        if (past.has(found)) continue;
        past.add(found);
        open.push(found);
      }
    }
    this.#pasts.set(line, past);
    return past;
  }
}

function idOf({ versions }: StreamOperation): string | null {
  return versions[0]?.id ?? null;
}

/** What is wrong with a story; empty where nothing is. */
function flaws({ pattern, operations, edges }: StreamViolation, lines: Lines): readonly string[] {
  const found: string[] = [];
  for (const { line, session, text } of operations) {
    const real = lines.at(line);
    // A write of unknown outcome that was read stands for itself.
    const told = real?.outcome === "unknown" ? `${real.session} (line ${line})` : real?.session;
    if (told !== session || real?.text !== text) found.push(`line ${line} is not ${session}: ${text}`);
  }
  const told = operations.map(({ line }) => line);
  if (new Set(told).size !== told.length) found.push("a line is told twice");
  for (const edge of edges)
    if (!isJustified(edge, told, lines)) found.push(`${edge.kind} ${told[edge.from]} ${told[edge.to]}`);
  if (pattern === "WriteCORead" || pattern === "CyclicCF" || pattern === "CyclicCO") {
    edges.forEach(({ to }, at) => {
      const next = edges[at + 1] ?? (pattern === "WriteCORead" ? undefined : edges[0]);
      if (next !== undefined && next.from !== to) found.push(`edge ${at + 1} does not go on from ${told[to]}`);
    });
  }
  return found;
}

function isJustified(edge: StreamEdge, told: readonly number[], lines: Lines): boolean {
  const [from, to] = [told[edge.from]!, told[edge.to]!];
  const [first, second] = [lines.at(from)!, lines.at(to)!];
  switch (edge.kind) {
    case "session":
      return first.session === second.session && from < to;
    case "reads-from":
      return isReadOf(second, first);
    case "causal":
      return lines.pastOf(to).has(from);
    case "hidden-by": {
      const by = lines.at(told[edge.by]!)!;
      const seen = edge.seen === null ? null : lines.at(told[edge.seen]!)!;
      return (
        isReadOf(by, second) &&
        first.kind === "write" &&
        first.key === second.key &&
        lines.pastOf(by.line).has(from) &&
        (seen === null || (isReadOf(seen, first) && seen.session === by.session && seen.line <= by.line))
      );
    }
    case "forgotten":
      return first.kind === "write" && second.kind === "write";
  }
}

function isReadOf(read: StreamOperation, write: StreamOperation): boolean {
  const ids = read.versions.map(({ id }) => id);
  return read.kind === "read" && write.kind === "write" && read.key === write.key && ids.includes(idOf(write));
}

describe("of a story every edge is so", () => {
  test.each([
    ["where nothing is forgotten", streamLimits, 0],
    ["where much is", forgetful, 1],
  ] as const)(
    "%s",
    (name, limits: StreamLimits, gaps) => {
      const rng = new RngRoot(`stream stories ${name}`).stream;
      const wrong: string[] = [];
      const met = new Map<string, number>();
      for (let count = 0; count < COUNT; count += 1) {
        const { text, stream, online } = judgeDrawn(rng, limits);
        const lines = new Lines(stream);
        for (const [model, verdict] of online) {
          if (verdict.kind !== "violated") continue;
          const { violation } = verdict;
          for (const flaw of flaws(violation, lines)) wrong.push(`${model} of ${text}: ${flaw}`);
          for (const { kind } of violation.edges) met.set(kind, (met.get(kind) ?? 0) + 1);
          met.set(violation.pattern, (met.get(violation.pattern) ?? 0) + 1);
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
      for (const what of ["session", "reads-from", "causal", "hidden-by", "CyclicCF", "CyclicCO", "WriteCORead"])
        expect([what, (met.get(what) ?? 0) > 10]).toEqual([what, true]);
      expect(Math.min(1, met.get("forgotten") ?? 0)).toBe(gaps);
    },
    60_000,
  );
});
