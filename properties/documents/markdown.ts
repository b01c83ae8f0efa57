/**
 * The parts of a Markdown text that tests care about: fenced blocks with their info strings, generated sections between
 * markers, and what stands in backticks.
 *
 * Leaves out links and headings (../tidy.ts), and everything else that Markdown can do.
 */

/** A fenced block. */
export interface Fence {
  /** First word of the info string, `console` in "```console any-counts"; empty when there is none. */
  readonly language: string;
  /** The other words. */
  readonly flags: readonly string[];
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly content: readonly string[];
}

const fencePattern = /^```(.*)$/;

/** All fenced blocks, from the top. Only fences of three backticks at the beginning of a line count. */
export function fencesOf(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  replaceFences(text, (fence) => {
    fences.push(fence);
    return fence.content;
  });
  return fences;
}

/** The text with the content of every fenced block exchanged; the fences and everything between them stay. */
export function replaceFences(text: string, replace: (fence: Fence) => readonly string[]): string {
  const result: string[] = [];
  let open: { readonly info: string; readonly line: number; readonly content: string[] } | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const info = fencePattern.exec(line)?.[1];
    if (open === null) {
      result.push(line);
      if (info !== undefined) open = { info, line: index + 1, content: [] };
    } else if (info === "") {
      const [language = "", ...flags] = open.info.split(" ").filter((word) => word !== "");
      result.push(...replace({ language, flags, line: open.line, content: open.content }), line);
      open = null;
    } else {
      open.content.push(line);
    }
  }
  if (open !== null) throw new Error(`line ${open.line}: a fence that is never closed`);
  return result.join("\n");
}

const section = /(<!-- generated: ([a-z ]+) -->\n)([\s\S]*?)(<!-- end of generated -->)/g;

/** Names of the generated sections, from the top. */
export function generatedSections(text: string): readonly string[] {
  return Array.from(text.matchAll(section), (match) => match[2] ?? "");
}

/** The text with every generated section replaced by what `render` gives for its name. */
export function replaceGenerated(text: string, render: (name: string) => string): string {
  return text.replaceAll(
    section,
    (_, begin: string, name: string, _old: string, end: string) => `${begin}\n${render(name)}\n${end}`,
  );
}

/** What stands in single backticks outside of fenced blocks. */
export function inlineCode(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return Array.from(prose.matchAll(/`([^`\n]+)`/g), (match) => match[1] ?? "");
}

/** A table of a heading and rows; a pipe inside a cell is escaped. */
export function renderMarkdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |\n`;
  return line(heading) + line(heading.map(() => "---")) + rows.map(line).join("");
}
