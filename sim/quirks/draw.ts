// Which quirks are on in a run that draws them: none in a part of the runs, else each with one coin of its own, so that a quirk that is
// added to the table changes nothing that others draw. Shares as FoundationDB has them (flow/Buggify.h, TestHarness: on in 8 of 10
// runs, a site in one of four).

import type { Rng } from "../../model/random.ts";
import type { QuirkSetting, Scenario } from "../scenario/scenario.ts";
import { quirkNamed, type QuirkName, type QuirkRow, quirkTable } from "./table.ts";

const ANY = 800_000;
const EACH = 250_000;

/** Draws them, in the order of the table, with the rates of the table. */
export function drawQuirks(rng: Rng, mayBe: (quirk: QuirkRow) => boolean): readonly QuirkSetting[] {
  if (!rng.fork("any").chance(ANY)) return [];
  const rows: readonly (QuirkRow & { readonly name: QuirkName })[] = quirkTable;
  return rows.flatMap((row) => {
    const isOn = rng.fork(row.name).chance(EACH);
    return isOn && mayBe(row) ? [{ quirk: row.name, rate: row.rate }] : [];
  });
}

/**
 * Why logs cannot be shortened nor checkpoints taken in this scenario, as its own `logs` could not be set (sim/scenario/read.ts): what
 * is in the way; null when nothing is.
 */
export function whyWholeLogs(
  scenario: Pick<Scenario, "faults" | "plans" | "detachments" | "clients" | "travellers">,
): string | null {
  const { faults, plans = [], detachments = [], clients, travellers = [] } = scenario;
  const exchanged = faults.find(({ kind }) => kind === "restoreBackup" || kind === "cloneDisk");
  if (exchanged !== undefined) return `a fault of kind ${exchanged.kind}`;
  if (plans.length > 0) return "plans";
  if (detachments.length > 0) return "detachments";
  return travellers.length > 0 || clients.some(({ travel }) => travel !== undefined) ? "clients that travel" : null;
}

/** Does one of these need logs that may be short? */
export function shortensLogs(quirks: readonly QuirkSetting[] = []): boolean {
  return quirks.some(({ quirk }) => quirkNamed(quirk).needsShortLogs === true);
}

/** May this quirk be on in a scenario that expects what it does? */
export function mayBeOn(scenario: Parameters<typeof whyWholeLogs>[0], expected: readonly string[]) {
  const isWhole = whyWholeLogs(scenario) !== null;
  return ({ needsShortLogs, suspends }: QuirkRow): boolean =>
    !(needsShortLogs === true && isWhole) &&
    suspends?.properties.some((property) => expected.includes(property)) !== true;
}
