/**
 * YAML text to plain data, with the place of every value kept for messages.
 *
 * Our own walk over the syntax tree instead of the library's `toJS`: it counts what aliases unfold to, limits the depth,
 * finds duplicate keys in linear time, and refuses keys that mean something to JavaScript objects. Leaves out everything
 * about scenarios.
 */
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type YAMLMap,
} from "yaml";
import { type FormPath, type Problem, sortProblems } from "./problem.ts";

/** A file larger than this is refused unread: 4 MiB of YAML take seconds and hundreds of megabytes. */
export const TEXT_SIZE_MAX = 4 * 1024 * 1024;

/** What aliases may unfold to, in values. A scenario of ten thousand cloudlets stays well below. */
const VALUES_MAX = 2_000_000;
/** Values that an alias stands for count apart, so that a small file cannot become a large one. */
const ALIASED_VALUES_MAX = 20_000;
const DEPTH_MAX = 100;
const SYNTAX_PROBLEMS_MAX = 5;
/** Reading stops here: a file that is no YAML at all is wrong at every character. */
const SYNTAX_ERRORS_MAX = 100;

/** Line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Parsed YAML. */
export interface PlainDocument {
  /** Maps, lists, texts, numbers, booleans and nulls; nothing shared, nothing cyclic. */
  readonly value: unknown;
  /** The place of the value at this path, or of its nearest existing parent. */
  placeOf(path: FormPath): Place;
  /** The place of the key that this path ends in, or of the nearest existing parent. */
  placeOfKey(path: FormPath): Place;
}

/** The document, or all reasons why it cannot be read. */
export type DocumentOutcome =
  | { readonly kind: "document"; readonly document: PlainDocument }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Thrown inside the walk where going on makes no sense; never leaves this file. */
class Unreadable extends Error {
  readonly node: Node | null;

  constructor(message: string, node: Node | null) {
    super(message);
    this.node = node;
  }
}

/** Thrown while tokens are read; never leaves this file. */
class TooDeep extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`nested more than ${DEPTH_MAX} deep; write it flatter`);
    this.offset = offset;
  }
}

/**
 * The parser's tokens, as long as they are not nested too deeply. What builds nodes from them is recursive, and a stack
 * that runs out inside a regular expression ends the process.
 */
function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === "error") errors += 1;
      yield token;
    }
    if (errors > SYNTAX_ERRORS_MAX) return;
    // A level of nesting takes at most two places of the stack.
    if (parser.stack.length > 2 * DEPTH_MAX) throw new TooDeep(parser.offset);
  }
  yield* parser.end();
}

/** Parses YAML 1.2 (core schema, no merge keys). Bad input never throws. */
export function parseDocument(file: string, text: string): DocumentOutcome {
  const lines = new LineCounter();
  const problemAt = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const invalid = (problems: readonly Problem[]): DocumentOutcome => ({
    kind: "invalid",
    problems: sortProblems(problems),
  });

  let root: Node | null;
  // Errors of the parser carry their place; a stack for each would take most of the time.
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    // Duplicate keys are found below: the library compares each key with every other.
    const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const documents = [...composer.compose(boundedTokens(text, lines))];
    const first = documents[0];
    if (first === undefined) return invalid([problemAt(0, emptyMessage)]);
    if (first.errors.length > 0) {
      return invalid(
        first.errors.slice(0, SYNTAX_PROBLEMS_MAX).map(({ message, pos }) => problemAt(pos[0], syntaxMessage(message))),
      );
    }
    const second = documents[1];
    if (second !== undefined) {
      const remedy = "expected one document, found a second one; remove the line ---, or make two files";
      return invalid([problemAt(second.range[0], remedy)]);
    }
    root = first.contents;
  } catch (error) {
    if (error instanceof TooDeep) return invalid([problemAt(error.offset, error.message)]);
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (root === null) return invalid([problemAt(0, emptyMessage)]);

  const walk = new Walk(problemAt);
  try {
    const value = walk.plain(root, 0);
    if (walk.problems.length > 0) return invalid(walk.problems);
    const contents = root;
    const place = (node: Node): Place => {
      const { line, col } = lines.linePos(node.range?.[0] ?? 0);
      return { line, column: col };
    };
    return {
      kind: "document",
      document: {
        value,
        placeOf: (path) => place(walk.find(contents, path, "value")),
        placeOfKey: (path) => place(walk.find(contents, path, "key")),
      },
    };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return invalid([...walk.problems, problemAt(error.node?.range?.[0] ?? 0, error.message)]);
  }
}

/** What is said of a text without any value. */
export const emptyMessage = "expected a scenario, found an empty file; `causeway new NAME` writes one to start from";

/** The parser's own words, and for the two commonest mistakes what they mean. */
function syntaxMessage(message: string): string {
  const head = message.split("\n")[0] ?? message;
  const hint = /tab/i.test(head) ? "; indent with blanks" : "; YAML nests by indentation";
  return `expected YAML, found what cannot be parsed: ${head}${hint}`;
}

