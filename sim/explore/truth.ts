// What is true in an explored world, kept beside the cores and never asked of them: which writes precede which, by what sessions
// have seen; which are applied where; what replaces what. All of it lies in the state's numbers (vector.ts), sets of writes in the
// bits of one number. Here it is moved on, and every property that must hold always is held against it.
//
// Leaves out convergence, which is judged where nothing moves any more (settle.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Telling } from "../../model/testing/telling.ts";
import { familyOf, replacesAll } from "../../model/topology/resolvers.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Dots } from "./dots.ts";
import type { ExploredProperty } from "./names.ts";
import type { Program, ProgramRequest } from "./program.ts";
import type { Site, SiteEvent, SiteProperty } from "./site.ts";
import type { VectorLayout } from "./vector.ts";

/** A property that does not hold. */
export interface Violation {
  readonly property: ExploredProperty;
  readonly says: string;
}

/** The truth about states of one world. */
export class Truth {
  /** The first violation since it was last set to null. */
  violation: Violation | null = null;
  readonly #layout: VectorLayout;
  readonly #program: Program;
  readonly #topology: Topology;
  readonly #dots: Dots;
  readonly #telling: Telling;
  // By cloudlet: the set of writes that clients ask it for.
  readonly #own: readonly number[];

  constructor(
    layout: VectorLayout,
    program: Program,
    topology: Topology,
    names: { readonly dots: Dots; readonly telling: Telling },
  ) {
    this.#layout = layout;
    this.#program = program;
    this.#topology = topology;
    this.#dots = names.dots;
    this.#telling = names.telling;
    this.#own = topology.cloudlets.map(({ id }) =>
      program.writes.reduce((set, { cloudlet, write }) => (cloudlet === id ? set | (1 << write) : set), 0),
    );
  }

  /** A session asks for its next request. */
  begins(state: Int32Array, session: number): void {
    state[this.#layout.progress + session] = (state[this.#layout.progress + session] as number) | 1;
  }

  /** What came of a step at a cloudlet, whose state was `site` before. `request` is what was asked in it, null when nothing. */
  takes(state: Int32Array, site: Site, events: readonly SiteEvent[], request: ProgramRequest | null): void {
    for (let at = 0; at < events.length; at += 1) {
      const event = events[at] as SiteEvent;
      switch (event.kind) {
        case "wrote":
          assert(request !== null, "records are written for requests");
          this.#wrote(state, request, event.dot);
          break;
        case "applied":
          for (let index = 0; index < event.dots.length; index += 1) {
            this.#applied(state, site, event.dots[index] as number);
          }
          break;
        case "written":
          this.#written(state, event.request, event.dot, event.isDurable);
          break;
        case "refused":
          this.#isOver(state, event.request);
          break;
        case "read":
          this.#read(state, event.request, event.dots);
          break;
        case "fault":
          this.#faultAt(site.cloudlet, event.property, event.says);
          break;
      }
    }
  }

  /** A cloudlet goes over to another plan, under which more may lead there than did. */
  adopts(state: Int32Array, cloudlet: CloudletId): void {
    const layout = this.#layout;
    const applied = state[layout.applied + cloudlet] as number;
    let past = 0;
    for (let write = 0; write < layout.writes; write += 1) {
      if ((applied & (1 << write)) !== 0) past |= state[layout.past + write] as number;
    }
    state[layout.gap + cloudlet] = past & ~applied;
  }

  /** The process of a cloudlet dies. */
  dies(state: Int32Array, cloudlet: CloudletId): void {
    const layout = this.#layout;
    state[layout.applied + cloudlet] = 0;
    state[layout.gap + cloudlet] = 0;
    const { sessions } = this.#program;
    for (let session = 0; session < sessions.length; session += 1) {
      if (sessions[session]?.cloudlet !== cloudlet) continue;
      const progress = state[layout.progress + session] as number;
      // Whoever waited for an answer waits no longer; who goes on is another session.
      if ((progress & 1) === 1) state[layout.progress + session] = progress + 1;
      state[layout.seen + session] = 0;
    }
  }

  /** Another process has started from the disk. */
  hasRestarted(state: Int32Array, cloudlet: CloudletId): void {
    const layout = this.#layout;
    const own = this.#own[cloudlet] as number;
    const lost = (state[layout.answered] as number) & own & ~(state[layout.applied + cloudlet] as number);
    if (lost !== 0)
      this.#faultAt(cloudlet, "durability", `it has lost ${this.#namesOf(state, lost)}, which were answered`);
  }

  /** A step at this cloudlet is over, and this is its state now. */
  judges(state: Int32Array, site: Site): void {
    const layout = this.#layout;
    const { keys, sessions } = this.#program;
    for (let key = 0; key < keys.length; key += 1) {
      const versions = site.versions[key];
      if (versions === null || versions === undefined) continue;
      const right = this.#standing(state, site.cloudlet, key);
      let held = 0;
      for (let at = 0; at < versions.length; at += 1) {
        const write = this.#writeOf(state, versions[at] as number);
        held |= write < 0 ? 1 << 30 : 1 << write;
      }
      if (held === right) continue;
      const [got, wanted] = [held, right].map((set) => (set === 0 ? "nothing" : this.#namesOf(state, set)));
      this.#faultAt(site.cloudlet, "exact-conflicts", `it holds ${got} of ${keys[key]?.name}, right is ${wanted}`);
    }
    if (site.unsynced.length > 0) return;
    for (let session = 0; session < sessions.length; session += 1) {
      if (((state[layout.progress + session] as number) & 1) === 0 || sessions[session]?.cloudlet !== site.cloudlet)
        continue;
      this.#faultAt(
        site.cloudlet,
        "local-wait",
        `its disk has everything, and ${sessions[session]?.name} has no answer`,
      );
    }
  }

  /** The set of writes that are applied somewhere and not where they lead, as sentences. */
  missing(state: Int32Array, siteOf: (cloudlet: CloudletId) => Site): readonly string[] {
    const { applied, past } = this.#layout;
    const has = this.#topology.cloudlets.map(({ id }) => state[applied + id] as number);
    const sentences: string[] = [];
    for (let moved = true; moved;) {
      moved = false;
      for (const { id, name } of this.#topology.cloudlets) {
        const { plan } = siteOf(id);
        const leading = this.#program.leadingTo[plan]?.[id] as number;
        for (let write = 0; write < this.#layout.writes; write += 1) {
          const bit = 1 << write;
          const here = has[id] as number;
          const before = (state[past + write] as number) & leading;
          if ((here & bit) !== 0 || (leading & bit) === 0 || (before & ~here) !== 0) continue;
          if (!this.#isBrought(id, plan, write, has)) continue;
          has[id] = here | bit;
          moved = true;
          sentences.push(`${this.#namesOf(state, bit)} is not applied at ${name}`);
        }
      }
    }
    return sentences;
  }

  // Does a neighbour have it and a flow bring it from there?
  #isBrought(cloudlet: CloudletId, plan: number, write: number, has: readonly number[]): boolean {
    const { keys, writes } = this.#program;
    const { scope } = keys[writes[write]?.key ?? -1] as Program["keys"][number];
    return (this.#topology.plans[plan] as Topology)
      .neighbours(cloudlet)
      .some((way) => way.in.includes(scope) && ((has[way.peer] as number) & (1 << write)) !== 0);
  }

  // A request became a record: its true past, from what its session has seen and from what it replaces.
  #wrote(state: Int32Array, { cloudlet, session, write, key, op }: ProgramRequest, dot: number): void {
    const layout = this.#layout;
    if (this.#writeOf(state, dot) >= 0) {
      this.#faultAt(cloudlet, "unique-dots", `it calls two writes ${this.#nameOf(dot)}`);
      return;
    }
    const { resolver, writes } = this.#program.keys[key] as Program["keys"][number];
    const seen = state[layout.seen + session] as number;
    const standing = this.#standing(state, cloudlet, key);
    const isByName = (op.kind === "put" || op.kind === "delete") && op.replaceAll === true;
    // Where only deletes stand, a write is a creation after them.
    const isCreation = standing !== 0 && this.#areDeletes(standing);
    const isAll = replacesAll(resolver) || op.kind === "resolve" || isByName || isCreation;
    const before = isAll ? standing : writes & seen & (state[layout.applied + cloudlet] as number);
    let [past, replaced] = [seen, 0];
    for (let other = 0; other < layout.writes; other += 1) {
      const bit = 1 << other;
      if ((before & bit) === 0 || familyOf(resolver) === "delta") continue;
      past |= bit | (state[layout.past + other] as number);
      // Under several plans what stood between may never get to where the two ends are.
      replaced |= this.#topology.plans.length > 1 ? bit : bit | (state[layout.replaced + other] as number);
    }
    state[layout.past + write] = past;
    state[layout.replaced + write] = replaced;
    state[layout.dot + write] = dot;
  }

  #applied(state: Int32Array, { cloudlet, plan }: Site, dot: number): void {
    const layout = this.#layout;
    const write = this.#writeOf(state, dot);
    if (write < 0) {
      this.#faultAt(cloudlet, "unique-dots", `it applies ${this.#nameOf(dot)}, which nobody wrote`);
      return;
    }
    const bit = 1 << write;
    const applied = state[layout.applied + cloudlet] as number;
    const name = (set: number): string => this.#namesOf(state, set);
    if ((applied & bit) !== 0) this.#faultAt(cloudlet, "applied-once", `it applies ${name(bit)} again`);
    const leading = this.#program.leadingTo[plan]?.[cloudlet] as number;
    // What came in under a former plan may be applied when its past has come.
    const ever = this.#program.leadingTo.reduce((set, byCloudlet) => set | (byCloudlet[cloudlet] as number), 0);
    if ((ever & bit) === 0) this.#faultAt(cloudlet, "direction", `it applies ${name(bit)}, which does not lead there`);
    const missing =
      (state[layout.past + write] as number) & leading & ~applied & ~(state[layout.gap + cloudlet] as number);
    if (missing !== 0) this.#faultAt(cloudlet, "causal-delivery", `it applies ${name(bit)} before ${name(missing)}`);
    state[layout.applied + cloudlet] = applied | bit;
  }

  #written(state: Int32Array, request: number, dot: number, isDurable: boolean): void {
    const layout = this.#layout;
    const { cloudlet, session, key } = this.#program.requests[request] as ProgramRequest;
    const write = this.#writeOf(state, dot);
    if (write < 0) return;
    if (this.#program.keys[key]?.isDurable === true) {
      if (!isDurable)
        this.#faultAt(cloudlet, "durability", `it answers ${this.#namesOf(state, 1 << write)} before its disk has it`);
      state[layout.answered] = (state[layout.answered] as number) | (1 << write);
    }
    const seen = layout.seen + session;
    state[seen] = (state[seen] as number) | (1 << write) | (state[layout.past + write] as number);
    this.#isOver(state, request);
  }

  #read(state: Int32Array, request: number, dots: readonly number[]): void {
    const layout = this.#layout;
    const { session } = this.#program.requests[request] as ProgramRequest;
    let seen = state[layout.seen + session] as number;
    for (let at = 0; at < dots.length; at += 1) {
      const write = this.#writeOf(state, dots[at] as number);
      if (write >= 0) seen |= (1 << write) | (state[layout.past + write] as number);
    }
    this.#isOver(state, request);
    state[layout.seen + session] = seen;
  }

  // A session's request is answered.
  #isOver(state: Int32Array, request: number): void {
    const layout = this.#layout;
    const { session, cloudlet } = this.#program.requests[request] as ProgramRequest;
    state[layout.progress + session] = (state[layout.progress + session] as number) + 1;
    if (this.#topology.plans.length > 1) return;
    const leading = this.#program.leadingTo[0]?.[cloudlet] as number;
    const unseen = (state[layout.seen + session] as number) & leading & ~(state[layout.applied + cloudlet] as number);
    if (unseen === 0) return;
    const name = this.#program.sessions[session]?.name;
    this.#faultAt(
      cloudlet,
      "read-your-writes",
      `it answers ${name} without ${this.#namesOf(state, unseen)}, which that has seen`,
    );
  }

  // What stands of a key: what is applied there and nothing applied there replaces.
  #standing(state: Int32Array, cloudlet: CloudletId, key: number): number {
    const layout = this.#layout;
    const applied = state[layout.applied + cloudlet] as number;
    let gone = 0;
    for (let write = 0; write < layout.writes; write += 1) {
      if ((applied & (1 << write)) !== 0) gone |= state[layout.replaced + write] as number;
    }
    return applied & (this.#program.keys[key]?.writes ?? 0) & ~gone;
  }

  #areDeletes(set: number): boolean {
    return this.#program.writes.every(({ write, op }) => (set & (1 << write)) === 0 || op.kind === "delete");
  }

  #writeOf(state: Int32Array, dot: number): number {
    const { dot: from, writes } = this.#layout;
    for (let write = 0; write < writes; write += 1) if (state[from + write] === dot) return write;
    return -1;
  }

  #namesOf(state: Int32Array, set: number): string {
    const names: string[] = [];
    for (let write = 0; write < this.#layout.writes; write += 1) {
      if ((set & (1 << write)) !== 0) names.push(this.#nameOf(state[this.#layout.dot + write] as number));
    }
    if ((set & (1 << 30)) !== 0) names.push("something that nobody wrote");
    return names.join(" and ");
  }

  #nameOf(dot: number): string {
    return this.#telling.dot(this.#dots.at(dot));
  }

  #faultAt(cloudlet: CloudletId, property: ExploredProperty | SiteProperty, says: string): void {
    this.violation ??= { property, says: `${this.#topology.cloudlets[cloudlet]?.name}: ${says}` };
  }
}
