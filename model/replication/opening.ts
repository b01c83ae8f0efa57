// A cloudlet that goes over to another plan may begin to receive streams. What was applied there before may have records of
// those streams in its past, and those come only now. Until they are all there, readers of the scopes concerned could see
// an effect without its cause: they are answered at once, and told that the answer is behind.
//
// When a stream opens:
// 1. At the adoption the missing dots are collected: named by something applied here, in a stream that reaches this
//    cloudlet now, not applied.
// 2. Each is applied like any other record, its own past first.
// 3. When the last one is, nothing before anything applied here is missing any more (docs/model.md): all is open.

import type { CloudletId, ScopeId } from "../ids.ts";
import { isRecord } from "./applied-log.ts";
import type { AppliedLog } from "./applied-log.ts";
import type { IsMissing } from "./installing.ts";
import type { Scope, Topology } from "../topology/topology.ts";
import { dotName } from "./record.ts";
import type { Dot } from "./record.ts";

/** Scopes of which something has to come before they are open. */
export class Opening {
  /** Scopes with a stream that reaches this cloudlet newly. */
  readonly scopes: ReadonlySet<ScopeId>;
  readonly #missing: Map<string, Dot>;

  constructor(scopes: ReadonlySet<ScopeId>, missing: readonly Dot[]) {
    this.scopes = scopes;
    this.#missing = new Map(missing.map((dot) => [dotName(dot), dot]));
  }

  /** What has still to come. */
  get missing(): readonly Dot[] {
    return [...this.#missing.values()];
  }

  /** Is this among what has still to come? */
  lacks(dot: Dot): boolean {
    return this.#missing.has(dotName(dot));
  }

  /** This was applied. True when it was the last one missing. */
  isEndedBy(dot: Dot): boolean {
    return this.#missing.delete(dotName(dot)) && this.#missing.size === 0;
  }

  /** Does an answer about this key, or about all keys that begin with it, touch a scope that is not open yet? */
  concerns(scopes: readonly Scope[], key: string, isPrefix: boolean): boolean {
    for (const id of this.scopes) {
      const { prefix } = scopes[id] as Scope;
      if (key.startsWith(prefix) || (isPrefix && prefix.startsWith(key))) return true;
    }
    return false;
  }

  /** A copy that shares nothing mutable. */
  clone(): Opening {
    return new Opening(this.scopes, this.missing);
  }
}

/** The scopes of streams that reach this cloudlet under the second plan and did not under the first. */
export function newlyReceived(before: Topology, after: Topology, self: CloudletId): ScopeId[] {
  return after.streams.flatMap(({ id, scope, origins }) => {
    if (after.reaches(id, self) && !before.reaches(id, self)) return [scope];
    // What this cloudlet has lost of its own may come back now.
    return after.circulates(id) && !before.circulates(id) && origins.includes(self) ? [scope] : [];
  });
}

/** The nearest dots of the past of what is applied that reach this cloudlet and are not applied. */
export function missingPast(log: AppliedLog, isMissing: IsMissing): Dot[] {
  const missing: Dot[] = [];
  // Where there are several plans the log retains everything.
  for (let at = log.base; at < log.end; at += 1) {
    const item = log.at(at);
    if (!isRecord(item)) continue;
    for (const dot of item.deps) if (isMissing(dot, "deps")) missing.push(dot);
    for (const dot of item.prev) if (isMissing(dot, "prev")) missing.push(dot);
  }
  return missing;
}
