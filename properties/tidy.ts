/**
 * House rules that no linter of ours checks: functions from a file's path and text to complaints in words.
 *
 * Pure, so that tidy.test.ts can show each of them a bad file first. Leaves out what the compiler, eslint and
 * dependency-cruiser already hold, except the direction of imports and the worst bans: those two are worth a second
 * guard, which works without any tool's configuration.
 */
import { posix } from "node:path";

/** A text file of the repository; `path` is relative to its root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Lines a file may have. */
export const lineCountMax = 500;

const layers: readonly string[] = ["model", "workloads", "sim", "properties"];

/** Files that sit beside their subject and may use every layer. */
const besideSubject = /\.(test|bench)\.ts$/;

const importForms =
  /(?:^|\n)\s*(?:(?:import|export)\s+[\w\s{},*$]*?\bfrom|import)\s*["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']/g;

/** Where `from "x"`, `import "x"` and `import("x")` point. */
export function importsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(importForms), (match) => match[1] ?? match[2] ?? "");
}

/**
 * Imports go one way: model <- workloads <- sim <- properties, and the first two import nothing else at all.
 * Relative imports name their file, ending included.
 */
export function importComplaints({ path, text }: SourceFile): readonly string[] {
  const layer = layers.indexOf(path.split("/")[0] ?? "");
  if (layer === -1 || !path.endsWith(".ts")) return [];
  const complaints: string[] = [];
  for (const specifier of importsOf(text)) {
    if (specifier.startsWith(".") && !/\.(ts|mjs|json)$/.test(specifier)) {
      complaints.push(`${path}: import "${specifier}" does not name its file; write the ending .ts`);
    }
    if (besideSubject.test(path)) continue;
    const target = specifier.startsWith(".")
      ? posix.join(posix.dirname(path), specifier)
      : specifier.replace(/^causeway-sim\//, "");
    const targetLayer = layers.indexOf(target.split("/")[0] ?? "");
    const isOwn = specifier.startsWith(".") || specifier.startsWith("causeway-sim/");
    if (isOwn && targetLayer > layer) complaints.push(`${path}: ${layers[layer]} must not import ${target}`);
    if (isOwn && targetLayer === -1) complaints.push(`${path}: import "${specifier}" leaves the layers`);
    if (!isOwn && layer <= 1) complaints.push(`${path}: ${layers[layer]} is pure and must not import ${specifier}`);
  }
  return complaints;
}

/** The first lines of a file say what it is for. */
export function headerComplaints({ path, text }: SourceFile): readonly string[] {
  const body = text.replace(/^#!.*\n/, "");
  const block = /^\/\*\*?([\s\S]*?)\*\//.exec(body)?.[1];
  const lines = /^(?:\/\/.*\n)+/.exec(body)?.[0];
  const words = (block ?? lines ?? "").match(/[A-Za-z]{2,}/g) ?? [];
  return words.length >= 4 ? [] : [`${path}: the first lines must say what the file is for`];
}

/** A file one can read in one sitting. */
export function lengthComplaints({ path, text }: SourceFile): readonly string[] {
  const lineCount = text.replace(/\n$/, "").split("\n").length;
  return lineCount <= lineCountMax ? [] : [`${path}: ${lineCount} lines, at most ${lineCountMax}; it holds two ideas`];
}

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
  /** Files that may contain it. */
  readonly except?: RegExp;
}

const bans: readonly Ban[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: "finish it, or write down in docs why it is left out" },
  { pattern: /\b(test|it|describe|suite)\.(only|skip|todo)\b/, why: "a suite that runs in part proves in part" },
  { pattern: /\bMath\.random\b/, why: "draws must come from a seeded stream" },
  { pattern: /\bMath\.pow\b/, why: "differs between Node versions" },
  { pattern: /\bnew Date\b|\bDate\.now\b/, why: "the machine's clock is not part of a run" },
  {
    pattern: /\bperformance\.now\b/,
    why: "the machine's clock is not part of a run",
    except: /^sim\/cli\/wallclock\.ts$/,
  },
  { pattern: /@ts-(ignore|nocheck)\b/, why: "an error that is hidden is not solved" },
  { pattern: /\bdebugger\b/, why: "left over from a search" },
];

/** Words that must not appear in code, strings and comments included. */
export function banComplaints({ path, text }: SourceFile): readonly string[] {
  const complaints: string[] = [];
  text.split("\n").forEach((line, index) => {
    for (const { pattern, why, except } of bans) {
      const found = pattern.exec(line);
      if (found !== null && except?.test(path) !== true) complaints.push(`${path}:${index + 1}: ${found[0]}: ${why}`);
    }
  });
  return complaints;
}

/**
 * Links between the project's own Markdown files lead somewhere: to a file or folder, and to a heading in it.
 *
 * @param exists whether the repository has that file or folder
 * @param read the text of a Markdown file that exists
 */
export function linkComplaints(
  { path, text }: SourceFile,
  exists: (path: string) => boolean,
  read: (path: string) => string,
): readonly string[] {
  const complaints: string[] = [];
  for (const match of withoutCode(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
    const link = match[1] ?? "";
    if (/^[a-z]+:/.test(link)) continue;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), decodeURI(file)));
    if (!exists(target)) {
      complaints.push(`${path}: link to ${link}: there is no ${target}`);
    } else if (anchor !== undefined && target.endsWith(".md")) {
      const headings = target === path ? text : read(target);
      if (!anchorsOf(headings).has(anchor)) complaints.push(`${path}: link to ${link}: no such heading`);
    }
  }
  return complaints;
}

/** The names GitHub gives to the headings of a Markdown text. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const match of withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const name = (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let unique = name;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${name}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Markdown without fenced blocks and with inline code unwrapped: neither holds links or headings. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "")
    .replaceAll(/`([^`\n]*)`/g, (_, code: string) => code.replaceAll(/[[\]()]/g, ""));
}
