// What clients ask in an explored world: the script of a scenario without its times. A session asks one thing after the other; which
// session comes next is open. Requests have numbers in the order of the script; writes have numbers of their own, by which the
// truth keeps sets of writes in the bits of one number.

import { assert } from "../../model/assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../../model/ids.ts";
import { isWriteOp } from "../../model/replication/draft.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { familyOf } from "../../model/topology/resolvers.ts";
import type { Scope, Topology } from "../../model/topology/topology.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Bits of one number; the sign is left alone. */
export const writesMax = 30;

/** One request. */
export interface ProgramRequest {
  readonly number: number;
  /** The session's number. */
  readonly session: number;
  readonly cloudlet: CloudletId;
  readonly op: ClientOp;
  /** Its number among the writes; -1 for a read. */
  readonly write: number;
  /** The number of its key; of a scan -1. */
  readonly key: number;
}

/** One session: its requests in order. */
export interface ProgramSession {
  readonly name: string;
  readonly cloudlet: CloudletId;
  readonly requests: readonly ProgramRequest[];
}

/** A key that is asked about. */
export interface ProgramKey {
  readonly name: string;
  readonly scope: ScopeId;
  readonly resolver: Scope["resolver"];
  /** Which versions stand is judged: values, of which none goes because others have merged it. */
  readonly isJudged: boolean;
  /** What its scope promises when it answers a write. */
  readonly isDurable: boolean;
  /** The set of all writes of this key. */
  readonly writes: number;
}

/** All of it. */
export interface Program {
  readonly requests: readonly ProgramRequest[];
  readonly sessions: readonly ProgramSession[];
  /** The requests that are writes, by their number among them. */
  readonly writes: readonly ProgramRequest[];
  readonly keys: readonly ProgramKey[];
  /** By plan, then by cloudlet: the set of writes that lead there. */
  readonly leadingTo: readonly (readonly number[])[];
  /** The stream of each write; -1 where its cloudlet does not hold the scope. */
  readonly streams: readonly StreamId[];
}

/** The program of a scenario's script. */
export function programOf({ script }: Pick<Scenario, "script">, topology: Topology): Program {
  const names = [...new Set(script.map(({ session }) => session))];
  const keys = [...new Set(script.flatMap(({ op }) => ("key" in op ? [op.key] : [])))].sort();
  const requests: ProgramRequest[] = [];
  const writes: ProgramRequest[] = [];
  // Of one session what stands earlier in time comes first; of one moment what stands first.
  const inOrder = script.toSorted((a, b) => a.at - b.at);
  for (const { cloudlet, session, op } of inOrder) {
    const id = topology.cloudletNamed(cloudlet);
    assert(id !== null, "the script names cloudlets that exist");
    const isWrite = isWriteOp(op);
    const request: ProgramRequest = {
      number: requests.length,
      session: names.indexOf(session),
      cloudlet: id,
      op,
      write: isWrite ? writes.length : -1,
      key: "key" in op ? keys.indexOf(op.key) : -1,
    };
    requests.push(request);
    if (isWrite) writes.push(request);
  }
  assert(writes.length <= writesMax, "a program of too many writes is refused before");
  const streams = writes.map(({ key, cloudlet }) => {
    const scope = topology.scopeOf(keys[key] as string);
    return scope === null ? (-1 as StreamId) : (topology.streamOf(scope, cloudlet) ?? (-1 as StreamId));
  });
  const setOf = (isIn: (write: ProgramRequest) => boolean): number =>
    writes.reduce((set, write) => (isIn(write) ? set | (1 << write.write) : set), 0);
  return {
    requests,
    writes,
    streams,
    sessions: names.map((name, session) => {
      const own = requests.filter((request) => request.session === session);
      return { name, cloudlet: (own[0] as ProgramRequest).cloudlet, requests: own };
    }),
    keys: keys.map((name, key) => {
      const scope = topology.scopes[topology.scopeOf(name) ?? 0] as Scope;
      const family = familyOf(scope.resolver);
      return {
        name,
        scope: scope.id,
        resolver: scope.resolver,
        // Under several plans a write may miss versions of its session's past without anybody's fault (docs/model.md).
        isJudged: family === "one" || (family === "all" && topology.plans.length === 1),
        isDurable: scope.durability === "disk",
        writes: setOf((write) => write.key === key),
      };
    }),
    leadingTo: topology.plans.map((plan) =>
      plan.cloudlets.map(({ id }) =>
        setOf(({ write }) => {
          const stream = streams[write] as StreamId;
          return stream >= 0 && plan.reaches(stream, id);
        }),
      ),
    ),
  };
}
