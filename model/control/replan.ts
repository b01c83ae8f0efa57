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
// 5. Whoever has given an operation up and is not on the way any more gives its end back in the same way: nobody else knows of it. The lowest
//    cloudlet above both decides as that one did, and the target answers. So does whoever sent it down among the directives.
// 6. Whoever has given an operation back may be on the way again by then, under the next plan: it is that lowest one itself, and hands the
//    operation on.
//
// Leaves out that what was given back stays written where it lay.

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Duration } from "../units.ts";
import type { Topology } from "../topology/topology.ts";
import type { Bench } from "./bench.ts";
import { nextHop } from "./custody.ts";
import { endText, wordAmong, type EndWord } from "./ends.ts";
import type { ControlKey } from "./keys.ts";
import { issuerOf, operationText, type Operation, type OperationId } from "./operation.ts";

/** Custody that lies beside the way, at one cloudlet. */
export class Replan {
  readonly #bench: Bench;
  readonly #versions: (key: string) => readonly CausalRecord[];

  /** What was rerouted, and whose removal is on its way to the disk. */
  readonly #leaving: Set<string>;
  /** What was given back and taken again under the plan in force. */
  readonly #again: Set<string>;

  constructor(bench: Bench, versions: (key: string) => readonly CausalRecord[], like: Replan | null = null) {
    this.#bench = bench;
    this.#versions = versions;
    this.#leaving = new Set(like === null ? null : like.#leaving);
    this.#again = new Set(like === null ? null : like.#again);
  }

  /** Another plan is in force: what this cloudlet has handed to somebody who is not next any more goes another way. */
  adopt(allKeys: readonly string[]): void {
    const { keys, settings } = this.#bench;
    if (settings.custody === "shared") return;
    this.#again.clear();
    for (const key of allKeys) {
      const read = keys.read(key);
      if (read?.carrier === "custody") this.#reroute(key, read);
      if (read?.carrier === "directives") this.#giveBack(key, read);
      if (read?.carrier === "results") this.#takeAgain(key, read);
    }
  }

  /** Something stands at a key: has somebody given back an operation that goes on from here? */
  heed(key: string, read: ControlKey): void {
    const { self, settings } = this.#bench;
    if (settings.custody === "shared" || this.#bench.topology().plan === 0) return;
    // It was on its way to the disk when the plan changed.
    if (read.carrier === "custody") this.#reroute(key, read);
    if (read.carrier === "directives") this.#giveBack(key, read);
    if (read.carrier !== "results") return;
    this.#takeAgain(key, read);
    if (read.cloudlet === self) return;
    const word = wordAmong(read.operation, this.#versions(key))?.word;
    if (word === undefined || !this.#bench.rules.takesBack()) return;
    if (word.says === "operation" && this.#goesOnFromHere(word.operation.target, read.cloudlet)) {
      if (!this.#isSettled(word.operation)) this.#forward(key, word.operation);
    } else if (word.says === "end") {
      this.#decideAgain(key, read, word);
    }
  }

  // The lowest that is above both where something was given back and its target.
  #goesOnFromHere(target: CloudletId, giver: CloudletId): boolean {
    const { self } = this.#bench;
    if (giver === target || (target !== self && !this.#isAbove(self, target))) return false;
    const [there, back] = [nextHop(this.#bench, self, target), nextHop(this.#bench, self, giver)];
    return back !== null && (target === self || there !== back || back === target);
  }

  // What this cloudlet has given back, and is on the way of again.
  #takeAgain(key: string, { cloudlet: giver, operation: id }: ControlKey): void {
    const { rules, self } = this.#bench;
    if (giver !== self || !rules.takesBack() || !rules.takesAgain() || this.#again.has(key)) return;
    const word = wordAmong(id, this.#versions(key))?.word;
    if (word?.says !== "operation" || !this.#isAbove(self, word.operation.target)) return;
    if (this.#isSettled(word.operation)) return;
    this.#again.add(key);
    this.#forward(key, word.operation);
  }

  // What this cloudlet has decided about somebody who is not below any more, or has sent on to him.
  #giveBack(key: string, { cloudlet: target, operation: id }: ControlKey): void {
    const { keys, self } = this.#bench;
    if (target === self || issuerOf(id) === self || this.#isAbove(self, target)) return;
    const said = wordAmong(id, this.#versions(key));
    if (said === null || said.dot.origin !== self) return;
    const back = keys.of("results", self, id);
    const { word } = said;
    if (!("operation" in word || word.says === "end") || this.#leaving.has(back)) return;
    const given = wordAmong(id, this.#versions(back))?.word.says;
    if (given === "end" || given === word.says || this.#hasAnswered(id, target)) return;
    this.#leaving.add(back);
    const text = "operation" in word ? this.#text(word.operation) : endText("end", word.subject, word.end, target);
    this.#bench.write(back, text, [key]);
  }

  #decideAgain(
    key: string,
    { cloudlet: giver, operation: id }: ControlKey,
    { subject, end, to: target }: EndWord,
  ): void {
    if (target === null || !this.#goesOnFromHere(target, giver) || this.#isEnded({ id, target })) return;
    this.#bench.write(
      this.#bench.keys.of("directives", target, id),
      endText("end", subject, { ...end, at: this.#bench.self }),
      [key],
    );
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
    return this.#hasAnswered(id, target);
  }

  // An end stands here already, or its target has answered.
  #isEnded({ id, target }: Pick<Operation, "id" | "target">): boolean {
    const directive = wordAmong(id, this.#versions(this.#bench.keys.of("directives", target, id)))?.word.says;
    return directive === "end" || directive === "over" || this.#hasAnswered(id, target);
  }

  #hasAnswered(id: OperationId, target: CloudletId): boolean {
    return wordAmong(id, this.#versions(this.#bench.keys.of("results", target, id)))?.word.says === "end";
  }

  #isAbove(cloudlet: CloudletId, target: CloudletId): boolean {
    return this.#bench.topology().relation(cloudlet, target) === "lower";
  }

  // To the next one, unless that has had it already, or may have: its receipt of then would be taken for one of now. What was handed to it
  // under a former plan, and taken away, may have reached it though its receipt has not come yet.
  #forward(key: string, operation: Operation): void {
    const { keys, self } = this.#bench;
    const { id, target } = operation;
    const next = nextHop(this.#bench, self, target);
    const stands = (at: string): boolean => this.#versions(at).length > 0;
    const isNew = next !== null && !stands(keys.of("results", next, id)) && !stands(keys.of("custody", next, id));
    const to = isNew ? keys.of("custody", next, id) : keys.of("directives", target, id);
    this.#bench.write(to, this.#text(operation), [key]);
  }

  // How old it is where it is known here. The record may be of this life, and tell part of that already.
  #text(operation: Operation): string {
    const line = this.#bench.book.line(operation.id);
    const waited = line === null ? 0 : Math.floor(this.#bench.now().monotonic - line.since);
    const age = Math.max(operation.age, (line?.operation ?? operation).age + waited);
    return operationText({ ...operation, age: age as Duration });
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
