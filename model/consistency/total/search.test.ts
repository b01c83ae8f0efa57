// When a search gives up. What it finds is for the models that search (properties/consistency/total.test.ts).

import { expect, test } from "vitest";
import { type Moves, search } from "./search.ts";

/** So many ways that lead on for ever. */
function endless(wayCount: number): Moves {
  let placed = 0;
  return {
    wayCount,
    stateWidth: 1,
    left: () => 1,
    priority: (way) => way,
    place: () => {
      placed += 1;
      return true;
    },
    undo: () => {
      placed -= 1;
    },
    state: (into) => {
      into[0] = placed;
    },
  };
}

test.each([
  [4, 1_000, 40, 10],
  [4, 5, 40, 5],
  [100, 1_000, 40, 0],
  [1, 30, 1_000, 30],
])("%i ways, at most %i steps and %i looks: gives up after %i steps", (ways, steps, looks, after) => {
  expect(search(endless(ways), steps, looks)).toEqual({ kind: "gave-up", steps: after });
});
