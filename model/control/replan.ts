// Plans that change while operations are queued (N7). The control path to a target is another one then; whoever issued an operation may
// not be above its target any more; and who stood on the way may not.
//
// 1. The target judges on arrival, by its ancestors now: what somebody issued who is not above it ends as `failed (authority)`.
// 2. Whoever issued an operation for somebody who is not below any more will not hear of it: a detachment closes the target (closing.ts).
// 3. Where every layer keeps a copy, directives go down the new way by ordinary flows; copies that lie beside it count in no queue.
// 4. Where custody is handed on, an operation may lie beside the way, and nowhere else. Whoever has it gives it back: all of it goes
//    up among its own results. The lowest cloudlet above both it and the target hands it to the next one on the new way; where that has
//    had it before it goes down among the directives of the target, as under shared custody. Two that take themselves for that cloudlet
//    hand it on twice: it has one name, and the target begins it once.
//
// Leaves out that what was given back stays written where it lay.

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Duration } from "../units.ts";
import type { Topology } from "../topology/topology.ts";
import type { Bench } from "./bench.ts";
import { nextHop } from "./custody.ts";
import { wordAmong } from "./ends.ts";
import type { ControlKey } from "./keys.ts";
import { issuerOf, operationText, type Operation } from "./operation.ts";

/** Custody that lies beside the way, at one cloudlet. */
export class Replan {
  readonly #bench: Bench;
  readonly #versions: (key: string) => readonly CausalRecord[];

  /** What was rerouted, and whose removal is on its way to the disk. */
  readonly #leaving: Set<string>;

  constructor(bench: Bench, versions: (key: string) => readonly CausalRecord[], like: Replan | null = null) {
    this.#bench = bench;
    this.#versions = versions;
    this.#leaving = new Set(like === null ? null : like.#leaving);
  }

  /** Another plan is in force: what this cloudlet has handed to somebody who is not next any more goes another way. */
  adopt(allKeys: readonly string[]): void {
    const { keys, settings } = this.#bench;
    if (settings.custody === "shared") return;
    for (const key of allKeys) {
      const read = keys.read(key);
      if (read?.carrier === "custody") this.#reroute(key, read);
    }
  }

  /** Something stands at a key: has somebody given back an operation that goes on from here? */
  heed(key: string, read: ControlKey): void {
    const { self, settings } = this.#bench;
    if (settings.custody === "shared" || this.#bench.topology().plan === 0) return;
    // It was on its way to the disk when the plan changed.
    if (read.carrier === "custody") this.#reroute(key, read);
    if (read.carrier !== "results" || read.cloudlet === self) return;
    const operation = this.#operationAt(key, read);
    if (operation === null || this.#isSettled(operation) || !this.#bench.rules.takesBack()) return;
    const { target } = operation;
    if (target !== self && !this.#isAbove(self, target)) return;
    const [there, back] = [nextHop(this.#bench, self, target), nextHop(this.#bench, self, read.cloudlet)];
    if (back === null || (target !== self && there === back && back !== target)) return;
    this.#forward(key, operation);
  }

  #reroute(key: string, read: ControlKey): void {
    const { keys, self } = this.#bench;
    if (read.cloudlet === self) return;
    const operation = this.#operationAt(key, read);
    if (operation === null) this.#leaving.delete(key);
    if (operation === null || this.#leaving.has(key) || nextHop(this.#bench, self, operation.target) === read.cloudlet)
      return;
    // What was issued here for somebody who is not below any more ends here.
    const stays = this.#isAbove(self, operation.target) || issuerOf(operation.id) === self;
    if (!this.#isSettled(operation)) {
      if (stays) this.#forward(key, operation);
      else this.#bench.write(keys.of("results", self, operation.id), this.#text(operation), [key]);
    }
    this.#leaving.add(key);
    this.#bench.remove(key);
  }

  #operationAt(key: string, { operation: id }: ControlKey): Operation | null {
    const word = wordAmong(id, this.#versions(key))?.word;
    return word?.says === "operation" ? word.operation : null;
  }

  // It has ended, or goes down with the directives already.
  #isSettled({ id, target }: Operation): boolean {
    const { keys } = this.#bench;
    if (wordAmong(id, this.#versions(keys.of("directives", target, id))) !== null) return true;
    return wordAmong(id, this.#versions(keys.of("results", target, id)))?.word.says === "end";
  }

  #isAbove(cloudlet: CloudletId, target: CloudletId): boolean {
    return this.#bench.topology().relation(cloudlet, target) === "lower";
  }

  // To the next one, unless that has had it already: its receipt of then would be taken for one of now.
  #forward(key: string, operation: Operation): void {
    const { keys, self } = this.#bench;
    const { id, target } = operation;
    const next = nextHop(this.#bench, self, target);
    const isNew = next !== null && this.#versions(keys.of("results", next, id)).length === 0;
    const to = isNew ? keys.of("custody", next, id) : keys.of("directives", target, id);
    this.#bench.write(to, this.#text(operation), [key]);
  }

  // How old it is where it is known here.
  #text(operation: Operation): string {
    const line = this.#bench.book.line(operation.id);
    const waited = line === null ? 0 : Math.floor(this.#bench.now().monotonic - line.since);
    return operationText({ ...operation, age: (operation.age + waited) as Duration });
  }
}

/**
 * The plans before that one under which a cloudlet was not above another any more, having been above it before: by name, beside names
 * of confirmations. Plans are adopted in the order of their family.
 */
export function gapsBetween(now: Topology, issuer: CloudletId, target: CloudletId): readonly string[] {
  let wasAbove = false;
  const gaps: string[] = [];
  for (const plan of now.plans.slice(0, now.plan)) {
    const isAbove = plan.relation(issuer, target) === "lower";
    wasAbove ||= isAbove;
    if (wasAbove && !isAbove) gaps.push(`plan.${plan.plan}`);
  }
  return gaps;
}
