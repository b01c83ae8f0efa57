// Does one record precede another? Answered by walking from the later one through dependencies and replaced versions of
// records held here, never going below the earlier one's stamp (stamps extend happens-before). For trimming contexts the
// walk has a budget and may answer "not known to": that costs bytes, never correctness. For conflict detection it is
// exact: everything between two records of this replica that matters is held by this replica (docs/model.md).

import type { RecordIndex } from "./record-index.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";

/** Records looked at before a trimming walk gives up: what a longer walk saves is below a tenth of a dependency. */
const trimmingBudget = 16;

/** Answers questions of precedence from the records held here. */
export class Coverage {
  readonly #index: RecordIndex;
  readonly #stack: CausalRecord[] = [];
  readonly #seen = new Set<CausalRecord>();

  constructor(index: RecordIndex) {
    this.#index = index;
  }

  /** Is `earlier` known to be in the past of `later`? False also when the budget ran out or a record is not here. */
  precedes(earlier: Dot, later: Dot): boolean {
    const from = this.#index.find(later);
    if (from === null) return false;
    const target = this.#index.find(earlier);
    if (target === null) return names(from, earlier);
    return this.#walk(target, from, trimmingBudget);
  }

  /** Is `earlier` in the past of `later`, both held here? Exact, whatever it costs. */
  precedesExactly(earlier: CausalRecord, later: CausalRecord): boolean {
    return this.#walk(earlier, later, Infinity);
  }

  #walk(target: CausalRecord, from: CausalRecord, budget: number): boolean {
    if (!stampBelow(target, from)) return false;
    if (names(from, target.dot)) return true;
    const stack = this.#stack;
    const seen = this.#seen;
    stack.length = 0;
    seen.clear();
    stack.push(from);
    let left = budget;
    for (let record = stack.pop(); record !== undefined; record = stack.pop()) {
      for (let list = record.prev, second = false; ; list = record.deps, second = true) {
        for (let at = 0; at < list.length; at += 1) {
          const next = this.#index.find(list[at] as Dot);
          // A record of an equal or lower stamp cannot have the target in its past, nor be on the way to it.
          if (next === null || !stampBelow(target, next) || seen.has(next)) continue;
          if (names(next, target.dot)) return true;
          left -= 1;
          if (left <= 0) return false;
          seen.add(next);
          stack.push(next);
        }
        if (second) break;
      }
    }
    return false;
  }
}

function names(record: CausalRecord, dot: Dot): boolean {
  for (const prev of record.prev) if (sameDot(prev, dot)) return true;
  for (const dep of record.deps) if (sameDot(dep, dot)) return true;
  return false;
}

function stampBelow(a: CausalRecord, b: CausalRecord): boolean {
  return a.stamp.wall < b.stamp.wall || (a.stamp.wall === b.stamp.wall && a.stamp.logical < b.stamp.logical);
}
