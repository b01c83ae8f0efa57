/**
 * The hunt for planted bugs as a table and as JSON: what saw each bug, after how many runs, and how small its world became.
 *
 * Leaves out the hunting (sim/plants/run-hunt.ts).
 */
import { beyondGoal, HUNT_GOAL, HUNT_RUNS_MAX, type HuntResult, type HuntSize } from "../plants/hunt.ts";
import { renderTable } from "./tables.ts";

/** The table, who is beyond the goal and why, and a line that adds up. */
export function renderHunt(results: readonly HuntResult[]): string {
  const size = ({ cloudlets, operations, faults, turns }: HuntSize): string =>
    [cloudlets, operations, faults, turns].join(" / ");
  const rows = results.map(({ plant, runs, seen }) =>
    seen === null
      ? [plant, "", runs, "", "", ""]
      : [plant, seen.property, runs, size(seen.before), size(seen.after), String(seen.shrinkRuns)],
  );
  const legend = "sizes: cloudlets / operations / faults / turns (changes of plan, decisions, stops)\n\n";
  const table = renderTable(["planted bug", "seen by", "runs", "before", "after", "to shrink"], rows);
  const beyond = results.flatMap((result) => {
    const why = beyondGoal(result);
    return why === null ? [] : [`${result.plant}: ${why}\n`];
  });
  const { cloudlets, operations, faults } = HUNT_GOAL;
  const goal = `at most ${cloudlets} cloudlets, ${operations} operations and ${faults} faults`;
  const seen = results.filter((result) => result.seen !== null).length;
  const sum = `${seen} of ${results.length} planted bugs seen within ${HUNT_RUNS_MAX} runs, ${results.length - beyond.length} shrunk to ${goal}`;
  return [legend, table, "\n", ...beyond, `${isComplete(results) ? "passed" : "failed"}: ${sum}\n`].join("");
}

/** Was every bug seen? How small its world became is no matter of right and wrong. */
export function isComplete(results: readonly HuntResult[]): boolean {
  return results.every(({ seen }) => seen !== null);
}

/** One JSON object. */
export function huntAsJson(engine: string, results: readonly HuntResult[]): string {
  const bugs = results.map((result) => ({ ...result, beyondGoal: beyondGoal(result) }));
  return `${JSON.stringify({ "causeway-hunt": 1, engine, goal: HUNT_GOAL, bugs }, null, 2)}\n`;
}
