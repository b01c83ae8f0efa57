// Does one record precede another? Answered by walking from the later one through dependencies and replaced versions of
// records held here, never going below the earlier one's stamp (stamps extend happens-before). For trimming contexts the
// walk has a budget and may answer "not known to": that costs bytes, never correctness. For conflict detection it is
// exact: everything between two records of this replica that matters is held by this replica (docs/model.md).

import type { RecordIndex } from "./record-index.ts";
import { dotName, sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";

/** Records looked into besides the later one: what a longer walk saves is below a tenth of a dependency. */
const trimmingBudget = 4;

/** Answers questions of precedence from the records held here. */
export class Coverage {
  readonly #index: RecordIndex;

  constructor(index: RecordIndex) {
    this.#index = index;
  }

  /** Is `earlier` known to be in the past of `later`? False also when a few looks do not show it. */
  precedes(earlier: Dot, later: Dot): boolean {
    const from = this.#index.find(later);
    if (from === null) return false;
    const target = this.#index.find(earlier);
    if (target === null) return names(from, earlier);
    if (!stampBelow(target, from)) return false;
    if (names(from, earlier)) return true;
    let left = trimmingBudget;
    for (let list = from.prev, isLast = false; ; list = from.deps, isLast = true) {
      for (let at = 0; at < list.length && left > 0; at += 1) {
        const next = this.#index.find(list[at] as Dot);
        if (next === null || !stampBelow(target, next)) continue;
        if (names(next, earlier)) return true;
        left -= 1;
      }
      if (isLast) return false;
    }
  }

  /** Is `earlier` in the past of `later`, both held here? Exact, whatever it costs. */
  precedesExactly(earlier: CausalRecord, later: CausalRecord): boolean {
    if (!stampBelow(earlier, later)) return false;
    // A record of an equal or lower stamp cannot have the earlier one in its past, nor be on the way to it.
    const visited = new Set([later]);
    for (const record of visited) {
      if (names(record, earlier.dot)) return true;
      for (const dot of [...record.prev, ...record.deps]) {
        const next = this.#index.find(dot);
        if (next !== null && stampBelow(earlier, next)) visited.add(next);
      }
    }
    return false;
  }
}

/**
 * The past of some dots for many questions: the walk of `precedesExactly`, gone once, and only as far down as was asked. It keeps what it has
 * seen, so for one or two questions that walk is cheaper.
 */
export class Descent {
  readonly #index: RecordIndex;
  // By name, of what was reached: the record of the highest stamp that lists it; null for the dots themselves.
  readonly #listed = new Map<string, CausalRecord | null>();
  readonly #reached = new Set<CausalRecord>();
  // Reached, and not looked into yet.
  #below: CausalRecord[] = [];

  constructor(index: RecordIndex, dots: readonly Dot[]) {
    this.#index = index;
    for (const dot of dots) {
      this.#listed.set(dotName(dot), null);
      this.#reach(dot);
    }
  }

  /** Is this one of the dots, or known to be in their past? */
  holds(version: CausalRecord): boolean {
    for (;;) {
      // A record of an equal or lower stamp cannot have the version in its past.
      const above = this.#below.filter((record) => stampBelow(version, record));
      if (above.length === 0) break;
      this.#below = this.#below.filter((record) => !stampBelow(version, record));
      for (const record of above) {
        for (const dot of record.prev) this.#list(dot, record);
        for (const dot of record.deps) this.#list(dot, record);
      }
    }
    const by = this.#listed.get(dotName(version.dot));
    return by === null || (by !== undefined && stampBelow(version, by));
  }

  #list(dot: Dot, by: CausalRecord): void {
    const name = dotName(dot);
    const former = this.#listed.get(name);
    if (former === undefined || (former !== null && stampBelow(former, by))) this.#listed.set(name, by);
    if (former === undefined) this.#reach(dot);
  }

  #reach(dot: Dot): void {
    const record = this.#index.find(dot);
    if (record === null || this.#reached.has(record)) return;
    this.#reached.add(record);
    this.#below.push(record);
  }
}

function names({ prev, deps }: CausalRecord, dot: Dot): boolean {
  for (let at = 0; at < prev.length; at += 1) if (sameDot(prev[at] as Dot, dot)) return true;
  for (let at = 0; at < deps.length; at += 1) if (sameDot(deps[at] as Dot, dot)) return true;
  return false;
}

function stampBelow(a: CausalRecord, b: CausalRecord): boolean {
  return a.stamp.wall < b.stamp.wall || (a.stamp.wall === b.stamp.wall && a.stamp.logical < b.stamp.logical);
}
