/**
 * The files that arguments of a command name: files themselves, all files in and below a folder, and those that a pattern matches.
 *
 * Patterns are the usual ones: `*` and `?` inside one name, `**` over any number of folders, `[a-z]`, `{a,b}`. Names that begin with
 * a dot are only matched by a pattern that says the dot. Whatever a folder gives is sorted by its characters, so that the order is
 * the same on every machine. Leaves out looking into files.
 */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** What the arguments come to. */
export interface FoundFiles {
  /** In the order of the arguments; absolute paths with the names that reports use. */
  readonly files: readonly { readonly path: string; readonly file: string }[];
  /** Whether an argument may stand for several files, whatever it stood for this time. */
  readonly areMany: boolean;
  /** Arguments that stand for nothing, in words. */
  readonly problems: readonly string[];
}

const magic = /[*?[{]/;

/** Looks them up, relative to a folder. */
export function findFiles(cwd: string, argv: readonly string[]): FoundFiles {
  const files: { path: string; file: string }[] = [];
  const problems: string[] = [];
  let areMany = argv.length > 1;
  const add = (file: string): void => void files.push({ path: resolve(cwd, file), file });
  for (const argument of argv) {
    const kind = kindOf(resolve(cwd, argument));
    if (kind === "folder") {
      areMany = true;
      const inside = walk(cwd, argument, ["any", anyName]);
      if (inside.length === 0) problems.push(`${argument}: there is no file in this directory; name another one`);
      inside.forEach(add);
    } else if (kind === null && magic.test(argument)) {
      areMany = true;
      const matches = alternatives(argument).flatMap((pattern) => matching(cwd, pattern));
      if (matches.length === 0) problems.push(`${argument}: no file matches this pattern; check it`);
      [...new Set(matches)].sort(byCharacters).forEach(add);
    } else add(argument);
  }
  return { files, areMany, problems };
}

function kindOf(path: string): "file" | "folder" | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return stat.isDirectory() ? "folder" : "file";
}

const byCharacters = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** A part of a path as a pattern; "any" for any number of folders, a text for exactly that name. */
type Part = RegExp | "any" | { readonly name: string };

const anyName = /^[^.]/;

/** Files that a pattern without braces matches. */
function matching(cwd: string, pattern: string): readonly string[] {
  const names = pattern.split("/").filter((part) => part !== "");
  const parts = names.map((name): Part => (name === "**" ? "any" : magic.test(name) ? expression(name) : { name }));
  return walk(cwd, pattern.startsWith("/") ? "/" : "", parts.at(-1) === "any" ? [...parts, anyName] : parts);
}

/** Files below a folder whose paths fit, each once; a folder that fits stands for all files in and below it. */
function walk(cwd: string, from: string, parts: readonly Part[]): readonly string[] {
  const found = new Set<string>();
  const todo: { readonly folder: string; readonly parts: readonly Part[] }[] = [{ folder: from, parts }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { folder } = next;
    const [part, ...rest] = next.parts;
    // No folder at all is a number of folders, too.
    if (part === "any") todo.push({ folder, parts: rest });
    for (const { name, isFolder } of entriesOf(resolve(cwd, folder))) {
      const path = folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`;
      if (part === "any") {
        if (isFolder && anyName.test(name)) todo.push({ folder: path, parts: next.parts });
      } else if (part instanceof RegExp ? part.test(name) : part?.name === name) {
        if (isFolder) todo.push({ folder: path, parts: rest.length === 0 ? ["any", anyName] : rest });
        else if (rest.length === 0) found.add(path);
      }
    }
  }
  return [...found].sort(byCharacters);
}

/** What is in a folder; links to folders are not followed, since they may lead back. */
function entriesOf(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isSymbolicLink()) return [{ name: entry.name, isFolder: entry.isDirectory() }];
      return kindOf(join(folder, entry.name)) === "file" ? [{ name: entry.name, isFolder: false }] : [];
    });
  } catch {
    return [];
  }
}

/** The patterns that one with `{a,b}` stands for. */
function alternatives(pattern: string): readonly string[] {
  const done: string[] = [];
  const todo = [pattern];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    // The innermost braces first, so that they may stand in each other.
    const match = /\{([^{}]*)\}/.exec(next);
    if (match === null) done.push(next);
    else {
      const text = next;
      const ends = (match[1] ?? "").split(",");
      todo.push(...ends.map((end) => text.slice(0, match.index) + end + text.slice(match.index + match[0].length)));
    }
  }
  return done;
}

function expression(part: string): RegExp {
  let source = part.startsWith(".") ? "" : "(?!\\.)";
  for (let at = 0; at < part.length; at += 1) {
    const character = part[at]!;
    const close = character === "[" ? part.indexOf("]", at + 2) : -1;
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (close > 0) {
      const inside = part
        .slice(at + 1, close)
        .replace(/^!/, "^")
        .replaceAll("\\", "\\\\")
        .replaceAll("[", "\\[");
      source += `[${inside}]`;
      at = close;
    } else source += character.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}
