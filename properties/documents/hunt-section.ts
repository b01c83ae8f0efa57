/**
 * The table of the hunt for planted bugs in docs/testing.md, from what the last hunt has left (hunted.json).
 *
 * Leaves out whether that is still true: properties/hunt.test.ts holds it to account.
 */
import { readFileSync } from "node:fs";
import { beyondGoal, type HuntResult, type HuntSize } from "../../sim/plants/hunt.ts";
import { renderMarkdownTable } from "./markdown.ts";

/** What `causeway plants --hunt --json` printed. */
export interface Hunted {
  readonly engine: string;
  readonly bugs: readonly HuntResult[];
}

/** The last hunt. */
export function lastHunt(): Hunted {
  return JSON.parse(readFileSync(new URL("./hunted.json", import.meta.url), "utf8")) as Hunted;
}

/** The table, and a line that adds up. */
export function renderHuntSection(): string {
  const { bugs } = lastHunt();
  const size = ({ cloudlets, operations, faults, turns }: HuntSize): string =>
    [cloudlets, operations, faults, turns].join(" / ");
  const rows = bugs.map(({ plant, runs, seen }) => [
    `\`${plant}\``,
    seen === null ? "" : `\`${seen.property}\``,
    String(runs),
    seen === null ? "" : size(seen.before),
    seen === null ? "" : size(seen.after),
    seen === null ? "" : String(seen.shrinkRuns),
  ]);
  const beyond = bugs.flatMap((bug) => {
    const why = beyondGoal(bug);
    return why === null ? [] : [`\`${bug.plant}\` (${why})`];
  });
  const sum = `${bugs.length - beyond.length} of ${bugs.length} planted bugs`;
  const rest = beyond.length === 0 ? "" : ` The others: ${beyond.join("; ")}.`;
  const table = renderMarkdownTable(["planted bug", "seen by", "runs", "before", "after", "runs to shrink"], rows);
  return `${sum} shrink to at most 4 cloudlets, 6 operations and 3 faults.${rest}\n\n${table}`;
}
