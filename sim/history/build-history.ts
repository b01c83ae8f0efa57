/**
 * A recorded run as a history, without the way over a file. Leaves out what was not recorded (recorder.ts).
 */
import { type History, INITIAL, keyKind, operationKind, outcome } from "../../model/consistency/history.ts";
import { HistoryBuilder } from "../../model/consistency/history-builder.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { runScenario, type RunOptions } from "../run/runner.ts";
import type { RunReport } from "../run/report.ts";
import { HistoryRecorder, type RecordedOperation } from "./recorder.ts";

/** Operations in the order in which they ended, as a history; lines are their places in that order, from 1. */
export function historyOf(operations: readonly RecordedOperation[]): History {
  const builder = new HistoryBuilder({ initialValues: "implicit", timeUnit: "us" });
  builder.tellsReplaced();
  let transaction: number | null = null;
  operations.forEach((operation, index) => {
    if (operation.transaction === null) builder.endTransactions();
    else if (operation.transaction !== transaction) builder.beginTransaction();
    ({ transaction } = operation);
    const key = builder.key(operation.key, operation.isSiblings ? keyKind.siblings : keyKind.register);
    const isRead = operation.op === "read";
    const versions = operation.versions.map((name) => builder.version(key, name));
    const result = operation.outcome === "ok" ? outcome.ok : outcome.unknown;
    const written = isRead ? INITIAL : (versions[0] ?? INITIAL);
    const kind = isRead ? operationKind.read : operationKind.write;
    builder.add(builder.session(operation.session), kind, result, key, written, index + 1);
    if (isRead && versions.length === 0 && !operation.isSiblings) builder.list(INITIAL);
    if (isRead) for (const version of versions) builder.list(version);
    for (const name of operation.replaces) builder.list(builder.version(key, name));
    if (operation.start !== null) builder.times(operation.start, operation.end ?? Number.POSITIVE_INFINITY);
    builder.at(operation.replica);
    if (operation.seen !== null) builder.seen(operation.seen);
  });
  return builder.build();
}

/** Runs a scenario, and judges it from outside and inside: its history and its report. */
export function recordRun(scenario: Scenario, options: RunOptions = {}): { history: History; report: RunReport } {
  const operations: RecordedOperation[] = [];
  const recorder = new HistoryRecorder(scenario, (operation) => operations.push(operation));
  const { report } = runScenario(scenario, { ...options, givesUpFrom: Infinity, observers: [recorder] });
  return { history: historyOf(operations), report };
}
