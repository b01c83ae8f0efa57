// Planted bugs of the control layer that show where cloudlets are watched: each replaces one of its decisions. Leaves out those that
// show in operations (operations/plants.ts, oracles/operations.test.ts).

import { type Evidence, type Mark, markOf } from "../../model/control/aliveness.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import { type Observations, viewClasses } from "../../model/control/view.ts";
import type { Plant } from "./plant.ts";

function plant(
  name: string,
  says: string,
  catches: Plant["catches"],
  controlRules: () => Partial<ControlRules>,
): Plant {
  return { name, says, catches, rules: () => ({}), controlRules, world: "watching" };
}

function marking(name: string, says: string, judge: (evidence: Evidence) => Mark): Plant {
  return plant(name, says, ["mark-rules"], () => ({ marks: judge }));
}

/** What each process reported first of each class, for ever. */
function firstViews(): ControlRules["tells"] {
  let first: Observations = {};
  return (right) => {
    first = { ...right, ...first };
    return first;
  };
}

/** All of them. */
export const markPlants: readonly Plant[] = [
  marking("silence-is-failure", "Who is silent has failed, as in clouds that know no better.", (evidence) =>
    evidence.heard === "silent" && evidence.confirmed === null ? "failed" : markOf(evidence),
  ),
  marking("records-ignored", "What people confirm is not heeded.", (evidence) =>
    markOf({ ...evidence, confirmed: null }),
  ),
  marking("silent-is-autonomous", "Who is silent is taken to be autonomous, with a plane or without.", (evidence) =>
    markOf({ ...evidence, plane: "healthy" }),
  ),
  marking("calm-at-once", "Who is heard is connected, whatever waits.", (evidence) =>
    markOf({ ...evidence, isCalm: evidence.heard === "recently" }),
  ),
  marking("never-calm", "Nobody is ever connected.", (evidence) => markOf({ ...evidence, isCalm: false })),
  plant("views-frozen", "A process reports of each class what it observed first, for ever.", ["view-age"], () => ({
    tells: firstViews(),
  })),
  plant("views-ageless", "Whatever a cloudlet reports it says to be new.", ["view-age"], () => ({
    tells: (right) =>
      Object.fromEntries(
        viewClasses.flatMap(({ name }) => {
          const one = right[name];
          return one === undefined ? [] : [[name, { ...one, age: 0 }]];
        }),
      ),
  })),
  plant("half-views", "A cloudlet reports of every other class only.", ["view-age"], () => ({
    tells: ({ hardware, states, performance }) => ({
      ...(hardware !== undefined && { hardware }),
      ...(states !== undefined && { states }),
      ...(performance !== undefined && { performance }),
    }),
  })),
  plant("refuses-by-mark", "Operations are accepted only for who is connected.", ["accepts-whatever-marks"], () => ({
    refusesFor: (mark) => mark !== "connected",
  })),
];
