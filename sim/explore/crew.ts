// Searches a world in several threads, a crew, each with a part of it (crew-member.ts). What comes of it is what comes of a search in one
// thread: the same states, steps, situations and depth, whatever the number of workers. A violation is only found to be there by a crew;
// the shortest way to it is looked for in this thread, which then goes no further. Leaves out small worlds, of which a search is over
// before threads have started.

import { assert } from "../../model/assert.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { runJobs } from "../workers/pool.ts";
import type { JobOutcome } from "../workers/worker.ts";
import { CrewMemory, type CrewBuffers } from "./crew-memory.ts";
import type { MemberOrder, MemberResult } from "./crew-member.ts";
import type { MarkCounts } from "./marks.ts";
import type { Reductions } from "./reduce.ts";
import type { SearchProgress, SearchResult } from "./search.ts";

/** What a crew is to search. */
export interface CrewOrder {
  readonly scenario: Scenario;
  /** The name of a planted bug. */
  readonly plant: string | null;
  readonly reductions: Reductions;
  readonly workers: number;
  /** Bytes that all of them may take together. */
  readonly memory: number;
  readonly depth: number | null;
  readonly onProgress?: (progress: SearchProgress) => void;
  /** For tests: see `MemberOrder`. */
  readonly partMin?: number;
  /** For tests: the heap of a worker. */
  readonly heapLimitMebibytes?: number;
}

/** What a worker is given: what to search, and its part in it. */
export interface CrewJob extends MemberOrder, Pick<CrewOrder, "scenario" | "plant" | "reductions"> {
  readonly count: number;
  readonly buffers: CrewBuffers;
}

/** What came of it. */
export type CrewOutcome =
  | { readonly kind: "searched"; readonly result: SearchResult }
  /** Something is violated somewhere. */
  | { readonly kind: "violated" }
  /** Nothing may be exchanged after all (symmetry.ts). */
  | { readonly kind: "refused"; readonly why: string }
  /** A worker died. */
  | { readonly kind: "died"; readonly why: string };

/** Milliseconds between two reports of progress. */
const progressEvery = 200;
/** As good as never: milliseconds that a timer can count. */
const timeLimit = 2_147_000_000;

/** Searches with as many workers as are asked for. */
export async function searchTogether(order: CrewOrder): Promise<CrewOutcome> {
  const { scenario, plant, reductions, workers: count, memory: bytes, depth, onProgress, partMin } = order;
  const buffers = CrewMemory.buffers(count);
  const memory = new CrewMemory(count, buffers);
  const same = { count, buffers, scenario, plant, reductions, memory: bytes, depth };
  const jobs = Array.from({ length: count }, (_, member): CrewJob => ({
    member,
    ...same,
    ...(partMin !== undefined && { partMin }),
  }));
  const timer = setInterval(() => onProgress?.({ states: memory.told().visited, depth: memory.depth }), progressEvery);
  const file = `../workers/explore-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
  const options = {
    entry: new URL(file, import.meta.url),
    workerCount: count,
    timeLimitMilliseconds: timeLimit,
    ...(order.heapLimitMebibytes !== undefined && { heapLimitMebibytes: order.heapLimitMebibytes }),
  };
  const outcomes = await runJobs<CrewJob, MemberResult>(jobs, options, (outcome) => {
    if (outcome.kind === "failed") memory.abort();
  }).finally(() => {
    clearInterval(timer);
  });
  return outcomeOf(outcomes, memory.bytes);
}

function outcomeOf(outcomes: readonly JobOutcome<MemberResult>[], shared: number): CrewOutcome {
  const results: MemberResult[] = [];
  const failed: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === "done") results.push(outcome.result);
    // Those that waited for one that died have nothing to say.
    else if (outcome.reason !== "threw") return { kind: "died", why: outcome.why };
    else failed.push(outcome.why);
  }
  const own = failed.find((why) => !why.startsWith("CrewBroken")) ?? failed[0];
  if (own !== undefined) throw new Error(own);
  const refused = results.find(({ ended }) => ended === "refused");
  if (refused !== undefined) {
    const why = results.map(({ refusal }) => refusal).find((refusal) => refusal !== null);
    assert(why !== undefined, "who refuses says why");
    return { kind: "refused", why };
  }
  const { ended } = results[0] as MemberResult;
  assert(results.every((result) => result.ended === ended) && ended !== "refused", "all members end alike");
  if (ended === "violation") return { kind: "violated" };
  return { kind: "searched", result: { ...summed(results, shared), ended } };
}

function summed(results: readonly MemberResult[], shared: number): Omit<SearchResult, "ended"> {
  const layers: number[] = [];
  const marks: MarkCounts = new Map();
  let [pending, transitions, quiet, bytes] = [0, 0, 0, shared];
  for (const result of results) {
    for (const [depth, count] of result.layers.entries()) layers[depth] = (layers[depth] ?? 0) + count;
    for (const [mark, count] of result.marks) marks.set(mark, (marks.get(mark) ?? 0) + count);
    pending += result.pending;
    transitions += result.transitions;
    quiet += result.quiet;
    bytes += result.bytes;
  }
  const states = layers.reduce((sum, count) => sum + count, pending);
  return { states, transitions, depth: layers.length - 1, layers, quiet, marks, violation: null, bytes };
}
