/**
 * Pipelined memory (PRAM) and causal memory (CM): every session can explain all that it read with one sequence of writes.
 *
 * Both ask each session by itself (orders/session-story.ts), on a base order of their own. PRAM: every session's order, and what this
 * session read; what others read says nothing to it. CM: the causal order, and CC must hold. Keys that hold one value are judged; what
 * is read of others adds to causes.
 *
 * Time O(operations x sessions) where little has to be reconsidered, memory O(operations). At worst every read makes all places
 * shrink by one: O(operations^2). Leaves out words.
 */
import { causalConsistency } from "./causal.ts";
import { keyKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { EdgeLists } from "./orders/edge-lists.ts";
import { fromFirst, operationsOf, type PathRules, Paths } from "./orders/paths.ts";
import { SessionStories, type Unexplained } from "./orders/session-story.ts";
import { ambiguousWrites, HOLDS, notApplicable, readsOnlyOtherKinds, violated } from "./preliminary.ts";
import { readWriter } from "./registers.ts";
import { unfitForSessions } from "./sessions.ts";
import type { Edge, EdgeReason, Evidence, Verdict } from "./verdict.ts";

/** How deep the reasons of reasons go that an evidence spells out. */
const DEEPEST = 6;
/** Places that a search for a better story may visit. */
const PATIENCE = 4_000_000;

/** Pipelined memory. */
export function pipelinedMemory(judgement: Judgement): Verdict {
  return judgement.remember("PRAM", (asked) => unfitForSessions(asked) ?? decide(asked, null));
}

/** Causal memory. */
export function causalMemory(judgement: Judgement): Verdict {
  return judgement.remember("CM", decideCausal);
}

function decideCausal(judgement: Judgement): Verdict {
  const ambiguous = ambiguousWrites(judgement);
  if (ambiguous !== null) return ambiguous;
  if (readsOnlyOtherKinds(judgement, keyKind.register)) return notApplicable("no reads of single values");
  const causal = causalConsistency(judgement);
  return causal.kind === "holds" ? decide(judgement, judgement.causal.order) : causal;
}

function decide(judgement: Judgement, causalOrder: Uint32Array | null): Verdict {
  const { history, readsFrom, keyWrites } = judgement;
  const stories = new SessionStories(history, readsFrom, keyWrites, causalOrder);
  for (let session = 0; session < history.sessionCount; session += 1)
    if (stories.ask(session) !== null) return violated(evidenceOf(judgement, causalOrder, session));
  return HOLDS;
}

/** Asks the session again and listens. */
function evidenceOf(judgement: Judgement, causalOrder: Uint32Array | null, session: number): Evidence {
  const { history, readsFrom, keyWrites } = judgement;
  const edges = new EdgeLists(history.operationCount);
  const listener = (older: number, newer: number): void => edges.add(older, newer);
  const found = new SessionStories(history, readsFrom, keyWrites, causalOrder, listener).ask(session)!;
  return new Story(judgement, session, edges, causalOrder !== null).tell(found);
}

/** Puts together what one session cannot explain. */
class Story {
  readonly #judgement: Judgement;
  readonly #session: number;
  readonly #edges: EdgeLists;
  readonly #isCausal: boolean;
  readonly #paths: Paths;
  #depth = 0;

  constructor(judgement: Judgement, session: number, edges: EdgeLists, isCausal: boolean) {
    this.#judgement = judgement;
    this.#session = session;
    this.#edges = edges;
    this.#isCausal = isCausal;
    const rules: PathRules = { edges, reason: (edge) => this.#reason(edge) };
    this.#paths = new Paths(
      judgement.history,
      judgement.readsFrom,
      isCausal ? rules : { ...rules, readsOnlyOf: session },
    );
  }

  tell(found: Unexplained): Evidence {
    if (found.kind === "initial") {
      const edges = this.#paths.to(found.write, found.read) ?? [];
      return { pattern: "WriteHBInitRead", operations: operationsOf(edges), edges, cyclic: false };
    }
    const closing = this.#throughLast();
    const edges = fromFirst(closing.length > 0 ? closing : this.#ownFuture());
    return { pattern: "CyclicHB", operations: operationsOf(edges), edges, cyclic: true };
  }

  /** A short cycle through an edge found late: the last ones were added because they close one. */
  #throughLast(): readonly Edge[] {
    const edges = this.#edges;
    let best: readonly Edge[] = [];
    for (let edge = edges.count - 1; edge >= 0; edge -= 1) {
      if (best.length > 0 && this.#paths.visited > PATIENCE) break;
      const [from, to] = [edges.from(edge), edges.to(edge)];
      const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 2;
      const back = steps < 1 ? null : this.#paths.to(to, from, { steps });
      if (back !== null) best = [{ from, to, why: this.#reason(edge) }, ...back];
    }
    return best;
  }

  /** Only where the base order has a cycle, which that of causal memory has not: the session read what it wrote later. */
  #ownFuture(): readonly Edge[] {
    const { sessionStart } = this.#judgement.history;
    for (let at = sessionStart[this.#session]!; at < sessionStart[this.#session + 1]!; at += 1) {
      const cycle = this.#paths.to(at, at);
      if (cycle !== null) return cycle;
    }
    return [];
  }

  /**
   * Why the older write of an edge is visible to a read of the newer one: by session order, reads-from, and edges found earlier. So
   * reasons of reasons end.
   */
  #reason(edge: number): EdgeReason {
    const { history, readsFrom } = this.#judgement;
    const [older, newer] = [this.#edges.from(edge), this.#edges.to(edge)];
    const readers = new Set(this.#paths.usersOf(history.version[newer]!));
    const isReader = (operation: number): boolean =>
      readers.has(operation) && history.session[operation] === this.#session;
    if (this.#depth === DEEPEST) return { kind: "hidden-by", by: this.#lastReader(newer) };
    this.#depth += 1;
    const via = this.#paths.find(older, isReader, { edgesBelow: edge }) ?? [];
    this.#depth -= 1;
    const by = via.at(-1)?.to ?? this.#lastReader(newer);
    // Along causes alone the way is plain to everybody, and short.
    const isPlain = via.length < 2 || (this.#isCausal && via.every(({ why }) => why.kind !== "hidden-by"));
    return isPlain || readWriter(history, readsFrom, by) !== newer
      ? { kind: "hidden-by", by }
      : { kind: "hidden-by", by, via };
  }

  #lastReader(write: number): number {
    const { history } = this.#judgement;
    const readers = this.#paths.usersOf(history.version[write]!);
    return [...readers].findLast((reader) => history.session[reader] === this.#session)!;
  }
}
