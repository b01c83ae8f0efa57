/**
 * A whole history as text, for tests that compare what was read with what was meant, in any format.
 *
 * One line per session. Leaves out the numbers of versions and lines, which depend on the order of the file.
 */
import { type History, INITIAL, keyKind, operationKind, outcome } from "../history.ts";
import { jsonValue, plain } from "../literals.ts";
import { renderFormatProblem } from "./problem.ts";
import type { ReadHistoryOutcome } from "./read-history.ts";

const marks = ["", "!", "?"] as const;

/** What can be left out of the text. */
export interface Telling {
  /** Start and end. */
  readonly times?: boolean;
  /** Names of sessions: they are numbered instead. */
  readonly sessionNames?: boolean;
}

/** The history, or the problems. */
export function told(outcomeOfReading: ReadHistoryOutcome, telling: Telling = {}): string {
  if (outcomeOfReading.kind === "refused") return outcomeOfReading.problems.map(renderFormatProblem).join("\n");
  return toldHistory(outcomeOfReading.history, telling);
}

/** `session: r key value, w key value | ...`: bars between transactions where there are some, `!` failed, `?` unknown. */
export function toldHistory(history: History, { times = true, sessionNames = true }: Telling = {}): string {
  const sessions: string[] = [];
  // Marks are numbered by their first places in this text, as nothing else is known of them.
  const marksSeen = new Map<number, number>();
  for (let session = 0; session < history.sessionCount; session += 1) {
    let text = sessionNames ? `${jsonValue(history.sessions.raw(session))}:` : `${session}:`;
    for (
      let operation = history.sessionStart[session]!;
      operation < history.sessionStart[session + 1]!;
      operation += 1
    ) {
      const isFirst = operation === history.sessionStart[session];
      const { transaction } = history;
      const isNew = transaction !== null && transaction[operation] !== transaction[operation - 1];
      text += isFirst ? " " : isNew ? " | " : ", ";
      text += toldOperation(history, operation, times);
      const mark = history.seen?.[operation] ?? 0;
      if (mark > 0 && !marksSeen.has(mark)) marksSeen.set(mark, marksSeen.size + 1);
      if (mark > 0) text += ` seen ${marksSeen.get(mark)}`;
    }
    sessions.push(text);
  }
  return sessions.join("\n");
}

function toldOperation(history: History, operation: number, times: boolean): string {
  const kind = history.kind[operation]!;
  const result = history.outcome[operation]!;
  const key = history.key[operation]!;
  const isRead = kind === operationKind.read;
  const isUnnamed = history.isDelete !== null && history.isUnnamed?.[operation] === 1;
  const version = (each: number): string => {
    const value = `${jsonValue(history.values.raw(each))}${isUnnamed ? " unnamed" : ""}`;
    if (history.versionNames === null || each === INITIAL) return value;
    const name = history.versionNames.raw(each);
    return name === history.values.raw(each) ? value : `${value}#${plain(name)}`;
  };
  const listed = Array.from(
    history.listed.subarray(history.listStart[operation], history.listStart[operation + 1]),
    version,
  );
  let text = (["r", "w", "a"] as const)[kind as 0 | 1 | 2] + marks[result as 0 | 1 | 2];
  if (history.isDelete?.[operation] === 1) text = `d${text.slice(1)}`;
  text += ` ${jsonValue(history.keys.raw(key))}`;
  if (!isRead) text += ` ${version(history.version[operation]!)}`;
  else if (result === outcome.ok || listed.length > 0) {
    if (history.keyKind[key] === keyKind.siblings) text += ` {${listed.join(" ")}}`;
    else text += history.keyKind[key] === keyKind.list ? ` [${listed.join(" ")}]` : ` ${listed.join(" ")}`;
  }
  if (!isRead && listed.length > 0) text += ` over ${listed.join(" ")}`;
  const start = history.start?.[operation] ?? Number.NaN;
  const end = history.end?.[operation] ?? Number.POSITIVE_INFINITY;
  const isTimed = history.start !== null && (!Number.isNaN(start) || Number.isFinite(end));
  if (times && isTimed) text += ` @${Number.isNaN(start) ? "" : start}-${Number.isFinite(end) ? end : ""}`;
  const replica = history.replica?.[operation] ?? -1;
  if (replica >= 0) text += ` at ${jsonValue(history.replicas.raw(replica))}`;
  if (history.final?.[operation] === 1) text += " final";
  return text;
}
