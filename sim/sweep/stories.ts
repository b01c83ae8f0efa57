// What workloads are about that a sweep has drawn whole: from the flags of its file to the story, to what results call it, and to the
// marks that such scenarios can reach. Leaves out the drawing (case.ts).

import type { SweepDraws } from "../oracles/names.ts";
import type { WorkloadOption } from "./plan-of.ts";
import type { DrawnStory } from "./plan.ts";
import type { SweepForm } from "./schema-sweep.ts";

/** What results call workloads that are drawn whole. */
export const storyNames: Readonly<Record<DrawnStory, string>> = {
  data: "generated",
  detachments: "detachments",
  operations: "operations",
  aliveness: "aliveness",
  either: "control",
};

type GeneratedForm = Extract<SweepForm["workloads"][number], { generated: unknown }>["generated"];

/** What such a workload is about; null: it says what no scenario has together. */
export function storyOf({
  detachments = false,
  operations = false,
  aliveness = false,
}: GeneratedForm): DrawnStory | null {
  if (detachments) return operations || aliveness ? null : "detachments";
  if (operations) return aliveness ? "either" : "operations";
  return aliveness ? "aliveness" : "data";
}

/**
 * What scenarios of these workloads are drawn with. In half of those in which cloudlets are watched people ask for operations, too, but
 * that is no sweep over operations.
 */
export function drawsOf(workloads: readonly WorkloadOption[]): SweepDraws {
  const stories = workloads.flatMap((one) => (one.kind === "generated" ? one.story : []));
  return {
    detachments: stories.includes("detachments"),
    operations: stories.includes("operations") || stories.includes("either"),
    aliveness: stories.includes("aliveness") || stories.includes("either"),
  };
}
