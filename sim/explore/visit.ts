// What is done with one state of a search, whoever searches (search.ts, crew-member.ts): its situations are counted, every step that may
// be taken from it is taken, and where nothing moves any more it must converge. Leaves out which states are visited.

import { actionKinds, actionOf } from "./actions.ts";
import { addMark, noteMarks, type MarkCounts } from "./marks.ts";
import { settles } from "./settle.ts";
import type { Violation } from "./truth.ts";
import type { ExploredWorld } from "./world.ts";

/** Who is told. */
export interface Visiting {
  /** This action leads from the state to the one that the world has made. */
  leads(action: number): void;
  /** By these actions something is violated. */
  breaks(violation: Violation, actions: readonly number[]): void;
}

/** Visits states, and counts. */
export class Visitor {
  transitions = 0;
  /** States in which nothing but a fault or a timer can happen, if what is on its way is lost. */
  quiet = 0;
  readonly marks: MarkCounts = new Map();
  readonly #world: ExploredWorld;
  readonly #settlesEverywhere: boolean;
  readonly #told: Visiting;
  readonly #list: number[] = [];

  /** @param settlesEverywhere every state must converge, and not only those that are quiet */
  constructor(world: ExploredWorld, settlesEverywhere: boolean, told: Visiting) {
    this.#world = world;
    this.#settlesEverywhere = settlesEverywhere;
    this.#told = told;
  }

  /** Goes on from a state. */
  visit(state: Int32Array, length: number): void {
    const world = this.#world;
    world.load(state, length);
    noteMarks(world, this.marks);
    const isQuiet = world.isQuiet();
    const count = world.actions(this.#list);
    for (let at = 0; at < count; at += 1) {
      const action = this.#list[at] as number;
      if (at > 0) world.load(state, length);
      world.take(action);
      this.transitions += 1;
      if (world.violation !== null) this.#told.breaks(world.violation, [action]);
      else this.#told.leads(action);
    }
    if (!isQuiet && !this.#settlesEverywhere) return;
    world.load(state, length);
    const lost = isQuiet ? world.arrivals() : [];
    if (isQuiet) this.quiet += 1;
    if (lost.length > 0) addMark(this.marks, "lost");
    const ways = this.#settlesEverywhere ? lossesOf(world) : [lost];
    for (const lost of ways) {
      const actions = lost.map((message) => actionOf(actionKinds.lose, message));
      world.load(state, length);
      for (const action of actions) world.take(action);
      const violation = settles(world);
      if (violation !== null) this.#told.breaks(violation, actions);
    }
  }
}

// Everything that may be lost at once of what is on its way in the state that is loaded: nothing among it.
function lossesOf(world: ExploredWorld): readonly (readonly number[])[] {
  const most = world.reductions.late ? world.left("losses") : 0;
  const messages = world.arrivals();
  let found: (readonly number[])[] = [[]];
  // Lists of one more, each longer at its end.
  let longest: (readonly [lost: readonly number[], next: number])[] = [[[], 0]];
  for (let count = 0; count < most && longest.length > 0; count += 1) {
    longest = longest.flatMap(([lost, next]) =>
      messages.slice(next).map((message, at) => [[...lost, message], next + at + 1] as const),
    );
    found = [...found, ...longest.map(([lost]) => lost)];
  }
  return found;
}
