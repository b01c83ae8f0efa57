/**
 * Shortest ways through the order of a history, for evidence: breadth first, with a session's own steps folded into one.
 *
 * A session is ridden: getting on costs a step, staying on costs none. Real time is ridden in the same way, along the operations of
 * a group by their beginnings. So a way counts what a reader has to check, and a search stays linear although session order and
 * real time are whole relations.
 *
 * Built when something is wrong, never before. Leaves out deciding whether something is.
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, EdgeReason } from "../verdict.ts";
import type { EdgeLists } from "./edge-lists.ts";
import type { Timeline } from "./timeline.ts";

/** What may be walked beside session order. */
export interface PathRules {
  /** Reads-from edges into this session only; all where absent. */
  readonly readsOnlyOf?: number;
  /** Writes come after what they say they replace. */
  readonly replaces?: boolean;
  readonly edges?: EdgeLists;
  /** Why an edge of `edges` is there. */
  readonly reason?: (edge: number) => EdgeReason;
  readonly timeline?: Timeline;
}

/** Bounds of one search. */
export interface SearchBounds {
  /** Steps; a longer way counts as none. */
  readonly steps?: number;
  /** Only edges of `edges` below this number. */
  readonly edgesBelow?: number;
  /** By operation: 1 where it may not be walked over. */
  readonly barred?: Uint8Array;
}

const SESSION: EdgeReason = { kind: "session" };
const READS_FROM: EdgeReason = { kind: "reads-from" };
const REPLACES: EdgeReason = { kind: "replaces" };
const REAL_TIME: EdgeReason = { kind: "real-time" };

/** Codes of how a place was come to; an edge of `edges` is its number plus LISTED. */
const BY_SESSION = 0;
const BY_READ = 1;
const BY_REPLACING = 2;
const BY_TIME = 3;
const BY_EDGE = 4;

/** Searches in one history under one set of rules. */
export class Paths {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  readonly #rules: PathRules;
  /** By version, and one more: operations that list it, those that replace it among them. */
  readonly #userStart: Uint32Array;
  readonly #users: Uint32Array;
  readonly #outgoing: { readonly start: Uint32Array; readonly edges: Uint32Array } | null;
  /** Places: twice the operation, plus 1 where its session is being ridden. */
  readonly #seen: Uint32Array;
  readonly #parent: Uint32Array;
  readonly #how: Uint32Array;
  readonly #queue: Uint32Array;
  #length = 0;
  #search = 0;
  /** By group: operations at and behind this place of `byStart` have been come to. */
  readonly #ridden: Map<number, number> = new Map();
  /** Places that the searches so far have come to: what they cost. */
  #visited = 0;

