/**
 * What follows from a read that sees a write of its key: the one rule that all models share, whatever "sees" means in them.
 *
 * Leaves out who sees whom.
 */
import { ABSENT, type History, keyKind } from "../history.ts";
import type { EdgeList } from "../orders/graph.ts";
import { edgeLabel, type Missed } from "./commit-order.ts";
import type { Transactions } from "./form.ts";

/** Applies the rule to one pair after the other, and collects the edges. */
export class Sight {
  readonly #history: History;
  readonly #transactions: Transactions;
  readonly #edges: EdgeList;
  /** The first pair that no order can help; null while there is none. */
  missed: Missed | null = null;

  constructor(history: History, transactions: Transactions, edges: EdgeList) {
    this.#history = history;
    this.#transactions = transactions;
    this.#edges = edges;
  }

  /**
   * The outside read `entry` (its place in `Transactions.read`) sees the transaction `seen`, whose last write of the read's key is
   * `write`: so `seen` is what was read, or lost against it, or is in the list.
   */
  sees(entry: number, seen: number, write: number): void {
    const from = this.#transactions.readFrom[entry]!;
    if (from === seen) return;
    const read = this.#transactions.read[entry]!;
    const { key, listStart, version } = this.#history;
    if (this.#history.keyKind[key[read]!] === keyKind.list) {
      const place = this.#transactions.lists.position[version[write]!]!;
      if (place !== ABSENT && place < listStart[read + 1]! - listStart[read]!) return;
      this.missed ??= { read, missed: write };
    } else if (from === ABSENT) this.missed ??= { read, missed: write };
    else this.#edges.push(seen, from, edgeLabel.of(read, edgeLabel.hidden));
  }
}
