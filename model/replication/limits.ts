// Puts that are not to last. A put may carry how long it is to last at least; the cloudlet where it was written, and nobody
// else, ends it: with a delete that replaces this put and nothing else, if it still stands there.
//
// 1. The put is written: from now on it lasts by this process's monotonic clock, which no step of the wall clock touches.
// 2. It is stored and stands. Whoever replaces it meanwhile has ended it for good; here it is forgotten.
// 3. Its time is over: the delete is written, just above the put in both orders of stamps and right behind it in the order
//    of writes. So a write that is concurrent with the delete wins or loses against it as it did against the put.
// 4. The process ends first: the next one finds the put on its disk, or gets it back from a neighbour where the disk is lost.
//    How long the put has lasted by then only the wall clock can tell; what is overdue ends at once. It never lasts longer
//    than its whole time again: that bounds what a clock that was set back can do.
//
// A put that does not stand here when its time is over, since the disk or its past keeps it waiting, ends when it does. Where a
// cloudlet no longer takes part in a scope, under another plan, its puts stay until it does again.
//
// Leaves out how the delete is made (write-end.ts), the orders (stamp.ts), and who may ask for such a put (draft.ts).

import { assert } from "../assert.ts";
import type { Duration } from "../units.ts";
import type { Effect, LocalTime } from "./io.ts";
import type { CausalRecord } from "./record.ts";
import type { Standing } from "./standing.ts";
import type { VersionStore } from "./versions.ts";

/** The timer for the put whose time is over first. Those of neighbours are below, those of collecting streams above. */
export const limitTimer = 0xff_ffff;

/** A put, and when its time is over by this process's monotonic clock. */
interface Limited {
  readonly record: CausalRecord;
  readonly due: number;
}

/** What the limits of one replica need to know. */
export type LimitsConfig = Pick<Standing, "topology" | "self" | "rules">;

/** A put whose time is over, and what its end replaces: that put alone, by the right rules. */
export interface Ending {
  readonly put: CausalRecord;
  readonly ended: readonly CausalRecord[];
}

const nothing: readonly Effect[] = [];

/** The puts of one cloudlet that it has to end. Made when there is the first. */
export class Limits {
  readonly #config: LimitsConfig;
  readonly #versions: VersionStore;
  // By when their time is over.
  #standing: Limited[] = [];
  // Written in this life and not standing yet.
  readonly #written: Map<CausalRecord, number>;
  // Those that came to stand in this step, or whose stream did not lead here.
  #unread: CausalRecord[] = [];
  // When the timer is set for; infinity while it is not.
  #armedFor = Infinity;

  constructor(config: LimitsConfig, versions: VersionStore, like: Limits | null = null) {
    this.#config = config;
    this.#versions = versions;
    this.#written = new Map(like === null ? null : like.#written);
    if (like === null) return;
    this.#standing = like.#standing.slice();
    this.#unread = like.#unread.slice();
    this.#armedFor = like.#armedFor;
  }

  /** This process writes a put now that is not to last. */
  wrote(record: CausalRecord, now: LocalTime): void {
    this.#written.set(record, now.monotonic + this.#timeOf(record));
  }

  /** A put of this cloudlet that is not to last stands here from now on. */
  stands(record: CausalRecord): void {
    if (this.#written.has(record) || this.#config.rules.remembersLimits()) this.#unread.push(record);
  }

  /** After a step: the timer is set for the first put that stands. `isMute`: this life writes nothing any more. */
  armings(now: LocalTime, isMute: boolean): readonly Effect[] {
    for (const record of this.#takeUnread()) this.#insert({ record, due: this.#dueOf(record, now) });
    while (this.#standing.length > 0 && this.#ended((this.#standing[0] as Limited).record).length === 0) {
      this.#standing.shift();
    }
    const due = isMute ? Infinity : (this.#standing[0]?.due ?? Infinity);
    if (due === this.#armedFor) return nothing;
    this.#armedFor = due;
    if (due === Infinity) return [{ kind: "disarm", timer: limitTimer }];
    const after = Math.max(0, due - now.monotonic) as Duration;
    return [{ kind: "arm", timer: limitTimer, after: [after, after] }];
  }

  /** The timer has run out: each put whose time is over, with what its end replaces. They are no business of this any more. */
  takeDue(now: LocalTime): readonly Ending[] {
    this.#armedFor = Infinity;
    const endings: Ending[] = [];
    for (let next = this.#standing[0]; next !== undefined && next.due <= now.monotonic; next = this.#standing[0]) {
      this.#standing.shift();
      const { record } = next;
      const ended = this.#ended(record);
      if (ended.length === 0) continue;
      if (this.#isHeld(record)) endings.push({ put: record, ended });
      else this.#unread.push(record);
    }
    return endings;
  }

  /** The state as numbers, for fingerprints: when what stands is to end does not follow from what is applied. */
  state(): readonly number[] {
    const written = [...this.#written].map(([record, due]) => ({ record, due }));
    return [...this.#standing, ...written].flatMap(({ record: { dot }, due }) => [dot.stream, dot.sequence, due]);
  }

  // What no longer leads here is looked at again after the next step: this cloudlet does not write into its stream.
  #takeUnread(): readonly CausalRecord[] {
    const all = this.#unread;
    if (all.length === 0) return all;
    this.#unread = all.filter((record) => !this.#isHeld(record) && this.#ended(record).length > 0);
    return all.filter((record) => this.#isHeld(record));
  }

  // How long a put of an earlier life has lasted the wall clock tells, from the stamp, which does not lie behind the clock that
  // it was made by. A clock that was set back must not make it last for longer than all of its time.
  #dueOf(record: CausalRecord, now: LocalTime): number {
    const written = this.#written.get(record);
    this.#written.delete(record);
    if (written !== undefined) return written;
    const time = this.#timeOf(record);
    return now.monotonic + Math.min(time, Math.max(0, record.stamp.wall + time - now.wall));
  }

  #timeOf({ ttl }: CausalRecord): Duration {
    assert(ttl !== undefined, "only what is not to last is ended");
    return this.#config.rules.lasts(ttl);
  }

  // Most last equally long, so the last one written is nearly always the last to end.
  #insert(limited: Limited): void {
    let place = this.#standing.length;
    while (place > 0 && (this.#standing[place - 1] as Limited).due > limited.due) place -= 1;
    this.#standing.splice(place, 0, limited);
  }

  #ended(record: CausalRecord): readonly CausalRecord[] {
    return this.#config.rules.ends(record, this.#versions.of(record.key));
  }

  #isHeld({ dot }: CausalRecord): boolean {
    const { topology, self } = this.#config;
    return topology.reaches(dot.stream, self);
  }
}
