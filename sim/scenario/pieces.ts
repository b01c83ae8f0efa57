/**
 * The building blocks of the scenario's form: texts, counts, quantities, maps and choices that explain themselves.
 *
 * Each check says what was expected, what was found and what to do, so that no message of the library reaches a user.
 * They only check: values become numbers in resolve.ts, and the JSON Schema shows what a person writes.
 */
import * as z from "zod";
import { nearestName } from "../../model/topology/names.ts";
import { PROBLEMS_SHOWN_MAX } from "./problem.ts";
import { describeFound, describeQuantity, parseQuantity, quantityExample, quantityPattern } from "./quantity.ts";
import type { QuantityKind } from "./quantity.ts";
import { parseSpread, spreadForms, spreadPattern } from "./spread.ts";

/** `expected a text, found 3; put it in quotes`. */
function expected(what: string, found: unknown, remedy = ""): string {
  const head = found === undefined ? `missing: expected ${what}` : `expected ${what}, found ${describeFound(found)}`;
  return remedy === "" ? head : `${head}; ${remedy}`;
}

/**
 * A text of 1 to 1 000 characters.
 *
 * @param what its meaning, for docs and editors
 * @param noun what messages call it
 */
export function text(what: string, noun = "a text") {
  return z
    .string({
      error: ({ input }) =>
        expected(noun, input, typeof input === "number" || typeof input === "boolean" ? "put it in quotes" : ""),
    })
    .min(1, { error: ({ input }) => expected(`${noun} of at least one character`, input) })
    .max(1000, {
      error: ({ input }) => `expected ${noun} of at most 1000 characters, found ${lengthOf(input)}; shorten it`,
    })
    .meta({ description: what });
}

/** A text that may be empty, of at most 64 Ki characters: a value to store. */
export function value() {
  return z
    .string({ error: ({ input }) => expected("a value to store", input, "put it in quotes") })
    .max(65_536, {
      error: ({ input }) => `expected at most 65536 characters, found ${lengthOf(input)}; store something shorter`,
    })
    .meta({ description: "the value to store; it may be empty" });
}

/** A whole number in a range, both ends included. */
export function count(what: string, min: number, max: number) {
  const range = `a whole number from ${min} to ${max}`;
  const error = ({ input }: { readonly input?: unknown }) => expected(range, input);
  return z
    .number({ error })
    .int({ error })
    .min(min, { error })
    .max(max, { error })
    .meta({ description: `${what}, ${range}` });
}

/** A number above 0, 1 at most. */
export function portion(what: string) {
  const error = ({ input }: { readonly input?: unknown }) => expected("a number above 0, 1 at most", input);
  return z
    .number({ error })
    .gt(0, { error })
    .max(1, { error })
    .meta({ description: `${what}, a number above 0, 1 at most` });
}

/** true or false. */
export function flag(what: string) {
  return z.boolean({ error: ({ input }) => expected("true or false", input) }).meta({ description: what });
}

/** One word out of a few, with a suggestion for a misspelt one. */
export function word<const Words extends readonly [string, ...string[]]>(what: string, words: Words) {
  return z
    .enum(words, { error: ({ input }) => expected(listed(words), input, suggestion(input, words)) })
    .meta({ description: what });
}

/** A name of one table, or a map that says what no name does. */
export function nameOr<const Words extends readonly [string, ...string[]], Rest extends z.core.SomeType>(
  what: string,
  { thing, noun, words }: NameTable<Words>,
  rest: Rest,
) {
  return z
    .union([z.enum(words), rest], {
      error: ({ input }) => expected(`${noun} (see \`causeway list ${thing}\`)`, input, suggestion(input, words)),
    })
    .meta({ description: what });
}

/**
 * A quantity with its unit.
 *
 * @param most the largest that is accepted, as a person writes it; without one, the largest of its kind
 */
export function quantity(kind: QuantityKind, what: string, most?: string) {
  const bound = most === undefined ? null : parseQuantity(kind, most);
  const max = bound?.kind === "quantity" ? bound.value : Infinity;
  return z
    .custom<string>(
      (input) => {
        const outcome = parseQuantity(kind, input);
        return outcome.kind === "quantity" && outcome.value <= max;
      },
      {
        error: ({ input }) => {
          if (input === undefined) return expected(describeQuantity(kind), input);
          const outcome = parseQuantity(kind, input);
          return outcome.kind === "refused" ? outcome.why : expected(`at most ${most}`, input);
        },
      },
    )
    .meta({
      title: kind,
      description: what,
      type: "string",
      pattern: quantityPattern(kind),
      examples: [quantityExample(kind)],
    });
}

