// The worlds in which planted bugs that only quirks show are looked for: small drawn scenarios, and the quirks drawn for each. Inputs take
// no time in them, since a processor that is busy makes some of what quirks do happen by itself.

import { RngRoot } from "../kernel/rng.ts";
import { generatedScenario } from "../run/generate.ts";
import type { QuirkSetting, Scenario } from "../scenario/scenario.ts";
import { drawQuirks, mayBeOn } from "./draw.ts";

/** The world of that number, without quirks, and those that are on in it. */
export function quirkPlantWorld(number: number): { scenario: Scenario; quirks: readonly QuirkSetting[] } {
  const seed = `quirk-plants/${number}`;
  const drawn = generatedScenario(seed, { operations: 60, tree: { cloudletsMax: 8 } });
  const scenario = { ...drawn, cpus: [] };
  const quirks = drawQuirks(new RngRoot(`${seed}/quirks`).stream, mayBeOn(scenario, scenario.expectations.always));
  return { scenario, quirks };
}
