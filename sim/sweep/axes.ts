/**
 * Axes of a sweep: the values that one thing takes, by position for a grid and by a share from 0 to 1 for a sample.
 *
 * Quantities of one kind become numbers in results (microseconds, bytes, bits per second, parts per million), so that they can be
 * compared; in scenarios they are written as people write them. Leaves out which cases there are (choose.ts).
 */
import { describeFound, parseQuantity, type QuantityKind, showQuantity } from "../scenario/quantity.ts";
import type { ParameterColumn, ParameterValue } from "./plan.ts";
import type { ChoiceForm } from "./schema-sweep.ts";

/** A value of an axis. */
export interface AxisValue {
  /** As a scenario has it. */
  readonly data: unknown;
  /** As results have it. */
  readonly shown: ParameterValue;
}

/** One axis. */
export interface Axis {
  readonly column: ParameterColumn;
  /** How many values there are; Infinity: too many to be tried one by one. */
  readonly size: number;
  /** @param position 0 to size - 1 */
  readonly at: (position: number) => AxisValue;
  /** @param share 0 <= share < 1 */
  readonly shareAt: (share: number) => AxisValue;
}

/** The axis, or why there is none. */
export type AxisOutcome =
  | { readonly kind: "axis"; readonly axis: Axis }
  | { readonly kind: "refused"; readonly at: "value" | "step"; readonly why: string };

// A duration is an offset that is not negative.
const kinds: readonly QuantityKind[] = ["offset", "size", "bandwidth", "share", "drift"];
/** A range without a step that has no more values than this may be tried value by value. */
const VALUES_MAX = 1_000;

/** An axis of values that are at hand. */
export function listAxis(column: ParameterColumn, values: readonly AxisValue[]): Axis {
  const at = (position: number): AxisValue => values[position] as AxisValue;
  return { column, size: values.length, at, shareAt: (share) => at(Math.floor(share * values.length)) };
}

/** Reads the values of an axis called `name`. */
export function readAxis(name: string, choice: ChoiceForm): AxisOutcome {
  if (Array.isArray(choice)) return { kind: "axis", axis: ofValues(name, choice) };
  if (typeof choice !== "object" || choice === null) return { kind: "axis", axis: ofValues(name, [choice]) };
  const { from, to, step } = choice;
  const range = rangeOf(from, to);
  if (range === null) {
    const why = `expected two whole numbers or two quantities of one kind, the smaller first, found ${describeFound(from)} and ${describeFound(to)}; write for example { from: 1ms, to: 20ms }`;
    return { kind: "refused", at: "value", why };
  }
  const { least, most, show } = range;
  const column: ParameterColumn = { name, kind: "integer" };
  const valueOf = (value: number): AxisValue => ({ data: show(value), shown: value });
  const span = most - least + 1;
  if (step === undefined) {
    const shareAt = (share: number): AxisValue => valueOf(Math.min(most, least + Math.floor(share * span)));
    const size = span <= VALUES_MAX && range.kind === null ? span : span === 1 ? 1 : Infinity;
    return { kind: "axis", axis: { column, size, at: (position) => valueOf(least + position), shareAt } };
  }
  const stride = range.kind === null ? wholeOf(step) : quantityOf(range.kind, step);
  if (stride === null || stride <= 0) {
    const why = `expected a step like the ends of the range and larger than nothing, found ${describeFound(step)}; write for example step: ${range.kind === null ? "2" : showQuantity(range.kind, Math.max(1, Math.floor((span - 1) / 10)))}`;
    return { kind: "refused", at: "step", why };
  }
  const size = Math.floor((most - least) / stride) + 1;
  const at = (position: number): AxisValue => valueOf(least + position * stride);
  return {
    kind: "axis",
    axis: { column, size, at, shareAt: (share) => at(Math.min(size - 1, Math.floor(share * size))) },
  };
}

/** All values are whole numbers, or quantities of one kind, or else texts in results. */
function ofValues(name: string, values: readonly unknown[]): Axis {
  const numbers = values.map(wholeOf);
  if (numbers.every((value) => value !== null)) {
    return listAxis(
      { name, kind: "integer" },
      values.map((data, at) => ({ data, shown: numbers[at] ?? null })),
    );
  }
  if (values.every((value) => typeof value === "number")) {
    return listAxis(
      { name, kind: "number" },
      values.map((data) => ({ data, shown: data })),
    );
  }
  for (const kind of kinds) {
    const quantities = values.map((value) => quantityOf(kind, value));
    if (quantities.every((value) => value !== null)) {
      return listAxis(
        { name, kind: "integer" },
        values.map((data, at) => ({ data, shown: quantities[at] ?? null })),
      );
    }
  }
  return listAxis(
    { name, kind: "text" },
    values.map((data) => ({ data, shown: typeof data === "string" ? data : JSON.stringify(data) })),
  );
}

interface Range {
  readonly kind: QuantityKind | null;
  readonly least: number;
  readonly most: number;
  readonly show: (value: number) => unknown;
}

function rangeOf(from: unknown, to: unknown): Range | null {
  const least = wholeOf(from);
  const most = wholeOf(to);
  if (least !== null && most !== null)
    return least <= most ? { kind: null, least, most, show: (value) => value } : null;
  for (const kind of kinds) {
    const first = quantityOf(kind, from);
    const last = quantityOf(kind, to);
    if (first === null || last === null) continue;
    return first <= last ? { kind, least: first, most: last, show: (value) => showQuantity(kind, value) } : null;
  }
  return null;
}

function wholeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

function quantityOf(kind: QuantityKind, value: unknown): number | null {
  const outcome = parseQuantity(kind, value);
  return outcome.kind === "quantity" ? outcome.value : null;
}
