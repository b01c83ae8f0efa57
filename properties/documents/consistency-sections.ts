/**
 * The generated parts of docs/consistency.md: the lattice, the models, the histories that keep them apart, and the bad patterns.
 *
 * Everything comes from the tables in the code, and every verdict from the checkers themselves. Leaves out what is told around them.
 */
import { checkHistory, models, patterns, type Verdict } from "causeway-sim/model";
import { historyOf } from "../consistency/notation.ts";
import { separations } from "../consistency/separations.ts";
import { renderMarkdownTable } from "./markdown.ts";

const code = (text: string): string => `\`${text}\``;

/** The lattice as a picture: an arrow from each model to those that follow from it. */
export function renderLattice(): string {
  const edges = models.flatMap(({ name, implies }) => implies.map((weaker) => `  ${idOf(name)} --> ${idOf(weaker)}`));
  const nodes = models.map(({ name, title }) => `  ${idOf(name)}["${name}<br>${title}"]`);
  return ["```mermaid", "flowchart TD", ...nodes, ...edges, "```", ""].join("\n");
}

function idOf(name: string): string {
  return name.replaceAll("-", "_");
}

/** Every model: what it says, what follows from it, where it comes from, where authors disagree. */
export function renderModels(): string {
  const sections = models.map(({ name, title, says, implies, source, disagreement }) => {
    const lines = [
      `### ${name}: ${title}`,
      "",
      says,
      "",
      `- Implies: ${implies.length === 0 ? "nothing else here" : implies.map(code).join(", ")}`,
      `- Source: ${source}`,
      ...(disagreement === undefined ? [] : [`- Where authors disagree: ${disagreement}`]),
      ...separations
        .filter(({ violated }) => violated[0] === name)
        .map(({ history, says: story }) => `- Violated by ${code(history)}: ${story}`),
      "",
    ];
    return lines.join("\n");
  });
  return sections.join("\n");
}

/** Every history that keeps two models apart, with all verdicts. */
export function renderSeparations(): string {
  const rows = separations.map(({ history }) => {
    const { verdicts } = checkHistory(historyOf(history));
    const named = (kind: Verdict["kind"]): string =>
      [...verdicts].flatMap(([name, verdict]) => (verdict.kind === kind ? [name] : [])).join(" ");
    return [code(history), named("violated"), named("holds")];
  });
  return renderMarkdownTable(["history", "violated", "holds"], rows);
}

/** The bad patterns. */
export function renderPatterns(): string {
  return renderMarkdownTable(
    ["pattern", "says", "source"],
    Object.entries(patterns).map(([name, { says, source }]) => [code(name), says, source]),
  );
}
