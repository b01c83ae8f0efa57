// How the twelve cloudlets of Figure 1 stand to each other, written by hand from the drawing (D9, D14), so that what is derived from the
// control tree can be held against it. Leaves out the topology itself (figure-1.ts).

import { FIGURE_1_CLOUDLETS } from "./figure-1.ts";

// A row says how its cloudlet stands to each later one: v is above it, . horizontal to it. 12 cloudlets, 66 pairs.
const drawing = `
AE IE DE E2 E3 c1 E4 c2 E5 c3 c4
 v  v  v  v  v  v  v  v  v  v  v
    v  v  .  .  .  .  .  .  .  .
       v  .  .  .  .  .  .  .  .
          .  .  .  .  .  .  .  .
             v  v  v  v  v  v  v
                v  .  .  .  .  .
                   .  .  .  .  .
                      v  v  v  v
                         v  v  v
                            v  v
                               .
`;

const rows = drawing
  .split("\n")
  .filter((line) => line !== "")
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

/** The names of all 66 pairs, in the order of the drawing: nobody's upper comes after it. */
export function figure1Pairs(): readonly (readonly [string, string])[] {
  const names = FIGURE_1_CLOUDLETS.map(({ name }) => name);
  return rows.flatMap((row, a) => row.map((_, index) => [names[a] ?? "", names[a + 1 + index] ?? ""] as const));
}

/** How the second of a pair stands to the first, as drawn. */
export function figure1RelationOf(first: string, second: string): "lower" | "horizontal" {
  const names = FIGURE_1_CLOUDLETS.map(({ name }) => name);
  const a = names.indexOf(first);
  return rows[a]?.[names.indexOf(second) - a - 1] === "v" ? "lower" : "horizontal";
}
