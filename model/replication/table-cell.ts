// How a delta of a table names what it is about: `+row/column=value` writes a cell, `+row` sees to it that there is such a row,
// `-row` takes the row away. A row's name has no slash and is not empty, a column's no equals sign; a value may be any text.
//
// Leaves out what they merge into (deltas.ts).

/** What a delta of a table is about. */
export interface TableCell {
  readonly row: string;
  /** Null: the row as a whole. */
  readonly column: string | null;
  readonly text: string;
}

/** Reads the value of a delta's record, sign included. */
export function cellOf(value: string): TableCell {
  const slash = value.indexOf("/");
  if (slash < 0) return { row: value.slice(1), column: null, text: "" };
  const equals = value.indexOf("=", slash);
  return equals < 0
    ? { row: value.slice(1, slash), column: value.slice(slash + 1), text: "" }
    : { row: value.slice(1, slash), column: value.slice(slash + 1, equals), text: value.slice(equals + 1) };
}

/** What is wrong with an element that a request names in a table; null when nothing is. */
export function flawOfElement(kind: "insert" | "remove", element: string): string | null {
  const isRow = element !== "" && !element.includes("/");
  if (kind === "remove") {
    return isRow ? null : `${JSON.stringify(element)} is no row's name; a table is rid of whole rows`;
  }
  if (isRow || /^[^/]+\/[^=]+=/.test(element)) return null;
  return `${JSON.stringify(element)} is no row and no cell; write row/column=value`;
}
