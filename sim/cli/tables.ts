/**
 * Text tables: columns as wide as their widest cell, numbers to the right, two blanks between.
 *
 * Leaves out borders, wrapping and colours: cells are plain text.
 */

/** One cell. Numbers are written with thin groups of three and stand to the right. */
export type Cell = string | number;

/**
 * Renders a table; every line ends with a line feed.
 *
 * @param head the columns' names; a column is numeric when its first row holds a number
 * @param rowsMax of more rows the rest is counted
 */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[], rowsMax = Infinity): string {
  const shown = rows.slice(0, rowsMax).map((row) => row.map(renderCell));
  const widths = head.map((name, column) => Math.max(name.length, ...shown.map((row) => row[column]?.length ?? 0)));
  const numeric = head.map((_, column) => typeof rows[0]?.[column] === "number");
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        numeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const lines = [line(head), ...shown.map(line)];
  if (rows.length > shown.length) lines.push(`and ${rows.length - shown.length} more`);
  return lines.map((text) => `${text}\n`).join("");
}

function renderCell(cell: Cell): string {
  return typeof cell === "number" ? renderNumber(cell) : cell;
}

/** `1 234 567`, or with one decimal when it is not whole. */
export function renderNumber(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(1);
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

/** Microseconds as people read them: `950us`, `12.3ms`, `4.56s`, `2.1h`. */
export function renderMicros(value: number): string {
  const magnitude = Math.abs(value);
  const scales = [
    ["d", 86_400_000_000],
    ["h", 3_600_000_000],
    ["min", 60_000_000],
    ["s", 1_000_000],
    ["ms", 1_000],
  ] as const;
  for (const [unit, micros] of scales) {
    if (magnitude < micros) continue;
    const scaled = value / micros;
    return `${trimZeros(scaled.toFixed(Math.abs(scaled) < 10 ? 2 : 1))}${unit}`;
  }
  return `${Math.round(value)}us`;
}

/** Bytes as people read them: `512B`, `1.4KiB`, `20.0MiB`. */
export function renderBytes(value: number): string {
  const scales = [
    ["GiB", 1_073_741_824],
    ["MiB", 1_048_576],
    ["KiB", 1_024],
  ] as const;
  for (const [unit, size] of scales) if (value >= size) return `${trimZeros((value / size).toFixed(1))}${unit}`;
  return `${trimZeros(value.toFixed(1))}B`;
}

/** Parts per million as a percentage: `12.5%`. */
export function renderShare(value: number): string {
  return `${trimZeros((value / 10_000).toFixed(2))}%`;
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, "");
}
