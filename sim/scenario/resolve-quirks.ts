/**
 * The quirks of a scenario: named ones are checked, `drawn` ones come from its seed.
 *
 * Leaves out what they do (sim/quirks).
 */
import type { Rng } from "../../model/random.ts";
import { drawQuirks, mayBeOn, whyWholeLogs } from "../quirks/draw.ts";
import { quirkNamed, quirkNames } from "../quirks/table.ts";
import { checkedQuantity, type ProblemList } from "./resolving.ts";
import type { QuirkSetting, Scenario } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** One that the form names. */
export type QuirkForm = Exclude<NonNullable<ScenarioForm["quirks"]>, string>[number];

/** Fills in rates, or draws; in the order of the table. */
export function resolveQuirks(
  form: "drawn" | readonly QuirkForm[],
  scenario: Scenario,
  rng: Rng,
  problems: ProblemList,
): readonly QuirkSetting[] {
  if (form === "drawn") return drawQuirks(rng, mayBeOn(scenario, scenario.expectations.always));
  const settings = new Map<string, QuirkSetting>();
  const inTheWay = whyWholeLogs(scenario);
  for (const [index, item] of form.entries()) {
    const name = typeof item === "string" ? item : item.quirk;
    const row = quirkNamed(name);
    const rate = typeof item === "string" ? row.rate : checkedQuantity("share", item.rate);
    if (settings.has(name)) problems.add(["quirks", index], `the quirk ${name} is named twice; remove one`);
    if (row.needsShortLogs === true && inTheWay !== null) {
      const expected = `expected ${name} only where logs may be short and disks have checkpoints`;
      problems.add(["quirks", index], `${expected}, found it together with ${inTheWay}; leave one of the two out`);
    }
    settings.set(name, { quirk: name, rate });
  }
  return quirkNames.flatMap((name) => settings.get(name) ?? []);
}
