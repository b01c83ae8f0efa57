/**
 * A bound on a metric as written: `<= 2s`, `< 1MiB`, `>= 5%`, `== 12`.
 *
 * The unit says what is compared: microseconds, bytes, parts per million, or a plain count.
 */
import { describeFound, parseQuantity, type QuantityKind } from "./quantity.ts";
import type { MetricBound } from "./scenario.ts";

/** The bound, or why it is none. */
export type BoundOutcome =
  { readonly kind: "bound"; readonly bound: MetricBound } | { readonly kind: "refused"; readonly why: string };

const comparisons: readonly MetricBound["comparison"][] = ["<=", ">=", "==", "<", ">"];
const kinds: readonly QuantityKind[] = ["offset", "size", "share"];

/** Reads a bound for this metric. */
export function checkedBound(metric: string, text: string): BoundOutcome {
  const comparison = comparisons.find((known) => text.startsWith(known));
  const rest = comparison === undefined ? "" : text.slice(comparison.length).trim();
  if (comparison !== undefined) {
    if (/^-?[0-9]{1,15}$/.test(rest)) return { kind: "bound", bound: { metric, comparison, value: Number(rest) } };
    for (const kind of kinds) {
      const outcome = parseQuantity(kind, rest);
      if (outcome.kind === "quantity") return { kind: "bound", bound: { metric, comparison, value: outcome.value } };
    }
  }
  const expected = `expected a comparison (${comparisons.join(", ")}) and a value such as 2s, 64KiB, 2% or a whole number`;
  return { kind: "refused", why: `${expected}, found ${describeFound(text)}; write for example "<= 2s"` };
}
