/**
 * A bound on a metric as written: `<= 2s`, `< 1MiB`, `== 12`. The metric says which unit the value needs.
 *
 * Leaves out the comparing, which is the runner's.
 */
import { nearestName } from "../../model/topology/names.ts";
import { metricTable, type MetricUnit, metricUnit } from "./metric-names.ts";
import { describeFound, parseQuantity, shortened } from "./quantity.ts";
import type { MetricBound } from "./scenario.ts";

/** The bound, or why it is none; `at` says whether the metric's name or the bound is wrong. */
export type BoundOutcome =
  | { readonly kind: "bound"; readonly bound: MetricBound }
  | { readonly kind: "refused"; readonly at: "key" | "value"; readonly why: string };

const comparisons: readonly MetricBound["comparison"][] = ["<=", ">=", "==", "<", ">"];

const examples: Readonly<Record<MetricUnit, string>> = {
  microseconds: "2s",
  bytes: "64KiB",
  count: "12",
  share: "80%",
};

const quantityOf = { microseconds: "offset", bytes: "size", share: "share" } as const;

/** Reads a bound for this metric. */
export function parseBound(metric: string, text: string): BoundOutcome {
  const names = metricTable.map(({ name }) => name);
  if (!names.includes(metric)) {
    const near = nearestName(metric, names);
    const remedy = near === null ? "see `causeway list metrics`" : `did you mean "${near}"?`;
    return {
      kind: "refused",
      at: "key",
      why: `expected the name of a metric, found "${shortened(metric)}"; ${remedy}`,
    };
  }
  const unit = metricUnit(metric);
  const example = `"<= ${examples[unit]}"`;
  const comparison = comparisons.find((known) => text.startsWith(known));
  if (comparison === undefined) {
    const why = `expected a comparison (${comparisons.join(", ")}) and a value, found ${describeFound(text)}; write for example ${example}`;
    return { kind: "refused", at: "value", why };
  }
  const rest = text.slice(comparison.length).trim();
  if (unit === "count") {
    if (/^[0-9]{1,15}$/.test(rest)) return { kind: "bound", bound: { metric, comparison, value: Number(rest) } };
    const why = `expected a whole number after ${comparison}, found ${describeFound(rest)}; write for example ${example}`;
    return { kind: "refused", at: "value", why };
  }
  const outcome = parseQuantity(quantityOf[unit], rest);
  if (outcome.kind === "refused") return { kind: "refused", at: "value", why: outcome.why };
  return { kind: "bound", bound: { metric, comparison, value: outcome.value } };
}
