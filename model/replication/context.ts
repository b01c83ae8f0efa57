// A session's causal context: the nearest dots of its past, grouped by reach class, and the ceiling of stamps seen.
// Invariant (proved in docs/model.md, tested against full pasts): for every record x in the session's past and every
// cloudlet c that x's stream reaches, some dot y here has x before-or-equal y, and y's stream reaches c too.
// What covers what is asked of coverage.ts. The invariant is about all cloudlets, so a session that moves takes its context
// along as it is (moving.ts).

import type { Coverage } from "./coverage.ts";
import type { CarriedContext } from "./carried.ts";
import type { ReachClasses } from "./reach.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { StampCeiling } from "./stamp.ts";

// Never written to.
const noClasses: number[] = [];
const noDots: Dot[][] = [];

/** The nearest dots of a past. Mutable, owned by one session (or by one write while it is made). */
export class Context {
  readonly ceiling: StampCeiling;
  // Class to antichain of dots, as far as covering could be decided. Few classes: a short list, not a Map.
  // Lists of one are made as they are: most never grow, and one that is pushed to takes room for many.
  #classes: number[] = noClasses;
  #dots: Dot[][] = noDots;

  constructor(ceiling: StampCeiling = new StampCeiling()) {
    this.ceiling = ceiling;
  }

  /** The context that a session brings from another cloudlet. */
  static from(carried: CarriedContext, classes: ReachClasses): Context {
    const made = new Context();
    made.ceiling.raise(carried.ceiling);
    for (const dot of carried.dots) {
      const own = classes.classOf(dot.stream);
      const index = made.#classes.indexOf(own);
      if (index >= 0) (made.#dots[index] as Dot[]).push(dot);
      else made.#begin(own, dot);
    }
    return made;
  }

  /** What a session takes along. */
  carried(): CarriedContext {
    const { wall, logical, lamport } = this.ceiling;
    return { dots: this.dots(), ceiling: { wall, logical, lamport } };
  }

  /** A version was read or overwritten: its dot and its own dependencies become part of the past. */
  observe(record: CausalRecord, classes: ReachClasses, coverage: Coverage): void {
    this.ceiling.raise(record.stamp);
    const own = classes.classOf(record.dot.stream);
    if (!this.#add(record.dot, own, classes, coverage)) return;
    // The record itself stands for those of its dependencies that reach nobody whom it does not reach.
    for (const list of [record.prev, record.deps]) {
      for (const dep of list) {
        const other = classes.classOf(dep.stream);
        if (!classes.covers(own, other)) this.#add(dep, other, classes, coverage);
      }
    }
  }

  /** All that this context stands for is past here, too. */
  join(other: Context, classes: ReachClasses, coverage: Coverage): void {
    this.ceiling.raise(other.ceiling);
    for (const dot of other.dots()) this.#add(dot, classes.classOf(dot.stream), classes, coverage);
  }

  /** The session wrote this: it stands for all that is before it, as far as it reaches. */
  replaceBy(record: CausalRecord, classes: ReachClasses): void {
    this.ceiling.raise(record.stamp);
    const own = classes.classOf(record.dot.stream);
    for (let index = this.#classes.length - 1; index >= 0; index -= 1) {
      if (classes.covers(own, this.#classes[index] as number)) this.#remove(index);
    }
    this.#begin(own, record.dot);
  }

  /** Drops everything but keeps the ceiling. */
  clear(): void {
    this.#classes = noClasses;
    this.#dots = noDots;
  }

  /** All dots of the context, in the order they were added per class. */
  dots(): Dot[] {
    if (this.#dots.length === 0) return [];
    return this.#dots.length === 1 ? (this.#dots[0] as Dot[]).slice() : this.#dots.flat();
  }

  /** A copy that shares nothing mutable. */
  clone(): Context {
    const copy = new Context(this.ceiling.clone());
    if (this.#classes.length === 0) return copy;
    copy.#classes = this.#classes.slice();
    copy.#dots = this.#dots.map((dots) => dots.slice());
    return copy;
  }

  #begin(own: number, dot: Dot): void {
    if (this.#classes.length === 0) {
      this.#classes = [own];
      this.#dots = [[dot]];
    } else {
      this.#classes.push(own);
      this.#dots.push([dot]);
    }
  }

  // False when the dot was covered already and nothing changed.
  #add(dot: Dot, own: number, classes: ReachClasses, coverage: Coverage): boolean {
    for (let index = 0; index < this.#classes.length; index += 1) {
      if (!classes.covers(this.#classes[index] as number, own)) continue;
      for (const held of this.#dots[index] as Dot[]) {
        if (sameDot(held, dot) || coverage.precedes(dot, held)) return false;
      }
    }
    let home: Dot[] | null = null;
    for (let index = this.#classes.length - 1; index >= 0; index -= 1) {
      const other = this.#classes[index] as number;
      if (!classes.covers(own, other)) continue;
      const list = this.#dots[index] as Dot[];
      for (let at = list.length - 1; at >= 0; at -= 1) {
        if (coverage.precedes(list[at] as Dot, dot)) list.splice(at, 1);
      }
      if (other === own) home = list;
      else if (list.length === 0) this.#remove(index);
    }
    if (home === null) this.#begin(own, dot);
    else home.push(dot);
    return true;
  }

  #remove(index: number): void {
    this.#classes.splice(index, 1);
    this.#dots.splice(index, 1);
  }
}
