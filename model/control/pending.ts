// What is still to be done to what a reader is shown (D2). An operation changes an object; where the state of such objects is kept
// among the data is said by kind of object: `vm` under `vms/{cloudlet}/{object}`. While an operation on it stands at a cloudlet
// and has no final end, whatever is read there under that key is only the best known, and the answer names the operation:
//
// 1. a asks c to stop vm7, and c is out of reach. 2. A reader at a gets `running`, best known, pending 0.1.1. 3. c comes back, stops
// the machine and writes `stopped`. 4. Its end is at a: a reader gets `stopped`, and nothing beside it.
//
// An end that was decided on the way leaves the mark standing: the target may have done it all the same.
//
// Leaves out siblings, which the replica marks by itself (replication/resolver.ts), and keys that a scan finds nothing at.

import type { ClientResult, KeyAnswer } from "../replication/io.ts";
import type { Bench } from "./bench.ts";
import type { Line } from "./line.ts";
import { nameOf } from "./keys.ts";
import { compareIds, type OperationId } from "./operation.ts";

/** The operations that are pending at one cloudlet, by the key that shows what they are done to. */
export class PendingAt {
  readonly #bench: Bench;
  // Some may be over meanwhile: whoever looks takes these away.
  readonly #byKey: Map<string, Set<OperationId>>;

  constructor(bench: Bench, like: PendingAt | null = null) {
    this.#bench = bench;
    this.#byKey = new Map([...(like === null ? [] : like.#byKey)].map(([key, ids]) => [key, new Set(ids)]));
  }

  /** Something about an operation has changed. */
  note(line: Line): void {
    if (this.#bench.settings.kept.size === 0 || !this.#isPending(line)) return;
    const key = this.#keyOf(line);
    if (key === null) return;
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, new Set([line.id]));
    else known.add(line.id);
  }

  /** The answer to a request, with what is pending on each of its keys. */
  marked(result: ClientResult): ClientResult {
    if (result.kind !== "read" || this.#byKey.size === 0) return result;
    const answers = result.answers.map((answer) => this.#marked(answer));
    return answers.every((answer, index) => answer === result.answers[index]) ? result : { ...result, answers };
  }

  #marked(answer: KeyAnswer): KeyAnswer {
    const { book, rules } = this.#bench;
    const ids = this.#byKey.get(answer.key);
    if (ids === undefined) return answer;
    for (const id of ids) {
      const line = book.line(id);
      if (line === null || !this.#isPending(line)) ids.delete(id);
    }
    if (ids.size === 0) this.#byKey.delete(answer.key);
    if (ids.size === 0 || !rules.tellsPending()) return answer;
    return { ...answer, bestKnown: true, pending: [...ids].sort(compareIds) };
  }

  #isPending({ directive, ending, final }: Line): boolean {
    if (directive !== "open" && directive !== "ending") return false;
    return this.#bench.rules.isPending({ isEnding: ending !== null, isFinal: final !== null });
  }

  #keyOf({ target, subject }: Line): string | null {
    if (subject === null) return null;
    const { settings } = this.#bench;
    const template = settings.kept.get(settings.catalogue.get(subject.kind)?.object ?? "");
    if (template === undefined) return null;
    // Functions, so that what stands in a name is never taken for a pattern.
    return template
      .replaceAll("{cloudlet}", () => nameOf(this.#bench.topology(), target))
      .replaceAll("{object}", () => subject.object);
  }
}