  constructor(history: History, reads: ReadsFrom, rules: PathRules) {
    this.#history = history;
    this.#reads = reads;
    this.#rules = rules;
    const { operationCount, versionCount, kind, listStart, listed, session } = history;
    const only = rules.readsOnlyOf ?? ABSENT;
    const start = new Uint32Array(versionCount + 1);
    const uses = (operation: number): boolean =>
      reads.counts[operation] === 1 &&
      (kind[operation] === operationKind.read
        ? only === ABSENT || session[operation] === only
        : rules.replaces === true);
    for (let operation = 0; operation < operationCount; operation += 1)
      if (uses(operation))
        for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) start[listed[at]! + 1]! += 1;
    for (let version = 0; version < versionCount; version += 1) start[version + 1]! += start[version]!;
    const users = new Uint32Array(start[versionCount]!);
    const next = start.slice();
    for (let operation = 0; operation < operationCount; operation += 1)
      if (uses(operation))
        for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1)
          users[next[listed[at]!]!++] = operation;
    this.#userStart = start;
    this.#users = users;
    this.#outgoing = rules.edges?.byBeginning() ?? null;
    this.#seen = new Uint32Array(operationCount * 2);
    this.#parent = new Uint32Array(operationCount * 2);
    this.#how = new Uint32Array(operationCount * 2);
    this.#queue = new Uint32Array(operationCount * 2);
  }

  /** Places visited since the beginning: callers stop asking when it has been enough. */
  get visited(): number {
    return this.#visited;
  }

  /** Reads that returned a version, in session order; writes that replace it among them where the rules say so. */
  usersOf(version: number): Uint32Array {
    return this.#users.subarray(this.#userStart[version], this.#userStart[version + 1]);
  }

  /**
   * A shortest way of at least one step from an operation to one that is a goal, or null. Of several equally short ones the first
   * found, which is the same every time.
   */
  find(from: number, isGoal: (operation: number) => boolean, bounds: SearchBounds = {}): readonly Edge[] | null {
    const mostSteps = bounds.steps ?? Number.POSITIVE_INFINITY;
    this.#search += 1;
    this.#ridden.clear();
    this.#length = 0;
    this.#queue[this.#length++] = from * 2;
    let level = 0;
    for (let steps = 0; level < this.#length && steps < mostSteps; steps += 1) {
      const end = this.#length;
      for (let at = level; at < end; at += 1) {
        const first = this.#length;
        this.#expand(this.#queue[at]!, bounds);
        for (let found = first; found < this.#length; found += 1)
          if (isGoal(this.#queue[found]! >>> 1)) return this.#wayTo(this.#queue[found]!, from);
      }
      level = end;
    }
    return null;
  }

  /** A shortest way to one operation. */
  to(from: number, goal: number, bounds?: SearchBounds): readonly Edge[] | null {
    return this.find(from, (operation) => operation === goal, bounds);
  }

  #expand(place: number, { edgesBelow, barred }: SearchBounds): void {
    const { session, sessionStart, kind, version } = this.#history;
    const operation = place >>> 1;
    this.#visited += 1;
    const lastOfSession = sessionStart[session[operation]! + 1]!;
    for (let next = operation + 1; next < lastOfSession; next += 1)
      if (!this.#come(next * 2 + 1, place, BY_SESSION, barred)) break;
    // Whoever rides a session has been carried over this operation: it takes part in nothing but session order if it failed.
    if (this.#reads.counts[operation] === 1 && kind[operation] !== operationKind.read) {
      const written = version[operation]!;
      if (written !== INITIAL && this.#reads.writerOf[written] === operation)
        for (let at = this.#userStart[written]!; at < this.#userStart[written + 1]!; at += 1) {
          const user = this.#users[at]!;
          this.#come(user * 2, place, kind[user] === operationKind.read ? BY_READ : BY_REPLACING, barred);
        }
    }
    if (this.#outgoing !== null && this.#rules.edges !== undefined) {
      const { start, edges } = this.#outgoing;
      for (let at = start[operation]!; at < start[operation + 1]!; at += 1) {
        const edge = edges[at]!;
        if (edgesBelow !== undefined && edge >= edgesBelow) break;
        this.#come(this.#rules.edges.to(edge) * 2, place, BY_EDGE + edge, barred);
      }
    }
    if (this.#rules.timeline !== undefined) this.#rideTime(this.#rules.timeline, place, barred);
  }

  #rideTime(timeline: Timeline, place: number, barred: Uint8Array | undefined): void {
    const operation = place >>> 1;
    const group = timeline.group[operation]!;
    if (group === ABSENT) return;
    const [first, last] = [timeline.groupStart[group]!, timeline.groupStart[group + 1]!];
    const ended = timeline.end[operation]!;
    let low = first;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timeline.start[timeline.byStart[middle]!]! > ended) high = middle;
      else low = middle + 1;
    }
    const ridden = this.#ridden.get(group) ?? last;
    for (let at = low; at < ridden; at += 1) this.#come(timeline.byStart[at]! * 2, place, BY_TIME, barred);
    if (low < ridden) this.#ridden.set(group, low);
  }

  /** Notes a place; false where it had been come to. */
  #come(place: number, parent: number, how: number, barred: Uint8Array | undefined): boolean {
    if (this.#seen[place] === this.#search) return false;
    this.#seen[place] = this.#search;
    if (barred?.[place >>> 1] === 1) return true;
    this.#parent[place] = parent;
    this.#how[place] = how;
    this.#queue[this.#length++] = place;
    return true;
  }

  #wayTo(goal: number, from: number): readonly Edge[] {
    // First the way, then its reasons: giving one may start another search, which uses the same columns.
    const places: number[] = [];
    let place = goal;
    do {
      places.push(place);
      place = this.#parent[place]!;
    } while (place !== from * 2);
    const hows = places.map((at) => this.#how[at]!);
    const edges = places.map((at, index): Edge => {
      const before = places[index + 1] ?? from * 2;
      return { from: before >>> 1, to: at >>> 1, why: this.#reason(hows[index]!) };
    });
    return joined(edges.reverse());
  }

  #reason(how: number): EdgeReason {
    switch (how) {
      case BY_SESSION:
        return SESSION;
      case BY_READ:
        return READS_FROM;
      case BY_REPLACING:
        return REPLACES;
      case BY_TIME:
        return REAL_TIME;
      default:
        return this.#rules.reason!(how - BY_EDGE);
    }
  }
}

/** Two steps along one session are one. */
function joined(edges: readonly Edge[]): readonly Edge[] {
  const result: Edge[] = [];
  for (const edge of edges) {
    const last = result.at(-1);
    if (last?.why.kind === "session" && edge.why.kind === "session")
      result[result.length - 1] = { from: last.from, to: edge.to, why: SESSION };
    else result.push(edge);
  }
  return result;
}

/** A cycle told from its first operation in the history, so that the same cycle is the same evidence whoever found it. */
export function fromFirst(cycle: readonly Edge[]): readonly Edge[] {
  let first = 0;
  for (let at = 1; at < cycle.length; at += 1) if (cycle[at]!.from < cycle[first]!.from) first = at;
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** The operations of edges in the order in which they are told, each once; those by which something was hidden included. */
export function operationsOf(edges: readonly Edge[], ...others: readonly number[]): readonly number[] {
  const operations = new Set<number>();
  const tell = (list: readonly Edge[]): void => {
    for (const { from, to, why } of list) {
      if (from !== ABSENT) operations.add(from);
      if (why.kind === "hidden-by" && why.via !== undefined) tell(why.via);
      if (why.kind === "hidden-by" || why.kind === "listed") operations.add(why.by);
      if (why.kind === "guarantee") for (const because of why.because) operations.add(because);
      if (to !== ABSENT) operations.add(to);
    }
  };
  tell(edges);
  for (const operation of others) operations.add(operation);
  return [...operations];
}
