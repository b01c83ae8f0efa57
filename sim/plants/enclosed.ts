// A core with something between it and its world: what planted leaks and planted bugs of its surroundings are made of.

import type { AbstractTime, Effect, Input, LocalTime, ReplicationCore } from "../../model/replication/io.ts";

/** What surroundings do to what a core hears, is told of the time, and wants; as it is where left out. */
export interface Surroundings {
  hear?(input: Input, now: LocalTime): Input;
  tell?(now: LocalTime): LocalTime;
  want?(effects: readonly Effect[]): readonly Effect[];
}

/** A core in its surroundings. A copy shares them. */
export class Enclosed implements ReplicationCore {
  readonly #core: ReplicationCore;
  readonly #around: Surroundings;

  constructor(core: ReplicationCore, around: Surroundings) {
    this.#core = core;
    this.#around = around;
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    const heard = this.#around.hear?.(input, now) ?? input;
    const effects = this.#core.step(heard, this.#around.tell?.(now) ?? now);
    return this.#around.want?.(effects) ?? effects;
  }

  snapshot(): ReturnType<ReplicationCore["snapshot"]> {
    return this.#core.snapshot();
  }

  waitingCuts(): ReturnType<ReplicationCore["waitingCuts"]> {
    return this.#core.waitingCuts();
  }

  fork(): ReplicationCore {
    return new Enclosed(this.#core.fork(), this.#around);
  }

  fingerprint(time?: AbstractTime): string {
    return this.#core.fingerprint(time);
  }

  versions(key: string): ReturnType<ReplicationCore["versions"]> {
    return this.#core.versions(key);
  }

  keys(): readonly string[] {
    return this.#core.keys();
  }

  hasApplied(dot: Parameters<ReplicationCore["hasApplied"]>[0]): boolean {
    return this.#core.hasApplied(dot);
  }

  pending(): ReturnType<ReplicationCore["pending"]> {
    return this.#core.pending();
  }
}
