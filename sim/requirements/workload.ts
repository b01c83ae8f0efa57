// The committed scenarios, as text, from a checkout or an installed package; and the smaller form of one that takes minutes.

import { readFileSync } from "node:fs";

// From sim/requirements/, and from dist/sim/requirements/.
const folder = new URL(import.meta.url.endsWith(".ts") ? "../../workloads/" : "../../../workloads/", import.meta.url);

/** The text of `workloads/NAME.yaml`. */
export function workloadText(name: string): string {
  return readFileSync(new URL(`${name}.yaml`, folder), "utf8");
}

/** In full a year of a thousand sites takes minutes; of forty it says the same. */
export const smallChurn: Readonly<Record<string, string>> = {
  "topology.family.cloudlets": "40",
  "expectations.bounds": '{ deletes.collected: ">= 20000", deletes.standing: "<= 2500" }',
};
