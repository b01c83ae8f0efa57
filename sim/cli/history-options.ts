/**
 * Options of all commands that read recorded histories: which format, and where initial values come from.
 *
 * Leaves out reading (model/consistency/formats).
 */
import { InvalidArgumentError } from "commander";
import { type FormatName, formats, type InitialValues } from "../../model/consistency/index.ts";
import { nearestName } from "../../model/topology/names.ts";

/** One of these names, or a message that says which there are. */
export function known<Name extends string>(text: string, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const near = nearestName(text, names);
  const remedy = near === null ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new InvalidArgumentError(`expected ${what}; ${remedy}`);
}

/** Checks `--format`. */
export function parseFormat(text: string): FormatName {
  return known(
    text,
    formats.map(({ name }) => name),
    "the name of a format",
  );
}

/** Checks `--init`. */
export function parseInit(text: string): InitialValues {
  return known(text, ["implicit", "explicit", "none"], "a policy of initial values");
}

/** Checks `--zero`: a number, or a text with or without quotes. */
export function parseZero(text: string): number | string {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
