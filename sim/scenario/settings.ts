/**
 * Values put into a scenario from outside the file, by path: `--set links.defaults.loss=5%`, and what `draw` draws.
 *
 * A path leads through maps by key and through lists by index or by the name of an element: `scopes.users.resolver`.
 * Leaves out checking the value: the schema does that for every value, wherever it came from.
 */
import { nearestName } from "../../model/topology/names.ts";
import { describeFound } from "./quantity.ts";
import { type FormPath, renderFormPath } from "./problem.ts";

/** The new value with the path it went to, or why there is no such place. */
export type SetOutcome =
  { readonly kind: "set"; readonly path: FormPath } | { readonly kind: "refused"; readonly why: string };

/** Splits `a.b[2]["c.d"]` into its steps; null when it is no path. */
export function parseFormPath(text: string): FormPath | null {
  const steps: (string | number)[] = [];
  const step = /\.?([^.[\]]+)|\[([0-9]{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/gy;
  let end = 0;
  for (let match = step.exec(text); match !== null; match = step.exec(text)) {
    end = step.lastIndex;
    if (match[2] !== undefined) steps.push(Number(match[2]));
    else if (match[3] !== undefined) {
      try {
        steps.push(String(JSON.parse(match[3])));
      } catch {
        return null;
      }
    } else steps.push(match[1] ?? "");
  }
  return end === text.length && steps.length > 0 && !text.startsWith(".") ? steps : null;
}

/**
 * Plain data into which values are put, while what it was made from, and the values, stay as they are: maps and lists on the way are
 * copied before they are first changed.
 */
export class Draft {
  readonly root: Record<string, unknown>;
  /** Copies, which may be changed. */
  readonly #copies = new Set<unknown>();

  /** @param from as parseDocument returns it */
  constructor(from: Readonly<Record<string, unknown>>) {
    this.root = { ...from };
    this.#copies.add(this.root);
  }

  /** Puts a value where the path leads. Missing maps on the way are made; lists grow by one element at most. */
  set(path: FormPath, value: unknown): SetOutcome {
    const taken: (string | number)[] = [];
    let here: unknown = this.root;
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1;
      if (Array.isArray(here)) {
        const list = here as unknown[];
        const index = indexIn(list, step);
        if (index === null) return { kind: "refused", why: noElement(taken, list, step) };
        taken.push(index);
        here = list[index] = last ? value : this.#copyOf(list[index]);
      } else if (isPlainMap(here)) {
        const key = String(step);
        if (key === "__proto__" || key === "constructor" || key === "prototype") {
          return { kind: "refused", why: `the key "${key}" is reserved; choose another name` };
        }
        taken.push(key);
        here = here[key] = last ? value : this.#copyOf(Object.hasOwn(here, key) ? here[key] : null);
      } else {
        const at = renderFormPath(taken);
        return {
          kind: "refused",
          why: `expected a map or a list at ${at}, found ${describeFound(here)}; set ${at} as a whole`,
        };
      }
    }
    return { kind: "set", path: taken };
  }

  /** What may be changed in its place: a new map where nothing is; what is neither a map nor a list, as it is. */
  #copyOf(found: unknown): unknown {
    if (this.#copies.has(found)) return found;
    const isNothing = found === null || found === undefined;
    if (!isNothing && !Array.isArray(found) && !isPlainMap(found)) return found;
    const copy = Array.isArray(found) ? [...(found as unknown[])] : { ...found };
    this.#copies.add(copy);
    return copy;
  }
}

/** Is it a map as parseDocument makes them? */
export function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The element a step means: by index, up to one past the end, or by its name. */
function indexIn(list: readonly unknown[], step: string | number): number | null {
  const index = typeof step === "number" || /^(0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : -1;
  if (index >= 0) return index <= list.length ? index : null;
  const named = list.findIndex((element) => nameOf(element) === step);
  return named < 0 ? null : named;
}

function nameOf(element: unknown): string | null {
  return isPlainMap(element) && typeof element["name"] === "string" ? element["name"] : null;
}

function noElement(taken: FormPath, list: readonly unknown[], step: string | number): string {
  const names = list.map(nameOf).filter((name) => name !== null);
  const near = nearestName(String(step), names);
  const known = names.length === 0 ? "" : `, or one of the names ${names.slice(0, 8).join(", ")}`;
  const hint = near === null ? "" : `; did you mean ${near}?`;
  return `expected an index from 0 to ${list.length}${known} after ${renderFormPath(taken)}, found ${step}${hint}`;
}
