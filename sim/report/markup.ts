// Markup as text: escaping, elements, and numbers as they stand in attributes. Leaves out everything about reports.

/** Text as it may stand between tags and in quoted attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** JSON as it may stand in a script element: no text in it can end the element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

/** A coordinate: one decimal is finer than any screen. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** An element with escaped attributes; its content is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: readonly string[]
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${list.join("")}>${content.join("")}</${name}>`;
}

/** One cell: text stands to the left, a cell marked as a number to the right. */
export interface TableColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** Rows beyond which a table scrolls under its head. */
const ROWS_AT_ONCE = 32;

/** A table; cells are markup already. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const classOf = (column: number): Record<string, string> =>
    columns[column]?.isNumber === true ? { class: "number" } : {};
  const head = columns.map(({ title }, column) => element("th", { scope: "col", ...classOf(column) }, escaped(title)));
  const body = rows.map((cells) =>
    element(
      "tr",
      {},
      ...cells.map((cell, column) =>
        column === 0 ? element("th", { scope: "row" }, cell) : element("td", classOf(column), cell),
      ),
    ),
  );
  return element(
    "div",
    rows.length > ROWS_AT_ONCE
      ? { class: "table long", tabindex: 0, role: "region", "aria-label": caption }
      : { class: "table" },
    element(
      "table",
      {},
      element("caption", {}, escaped(caption)),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...body),
    ),
  );
}
