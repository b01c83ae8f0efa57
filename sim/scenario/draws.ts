/**
 * The section `draw`: values that each seed draws anew, put where their paths lead before anything else is checked.
 *
 * Every draw has a random stream of its own, so that adding one does not change the others. Leaves out distributions:
 * a draw chooses evenly.
 */
import { pick, type Rng } from "../../model/random.ts";
import type { Drawn } from "./expand-topology.ts";
import type { FormPath } from "./problem.ts";
import { parseQuantity, type QuantityKind, showQuantity } from "./quantity.ts";
import type { ProblemList } from "./resolving.ts";
import type { DrawForm } from "./schema.ts";
import { type Draft, parseFormPath } from "./settings.ts";

/** What was drawn, and which paths that filled in, each with the key of the draw. */
export interface DrawOutcome {
  readonly drawn: readonly Drawn[];
  readonly filled: readonly (readonly [path: FormPath, draw: string])[];
}

const kinds: readonly QuantityKind[] = ["offset", "size", "bandwidth", "share", "drift"];

/**
 * Draws all values into a draft.
 *
 * @param overridden paths that `--set` has given a value: those are not drawn
 */
export function applyDraws(
  draft: Draft,
  draws: DrawForm,
  rng: Rng,
  overridden: ReadonlySet<string>,
  problems: ProblemList,
): DrawOutcome {
  const drawn: Drawn[] = [];
  const filled: (readonly [FormPath, string])[] = [];
  for (const [target, draw] of Object.entries(draws)) {
    const place = ["draw", target];
    const path = parseFormPath(target);
    if (path === null || path[0] === "draw" || path[0] === "seed") {
      problems.add(place, "expected a path such as links.defaults.loss, not into draw or seed; correct it", "key");
      continue;
    }
    if (overridden.has(target)) continue;
    const ofDraw = rng.fork(target);
    let value: unknown;
    if ("oneOf" in draw) {
      if (draw.oneOf.length === 0) {
        problems.add([...place, "oneOf"], "expected at least one choice, found an empty list; add one");
        continue;
      }
      value = pick(ofDraw, draw.oneOf);
    } else {
      const between = drawBetween(draw.from, draw.to, ofDraw);
      if (between === null) {
        const example = "two whole numbers or two quantities of one kind, the smaller first";
        problems.add(
          place,
          `expected ${example}, found ${draw.from} and ${draw.to}; write for example from: 0%, to: 5%`,
        );
        continue;
      }
      value = between;
    }
    const outcome = draft.set(path, value);
    if (outcome.kind === "refused") {
      problems.add(place, outcome.why, "key");
      continue;
    }
    filled.push([outcome.path, target]);
    drawn.push([target, typeof value === "string" ? value : JSON.stringify(value)]);
  }
  return { drawn, filled };
}

/** A value from the range, both ends included, in base units; null when the ends do not make a range. */
function drawBetween(from: string | number, to: string | number, rng: Rng): string | number | null {
  if (typeof from === "number" || typeof to === "number") {
    if (typeof from !== "number" || typeof to !== "number") return null;
    return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to ? drawWhole(from, to, rng) : null;
  }
  for (const kind of kinds) {
    const least = parseQuantity(kind, from);
    const most = parseQuantity(kind, to);
    if (least.kind === "refused" || most.kind === "refused") continue;
    return least.value <= most.value ? showQuantity(kind, drawWhole(least.value, most.value, rng)) : null;
  }
  return null;
}

function drawWhole(from: number, to: number, rng: Rng): number {
  return Math.min(to, from + Math.floor(rng.double() * (to - from + 1)));
}
