// Custody that is handed down hop by hop (A5c): an operation lies at one cloudlet at a time, but for a moment, so that queues above
// do not grow with those below. Where custody is `shared` nothing of this happens: operations lie at every layer on the way.
//
// The way of an operation from a over b to its target c:
// 1. a is asked, and writes it for the next hop: custody/b. It is in the queue of a.
// 2. b has it, and writes a record of its own that follows the one it got: custody/c. Once that is stored: a receipt, among the
//    results of b.
// 3. a sees the receipt, keeps what its issuer needs to know of the operation (all but what the plane is to be told), and takes
//    its record away. The operation is in the queue of b.
// 4. c keeps a copy for itself before it gives its receipt.
// No receipt, no removal: at every moment somebody has all of it on his disk. Whoever dies between two of these steps goes on
// where the records say that he was. Ends that are decided on the way go down as directives, past whoever has custody; the
// operation itself is taken away then.

import type { CloudletId } from "../ids.ts";
import type { Duration } from "../units.ts";
import type { Bench } from "./bench.ts";
import { places, type Handing, type Line } from "./line.ts";
import { subjectText, type Subject } from "./ends.ts";
import { issuerOf, operationText, type Operation } from "./operation.ts";

/** The next cloudlet on the way down from one cloudlet to a target below it; null when the target is not below. */
export function nextHop(bench: Pick<Bench, "topology">, from: CloudletId, target: CloudletId): CloudletId | null {
  const way = [target, ...bench.topology().ancestors(target)];
  const at = way.indexOf(from);
  return at <= 0 ? null : (way[at - 1] as CloudletId);
}

/** Custody as one cloudlet has it. */
export class Custody {
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** Something about an operation has changed: what is owed about who has it. */
  changed(line: Line): void {
    if (this.#bench.settings.custody === "shared") return;
    this.#observe(line);
    if (line.handing !== null) return;
    const { rules, self } = this.#bench;
    const has = (place: number): boolean => (line.places & place) !== 0;
    const isTarget = line.target === self;
    const isIssuer = issuerOf(line.id) === self;
    if (line.directive === "ending" || line.directive === "over" || line.result === "end") {
      if (has(places.handed)) this.#remove(line, "handed");
      else if (has(places.held) && (isTarget ? line.result === "end" : line.directive === "over")) {
        this.#remove(line, "held");
      }
      return;
    }
    const mine = isTarget ? places.held : places.handed;
    if (has(places.came) && !has(mine) && !line.isTakenHere) this.#copy(line);
    else if (has(places.came) && has(mine) && !line.isTakenHere) this.#receipt(line);
    else if (!isTarget && has(places.handed) && (line.isTakenNext || !rules.awaitsReceipt())) {
      if (isIssuer && !has(places.held)) this.#stub(line);
      else if (rules.removesHanded()) this.#remove(line, "handed");
    }
  }

  // What was on its way to the disk stands now.
  #observe(line: Line): void {
    const { self } = this.#bench;
    const mine = line.target === self ? places.held : places.handed;
    const isThrough: Readonly<Record<Exclude<Handing, null>, boolean>> = {
      copy: (line.places & mine) !== 0,
      receipt: line.isTakenHere,
      stub: (line.places & places.held) !== 0,
      removal: line.removing !== 0 && (line.places & line.removing) === 0,
    };
    if (line.handing !== null && isThrough[line.handing]) line.handing = null;
  }

  #copy(line: Line): void {
    const { keys, self } = this.#bench;
    const next = line.target === self ? null : nextHop(this.#bench, self, line.target);
    if (line.target !== self && next === null) return;
    const operation = line.operation as Operation;
    const waited = Math.floor(this.#bench.now().monotonic - line.since);
    const copy = { ...operation, age: (operation.age + waited) as Duration };
    const key = next === null ? keys.of("held", self, line.id) : keys.of("custody", next, line.id);
    line.handing = "copy";
    this.#bench.write(key, operationText(copy), [keys.of("custody", self, line.id)]);
  }

  #receipt(line: Line): void {
    const { keys, self } = this.#bench;
    const next = line.target === self ? null : nextHop(this.#bench, self, line.target);
    // Whoever is not on the way any more gives it back (replan.ts), and takes nothing.
    if (line.target !== self && next === null) return;
    const copy = next === null ? keys.of("held", self, line.id) : keys.of("custody", next, line.id);
    line.handing = "receipt";
    this.#bench.write(keys.of("results", self, line.id), subjectText("taken", line.subject as Subject), [copy]);
  }

  #stub(line: Line): void {
    line.handing = "stub";
    const kept = operationText({ ...(line.operation as Operation), payload: "" });
    this.#bench.write(this.#bench.keys.of("held", line.target, line.id), kept, []);
  }

  #remove(line: Line, place: "handed" | "held"): void {
    const { keys, self } = this.#bench;
    const next = place === "held" ? null : nextHop(this.#bench, self, line.target);
    if (place === "handed" && next === null) return;
    line.handing = "removal";
    line.removing = places[place];
    this.#bench.remove(next === null ? keys.of("held", line.target, line.id) : keys.of("custody", next, line.id));
  }
}
