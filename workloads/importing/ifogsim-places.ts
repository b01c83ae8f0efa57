// The CSV of iFogSim with the places of devices: ID,Latitude,Longitude,Block,Level,Parent,State,Details. Parent is the ID of the device above, -1
// for none; a device is one level below it, so that there are no cycles. Delays follow from places. Leaves out State and Block.

import type { Fidelity } from "./fidelity.ts";
import { inOrder } from "./ifogsim.ts";
import { type MapEdge, type MapNode, unknownWay } from "./map.ts";
import { beginning, type ImportProblem, type MapOutcome, refused } from "./outcome.ts";
import type { TextRow } from "./table.ts";

const needed = ["ID", "Latitude", "Longitude", "Level", "Parent"] as const;
type Column = (typeof needed)[number];

/** Does the first row name these columns? */
export function isIFogSimPlaces([head]: readonly TextRow[]): boolean {
  return head !== undefined && needed.every((name) => head.cells.some((cell) => cell.trim() === name));
}

/** Reads it. */
export function readIFogSimPlaces(rows: readonly TextRow[], fidelity: Fidelity): MapOutcome {
  const [head, ...devices] = rows;
  const names = head?.cells.map((cell) => cell.trim()) ?? [];
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined)
    return refused(
      beginning,
      `expected the columns ${needed.join(", ")}, found no ${missing}; is this a file of iFogSim?`,
    );
  if (devices.length === 0)
    return refused(beginning, "expected a row for each device, found none; name a file that has some");
  const problems: ImportProblem[] = [];
  const refuse = (row: TextRow, name: Column, message: string): void => {
    problems.push({ line: row.line, column: row.columns[names.indexOf(name)] ?? 1, message });
  };
  const cell = (row: TextRow, name: string): string => row.cells[names.indexOf(name)]?.trim() ?? "";
  const numberIn = (row: TextRow, name: Column): number =>
    cell(row, name) === "" ? Number.NaN : Number(cell(row, name));
  const numbers = new Map<string, number>();
  const levels = devices.map((row, at) => {
    const id = cell(row, "ID");
    if (id === "" || numbers.has(id))
      refuse(row, "ID", `expected an ID of its own, found ${id === "" ? "nothing" : `${id} again`}; give each its own`);
    else numbers.set(id, at);
    const level = numberIn(row, "Level");
    if (Number.isSafeInteger(level) && level >= 0) return level;
    refuse(row, "Level", `expected a whole level from 0 up, found ${JSON.stringify(cell(row, "Level"))}; write one`);
    return null;
  });
  const edges: MapEdge[] = [];
  const nodes = devices.map((row, at): MapNode => {
    const [latitude, longitude] = [numberIn(row, "Latitude"), numberIn(row, "Longitude")];
    if (!(Math.abs(latitude) <= 90))
      refuse(
        row,
        "Latitude",
        `expected degrees from -90 to 90, found ${JSON.stringify(cell(row, "Latitude"))}; mend them`,
      );
    if (!(Math.abs(longitude) <= 180))
      refuse(
        row,
        "Longitude",
        `expected degrees from -180 to 180, found ${JSON.stringify(cell(row, "Longitude"))}; mend them`,
      );
    const upper = upperOf(row, at);
    if (upper !== null) edges.push({ a: upper, b: at, forth: unknownWay, back: null, km: null });
    const details = cell(row, "Details");
    return { id: cell(row, "ID"), label: details === "" ? null : details, place: { latitude, longitude }, upper };
  });
  if (problems.length > 0) return { kind: "refused", problems: inOrder(problems) };
  for (const name of ["Block", "State"])
    if (names.includes(name)) fidelity.note("dropped", "a column that says nothing of the network", name);
  return { kind: "map", map: { name: null, nodes, edges } };

  function upperOf(row: TextRow, at: number): number | null {
    const parent = cell(row, "Parent");
    const level = levels[at] ?? null;
    if (parent === "-1") {
      if (level !== null && level !== 0)
        refuse(
          row,
          "Parent",
          `expected the ID of a device above, since the level is ${level}, found -1; name one, or write level 0`,
        );
      return null;
    }
    const upper = numbers.get(parent);
    if (upper === undefined) {
      refuse(row, "Parent", `expected the ID of a device, or -1 for none, found ${JSON.stringify(parent)}; name one`);
      return null;
    }
    const above = levels[upper] ?? null;
    if (level !== null && above !== null && above + 1 !== level) {
      refuse(
        row,
        "Parent",
        `expected a device of level ${level - 1} above one of level ${level}, found ${parent} of level ${above}; mend one of them`,
      );
      return null;
    }
    return upper;
  }
}
