// One member of a crew that searches a world together (crew.ts). It has a world of its own, with states of cloudlets and messages that it
// has numbered itself, and visits its own part of each layer. Only names of states go from one to another:
//
// 1. The first layers are visited by everyone alike, until there are enough states to go round. Of that layer each keeps its part.
// 2. A member visits some of its part. The name of each state that it finds lies in the box to whom that name belongs, by its high half;
//    the state itself stays with who has found it.
// 3. Everyone looks up the names that belong to it, and answers which are new. Of two members that have found one state at once one is
//    told so. The states that are new are the next layer's; then on with 2.
// 4. A layer is over when nobody has more of it. What has lapsed (seen.ts) is told to all, and struck out by who has it.
//
// What is visited, and how often anything is counted, thus hangs on nothing but the world: not on how many there are, nor on who is faster.

import { FingerprintTable } from "./fingerprint-table.ts";
import { Layer } from "./chunks.ts";
import { boxMax, stops, type CrewMemory } from "./crew-memory.ts";
import type { MarkCounts } from "./marks.ts";
import { siteBytes } from "./search.ts";
import { withUsed } from "./seen.ts";
import { Visitor, type Visiting } from "./visit.ts";
import type { ExploredWorld } from "./world.ts";

/** What one member is to do. */
export interface MemberOrder {
  /** Its number. */
  readonly member: number;
  /** Bytes that all may take together. */
  readonly memory: number;
  readonly depth: number | null;
  /** For tests: states of a layer for each member, before each has its part. */
  readonly partMin?: number;
}

/** What a member has found. Counts of what all have visited alike are the first one's. */
export interface MemberResult {
  readonly ended: "all" | "violation" | "depth" | "memory" | "refused";
  /** Why nothing may be exchanged after all; null unless it ended for that. */
  readonly refusal: string | null;
  readonly layers: readonly number[];
  readonly transitions: number;
  readonly quiet: number;
  readonly marks: MarkCounts;
  /** States found and not visited: where it ended early. */
  readonly pending: number;
  readonly bytes: number;
}

/** States of a layer for each member, before it is worth it that each has its part. */
const partMin = 256;
/** Parts of that layer that each member gets. */
const stretches = 8;
/** States that are visited in one half of a round at most. */
const roundMax = 4_096;
/** Steps from one state at most: boxes have room for so many more. */
const stepsMax = 2_048;
/** Names that were put into a box a little while ago, and need not be again: a power of two. */
const recentMax = 1 << 16;

/** A member at work. */
export class CrewMember implements Visiting {
  readonly #world: ExploredWorld;
  readonly #memory: CrewMemory;
  readonly #order: MemberOrder;
  readonly #table: FingerprintTable;
  readonly #visitor: Visitor;
  readonly #group: number;
  #layers: number[] = [];
  #next = new Layer();
  #layerBytes = 0;
  #visited = 0;
  #inRound = 0;
  #rounds = 0;
  #isAlone = true;
  #isViolated = false;
  #ended: MemberResult["ended"] | null = null;
  // Names that were there with more used up when they came again in this layer: three numbers each.
  #lapsed: number[] = [];
  // States that were found in this half, each a length and as many numbers; and where each lies, by member and place in the box.
  #found = new Int32Array(1 << 16);
  #foundEnd = 0;
  readonly #foundAt: readonly Int32Array[];
  readonly #recent = new Uint32Array(recentMax * 3);

