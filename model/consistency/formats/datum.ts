/**
 * A value of a JSON or EDN file with its place: what the two have in common, so that one reader understands Jepsen's histories in
 * both.
 *
 * Leaves out syntax (json.ts, edn.ts) and meaning (jepsen.ts, dbcop.ts).
 */
import { literal, textValue } from "../literals.ts";
import type { Value } from "../version-table.ts";
import { Refusal, shown } from "./problem.ts";

/** Kinds of values. EDN's keywords and symbols are names; vectors and lists are lists; tags are dropped. */
export type DatumKind = "nil" | "boolean" | "number" | "text" | "keyword" | "symbol" | "list" | "set" | "map";

/** One value. All have one shape. */
export interface Datum {
  readonly kind: DatumKind;
  /** Of texts and names: the text, of keywords without the colon. Of numbers that no double holds, and of booleans: as written. */
  readonly text: string;
  /** Of numbers. */
  readonly number: number;
  /** Of lists and sets: the elements; of maps: keys and values in turn. */
  readonly items: readonly Datum[];
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
}

const NO_ITEMS: readonly Datum[] = [];

/** A value without parts. */
export function atom(kind: DatumKind, text: string, number: number, line: number, column: number): Datum {
  return { kind, text, number, items: NO_ITEMS, line, column };
}

/** A value with parts. */
export function compound(kind: DatumKind, items: readonly Datum[], line: number, column: number): Datum {
  return { kind, text: "", number: 0, items, line, column };
}

/** What stands under a name in a map; null where nothing does. The name may be a keyword or a text. */
export function field(map: Datum, name: string): Datum | null {
  const { items } = map;
  for (let at = 0; at + 1 < items.length; at += 2) {
    const key = items[at]!;
    if (key.text === name && (key.kind === "keyword" || key.kind === "text")) return items[at + 1]!;
  }
  return null;
}

const FEW = 16;

/** The first key of a map that stands there for the second time; null where none does. */
export function repeatedKey({ items }: Datum): Datum | null {
  if (items.length > 2 * FEW) {
    const seen = new Set<string>();
    for (let at = 0; at < items.length; at += 2) {
      const key = `${items[at]!.kind} ${printed(items[at]!)}`;
      if (seen.has(key)) return items[at]!;
      seen.add(key);
    }
    return null;
  }
  for (let at = 2; at < items.length; at += 2)
    for (let before = 0; before < at; before += 2) if (isSame(items[at]!, items[before]!)) return items[at]!;
  return null;
}

/** The refusal of a map that has this key twice. */
export function repetition(key: Datum): Refusal {
  return new Refusal(key.line, key.column, "each key of a map once", shown(printed(key)), "leave one of the two out");
}

/** Whether two values are one. */
export function isSame(one: Datum, other: Datum): boolean {
  if (one.kind !== other.kind || one.text !== other.text || one.number !== other.number) return false;
  return one.items.length === other.items.length && (one.items.length === 0 || printed(one) === printed(other));
}

/** Whether this is a name: a keyword, a symbol or a text. */
export function isName(datum: Datum): boolean {
  return datum.kind === "keyword" || datum.kind === "text" || datum.kind === "symbol";
}

/** A value as histories know it. What is no number and no text is a literal, as EDN writes it. */
export function valueOf(datum: Datum): Value {
  switch (datum.kind) {
    case "nil":
      return null;
    case "number":
      return datum.text === "" ? datum.number : literal(datum.text);
    case "text":
      return textValue(datum.text);
    case "symbol":
    case "boolean":
    case "keyword":
    case "list":
    case "set":
    case "map":
      return literal(printed(datum));
  }
}

const brackets = { list: ["[", "]"], set: ["#{", "}"], map: ["{", "}"] } as const;

/** A value as EDN writes it; elements of sets in order, so that equal sets have one text. Nesting is bounded by the readers. */
export function printed(datum: Datum): string {
  switch (datum.kind) {
    case "nil":
      return "nil";
    case "text":
      return JSON.stringify(datum.text);
    case "list":
    case "set":
    case "map": {
      const parts = datum.items.map(printed);
      if (datum.kind === "set") parts.sort();
      const [open, close] = brackets[datum.kind];
      return `${open}${parts.join(" ")}${close}`;
    }
    case "number":
      return datum.text === "" ? String(datum.number) : datum.text;
    case "keyword":
      return `:${datum.text}`;
    case "boolean":
    case "symbol":
      return datum.text;
  }
}
