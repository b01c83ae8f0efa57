// The maps that a sweep went over, each with a small picture, its size and what its runs came to: those with failures first. A map is a
// topology that a file brings; what families draw is another one in each run, and is no map.
//
// Pictures are drawn from the cases' scenarios: no run is made once more. Leaves out figures of flows and links (shown.ts) and the drawing
// (sim/picture/thumbnail.ts).

import { posix } from "node:path";
import { renderNumber } from "../../cli/tables.ts";
import { drawThumbnail, type Thumbnail } from "../../picture/thumbnail.ts";
import { element, escaped } from "../../report/markup.ts";
import { isPlainMap } from "../../scenario/settings.ts";
import { CaseMaker } from "../case.ts";
import type { SweepPlan } from "../plan.ts";
import type { Results } from "../results.ts";

/** A map, and how its runs ended. */
interface ShownMap {
  /** What results call it. */
  readonly name: string;
  readonly runs: number;
  readonly failed: number;
  readonly undecided: number;
  /** Null where its case makes no scenario. */
  readonly drawn: (Thumbnail & { readonly cloudlets: number; readonly links: number }) | null;
}

/** The maps of a page. */
export interface ShownMaps {
  readonly shown: readonly ShownMap[];
  /** How many more there are. */
  readonly left: number;
}

/** Of a sweep whose file is not at hand. */
export const noMaps: ShownMaps = { shown: [], left: 0 };

/** Of more maps than this the page shows those with failures first, then the first ones by name. */
const MAPS_MAX = 1_000;
const KIND = "topology";

/** The maps of a sweep. */
export async function showMaps(plan: SweepPlan, results: Results, mapsMax = MAPS_MAX): Promise<ShownMaps> {
  if (!plan.columns.some(({ name }) => name === KIND)) return noMaps;
  const found = new Map<string, { first: number; runs: number; failed: number; undecided: number }>();
  for await (const batch of results.batches(["outcome", KIND])) {
    const [outcomes, kinds] = [batch.column("outcome"), batch.column(KIND)];
    for (const [at, kind] of kinds.entries()) {
      if (typeof kind !== "string") continue;
      const known = found.get(kind) ?? { first: batch.from + at, runs: 0, failed: 0, undecided: 0 };
      found.set(kind, known);
      known.runs += 1;
      if (outcomes[at] === "undecided") known.undecided += 1;
      else if (outcomes[at] !== "passed") known.failed += 1;
    }
  }
  const maps = [...found]
    .filter(([, { first }]) => isOfFile(plan, first))
    .sort(([a, one], [b, other]) => {
      return other.failed - one.failed || other.undecided - one.undecided || (a < b ? -1 : 1);
    });
  const maker = new CaseMaker(plan.sources);
  return {
    shown: maps.slice(0, mapsMax).map(([name, { first, ...counts }]) => {
      return { name, ...counts, drawn: drawnOf(maker, plan, first) };
    }),
    left: Math.max(0, maps.length - mapsMax),
  };
}

function isOfFile(plan: SweepPlan, index: number): boolean {
  return plan.caseAt(index).settings.some(({ path, data }) => path === KIND && isPlainMap(data) && !("family" in data));
}

function drawnOf(maker: CaseMaker, plan: SweepPlan, index: number): ShownMap["drawn"] {
  // Faults change nothing of a map.
  const made = maker.make({ ...plan.caseAt(index), faults: { kind: "own" } });
  if (made.kind === "refused") return null;
  const { cloudlets, links } = made.scenario.topology;
  return { ...drawThumbnail({ cloudlets, links }), cloudlets: cloudlets.length, links: links.length };
}

const says =
  "Every map, those with runs that failed first. The root is on top, a row for each layer; spare links are dashed. Of more than 200 cloudlets the outer layers are left out. Choosing a name chooses its runs above.";

/** The section's markup. */
export function renderMaps({ shown, left }: ShownMaps): string {
  const short = shortNames(shown.map(({ name }) => name));
  const cards = shown.map(({ name, runs, failed, undecided, drawn }, at) => {
    const kind = failed > 0 ? "bad" : undecided > 0 ? "open" : "good";
    const ends = [
      ...(failed > 0 ? [`${renderNumber(failed)} failed`] : []),
      ...(undecided > 0 ? [`${renderNumber(undecided)} undecided`] : []),
    ];
    const verdict = `${renderNumber(runs)} ${runs === 1 ? "run" : "runs"}, ${ends.length > 0 ? ends.join(", ") : "all passed"}`;
    return element(
      "figure",
      { class: "map" },
      element(
        "figcaption",
        {},
        element("button", { type: "button", "data-map": name, title: name }, escaped(short[at] ?? name)),
        element("span", { class: kind }, verdict),
        element("span", { class: "most" }, drawn === null ? "makes no scenario" : sizeOf(drawn)),
      ),
      drawn?.picture ?? "",
    );
  });
  const rest = left > 0 ? element("p", { class: "says" }, `and ${renderNumber(left)} more, in the table of runs`) : "";
  return element("p", { class: "says" }, says) + element("div", { class: "maps" }, ...cards) + rest;
}

function sizeOf({ cloudlets, links, spareCount, layers, layersDrawn }: NonNullable<ShownMap["drawn"]>): string {
  const all = `${renderNumber(cloudlets)} cloudlets, ${layers} layers, ${renderNumber(links)} links, ${renderNumber(spareCount)} spare`;
  return layersDrawn < layers ? `${all}; ${layersDrawn} layers are drawn` : all;
}

/** A file's own name; where two files have the same one, with their folders. */
function shortNames(names: readonly string[]): readonly string[] {
  const own = names.map((name) => posix.basename(name).replace(/\.ya?ml$/, ""));
  const counts = new Map<string, number>();
  for (const name of own) counts.set(name, (counts.get(name) ?? 0) + 1);
  return own.map((name, at) => (counts.get(name) === 1 ? name : (names[at] ?? name)));
}
