/**
 * Console sessions in documents: commands after `$`, and what they print. Comparing what is shown with what is printed,
 * and writing the one anew from the other.
 *
 * What is shown may leave out what changes with every commit or is too long to read:
 * 1. A digest or an engine's hash stands for any other; `...` at the end of one shortens it.
 * 2. A line `...` stands for any number of lines.
 * 3. A line that ends in ` ...` stands for every line that begins like it.
 * 4. In a block marked `any-counts` a count is only zero or not, a duration only a duration, and the width of columns
 *    does not matter: words, verdicts and the order of lines do.
 * Leaves out running the commands (../docs.test.ts).
 */

/** One command and what it is shown to print. */
export interface Exchange {
  /** Without the `$`; a line that ends in `\` goes on in the next. */
  readonly command: string;
  /** The command as its lines stand in the document. */
  readonly lines: readonly string[];
  readonly shown: readonly string[];
}

/** Names in a document, such as that of a replay file, and what they really were. */
export type Bindings = Map<string, string>;

const elision = "...";
const hash = /(?<=digest |found |\d\+|causeway-replay-)[0-9a-f]{8,64}(?:\.\.\.)?/g;
const hashLengthShown = 8;

/** The exchanges of a console block. Throws when it does not begin with a command. */
export function exchangesOf(content: readonly string[]): readonly Exchange[] {
  const exchanges: { command: string; readonly lines: string[]; readonly shown: string[] }[] = [];
  let isOpen = false;
  for (const line of content) {
    const last = exchanges.at(-1);
    if (last !== undefined && isOpen) {
      last.lines.push(line);
      last.command = `${last.command.slice(0, -1).trimEnd()} ${line.trim()}`;
      isOpen = line.endsWith("\\");
    } else if (line.startsWith("$ ")) {
      exchanges.push({ command: line.slice(2), lines: [line], shown: [] });
      isOpen = line.endsWith("\\");
    } else if (last === undefined) {
      throw new Error(`a console block begins with a command, "$ ...", not with ${JSON.stringify(line)}`);
    } else {
      last.shown.push(line);
    }
  }
  if (exchanges.length === 0) throw new Error("a console block without a command");
  return exchanges;
}

/** A command line as words, with quotes as in a POSIX shell; no expansion of any kind. */
export function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ""));
}

/** The command with the names in it replaced by what they really were. */
export function bound(command: string, bindings: Bindings): string {
  return command.replaceAll(hash, (name) => bindings.get(name) ?? name);
}

/** What a comparison found: the lines that stand for each other, or the first line that nothing printed fits. */
export type Comparison =
  | { readonly kind: "same"; readonly pairs: readonly (readonly [shown: string, printed: string])[] }
  | { readonly kind: "different"; readonly shown: string };

/** Compares shown lines with printed ones. */
export function compared(shown: readonly string[], printed: readonly string[], anyCounts: boolean): Comparison {
  const segments = segmentsOf(shown);
  const pairs: (readonly [string, string])[] = [];
  let from = 0;
  for (const [index, segment] of segments.entries()) {
    const last = printed.length - segment.length;
    // The first segment stands at the beginning and the last one at the end.
    const starts = index === segments.length - 1 ? Math.max(from, last) : from;
    const ends = index === 0 ? Math.min(0, last) : last;
    let found = -1;
    for (let start = starts; start <= ends && found < 0; start += 1) {
      if (segment.every((line, at) => isSame(line, printed[start + at] as string, anyCounts))) found = start;
    }
    if (found < 0) return { kind: "different", shown: firstUnmatched(segment, printed, starts, anyCounts) };
    for (const [at, line] of segment.entries()) pairs.push([line, printed[found + at] as string]);
    from = found + segment.length;
  }
  return { kind: "same", pairs };
}

