// Breadth first through all states of an explored world: each is visited once, in the order of the fewest steps that lead to it, so
// that one of the shortest ways to a violation is found. Kept for each state: its fingerprint, what is used up in it, the state
// that it was reached from and the action that led from there, 20 bytes and what a table needs to stay loose; whole states only of
// the layer that is being visited and of the next.

import { Column, Layer } from "./chunks.ts";
import { Seen } from "./seen.ts";
import type { MarkCounts } from "./marks.ts";
import type { Violation } from "./truth.ts";
import { Visitor, type Visiting } from "./visit.ts";
import type { ExploredWorld } from "./world.ts";

/** How far a search goes, and who watches it. */
export interface SearchOptions {
  /** Bytes; a search that would need more ends. */
  readonly memory: number;
  /** Steps from the first state at most; null: as far as there are any. */
  readonly depth: number | null;
  /** States at most; left out: as many as the memory holds. */
  readonly states?: number;
  /** Called now and then. */
  readonly onProgress?: (progress: SearchProgress) => void;
  /** Every state is to converge once faults and requests have ended, and not only those that are quiet. */
  readonly settlesEverywhere?: boolean;
  /** Called with every state once, when it is visited. */
  readonly onState?: (state: Int32Array, length: number) => void;
}

/** How far a search is. */
export interface SearchProgress {
  readonly states: number;
  readonly depth: number;
}

/** What a search found. */
export interface SearchResult {
  /** `all`: there is nothing that was not visited. */
  readonly ended: "all" | "violation" | "depth" | "memory" | "states";
  readonly states: number;
  readonly transitions: number;
  /** Steps to the farthest state, or as far as it went. */
  readonly depth: number;
  /** States by how many steps lead to them; only of layers that were found whole. */
  readonly layers: readonly number[];
  /** States in which nothing but a fault or a timer can happen, if what is on its way is lost. */
  readonly quiet: number;
  readonly marks: MarkCounts;
  readonly violation: (Violation & { readonly actions: readonly number[] }) | null;
  /** Bytes of tables and columns at the end. */
  readonly bytes: number;
}

/** States between two calls that report progress. */
const progressEvery = 8_192;
/** What the state of one cloudlet takes together with the outcomes that begin there, roughly: bytes. */
export const siteBytes = 8_192;

/** Visits everything that can be reached. */
export function search(world: ExploredWorld, options: SearchOptions): SearchResult {
  return unlessRefused(world, () => new Search(world, options).run());
}

/** What is found in a world; found once more when it showed on the way that what was to be exchanged is not alike. */
export function unlessRefused<Found>(world: ExploredWorld, find: () => Found): Found {
  const { order } = world.symmetry;
  const found = find();
  return world.symmetry.order === order ? found : find();
}

class Search implements Visiting {
  readonly #world: ExploredWorld;
  readonly #options: SearchOptions;
  readonly #seen: Seen;
  readonly #order: number;
  readonly #parents = new Column();
  readonly #actions = new Column();
  readonly #visitor: Visitor;
  readonly #layers: number[] = [];
  #next = new Layer();
  #layerBytes = 0;
  // States that were found first, and those of them that were visited or struck out.
  #found = 0;
  #visited = 0;
  #struck = 0;
  // The one that is visited.
  #from = 0;
  #depth = 0;
  #violation: SearchResult["violation"] = null;
  #full: "memory" | "states" | null = null;

  constructor(world: ExploredWorld, options: SearchOptions) {
    this.#world = world;
    this.#options = options;
    this.#seen = new Seen(world);
    this.#visitor = new Visitor(world, options.settlesEverywhere === true, this);
    this.#order = world.symmetry.order;
  }

  run(): SearchResult {
    const { depth: depthMax } = this.#options;
    this.#world.begin();
    if (this.#world.violation !== null) this.#violation = { ...this.#world.violation, actions: [] };
    this.#note(0, 0);
    while (
      this.#full === null &&
      this.#world.symmetry.order === this.#order &&
      this.#next.count > 0 &&
      this.#isShorter(this.#depth)
    ) {
      const layer = this.#next;
      const isLapsed = this.#seen.endLayer();
      const struck = isLapsed === null ? 0 : layer.strike(isLapsed);
      this.#struck += struck;
      this.#layers.push(layer.count - struck);
      if (depthMax !== null && this.#depth >= depthMax) return this.#result("depth");
      this.#next = new Layer();
      this.#layerBytes = layer.bytes;
      layer.drain((state, length) => this.#visit(state, length));
      if (this.#next.count > 0) this.#depth += 1;
    }
    return this.#result(this.#violation !== null ? "violation" : (this.#full ?? "all"));
  }

  // Would so many steps be less than to the violation that was found?
  #isShorter(steps: number): boolean {
    return this.#violation === null || steps < this.#violation.actions.length;
  }

  // Goes on from a state; false when the search is over.
  #visit(state: Int32Array, length: number): boolean {
    const world = this.#world;
    const from = this.#visited;
    this.#visited += 1;
    if (length === 0) return true;
    this.#options.onState?.(state, length);
    this.#from = from;
    this.#visitor.visit(state, length);
    if (!this.#isShorter(this.#depth)) return false;
    if (this.#visited % progressEvery === 0) {
      this.#options.onProgress?.({ states: this.#visited, depth: this.#depth });
      if (this.#bytes() > this.#options.memory) this.#full = "memory";
    }
    if (this.#found >= (this.#options.states ?? Infinity)) this.#full = "states";
    // What was exchanged so far was not alike: the names of what was seen are worth nothing.
    return this.#full === null && world.symmetry.order === this.#order;
  }

  leads(action: number): void {
    if (this.#isShorter(this.#depth + 1)) this.#note(this.#from, action);
  }

  // By these last actions from the state that is visited.
  breaks(violation: Violation, last: readonly number[]): void {
    if (!this.#isShorter(this.#depth + last.length)) return;
    const actions = last.toReversed();
    for (let at = this.#from; at > 0; at = this.#parents.at(at)) actions.push(this.#actions.at(at));
    this.#violation = { ...violation, actions: actions.reverse() };
  }

  // The state that the world has made: new, or known.
  #note(from: number, action: number): void {
    const { state, length } = this.#world;
    if (!this.#seen.add()) return;
    this.#found += 1;
    this.#next.push(state, length);
    this.#parents.push(from);
    this.#actions.push(action);
  }

  #bytes(): number {
    const rows = this.#seen.bytes + this.#parents.bytes + this.#actions.bytes;
    return rows + this.#layerBytes + this.#next.bytes + this.#world.sites.count * siteBytes;
  }

  #result(ended: SearchResult["ended"]): SearchResult {
    return {
      ended,
      states: this.#found - this.#struck,
      transitions: this.#visitor.transitions,
      depth: this.#depth,
      layers: this.#layers,
      quiet: this.#visitor.quiet,
      marks: this.#visitor.marks,
      violation: this.#violation,
      bytes: this.#bytes(),
    };
  }
}
