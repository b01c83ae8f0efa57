// Elements as lines of XML.

const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** An element on a line of its own; attributes that are null are left out. `inside`: null for an element without an end tag. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | null>>,
  inside: readonly string[] | null = null,
): readonly string[] {
  const shown = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${value.replace(/[&<>"]/gu, (mark) => marks[mark] as string)}"`],
  );
  const tag = `<${name}${shown.join("")}`;
  return inside === null ? [`${tag}/>`] : [`${tag}>`, ...inside.map((line) => `  ${line}`), `</${name}>`];
}

/** Lines for people. */
export function comment(lines: readonly string[]): readonly string[] {
  // Two dashes end a comment, and so does one at its end.
  const safe = lines.map((line) => `  ${line.replace(/-(?=-)/gu, "- ").replace(/-$/u, "- ")}`);
  return ["<!--", ...safe, "-->"];
}

/** A document. */
export function document(lines: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines.join("\n")}\n`;
}

/** A name that is not taken: with a number behind it where it is. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
  return name;
}

/** Seconds, exact to the microsecond, without an exponent. */
export function seconds(micros: number): string {
  return (micros / 1_000_000).toFixed(6).replace(/\.?0+$/u, "");
}
