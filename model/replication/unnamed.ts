// Versions that gave way to a write of a session that had moved, which could not name them (docs/model.md, "Sessions that move"). Walks over what
// was replaced here follow `prev`, and would miss them.
//
// 1. A session reads v. 2. u, of a session that moved with v in its past, is applied here and replaces v without naming it.
// 3. The session writes w without having seen u: w must replace v where v still lives, at a neighbour that has not got u.

import type { CausalRecord, Dot } from "./record.ts";

/** As many as this are never looked through for what may go. */
const KEPT_MIN = 256;

/** What each such write replaced here, as long as the write itself is held. */
export class Unnamed {
  // Null until there is such a write.
  #replacedBy: Map<CausalRecord, readonly CausalRecord[]> | null;
  #prunedAt = KEPT_MIN;

  constructor(like: Unnamed | null = null) {
    this.#replacedBy = like === null || like.#replacedBy === null ? null : new Map(like.#replacedBy);
  }

  /** This write replaced these here. */
  note(record: CausalRecord, replaced: readonly CausalRecord[], find: (dot: Dot) => CausalRecord | null): void {
    if (replaced.length === 0) return;
    this.#replacedBy ??= new Map();
    this.#replacedBy.set(record, replaced);
    if (this.#replacedBy.size < this.#prunedAt) return;
    for (const held of this.#replacedBy.keys()) if (find(held.dot) === null) this.#replacedBy.delete(held);
    this.#prunedAt = Math.max(KEPT_MIN, 2 * this.#replacedBy.size);
  }

  /** What this write replaced here without naming it. */
  by(record: CausalRecord): readonly CausalRecord[] {
    return this.#replacedBy?.get(record) ?? nothing;
  }
}

const nothing: readonly CausalRecord[] = [];
