// The columns of a sweep's results, known before the first run: what identifies a run, the parameters that its plan brings, its verdict,
// and everything that a run measures, by the names that scenarios and reports use.
//
// Leaves out the values (row.ts) and how they are stored (parquet.ts).

import { assert } from "../../model/assert.ts";
import { faultNames } from "../faults/table.ts";
import { markTable, oracleTable } from "../oracles/names.ts";
import { metricTable } from "../scenario/metric-names.ts";
import type { ParameterColumn } from "./plan.ts";

/** What a column holds; null where a run has no value. Integers are safe integers. */
export type ColumnKind = "text" | "integer" | "number";

/** One column. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

const text = (name: string): Column => ({ name, kind: "text" });
const integer = (name: string): Column => ({ name, kind: "integer" });

/** Before the plan's columns. */
const head: readonly Column[] = [integer("index"), text("seed")];

/** After the plan's columns, in the order in which row.ts fills them. */
export const resultColumns: readonly Column[] = [
  text("scenario"),
  text("outcome"),
  text("why"),
  text("digest"),
  integer("steps"),
  integer("requests"),
  integer("cloudlets"),
  integer("depth"),
  text("topology.fingerprint"),
  ...oracleTable.map(({ name }) => text(`property.${name}`)),
  ...oracleTable.map(({ name }) => integer(`violations.${name}`)),
  ...markTable.map(({ name }) => integer(`mark.${name}`)),
  ...faultNames.map((name) => integer(`fault.${name}`)),
  ...metricTable.map(({ name, unit }): Column => ({ name, kind: unit === "share" ? "number" : "integer" })),
];

const ownNames = new Set([...head, ...resultColumns].map(({ name }) => name));

/** Whether every sweep has a column of this name, so that no plan may bring one. */
export function isOwnColumn(name: string): boolean {
  return ownNames.has(name);
}

/** All columns of the results of a plan, in their order. */
export function columnsOf(parameters: readonly ParameterColumn[]): readonly Column[] {
  const columns = [...head, ...parameters, ...resultColumns];
  assert(new Set(columns.map(({ name }) => name)).size === columns.length, "two columns of one name");
  return columns;
}