/** One pass over the syntax tree. */
class Walk {
  readonly problems: Problem[] = [];
  readonly #problemAt: (offset: number, message: string) => Problem;
  readonly #anchors = new Map<string, Node>();
  /** Anchors that are being unfolded right now: one of them inside itself would never end. */
  readonly #open = new Set<Node>();
  readonly #indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  #values = 0;
  #aliasedValues = 0;

  constructor(problemAt: (offset: number, message: string) => Problem) {
    this.#problemAt = problemAt;
  }

  plain(node: Node | null, depth: number, alias: Node | null = null): unknown {
    if (node === null) return null;
    this.#values += 1;
    if (alias !== null) this.#aliasedValues += 1;
    if (this.#aliasedValues > ALIASED_VALUES_MAX) {
      throw new Unreadable(
        `the aliases of this file unfold to more than ${ALIASED_VALUES_MAX} values; write out what is meant`,
        alias,
      );
    }
    if (this.#values > VALUES_MAX) throw new Unreadable(`more than ${VALUES_MAX} values; use fewer`, node);
    if (depth > DEPTH_MAX) throw new Unreadable(`nested more than ${DEPTH_MAX} deep; write it flatter`, alias ?? node);

    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) {
        throw new Unreadable(
          `no anchor &${node.source} stands before this alias; define it above, or write the value`,
          node,
        );
      }
      if (this.#open.has(target))
        throw new Unreadable(`the alias *${node.source} contains itself; write the value`, node);
      return this.plain(target, depth, alias ?? node);
    }
    const anchor = "anchor" in node ? node.anchor : undefined;
    if (anchor !== undefined && alias === null) this.#anchors.set(anchor, node);
    if (isScalar(node)) return this.#scalar(node.value, alias ?? node);
    this.#open.add(node);
    let value: unknown = null;
    if (isSeq(node)) value = node.items.map((item) => this.plain(item as Node | null, depth + 1, alias));
    else if (isMap(node)) value = this.#map(node, depth, alias);
    this.#open.delete(node);
    return value;
  }

  #scalar(value: unknown, node: Node): unknown {
    if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
      this.#refuse(node, `expected a number, found ${String(value)}; put it in quotes if it is a text`);
      return null;
    }
    return value;
  }

  #map(node: YAMLMap, depth: number, alias: Node | null): unknown {
    const value: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const pair of node.items) {
      const keyNode = pair.key as Node;
      const key = keyText(keyNode);
      if (key === null) {
        this.#refuse(alias ?? keyNode, "expected a text as a key; put it in quotes");
        continue;
      }
      const flaw = flawOfKey(key);
      if (flaw !== null) this.#refuse(alias ?? keyNode, flaw);
      else if (seen.has(key)) this.#refuse(alias ?? keyNode, `the key "${key}" is given twice in one map; remove one`);
      else {
        seen.add(key);
        value[key] = this.plain(pair.value as Node | null, depth + 1, alias);
      }
    }
    return value;
  }

  #refuse(node: Node, message: string): void {
    this.problems.push(this.#problemAt(node.range?.[0] ?? 0, message));
  }

  /** The entries of a map by key, indexed once: a file may be wrong on every line. */
  #pairs(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#indexes.get(map);
    if (known !== undefined) return known;
    const index = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = keyText(pair.key as Node);
      if (key !== null) index.set(key, pair);
    }
    this.#indexes.set(map, index);
    return index;
  }

  /** The node at the end of the path, or as far as the path leads; `key` asks for the last step's key. */
  find(root: Node, path: FormPath, what: "value" | "key"): Node {
    let node = root;
    let nearest = root;
    for (const [index, step] of path.entries()) {
      // What an alias brings in is reported where the alias stands.
      if (isMap(node)) {
        const pair = this.#pairs(node).get(String(step));
        if (pair === undefined) break;
        nearest = pair.key as Node;
        const value = pair.value as Node | null;
        if (index === path.length - 1 && what === "key") return nearest;
        if (value === null || (isScalar(value) && value.range?.[0] === value.range?.[1])) return nearest;
        node = value;
      } else if (isSeq(node) && typeof step === "number") {
        const item = node.items[step] as Node | null | undefined;
        if (item === undefined || item === null) break;
        node = item;
      } else {
        break;
      }
      nearest = node;
    }
    return nearest;
  }
}

/** A key as text; null where it is a list, a map or nothing. Numbers are texts here: `1:` names site 1. */
function keyText(key: Node | null): string | null {
  if (!isScalar(key)) return null;
  const { value } = key;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? (key.source ?? String(value)) : null;
}

/** Why a key is refused, whatever map it stands in; null when it is fine. */
function flawOfKey(key: string): string | null {
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    return `the key "${key}" is reserved; choose another name`;
  }
  if (key === "<<") return "merge keys (<<) are not supported; write the entries out";
  // Maps with such keys have no order of their own in JavaScript, and order is meaning in a scenario.
  if (/^(0|[1-9][0-9]*)$/.test(key)) return `the key "${key}" is a plain number; put a letter in front`;
  return null;
}
