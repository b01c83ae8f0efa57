// The consistency checker for other people's programs: build or read a history, judge it against every model.

export {
  type Explanation,
  explainResult,
  explanationText,
  initialValuesText,
  type ToldEdge,
  type ToldOperation,
} from "./explain/explain.ts";
export { operationText, sessionText } from "./explain/words.ts";
export { checkHistory, implies, type CheckOptions, type CheckResult } from "./check.ts";
export { formats, type Format, type FormatName } from "./formats/format.ts";
export type { Source } from "./formats/input.ts";
export { renderFormatProblem, type FormatProblem } from "./formats/problem.ts";
export { readHistory, type ReadHistoryOutcome, type ReadOptions } from "./formats/read-history.ts";
export { jsonlHeader, jsonlLine, writeJsonl, type JsonlHeader, type JsonlOperation } from "./formats/write-jsonl.ts";
export {
  writeHistory,
  type WriteHistoryOutcome,
  type WrittenFormatName,
  writtenFormats,
} from "./formats/write-history.ts";
export { utf8 } from "./formats/text.ts";
export * from "./history.ts";
export {
  check,
  type CheckOutcome,
  type CheckReport,
  historyText,
  type ReportOptions,
  type ShrunkReport,
  verdictRows,
} from "./report.ts";
export { HistoryBuilder, type BuilderOptions } from "./history-builder.ts";
export type { Limits } from "./judgement.ts";
export { models, type Model, type ModelName } from "./models.ts";
export { type Pattern, patterns } from "./patterns.ts";
export { streamOperations } from "./stream/pieces.ts";
export { reportStream, watchedFor } from "./stream/report-stream.ts";
export { StreamFacts } from "./stream/stream-facts.ts";
export { StreamChecker } from "./stream/stream-checker.ts";
export type * from "./stream/stream-types.ts";
export type * from "./verdict.ts";
export type { Value } from "./version-table.ts";
export { shrink, type Shrunk, type ShrinkOptions } from "./shrink.ts";
