// Around a user's function: whatever it does wrong becomes one kind of error, with the inputs that show it. What it
// returns is copied and frozen, so that neither it nor a later call can change what an earlier one gave.
//
// Leaves out the laws, which take more than one call (laws.ts).

import type { MergeFunction, PlainVersion } from "../../model/replication/resolver.ts";

/** A user's function broke its contract: told without a stack trace, since the mistake is in the user's file. */
export class ResolverFailed extends Error {
  override readonly name = "ResolverFailed";
}

// The call that is going on, for whoever has to stop it; null while none is.
let going: { readonly place: string; readonly a: PlainVersion; readonly b: PlainVersion } | null = null;

/** What is to be said of a call that had to be stopped; null when none was going on. */
export function takeStopped(seconds: number): string | null {
  if (going === null) return null;
  const { place, a, b } = going;
  going = null;
  return `${place}merge(a, b) had not returned after ${seconds} s where ${inputsText({ a, b })}; let every loop end`;
}

const countFields = ["wall", "logical", "lamport", "layer", "origin", "incarnation", "stream", "sequence"] as const;

/**
 * The function with every call checked.
 *
 * @param place begins the message: where the scenario names the function
 */
export function guarded(merge: MergeFunction, place: string): MergeFunction {
  return (a, b) => {
    let made: unknown;
    let flaw: string | null;
    let copy: PlainVersion | null = null;
    try {
      going = { place, a, b };
      made = merge(a, b);
      going = null;
      if (made === a || made === b) return made as PlainVersion;
      flaw = flawOf(made);
      if (flaw === null) copy = frozenCopy(made as PlainVersion);
    } catch (error) {
      going = null;
      throw new ResolverFailed(
        `${place}merge(a, b) throws ${thrownText(error)} where ${inputsText({ a, b })}; ${total}`,
      );
    }
    if (copy !== null) return copy;
    throw new ResolverFailed(`${place}merge(a, b) returns ${flaw} where ${inputsText({ a, b })}; ${whole}`);
  };
}

const total = "return a version for every two, and do not write to them: they are frozen";
const whole = "return a, b, or { ...a, value, deleted } with a text and a boolean";

/** A version of its own with the same content. */
export function frozenCopy(version: PlainVersion): PlainVersion {
  const { value, deleted, wall, logical, lamport, layer, origin, incarnation, stream, sequence } = version;
  return Object.freeze({ value, deleted, wall, logical, lamport, layer, origin, incarnation, stream, sequence });
}

/** `a = {...} and b = {...}`, so that the call can be made again by hand. */
export function inputsText(inputs: Readonly<Record<string, PlainVersion>>): string {
  const texts = Object.entries(inputs).map(([name, version]) => `${name} = ${versionText(version)}`);
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}

/** What a reader would get of it. */
export function outputText({ value, deleted }: PlainVersion): string {
  return deleted ? "deleted" : JSON.stringify(cut(value));
}

/** What was thrown, on one line. */
export function thrownText(error: unknown): string {
  let text = "something that is no error";
  if (error instanceof Error) text = `${error.name}: ${error.message}`;
  else if (typeof error === "string") text = error;
  return JSON.stringify(cut(text, 200));
}

function versionText(version: PlainVersion): string {
  return JSON.stringify({ ...version, value: cut(version.value) });
}

function cut(text: string, length = 40): string {
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`;
}

/** Why this is no version; null when it is one. */
function flawOf(made: unknown): string | null {
  if (made instanceof Promise) return "a promise";
  if (typeof made !== "object" || made === null) return made === null ? "null" : `a value of type ${typeof made}`;
  const found = made as Readonly<Record<string, unknown>>;
  const { value, deleted } = found;
  if (typeof value !== "string") return `a version whose value is of type ${typeof value}`;
  if (/\p{Cs}/u.test(value)) return "a version whose value is no text: half of a surrogate pair stands in it";
  if (typeof deleted !== "boolean") return `a version whose "deleted" is of type ${typeof deleted}`;
  if (deleted && value !== "") return "a deleted version with a value";
  const wrong = countFields.find((field) => !Number.isSafeInteger(found[field]));
  return wrong === undefined ? null : `a version whose "${wrong}" is no whole number`;
}
