/**
 * A short cycle among operations that could not be put into a sequence.
 *
 * 1. Each of them waits for another one that was not placed either. Going from one to what it waits for comes round: that is a
 *    cycle, though it may be as long as the history.
 * 2. Of every step of it that leaves a session, the shortest way back is searched; each search stops where it would no longer be
 *    shorter than what there is.
 * 3. Then other steps that may close a cycle are tried in the same way, until patience runs out.
 *
 * So there is always a cycle to show; on small histories it is a shortest one. Leaves out whether there is one at all
 * (sort-operations.ts).
 */
import { assert } from "../../assert.ts";
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, EdgeReason } from "../verdict.ts";
import { NO_EDGE } from "./edge-lists.ts";
import { fromFirst, type PathRules, Paths } from "./paths.ts";

/** Places that searches may visit. */
const PATIENCE = 8_000_000;

/** A step that may close a cycle; its reason is asked for when it does. */
interface Step {
  readonly from: number;
  readonly to: number;
  readonly why: () => EdgeReason;
}

/**
 * @param placed by operation: 1 where it was placed; not all are
 * @param rules under which the others were not
 */
export function shortestCycle(
  history: History,
  reads: ReadsFrom,
  rules: PathRules,
  placed: Uint8Array,
): readonly Edge[] {
  const paths = new Paths(history, reads, rules);
  const cycles = new Cycles(history, reads, rules, placed);
  let best: readonly Edge[] | null = null;
  for (const step of cycles.some()) {
    if (best !== null && paths.visited > PATIENCE) break;
    best = shorterThrough(step, best, paths, placed);
  }
  for (const step of cycles.candidates()) {
    if (best?.length === 1 || paths.visited > PATIENCE) break;
    best = shorterThrough(step, best, paths, placed);
  }
  assert(best !== null, "operations that could not be placed hold a cycle");
  return fromFirst(best);
}

/** The cycle through a step, if it is shorter than the one known; else that. */
function shorterThrough(
  { from, to, why }: Step,
  best: readonly Edge[] | null,
  paths: Paths,
  barred: Uint8Array,
): readonly Edge[] | null {
  if (from === to) return [{ from, to, why: why() }];
  const steps = best === null ? Number.POSITIVE_INFINITY : best.length - 2;
  const back = steps < 1 ? null : paths.to(to, from, { steps, barred });
  return back === null ? best : [{ from, to, why: why() }, ...back];
}

const SESSION: EdgeReason = { kind: "session" };
const READS_FROM: EdgeReason = { kind: "reads-from" };
const REPLACES: EdgeReason = { kind: "replaces" };
const REAL_TIME: EdgeReason = { kind: "real-time" };

class Cycles {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  readonly #rules: PathRules;
  readonly #placed: Uint8Array;
  /** By group of real time: where the first operation that was not placed stands among those by their end. */
  readonly #firstOpen = new Map<number, number>();

  constructor(history: History, reads: ReadsFrom, rules: PathRules, placed: Uint8Array) {
    this.#history = history;
    this.#reads = reads;
    this.#rules = rules;
    this.#placed = placed;
  }

  /** The steps of some cycle that are not session order; where it has no such step, all of them. */
  some(): readonly Step[] {
    const first = this.#placed.indexOf(0);
    const metAt = new Map<number, number>();
    const steps: Step[] = [];
    for (let at = first; !metAt.has(at); at = steps[steps.length - 1]!.from) {
      metAt.set(at, steps.length);
      steps.push(this.#blocker(at));
    }
    const cycle = steps.slice(metAt.get(steps[steps.length - 1]!.from));
    return cycle.filter(({ why }) => why !== sessionReason);
  }

  /** Every step that may close a cycle: conflicts and lists, then what was read or replaced. */
  *candidates(): Generator<Step> {
    const { edges, reason } = this.#rules;
    for (let edge = 0; edges !== undefined && edge < edges.count; edge += 1) {
      const [from, to] = [edges.from(edge), edges.to(edge)];
      if (this.#isOpen(from) && this.#isOpen(to)) yield { from, to, why: () => reason!(edge) };
    }
    for (let user = 0; user < this.#history.operationCount; user += 1)
      if (this.#isOpen(user)) yield* this.#usedBy(user);
  }

  #isOpen(operation: number): boolean {
    return this.#placed[operation] === 0;
  }

  /** Why an operation was not placed: a step from one that was not placed. */
  #blocker(operation: number): Step {
    const { session, sessionStart } = this.#history;
    if (operation > sessionStart[session[operation]!]! && this.#isOpen(operation - 1))
      return { from: operation - 1, to: operation, why: sessionReason };
    for (const step of this.#usedBy(operation)) return step;
    const { edges, reason } = this.#rules;
    if (edges !== undefined)
      for (let edge = edges.firstInto(operation); edge !== NO_EDGE; edge = edges.nextInto(edge)) {
        const into = edge;
        if (this.#isOpen(edges.from(edge))) return { from: edges.from(edge), to: operation, why: () => reason!(into) };
      }
    const from = this.#endedBefore(operation);
    assert(from !== ABSENT, "an operation that was not placed waits for another one");
    return { from, to: operation, why: () => REAL_TIME };
  }

  *#usedBy(user: number): Generator<Step> {
    const { kind, listStart, listed } = this.#history;
    const isRead = kind[user] === operationKind.read;
    if (this.#reads.counts[user] === 0 || (!isRead && this.#rules.replaces !== true)) return;
    for (let at = listStart[user]!; at < listStart[user + 1]!; at += 1) {
      const from = listed[at] === INITIAL ? ABSENT : this.#reads.writerOf[listed[at]!]!;
      if (from !== ABSENT && this.#isOpen(from) && this.#reads.counts[from] === 1)
        yield { from, to: user, why: () => (isRead ? READS_FROM : REPLACES) };
    }
  }

  #endedBefore(operation: number): number {
    const { timeline } = this.#rules;
    const group = timeline?.group[operation] ?? ABSENT;
    if (timeline === undefined || group === ABSENT) return ABSENT;
    const first = timeline.groupStart[group]!;
    let open = this.#firstOpen.get(group) ?? first;
    while (open < timeline.groupStart[group + 1]! && !this.#isOpen(timeline.byEnd[open]!)) open += 1;
    this.#firstOpen.set(group, open);
    return open - first < timeline.endedBefore[operation]! ? timeline.byEnd[open]! : ABSENT;
  }
}

function sessionReason(): EdgeReason {
  return SESSION;
}
