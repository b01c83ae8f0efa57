/**
 * The session guarantees with one order of versions of each key that all sessions share.
 *
 * Each is a set of demands "this version is older than that one", and fails where they form a cycle, or where the initial version
 * comes after another:
 *
 * - RYW-shared: a session's writes of a key in their order; its last write before what a later read returned.
 * - MR-shared: what a session read before what it read next.
 * - MW-shared: the same, and every session's writes in their order. A shared order only shows in that nobody reads against it; so MW
 *   and WFR take the demands of MR with them here.
 * - WFR-shared: as MR-shared, and what a session had read of a key before what it then wrote there. (The last thing read is enough:
 *   the earlier ones are before it.)
 *
 * Linear. Leaves out the forms with an order per session (sessions.ts), and what crosses keys, which is PRAM's and CC's.
 */
import { ABSENT, type History, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import type { ModelName } from "./models.ts";
import { EdgeLists } from "./orders/edge-lists.ts";
import { operationsOf } from "./orders/paths.ts";
import { shortestCycleOf } from "./orders/small-cycle.ts";
import { HOLDS, violated } from "./preliminary.ts";
import type { ReadsFrom } from "./reads-from.ts";
import { onRegister, readWriter } from "./registers.ts";
import { unfitForSessions } from "./sessions.ts";
import type { Edge, Verdict } from "./verdict.ts";

type SharedModel = Extract<ModelName, `${string}-shared`>;

/** Which demands a guarantee makes. */
interface Demands {
  readonly ownWrites: boolean;
  readonly readsOwn: boolean;
  readonly reads: boolean;
  readonly follows: boolean;
}

const demandsOf: Readonly<Record<SharedModel, Demands>> = {
  "RYW-shared": { ownWrites: true, readsOwn: true, reads: false, follows: false },
  "MR-shared": { ownWrites: false, readsOwn: false, reads: true, follows: false },
  "MW-shared": { ownWrites: true, readsOwn: false, reads: true, follows: false },
  "WFR-shared": { ownWrites: false, readsOwn: false, reads: true, follows: true },
};

/** The checker of one of the four. */
export function sharedGuarantee(model: SharedModel): (judgement: Judgement) => Verdict {
  return (judgement) => unfitForSessions(judgement) ?? decide(judgement, model);
}

function decide({ history, readsFrom }: Judgement, model: SharedModel): Verdict {
  const demands = new DemandedOrder(history, readsFrom, demandsOf[model]);
  if (demands.late !== null) {
    const [first, read] = demands.late;
    const edges: readonly Edge[] = [{ from: first, to: read, why: { kind: "session" } }];
    const pattern = history.kind[first] === operationKind.read ? "NonMonotonicRead" : "WriteCOInitRead";
    return violated({ pattern, operations: [first, read], edges, cyclic: false });
  }
  const cycle = shortestCycleOf(demands.edges, history.operationCount);
  if (cycle === null) return HOLDS;
  const edges = cycle.map((edge): Edge => {
    const [from, to] = [demands.edges.from(edge), demands.edges.to(edge)];
    const because = demands.reasonsOf(edge);
    return { from, to, why: because.length === 0 ? { kind: "session" } : { kind: "guarantee", model, because } };
  });
  return violated({ pattern: "CyclicVersions", operations: operationsOf(edges), edges, cyclic: true });
}

/** All demands of one guarantee, between writes. */
class DemandedOrder {
  readonly edges: EdgeLists;
  /** A read of the initial version and, before it, what shows that this is too late; null where there is none. */
  readonly late: readonly [number, number] | null;
  /** By edge, two operations of the session that makes it; ABSENT where it is session order by itself. */
  readonly #because: number[] = [];

  constructor(history: History, reads: ReadsFrom, demands: Demands) {
    const { operationCount, kind, key, session } = history;
    this.edges = new EdgeLists(operationCount);
    const lastWrite = new Int32Array(history.keyCount).fill(ABSENT);
    const lastRead = new Int32Array(history.keyCount).fill(ABSENT);
    let late: readonly [number, number] | null = null;
    const ofSession = (operation: number, at: number): number =>
      operation !== ABSENT && session[operation] === session[at] ? operation : ABSENT;
    for (let operation = 0; operation < operationCount; operation += 1) {
      if (!onRegister(history, reads, operation)) continue;
      const of = key[operation]!;
      const write = ofSession(lastWrite[of]!, operation);
      const read = ofSession(lastRead[of]!, operation);
      const shown = read === ABSENT ? ABSENT : readWriter(history, reads, read);
      if (kind[operation] !== operationKind.read) {
        if (demands.ownWrites && write !== ABSENT) this.#demand(write, operation, ABSENT, ABSENT);
        if (demands.follows && shown !== ABSENT) this.#demand(shown, operation, read, operation);
        lastWrite[of] = operation;
        continue;
      }
      const writer = readWriter(history, reads, operation);
      if (writer === ABSENT) {
        if (demands.readsOwn && write !== ABSENT) late ??= [write, operation];
        if (demands.reads && shown !== ABSENT) late ??= [read, operation];
      } else {
        if (demands.readsOwn && write !== ABSENT && write !== writer) this.#demand(write, writer, write, operation);
        if (demands.reads && shown !== ABSENT && shown !== writer) this.#demand(shown, writer, read, operation);
      }
      lastRead[of] = operation;
    }
    this.late = late;
  }

  reasonsOf(edge: number): readonly number[] {
    return this.#because.slice(edge * 2, edge * 2 + 2).filter((operation) => operation !== ABSENT);
  }

  #demand(older: number, newer: number, first: number, second: number): void {
    this.edges.add(older, newer);
    this.#because.push(first, second);
  }
}