/** Remembers which hash stands for which. */
export function bind(pairs: readonly (readonly [shown: string, printed: string])[], bindings: Bindings): void {
  for (const [shown, printed] of pairs) {
    const real = printed.match(hash) ?? [];
    for (const [index, name] of (shown.match(hash) ?? []).entries()) bindings.set(name, real[index] ?? name);
  }
}

/**
 * What to show of what was printed: hashes shortened, and left out what was left out before. Where the parts that were
 * shown cannot be found again, everything is shown.
 */
export function rewritten(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const comparison = compared(shown, printed, true);
  if (comparison.kind === "same") {
    const lines = comparison.pairs.map(([old, line]) => shownAs(old, line)).values();
    return shown.map((line) => (line === elision ? line : (lines.next().value ?? line)));
  }
  const segments = segmentsOf(shown);
  if (segments.length === 1) return printed.map((line, at) => shownAs(shown[at] ?? "", line));
  const result: string[] = [];
  let from = 0;
  for (const [index, segment] of segments.entries()) {
    let start = from;
    if (index === segments.length - 1) start = printed.length - segment.length;
    else if (index > 0) start = printed.findIndex((line, at) => at >= from && labelOf(line) === labelOf(segment[0]));
    if (start < from) return printed.map(shortened);
    if (index > 0) result.push(elision);
    const lines = printed.slice(start, start + segment.length);
    result.push(...lines.map((line, at) => shownAs(segment[at] ?? "", line)));
    from = start + segment.length;
  }
  return result;
}

/** The line as it is shown, cut where the one it takes the place of was cut. */
function shownAs(old: string, line: string): string {
  const cut = old.endsWith(` ${elision}`) ? line.indexOf(" ", old.length - elision.length - 1) : -1;
  return cut < 0 ? shortened(line) : `${line.slice(0, cut)} ${elision}`;
}

function segmentsOf(shown: readonly string[]): readonly (readonly string[])[] {
  const segments: string[][] = [[]];
  for (const line of shown) {
    if (line === elision) segments.push([]);
    else segments.at(-1)?.push(line);
  }
  return segments;
}

function isSame(shown: string, printed: string, anyCounts: boolean): boolean {
  const form = (line: string): string => comparable(line.trimEnd(), anyCounts);
  if (!shown.endsWith(` ${elision}`)) return form(shown) === form(printed);
  return form(printed).startsWith(`${form(shown.slice(0, -elision.length))} `);
}

function comparable(line: string, anyCounts: boolean): string {
  const named = line.replaceAll(hash, "HASH");
  if (!anyCounts) return named;
  return (
    named
      // Thousands are apart by single spaces, columns by at least two.
      .replaceAll(/(?<=\d) (?=\d{3}(?!\d))/g, "")
      .replaceAll(/(?<![\w-])(\d+(?:\.\d+)?)(us|ms|s|B|KiB|MiB|GiB)?(?![\w-])/g, (_, number: string, unit?: string) => {
        if (Number(number) === 0) return "0";
        return unit === undefined ? "N" : unit.endsWith("s") ? "TIME" : "SIZE";
      })
      .replaceAll(/#+/g, "#")
      .replaceAll(/ +/g, " ")
  );
}

/** The line of a segment at which its longest match breaks off. */
function firstUnmatched(segment: readonly string[], printed: readonly string[], from: number, any: boolean): string {
  let longest = 0;
  for (let start = from; start < printed.length; start += 1) {
    let length = 0;
    while (length < segment.length && isSame(segment[length] as string, printed[start + length] ?? "", any))
      length += 1;
    longest = Math.max(longest, Math.min(length, segment.length - 1));
  }
  return segment[longest] ?? "";
}

function labelOf(line: string | undefined): string {
  return (line ?? "").trim().replaceAll(/\d+/g, "").split("  ")[0] ?? "";
}

function shortened(line: string): string {
  return line
    .trimEnd()
    .replaceAll(hash, (name) => (name.length > 16 ? `${name.slice(0, hashLengthShown)}${elision}` : name));
}
