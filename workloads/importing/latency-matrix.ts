// A table of latencies: sites along the top and down the side, in each cell milliseconds from the site of the row to that of the column.
// Tables of round trips are halved. Empty cells and those of a site with itself say nothing.
//
// A table has no topology: every pair is an edge, and the tree that comes of it is the one of shortest ways (become-topology.ts).

import { type Duration, micros } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";
import { type MapEdge, type MapNode, unknownWay } from "./map.ts";
import { DELAY_MAX, measureIn, type MeasureRule } from "./measures.ts";
import type { TextRow } from "./table.ts";
import { beginning, type ImportProblem, type MapOutcome, refused } from "./outcome.ts";

/** What the cells are: one way, or there and back. */
export type LatencyMeaning = "one-way" | "round-trip";

const cellRule: MeasureRule = {
  says: "milliseconds from 0 up to a year",
  units: new Map(),
  bare: 1_000,
  least: 0,
  most: DELAY_MAX,
};

/** Does the first row name the sites of the others? */
export function isLatencyMatrix(rows: readonly TextRow[]): boolean {
  const [head, ...others] = rows;
  if (head === undefined || others.length < 2 || head.cells.length !== others.length + 1) return false;
  return others.every(({ cells }, at) => cells[0]?.trim() === head.cells[at + 1]?.trim());
}

/** Reads it. */
export function readLatencyMatrix(rows: readonly TextRow[], meaning: LatencyMeaning, fidelity: Fidelity): MapOutcome {
  const [head, ...others] = rows;
  if (head === undefined || others.length === 0)
    return refused(beginning, "expected a row of names and a row for each site, found none");
  const names = head.cells.slice(1).map((name) => name.trim());
  const problems: ImportProblem[] = [];
  const numbers = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    if (name !== "" && !numbers.has(name)) {
      numbers.set(name, at);
      continue;
    }
    const message = `expected a name of its own in column ${at + 2}, found ${name === "" ? "nothing" : `${name} again`}; give each site one`;
    problems.push({ line: head.line, column: head.columns[at + 1] ?? 1, message });
  }
  const cells = names.map(() => names.map((): Duration | null => null));
  for (const { line, cells: row, columns } of others) {
    const from = numbers.get(row[0]?.trim() ?? "");
    if (from === undefined) {
      problems.push({
        line,
        column: 1,
        message: `expected the name of a column, found ${JSON.stringify(row[0] ?? "")}; name one`,
      });
      continue;
    }
    if (row.length !== head.cells.length) {
      problems.push({
        line,
        column: columns.at(-1) ?? 1,
        message: `expected ${head.cells.length} cells as in the first row, found ${row.length}; fill them in, or leave cells empty between commas`,
      });
    }
    for (const [to, text] of row.slice(1, names.length + 1).entries()) {
      if (to === from || text.trim() === "") continue;
      const value = measureIn(text, cellRule);
      if (value === null) {
        problems.push({
          line,
          column: columns[to + 1] ?? 1,
          message: `expected ${cellRule.says}, found ${JSON.stringify(text)}; mend the cell, or leave it empty`,
        });
        continue;
      }
      (cells[from] as (Duration | null)[])[to] = micros(Math.round(meaning === "round-trip" ? value / 2 : value));
    }
  }
  if (problems.length > 0) return { kind: "refused", problems };
  const nodes = names.map((name): MapNode => ({ id: name, label: name, place: null, upper: null }));
  const edges: MapEdge[] = [];
  for (let a = 0; a < names.length; a += 1) {
    for (let b = a + 1; b < names.length; b += 1) {
      const [there, back] = [cells[a]?.[b] ?? null, cells[b]?.[a] ?? null];
      if (there === null && back === null) continue;
      if (there === null || back === null)
        fidelity.note(
          "assumed",
          "the way back takes as long as the way there, since one of the cells is empty",
          `${names[a] ?? ""} and ${names[b] ?? ""}`,
        );
      const [forth, ofBack] = [there ?? back, back ?? there];
      edges.push({
        a,
        b,
        forth: { ...unknownWay, delay: forth },
        back: ofBack === forth ? null : { ...unknownWay, delay: ofBack },
        km: null,
      });
    }
  }
  const what =
    meaning === "round-trip"
      ? "milliseconds there and back, halved, to microseconds one way"
      : "milliseconds one way, to microseconds";
  fidelity.note("converted", what, null, edges.length);
  return { kind: "map", map: { name: null, nodes, edges } };
}
