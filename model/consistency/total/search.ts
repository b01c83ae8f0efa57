/**
 * A search for one order of everything: depth first, one item after the other, with a memory of states from which nothing was found.
 *
 * Items come in rows (sessions) of which only the first that is left can be next, so that how far each row has come says what has
 * been placed; together with what else matters of the past that is the state. The worst case is exponential in the number of rows,
 * so the search counts its steps and gives up. Where there are very many rows, a step that looks at all of them is so long that
 * fewer are made.
 *
 * Leaves out what an item is, and when it may be next.
 */
import { ABSENT } from "../history.ts";
import { StateSet } from "./state-set.ts";

/** What is searched. */
export interface Moves {
  /** Ways to go on, numbered from 0; some may not be open at the moment. */
  readonly wayCount: number;
  /** Numbers in a state. */
  readonly stateWidth: number;
  /** Items that must still be placed; the search ends where it is 0. */
  readonly left: () => number;
  /** What to try first: smaller before larger; ABSENT where the way is closed for want of items. */
  readonly priority: (way: number) => number;
  /** Places the way's next item if it may be next; says whether it did. */
  readonly place: (way: number) => boolean;
  /** Takes back the last placing, which was by this way. */
  readonly undo: (way: number) => void;
  /** Writes the state. */
  readonly state: (into: Uint32Array) => void;
}

/** What came of a search. */
export type Found =
  | { readonly kind: "found" }
  /** Every order was tried; `ways` leads to a state where most items were placed. */
  | { readonly kind: "none"; readonly ways: readonly number[] }
  | { readonly kind: "gave-up"; readonly steps: number };

/** Numbers that the memory of states may hold. */
const MEMORY = 64_000_000;

/** Ways that are looked at, in all steps together: some seconds. */
const LOOKS = 400_000_000;

/** Searches with at most so many steps, each an attempt to place something, and at most so many looks at a way. */
export function search(moves: Moves, stepsMax: number, looksMax = LOOKS): Found {
  const state = new Uint32Array(moves.stateWidth);
  const dead = new StateSet(moves.stateWidth);
  /** The ways taken, and the way tried last at the end of them. */
  const taken: number[] = [];
  let last = ABSENT;
  let best: readonly number[] = [];
  let bestLeft = moves.left();
  let steps = 0;
  const stepsLeft = Math.min(stepsMax, Math.floor(looksMax / Math.max(1, moves.wayCount)));
  for (;;) {
    if (moves.left() === 0) return { kind: "found" };
    const way = nextWay(moves, last);
    if (way === ABSENT) {
      moves.state(state);
      dead.add(state);
      if (moves.left() < bestLeft) {
        bestLeft = moves.left();
        best = [...taken];
      }
      const back = taken.pop();
      if (back === undefined) return { kind: "none", ways: best };
      moves.undo(back);
      last = back;
      continue;
    }
    last = way;
    steps += 1;
    if (steps > stepsLeft || dead.size > MEMORY) return { kind: "gave-up", steps: steps - 1 };
    if (!moves.place(way)) continue;
    moves.state(state);
    if (dead.has(state)) {
      moves.undo(way);
      continue;
    }
    taken.push(way);
    last = ABSENT;
  }
}

/** The open way with the smallest priority (of equals the smallest number) after the one tried last. */
function nextWay(moves: Moves, last: number): number {
  const lastPriority = last === ABSENT ? ABSENT : moves.priority(last);
  let best = ABSENT;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (let way = 0; way < moves.wayCount; way += 1) {
    const priority = moves.priority(way);
    if (priority === ABSENT || priority >= bestPriority) continue;
    if (last !== ABSENT && (priority < lastPriority || (priority === lastPriority && way <= last))) continue;
    best = way;
    bestPriority = priority;
  }
  return best;
}
