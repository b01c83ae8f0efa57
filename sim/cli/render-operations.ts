/**
 * What became of operations, for people: per kind and plane, what stood in queues, and who is exempt.
 *
 * Leaves out the rest of a report (render-report.ts).
 */
import type { OperationsReport } from "../run/report.ts";
import { renderBytes, renderMicros, renderTable } from "./tables.ts";

/** Three tables; those without rows are left out. */
export function renderOperations(operations: OperationsReport | undefined, rowsMax: number): string {
  if (operations === undefined) return "";
  const time = (value: number | null): string => (value === null ? "" : renderMicros(value));
  const kinds = operations.kinds.map((one) => [
    one.kind,
    one.plane,
    one.accepted,
    one.refused,
    one.executed,
    one.queued,
    one.done,
    one.endedOtherwise,
    one.open,
    time(one.endP50),
    time(one.endP99),
  ]);
  const heads = ["accepted", "refused", "executed", "queued", "done", "ended otherwise", "open", "end p50", "p99"];
  const queues = operations.queues.map(({ cloudlet, records, recordsAt, bytes, bytesAt }) => [
    cloudlet,
    records,
    renderMicros(recordsAt),
    renderBytes(bytes),
    renderMicros(bytesAt),
  ]);
  const planeless = operations.planeless.map(({ cloudlet, plane, byUpper, refused, why }) => [
    cloudlet,
    plane,
    byUpper,
    refused,
    why,
  ]);
  return [
    kinds.length === 0 ? "" : renderTable(["operations", "plane", ...heads], kinds, rowsMax),
    queues.length === 0 ? "" : renderTable(["queues at", "most operations", "at", "most bytes", "at"], queues, rowsMax),
    planeless.length === 0
      ? ""
      : renderTable(["exempt", "without plane", "done by its upper's", "refused there", "why"], planeless, rowsMax),
  ]
    .filter((text) => text !== "")
    .join("\n");
}
