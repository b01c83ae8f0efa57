/**
 * The matrix of requirements as text and as JSON: a line per row, why a row fails, what is lacking, and the sums.
 *
 * Leaves out the running (sim/requirements).
 */
import type { Requirement } from "../../model/requirements/index.ts";
import { type MatrixRow, isSound, type Status, statuses } from "../requirements/matrix.ts";
import { renderTable } from "./tables.ts";

/** What must turn a row, as a person calls it; empty where nothing is to. */
export function turnText({ coverage }: Requirement): string {
  if (coverage.kind !== "covered") return "";
  const { fails, plant, set = {} } = coverage.turn;
  const how =
    plant ??
    Object.entries(set)
      .map(([path, value]) => `${path}=${value}`)
      .join(" ");
  return `${how} in ${fails}`;
}

function countOf(rows: readonly MatrixRow[], status: Status): number {
  return rows.filter((row) => row.status === status).length;
}

/** The matrix as text, its last line the sums. */
export function renderRequirements(rows: readonly MatrixRow[]): string {
  const triesTurns = rows.some(({ turned }) => turned !== null);
  const table = renderTable(
    ["id", "status", "says", ...(triesTurns ? ["turned by"] : [])],
    rows.map((row) => [
      row.requirement.id,
      statuses[row.status],
      row.requirement.says,
      ...(triesTurns ? [turnText(row.requirement)] : []),
    ]),
  );
  const failing = rows.flatMap(({ requirement: { id }, evidence }) =>
    evidence === null ? [] : [`${id} fails: ${evidence}\n`],
  );
  const notTurned = rows.flatMap((row) =>
    row.turned?.evidence === null ? [`${row.requirement.id} is not turned by ${turnText(row.requirement)}\n`] : [],
  );
  const reasons = rows.flatMap(({ requirement: { id, coverage } }) => {
    if (coverage.kind === "exempt") return [`${id} is exempt: ${coverage.reason}\n`];
    return coverage.kind === "open" && coverage.lacks !== null ? [`${id} lacks ${coverage.lacks}\n`] : [];
  });
  const sums = (Object.keys(statuses) as Status[]).flatMap((status) => {
    const count = countOf(rows, status);
    return count === 0 ? [] : [`${count} ${statuses[status]}`];
  });
  const turnedCount = rows.filter(({ turned }) => typeof turned?.evidence === "string").length;
  if (triesTurns) sums.push(`${turnedCount} of ${rows.filter(({ turned }) => turned !== null).length} turned`);
  const verdict = isSound(rows) ? "passed" : "failed";
  return [table, "\n", ...reasons, ...failing, ...notTurned, `${verdict}: ${sums.join(", ")}\n`].join("");
}

/** One JSON object. */
export function requirementsAsJson(engine: string, rows: readonly MatrixRow[]): string {
  const requirements = rows.map(({ requirement: { id, says, checks, coverage }, status, evidence, turned }) => ({
    id,
    says,
    status: statuses[status],
    checks,
    turn: coverage.kind === "covered" ? coverage.turn : null,
    reason: coverage.kind === "exempt" ? coverage.reason : null,
    lacks: coverage.kind === "open" ? coverage.lacks : null,
    evidence,
    turned,
  }));
  return `${JSON.stringify({ "causeway-requirements": 1, engine, requirements }, null, 2)}\n`;
}