  constructor(world: ExploredWorld, memory: CrewMemory, order: MemberOrder) {
    this.#world = world;
    this.#memory = memory;
    this.#order = order;
    this.#group = world.symmetry.order;
    this.#visitor = new Visitor(world, false, this);
    this.#table = new FingerprintTable(
      world.isUsedBeside,
      (low, high, used) => void this.#lapsed.push(low, high, used),
    );
    this.#foundAt = Array.from({ length: memory.count }, () => new Int32Array(boxMax));
  }

  run(): MemberResult {
    const world = this.#world;
    world.begin();
    if (world.violation !== null) this.#ended = "violation";
    else this.leads();
    const layer = this.#visitAlone();
    if (this.#order.member > 0) this.#leaveToFirst();
    if (layer !== null) this.#visitTogether(layer);
    return {
      ended: this.#ended ?? "all",
      refusal: world.symmetry.refusal,
      layers: this.#layers,
      transitions: this.#visitor.transitions,
      quiet: this.#visitor.quiet,
      marks: this.#visitor.marks,
      pending: this.#ended === null || this.#ended === "depth" ? 0 : this.#next.count,
      bytes: this.#bytes(),
    };
  }

  leads(): void {
    const { state, length, names } = this.#world;
    names.name(state, length);
    const { low, high, used } = names;
    if (this.#isAlone) {
      if (this.#table.add(low, high, used)) this.#next.push(state, length);
      return;
    }
    if (this.#isRecent(low, high, used)) return;
    const to = high % this.#memory.count;
    const place = this.#memory.put(this.#order.member, to, low, high, used);
    (this.#foundAt[to] as Int32Array)[place] = this.#keep(state, length);
  }

  breaks(): void {
    this.#isViolated = true;
  }

  // Visits layers until there is one that goes round, and returns it; null when the search is over.
  #visitAlone(): Layer | null {
    while (this.#ended === null && this.#next.count > 0) {
      const layer = this.#next;
      const count = layer.count - this.#strike(layer, this.#lapsed);
      this.#lapsed = [];
      this.#layers.push(count);
      if (this.#isDeepEnough()) return null;
      if (count >= (this.#order.partMin ?? partMin) * this.#memory.count) return layer;
      this.#next = new Layer();
      layer.drain((state, length) => {
        if (length > 0) this.#visitor.visit(state, length);
        if (this.#world.symmetry.order !== this.#group) this.#ended = "refused";
        else if (this.#isViolated) this.#ended = "violation";
        return this.#ended === null;
      });
    }
    return null;
  }

  // What all have visited alike is counted by the first of them.
  #leaveToFirst(): void {
    this.#layers = this.#layers.map(() => 0);
    this.#next = new Layer();
    this.#visitor.transitions = 0;
    this.#visitor.quiet = 0;
    this.#visitor.marks.clear();
  }

  #visitTogether(first: Layer): void {
    const { member } = this.#order;
    const memory = this.#memory;
    this.#isAlone = false;
    // States side by side were found by the same first steps, and so the cores' states that follow have much in common: each member gets
    // some stretches of the layer, and takes fewer of the cores' steps that others take, too.
    const stretch = Math.ceil(first.count / (memory.count * stretches));
    let at = 0;
    first.strike(() => Math.floor(at++ / stretch) % memory.count !== member);
    for (let layer = first; ;) {
      if (member === 0) memory.depth = this.#layers.length - 1;
      this.#layerBytes = layer.bytes;
      this.#next = new Layer();
      layer.drain((state, length) => {
        if (length === 0) return true;
        this.#visitor.visit(state, length);
        this.#visited += 1;
        this.#inRound += 1;
        if (this.#inRound >= roundMax || this.#isNearlyFull()) this.#round(true);
        return this.#ended === null;
      });
      // The others may have more.
      while (this.#ended === null && this.#round(false));
      if (this.#ended !== null) return;
      const [lapsed, isMore] = this.#shareLapsed();
      if (!isMore) return;
      layer = this.#next;
      this.#layers.push(layer.count - this.#strike(layer, lapsed));
      if (this.#isDeepEnough()) return;
    }
  }

  #isDeepEnough(): boolean {
    const { depth } = this.#order;
    if (depth !== null && this.#layers.length - 1 >= depth) this.#ended = "depth";
    return this.#ended !== null;
  }

  // Both halves of a round; false when nobody has more of this layer.
  #round(isMore: boolean): boolean {
    const memory = this.#memory;
    const { member } = this.#order;
    this.#rounds += 1;
    this.#inRound = 0;
    if (this.#isViolated) memory.stop(stops.violation);
    if (this.#world.symmetry.order !== this.#group) memory.stop(stops.refusal);
    this.#tell(isMore);
    memory.meet();
    const { stopped } = memory;
    const { left, kibibytes } = memory.told();
    // Who is answered first is another one each time, so that no part becomes larger than the others.
    for (let other = 0; other < memory.count; other += 1) this.#lookUp((other + this.#rounds) % memory.count);
    memory.meet();
    for (let to = 0; to < memory.count; to += 1) {
      const size = memory.size(member, to);
      const foundAt = this.#foundAt[to] as Int32Array;
      for (let place = 0; place < size; place += 1) {
        if (memory.isNew(member, to, place)) this.#goOnFrom(foundAt[place] as number);
      }
      memory.empty(member, to);
    }
    this.#foundEnd = 0;
    if ((stopped & stops.refusal) !== 0) this.#ended = "refused";
    else if ((stopped & stops.violation) !== 0) this.#ended = "violation";
    else if (kibibytes * 1_024 + memory.bytes > this.#order.memory) this.#ended = "memory";
    return left > 0;
  }

  #lookUp(from: number): void {
    const memory = this.#memory;
    const { member } = this.#order;
    const size = memory.size(from, member);
    for (let place = 0; place < size; place += 1) {
      const low = memory.nameAt(from, member, place, 0);
      const high = memory.nameAt(from, member, place, 1);
      memory.answer(from, member, place, this.#table.add(low, high, memory.nameAt(from, member, place, 2)));
    }
  }

  // What has lapsed of the next layer with anybody, and whether anybody has found something of it.
  #shareLapsed(): readonly [lapsed: readonly number[], isMore: boolean] {
    const memory = this.#memory;
    const { member } = this.#order;
    const all: number[] = [];
    const own = this.#lapsed;
    this.#lapsed = [];
    for (let told = 0; ;) {
      for (; told < own.length && memory.size(member, member) < boxMax; told += 3) {
        memory.put(member, member, own[told] as number, own[told + 1] as number, own[told + 2] as number);
      }
      this.#tell(told < own.length);
      memory.meet();
      const { left, next } = memory.told();
      for (let other = 0; other < memory.count; other += 1) {
        const size = memory.size(other, other);
        for (let place = 0; place < size; place += 1) {
          for (let part = 0; part < 3; part += 1) all.push(memory.nameAt(other, other, place, part));
        }
      }
      memory.meet();
      memory.empty(member, member);
      if (left === 0) return [all, next > 0];
    }
  }

  #strike(layer: Layer, lapsed: readonly number[]): number {
    if (lapsed.length === 0) return 0;
    const table = new FingerprintTable();
    for (let at = 0; at < lapsed.length; at += 3) {
      table.add(...withUsed(lapsed[at] as number, lapsed[at + 1] as number, lapsed[at + 2] as number));
    }
    const { names } = this.#world;
    return layer.strike((state, length) => {
      names.name(state, length);
      return table.has(...withUsed(names.low, names.high, names.used));
    });
  }

  #isNearlyFull(): boolean {
    const memory = this.#memory;
    for (let to = 0; to < memory.count; to += 1) {
      if (memory.size(this.#order.member, to) > boxMax - stepsMax) return true;
    }
    return false;
  }

  // Was the same name told a little while ago with no more used up? Then it is known, or is about to be.
  #isRecent(low: number, high: number, used: number): boolean {
    const recent = this.#recent;
    const at = (low & (recentMax - 1)) * 3;
    if (recent[at] === low && recent[at + 1] === high && ((recent[at + 2] as number) & ~used) === 0) return true;
    recent[at] = low;
    recent[at + 1] = high;
    recent[at + 2] = used;
    return false;
  }

  #keep(state: Int32Array, length: number): number {
    const at = this.#foundEnd;
    if (at + length + 1 > this.#found.length) {
      const made = new Int32Array(this.#found.length * 2);
      made.set(this.#found);
      this.#found = made;
    }
    this.#found[at] = length;
    for (let index = 0; index < length; index += 1) this.#found[at + 1 + index] = state[index] as number;
    this.#foundEnd += length + 1;
    return at;
  }

  #goOnFrom(at: number): void {
    const length = this.#found[at] as number;
    this.#next.push(this.#found.subarray(at + 1, at + 1 + length), length);
  }

  #tell(isMore: boolean): void {
    const kibibytes = Math.ceil(this.#bytes() / 1_024);
    const { count: next } = this.#next;
    this.#memory.tell(this.#order.member, { visited: this.#visited, kibibytes, left: isMore ? 1 : 0, next });
  }

  #bytes(): number {
    const tables = this.#table.bytes + this.#recent.byteLength + this.#found.byteLength;
    return tables + this.#layerBytes + this.#next.bytes + this.#world.sites.count * siteBytes;
  }
}
