// The second of two runs, in a thread of its own: told passage by passage as the first one asks. Before it begins, the thread runs
// something else for a while, so that what a run leaves behind in a thread (a cache, a counter, the order of a set) is not the same
// in both: a run that depends on that must be caught, too.
//
// Leaves out the thread (workers/twice-worker.ts) and comparing (repeater.ts).

import { assert, unreachable } from "../../model/assert.ts";
import { bugOptions } from "../plants/leaks.ts";
import { loadRecorded } from "../resolvers/load.ts";
import { Recital, type Passage } from "../run/recital.ts";
import { endOf } from "../run/repetition.ts";
import { Run, type RunOptions } from "../run/run.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** What the first run asks for. Plain data. */
export type ReciterJob =
  /** Begins anew. `bug`: the name of a planted bug or leak; `keepsAll`: no record is given up. */
  | { readonly kind: "begin"; readonly scenario: Scenario; readonly bug: string | null; readonly keepsAll: boolean }
  | { readonly kind: "next" }
  /** The rows of the passage told last. */
  | { readonly kind: "rows" }
  | { readonly kind: "end" };

/** What it gets. */
export type ReciterAnswer =
  | { readonly kind: "begun" }
  | { readonly kind: "passage"; readonly passage: Passage | null }
  | { readonly kind: "rows"; readonly numbers: Float64Array }
  | { readonly kind: "ended"; readonly digest: string; readonly states: readonly string[] };

/** Events of what runs before. */
const BEFORE_EVENTS = 500;

let recital: Recital | null = null;

/** Answers one question. */
export async function recite(job: ReciterJob): Promise<ReciterAnswer> {
  switch (job.kind) {
    case "begin": {
      const { scenario, bug, keepsAll } = job;
      const resolvers = await loadRecorded(scenario.resolvers);
      const options: RunOptions = { resolvers, ...bugOptions(bug), ...(keepsAll && { givesUpFrom: Infinity }) };
      new Run({ ...scenario, seed: `${scenario.seed}/before` }, options).advance(BEFORE_EVENTS);
      recital = new Recital(scenario, options);
      return { kind: "begun" };
    }
    case "next":
      return { kind: "passage", passage: begun().next() };
    case "rows":
      return { kind: "rows", numbers: begun().numbers() };
    case "end":
      return { kind: "ended", ...endOf(begun()) };
    default:
      return unreachable(job);
  }
}

function begun(): Recital {
  assert(recital !== null, "a run asked for before it was begun");
  return recital;
}
