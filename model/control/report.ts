// What a cloudlet tells those above it every so often, and whenever its upper can be reached again: that it is there, what its planes
// are and were, its view, and what it knows of those below it. The value of one key among its results, which each report
// replaces, in one line that a person can read:
//
//   report 7 of 2 after 5 in reach schema=1 control=healthy:3000000,failed:2000000 management=none hardware=3:0:120000: alerts=2:1:500:disk%20full
//     below.power=4:820:90000
//
// Leaves out when it is written (reporting.ts).

import { assert } from "../assert.ts";
import type { PlaneState } from "./planes.ts";
import {
  viewClasses,
  type Joined,
  type JoinedView,
  type Observation,
  type Observations,
  type ViewClass,
} from "./view.ts";

const planeStates: readonly PlaneState[] = ["none", "healthy", "failed"];

/** What a plane was for a while. */
export interface PlaneSpan {
  readonly plane: PlaneState;
  /** Microseconds. */
  readonly lasted: number;
}

/** A report. */
export interface Report {
  /** Which one it is of all that the cloudlet knows to have written. */
  readonly number: number;
  readonly incarnation: number;
  /** How many it knew to have written when this life began. */
  readonly base: number;
  /**
   * Whether its upper could be reached when it was written. One that was written apart has waited, nobody above knows for how long: it says
   * nothing of when its planes were what.
   */
  readonly inReach: boolean;
  /** The version of the operation schema that its software has. */
  readonly schema: number;
  /** What the control plane was in this life, the latest first; never empty. */
  readonly control: readonly PlaneSpan[];
  readonly management: PlaneState;
  readonly view: Observations;
  /** What is below it, joined. */
  readonly below: JoinedView;
}

/** Stretches of the control plane that a report holds. */
export const spansMax = 16;

/** The value of the record that carries it. */
export function reportText({
  number,
  incarnation,
  base,
  inReach,
  schema,
  control,
  management,
  view,
  below,
}: Report): string {
  assert(control.length > 0 && control.length <= spansMax, "a report tells what the control plane is");
  const words = [`report ${number} of ${incarnation} after ${base} ${inReach ? "in reach" : "apart"} schema=${schema}`];
  words.push(`control=${control.map(({ plane, lasted }) => `${plane}:${lasted}`).join(",")}`);
  words.push(`management=${management}`);
  for (const { name } of viewClasses) {
    const one = view[name];
    if (one !== undefined) words.push(`${name}=${one.number}:${one.value}:${one.age}:${encodeURIComponent(one.text)}`);
  }
  for (const { name } of viewClasses) {
    const one = below[name];
    if (one !== undefined) words.push(`below.${name}=${one.count}:${one.value}:${one.age}`);
  }
  return words.join(" ");
}

/** Reads it; null for what is not known here. Words that are not known are passed over: later versions may say more. */
export function readReport(text: string): Report | null {
  const parts = /^report (\d+) of (\d+) after (\d+) (in reach|apart) (.*)$/.exec(text);
  if (parts === null) return null;
  const said = new Map<string, string>();
  for (const word of (parts[5] as string).split(" ")) {
    const equals = word.indexOf("=");
    if (equals < 0) return null;
    said.set(word.slice(0, equals), word.slice(equals + 1));
  }
  const numbers = wholeNumbers([parts[1], parts[2], parts[3], said.get("schema")]);
  const control = spansIn(said.get("control") ?? "");
  const management = planeStates.find((state) => state === said.get("management"));
  if (numbers === null || control === null || management === undefined) return null;
  const [number = 0, incarnation = 0, base = 0, schema = 0] = numbers;
  const view: Partial<Record<ViewClass, Observation>> = {};
  const below: Partial<Record<ViewClass, Joined>> = {};
  for (const { name } of viewClasses) {
    const own = said.get(name);
    if (own !== undefined) {
      const one = observationIn(own);
      if (one === null) return null;
      view[name] = one;
    }
    const theirs = said.get(`below.${name}`);
    if (theirs === undefined) continue;
    const figures = wholeNumbers(theirs.split(":"));
    if (figures?.length !== 3) return null;
    const [count = 0, value = 0, age = 0] = figures;
    below[name] = { count, value, age };
  }
  return { number, incarnation, base, inReach: parts[4] === "in reach", schema, control, management, view, below };
}

function spansIn(text: string): readonly PlaneSpan[] | null {
  const spans: PlaneSpan[] = [];
  for (const word of text.split(",")) {
    const [state, lasted, ...rest] = word.split(":");
    const plane = planeStates.find((one) => one === state);
    const micros = wholeNumber(lasted);
    if (plane === undefined || micros === null || rest.length > 0) return null;
    spans.push({ plane, lasted: micros });
  }
  return spans.length <= spansMax ? spans : null;
}

function observationIn(text: string): Observation | null {
  const [first, second, third, words, ...rest] = text.split(":");
  const figures = wholeNumbers([first, second, third]);
  if (figures === null || words === undefined || rest.length > 0) return null;
  const [number = 0, value = 0, age = 0] = figures;
  const decoded = decodedText(words);
  return decoded === null ? null : { number, value, age, text: decoded };
}

function decodedText(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

// Null where one of them is none.
function wholeNumbers(texts: readonly (string | undefined)[]): readonly number[] | null {
  const numbers = texts.map(wholeNumber);
  return numbers.every((value) => value !== null) ? numbers : null;
}

function wholeNumber(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : null;
}
