/**
 * What every resolver makes of the same three concurrent writes: the table of docs/resolvers.md, from a run of
 * workloads/resolvers.yaml.
 *
 * A write counts as lost when no site's readers find it once all sites have met: its version is not in the answer, or its
 * part is not in the merged value. Leaves out whether the run is right, which its oracles say.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert } from "../../model/assert.ts";
import type { KeyAnswer } from "../../model/replication/io.ts";
import { builtInResolvers } from "../../model/topology/resolvers.ts";
import { runScenario } from "../../sim/run/runner.ts";
import { readScenario } from "../../sim/scenario/read.ts";
import { renderMarkdownTable } from "./markdown.ts";

/** The concurrent writes of the story: as a text, and as an amount. A power of ten shows in the digit of its own. */
const writes = [
  { text: "from site-1", amount: 10 },
  { text: "from the hub", amount: 100 },
  { text: "from site-2", amount: 1_000 },
] as const;

/** All sites have met by then, and nobody has ended a conflict yet. */
const MET_FROM = 6_000_000;
const MET_UNTIL = 7_000_000;

/** What became of the writes under one resolver. */
export interface ResolverOutcome {
  readonly resolver: string;
  /** What every site's readers find after the split. */
  readonly found: string;
  readonly lost: number;
  /** Versions that stand side by side there and wait for a person. */
  readonly open: number;
  /** The same at the end of the story, in which a person ends the conflict of one scope. */
  readonly openInTheEnd: number;
}

/** Runs the story. */
export function resolverOutcomes(): readonly ResolverOutcome[] {
  const file = "workloads/resolvers.yaml";
  const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), "utf8");
  const outcome = readScenario(text, { file });
  assert(outcome.kind === "scenario", "the scenario of the table is refused");
  const answers = new Map<string, KeyAnswer[]>();
  const { report } = runScenario(outcome.scenario, {
    observers: [
      {
        replied(at, _cloudlet, _session, _id, result) {
          if (result.kind !== "read" || at < MET_FROM || at >= MET_UNTIL) return;
          for (const answer of result.answers) answers.set(answer.key, [...(answers.get(answer.key) ?? []), answer]);
        },
      },
    ],
  });
  return builtInResolvers.map((resolver) => {
    const key = `${resolver}/seats`;
    const given = answers.get(key) ?? [];
    const [answer] = given;
    assert(answer !== undefined && given.length === 3, "a site was not asked what it makes of the writes");
    const [found, ...others] = given.map(foundBy);
    assert(found !== undefined && others.every((other) => other === found), "two sites make something else of them");
    return {
      resolver,
      found,
      lost: writes.filter((write) => !isFound(answer, write)).length,
      open: answer.bestKnown && answer.hidden === 0 ? answer.versions.length : 0,
      openInTheEnd: report.openSiblings.find((open) => open.key === key)?.versions.length ?? 0,
    };
  });
}

/** The table. */
export function renderResolverTable(): string {
  const heading = ["resolver", "a read after the split finds", "lost updates", "open siblings", "open in the end"];
  const rows = resolverOutcomes().map(({ resolver, found, lost, open, openInTheEnd }) => [
    `\`${resolver}\``,
    found,
    `${lost} of ${writes.length}`,
    String(open),
    String(openInTheEnd),
  ]);
  return renderMarkdownTable(heading, rows);
}

function foundBy({ merged, versions }: KeyAnswer): string {
  if (merged?.kind === "counter") return merged.total;
  if (merged?.kind === "set") return merged.elements.join(", ");
  if (merged?.kind === "log" || merged?.kind === "queue") return merged.entries.join(", ");
  if (merged?.kind === "table")
    return merged.rows.map(({ row, cells }) => `${row}: ${cells.flat().join(" ")}`).join(", ");
  return versions.map(({ value }) => value).join(", ");
}

function isFound({ merged, versions }: KeyAnswer, { text, amount }: (typeof writes)[number]): boolean {
  if (merged?.kind === "counter") return Math.floor(Number(merged.total) / amount) % 10 === 1;
  if (merged?.kind === "set") return merged.elements.includes(text);
  if (merged?.kind === "log" || merged?.kind === "queue") return merged.entries.includes(text);
  if (merged?.kind === "table") return merged.rows.some(({ cells }) => cells.some(([, value]) => value === text));
  return versions.some(({ value }) => value === text);
}
