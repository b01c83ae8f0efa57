/**
 * The committed files that are generated from the code, each with its text: one list for the script that writes them and
 * the test that finds them stale.
 */
import { historyLineForm } from "../check/history-form.ts";
import { runResultSchema } from "../cli/run-result.ts";
import { describeFaults } from "./describe-faults.ts";
import { describeForm } from "./describe-form.ts";
import { describeQuirks } from "./describe-quirks.ts";
import { scenarioJsonSchema, toJsonSchema } from "./json-schema.ts";
import { describeSweepForm, sweepJsonSchema } from "../sweep/describe-sweep.ts";

/** A generated file. */
export interface GeneratedFile {
  /** Path from the root of the checkout, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** All of them. */
export function generatedFiles(): readonly GeneratedFile[] {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { path: "docs/scenario.md", text: `${describeForm()}\n${describeSweepForm()}` },
    { path: "docs/faults.md", text: describeFaults() },
    { path: "docs/quirks.md", text: describeQuirks() },
    { path: "schema/scenario.schema.json", text: json(scenarioJsonSchema()) },
    { path: "schema/sweep.schema.json", text: json(sweepJsonSchema()) },
    { path: "schema/run-report.schema.json", text: json(toJsonSchema(runResultSchema)) },
    { path: "schema/history.schema.json", text: json(toJsonSchema(historyLineForm)) },
  ];
}
