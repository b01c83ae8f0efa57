/**
 * How long something takes, as written in a scenario: `20ms`, `uniform(5ms, 20ms)`, `exponential(20ms)`,
 * `lognormal(20ms, 50%)`, `normal(20ms, 5ms)`, `pareto(20ms, 150%)`, `sample(5ms, 20ms, 20ms)`.
 *
 * Leaves out the drawing, which is the simulator's, and the fitting (sim/fitting).
 */
import { unreachable } from "../../model/assert.ts";
import { micros } from "../../model/units.ts";
import { describeFound, parseQuantity, showQuantity } from "./quantity.ts";
import type { DurationSpec } from "./scenario.ts";

/** A distribution of durations, or why it is none. */
export type SpreadOutcome =
  { readonly kind: "spread"; readonly spread: DurationSpec } | { readonly kind: "refused"; readonly why: string };

/** What messages and docs call it. */
export const spreadForms =
  "20ms, uniform(5ms, 20ms), exponential(20ms), lognormal(20ms, 50%), normal(20ms, 5ms), pareto(20ms, 150%) or sample(5ms, 20ms, 20ms)";

/** A regular expression for editors: the form only. */
export const spreadPattern =
  "^([0-9]+(\\.[0-9]+)? ?(us|ms|s|min|h|d)|(uniform|exponential|lognormal|normal|pareto|sample)\\(.+\\))$";

/** The most that a lognormal may spread: beyond it single draws last longer than any run. */
const sigmaPercentMax = 400;
/** The least tail of a Pareto: below it single draws last longer than any run. */
const shapePercentMin = 10;
/** Values of a sample. */
const sampleMax = 1_000;

/** Reads a duration or a distribution of durations. */
export function parseSpread(found: unknown): SpreadOutcome {
  const refused = (remedy: string): SpreadOutcome => ({
    kind: "refused",
    why: `expected ${spreadForms}, found ${describeFound(found)}; ${remedy}`,
  });
  const call = typeof found === "string" ? /^\s*([a-z]+)\s*\((.*)\)\s*$/u.exec(found) : null;
  if (call === null) {
    const constant = parseQuantity("duration", found);
    if (constant.kind === "refused") return constant;
    return { kind: "spread", spread: { kind: "constant", value: micros(constant.value) } };
  }
  const name = call[1] ?? "";
  const parameters = (call[2] ?? "").split(",").map((parameter) => parameter.trim());
  const counts = new Map([
    ["uniform", 2],
    ["exponential", 1],
    ["lognormal", 2],
    ["normal", 2],
    ["pareto", 2],
    ["sample", null],
  ]);
  const count = counts.get(name);
  if (count === undefined) return refused(`there is no "${name}": use ${[...counts.keys()].join(", ")}`);
  if (name === "sample") return sampleOf(parameters, refused);
  if (parameters.length !== count) return refused(`${name} takes ${count === 1 ? "one value" : "two values"}`);

  const first = parseQuantity("duration", parameters[0]);
  if (first.kind === "refused") return first;
  const value = micros(first.value);
  if (name === "exponential") return { kind: "spread", spread: { kind: "exponential", mean: value } };
  if (name === "lognormal") {
    const sigma = /^([0-9]{1,3})%$/u.exec(parameters[1] ?? "");
    const sigmaPercent = Number(sigma?.[1] ?? Number.NaN);
    if (!(sigmaPercent <= sigmaPercentMax)) {
      return refused(`the second value is the spread in whole percent, 0% to ${sigmaPercentMax}%`);
    }
    return { kind: "spread", spread: { kind: "lognormal", median: value, sigmaPercent } };
  }
  if (name === "pareto") {
    const shape = /^([0-9]{1,4})%$/u.exec(parameters[1] ?? "");
    const shapePercent = Number(shape?.[1] ?? Number.NaN);
    if (shapePercent >= shapePercentMin)
      return { kind: "spread", spread: { kind: "pareto", min: value, shapePercent } };
    return refused(`the second value is the tail index in whole percent, ${shapePercentMin}% to 9999%`);
  }
  const second = parseQuantity("duration", parameters[1]);
  if (second.kind === "refused") return second;
  if (name === "normal")
    return { kind: "spread", spread: { kind: "normal", mean: value, deviation: micros(second.value) } };
  if (second.value < first.value) return refused("the first value is the least, the second the most");
  return { kind: "spread", spread: { kind: "uniform", min: value, max: micros(second.value) } };
}

/** Values of which each is as likely as any other. */
function sampleOf(parameters: readonly string[], refused: (remedy: string) => SpreadOutcome): SpreadOutcome {
  if (parameters.length > sampleMax) return refused(`a sample has ${sampleMax} values at most`);
  const counts = new Map<number, number>();
  for (const parameter of parameters) {
    const read = parseQuantity("duration", parameter);
    if (read.kind === "refused") return read;
    counts.set(read.value, (counts.get(read.value) ?? 0) + 1);
  }
  const inOrder = [...counts].sort(([one], [other]) => one - other);
  const observations = inOrder.map(([value, count]) => ({ value: micros(value), count }));
  return { kind: "spread", spread: { kind: "empirical", observations } };
}

/** Writes a distribution so that it reads back as the same one. */
export function showSpread(spread: DurationSpec): string {
  const time = (value: number): string => showQuantity("duration", value);
  switch (spread.kind) {
    case "constant":
      return time(spread.value);
    case "uniform":
      return `uniform(${time(spread.min)}, ${time(spread.max)})`;
    case "exponential":
      return `exponential(${time(spread.mean)})`;
    case "lognormal":
      return `lognormal(${time(spread.median)}, ${spread.sigmaPercent}%)`;
    case "normal":
      return `normal(${time(spread.mean)}, ${time(spread.deviation)})`;
    case "pareto":
      return `pareto(${time(spread.min)}, ${spread.shapePercent}%)`;
    case "empirical":
      return `sample(${spread.observations.flatMap(({ value, count }) => Array<string>(count).fill(time(value))).join(", ")})`;
    default:
      return unreachable(spread);
  }
}
