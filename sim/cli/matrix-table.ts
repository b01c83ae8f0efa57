/**
 * The plant x oracle matrix as a table: a row per planted bug, a column per oracle, who missed what, and who cried without a reason.
 *
 * Leaves out the running (sim/plants/run-matrix.ts).
 */
import { oracleTable } from "../oracles/names.ts";
import { isSound, type Matrix, type MatrixRow } from "../plants/run-matrix.ts";
import { renderNumber, renderTable } from "./tables.ts";

/** The matrix as text, its last line the verdict. */
export function renderMatrix(matrix: Matrix): string {
  const { rows, falseAlarms, cleanRunCount } = matrix;
  const legend = "# caught by an oracle made for it   + caught by another   ! missed   . silent\n\n";
  const head = ["planted bug", "runs", ...oracleTable.map((_, index) => String(index + 1))];
  const table = renderTable(
    head,
    rows.map((row) => [row.plant.name, row.result.runCount, ...oracleTable.map(({ name }) => cellOf(row, name))]),
  );
  const columns = oracleTable.map(({ name }, index) => `${String(index + 1).padStart(3)}  ${name}\n`).join("");
  const missed = rows.flatMap(({ plant, missed }) => missed.map((oracle) => `${oracle} missed ${plant.name}\n`));
  const alarms = falseAlarms.map(
    ({ oracle, seed, evidence }) => `${oracle} cried without a bug, seed ${seed}: ${evidence}\n`,
  );
  const caught = rows.length - rows.filter((row) => row.missed.length > 0).length;
  const verdict = isSound(matrix) ? "passed" : "failed";
  const sums = [
    `${caught} of ${rows.length} planted bugs caught`,
    `${alarms.length} false alarm${alarms.length === 1 ? "" : "s"} in ${renderNumber(cleanRunCount)} clean runs`,
  ];
  return [legend, table, "\n", columns, "\n", ...missed, ...alarms, `${verdict}: ${sums.join(", ")}\n`].join("");
}

function cellOf({ plant, result, missed }: MatrixRow, oracle: (typeof oracleTable)[number]["name"]): string {
  if (missed.includes(oracle)) return "!";
  if (plant.catches.includes(oracle)) return "#";
  return result.alarms.some((alarm) => alarm.oracle === oracle) ? "+" : ".";
}