/** A quantity with its unit, or the word `none`: no limit, where another one would apply. */
export function quantityOrNone(kind: QuantityKind, what: string) {
  return z
    .custom<string>((input) => input === "none" || parseQuantity(kind, input).kind === "quantity", {
      error: ({ input }) => {
        const outcome = parseQuantity(kind, input);
        return outcome.kind === "refused" ? `${outcome.why}; for no limit write none` : "";
      },
    })
    .meta({
      title: kind,
      description: what,
      type: "string",
      pattern: `^none$|${quantityPattern(kind)}`,
      examples: [quantityExample(kind)],
    });
}

/** A duration or a distribution of durations. */
export function spread(what: string) {
  return z
    .custom<string>((input) => parseSpread(input).kind === "spread", {
      error: ({ input }) => {
        if (input === undefined) return expected(spreadForms, input);
        const outcome = parseSpread(input);
        return outcome.kind === "refused" ? outcome.why : "";
      },
    })
    .meta({
      title: "duration or distribution",
      description: what,
      type: "string",
      pattern: spreadPattern,
      examples: ["20ms", "exponential(20ms)"],
    });
}

/** A map with exactly these keys; others are refused by name, one line each, with a suggestion. */
export function map<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const known = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) => {
        if (issue.code !== "unrecognized_keys") return expected(`a map: ${what}`, issue.input);
        return issue.keys
          .map((key, index) => (index < PROBLEMS_SHOWN_MAX ? unknownKey(key, known) : "unknown key"))
          .join("\n");
      },
    })
    .meta({ description: what });
}

/**
 * One of several maps, told apart by a key that only one of them has.
 *
 * The message of its issue begins with a line that names those keys, so that explain.ts can tell which map was meant and
 * report what is wrong with that one alone.
 */
export function variants<const Options extends readonly [z.core.SomeType, ...z.core.SomeType[]]>(
  what: string,
  verbs: readonly string[],
  options: Options,
) {
  return z
    .union(options, {
      error: ({ input }) => `${verbs.join(" ")}\nexpected ${what} with ${listed(verbs)}, found ${describeFound(input)}`,
    })
    .meta({ description: `${what}: exactly one of ${listed(verbs)}` });
}

/** A list with at most 100 000 elements. */
export function list<Element extends z.core.$ZodType>(what: string, element: Element) {
  return z
    .array(element, {
      error: ({ input }) => expected(`a list: ${what}`, input, "write one element per line, each after a -"),
    })
    .max(100_000, { error: ({ input }) => `expected at most 100000 elements, found ${lengthOf(input)}; use fewer` })
    .meta({ description: what });
}

/** What a list of names takes. */
export interface NameTable<Words extends readonly [string, ...string[]]> {
  /** As in `causeway list THING`. */
  readonly thing: string;
  readonly noun: string;
  readonly words: Words;
}

/**
 * A list of names of one table.
 *
 * @param other the table that its names are easily confused with, and the keys where those belong
 */
export function listOf<const Words extends readonly [string, ...string[]]>(
  what: string,
  { thing, noun, words }: NameTable<Words>,
  other: NameTable<readonly [string, ...string[]]> & { readonly keys: string },
) {
  const element = z.enum(words, {
    error: ({ input }) => {
      const names = `${noun} (see \`causeway list ${thing}\`)`;
      return typeof input === "string" && other.words.includes(input)
        ? `expected ${names}, found "${input}", which is ${other.noun}; it belongs under ${other.keys}`
        : expected(names, input, suggestion(input, words));
    },
  });
  return list(what, element.meta({ description: `${noun}, see \`causeway list ${thing}\`` }));
}

function lengthOf(input: unknown): number {
  return typeof input === "string" || Array.isArray(input) ? input.length : 0;
}

/** `a, b or c`, at most eight of them. */
function listed(words: readonly string[]): string {
  if (words.length > 8) return `${words.slice(0, 8).join(", ")}, ...`;
  const last = words.at(-1) ?? "";
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function suggestion(input: unknown, words: readonly string[]): string {
  if (typeof input !== "string") return "";
  const near = nearestName(input, words);
  return near === null ? "" : `did you mean "${near}"?`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  const remedy = near === null ? `remove it, or use one of: ${known.join(", ")}` : `did you mean "${near}"?`;
  return `unknown key ${describeFound(key)}; ${remedy}`;
}
