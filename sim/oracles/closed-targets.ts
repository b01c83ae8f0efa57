// Whose operations may stay open since somebody has confirmed that it is gone: who is marked so by anybody above it.
//
// Leaves out whether it is marked so rightly (mark-rules.ts).

import type { Mark } from "../../model/control/aliveness.ts";
import { confirmationKinds } from "../../model/control/confirmations.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { rewatched } from "./plans-in-force.ts";

/** Follows marks. */
export class ClosedTargets {
  // By cloudlet: who marks it so, and how.
  readonly #closers = new Map<CloudletId, Map<CloudletId, Mark>>();
  readonly #ever = new Set<CloudletId>();

  /** A process marks a cloudlet below it. */
  marked(cloudlet: CloudletId, about: CloudletId, mark: Mark): void {
    const closers = this.#closers.get(about) ?? new Map<CloudletId, Mark>();
    this.#closers.set(about, closers);
    if (confirmationKinds.some((kind) => kind === mark)) {
      closers.set(cloudlet, mark);
      this.#ever.add(about);
    } else closers.delete(cloudlet);
  }

  /** One that starts has marked nobody. */
  started(cloudlet: CloudletId): void {
    for (const closers of this.#closers.values()) closers.delete(cloudlet);
  }

  /** One goes by another plan: those who stand otherwise below it begin anew there. */
  replanned(cloudlet: CloudletId, former: Topology, plan: Topology): void {
    if (this.#closers.size === 0) return;
    for (const { about } of rewatched(cloudlet, former, plan)) this.#closers.get(about)?.delete(cloudlet);
  }

  /** Does anybody mark it so? */
  has(cloudlet: CloudletId): boolean {
    return (this.#closers.get(cloudlet)?.size ?? 0) > 0;
  }

  /** Does anybody mark it as fenced? A life of it may write nothing any more then. */
  isFenced(cloudlet: CloudletId): boolean {
    return [...(this.#closers.get(cloudlet)?.values() ?? [])].includes("fenced");
  }

  /** Did anybody ever? */
  hasEver(cloudlet: CloudletId): boolean {
    return this.#ever.has(cloudlet);
  }
}
