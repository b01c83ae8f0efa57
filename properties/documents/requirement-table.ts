// The catalogue of requirements as tables of docs/requirements.md: one for each letter.

import { requirements, type Requirement } from "../../model/requirements/index.ts";
import { turnText } from "../../sim/cli/requirements-table.ts";
import { statuses } from "../../sim/requirements/matrix.ts";
import { renderMarkdownTable } from "./markdown.ts";

const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

function statusText({ coverage }: Requirement): string {
  if (coverage.kind === "exempt") return `exempt: ${coverage.reason}`;
  if (coverage.kind === "open" && coverage.lacks !== null) return `not yet covered: lacks ${coverage.lacks}`;
  return statuses[coverage.kind];
}

/** The rows of each letter, in the catalogue's order. */
export function renderRequirementTable(): string {
  const letters = [...new Set(requirements.map(({ id }) => id.charAt(0)))];
  return letters
    .map((letter) => {
      const rows = requirements.filter(({ id }) => id.startsWith(letter));
      const table = renderMarkdownTable(
        ["id", "says", "status", "checked by", "turned by"],
        rows.map((row) => [row.id, row.says, statusText(row), row.checks.map(code).join(", "), code(turnText(row))]),
      );
      return `### ${letter}\n\n${table}`;
    })
    .join("\n");
}
