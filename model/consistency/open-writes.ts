/**
 * Sessions that went on although nobody had told them what became of a write.
 *
 * 1. A client writes x = 1 and hears nothing. 2. It gives up waiting and reads x: nothing is there. 3. Later somebody reads 1. The
 * store did nothing wrong: the request was still under way while the client read. So such a write may take effect after what its
 * session did next, and the order of the session does not hold between the two. (Jepsen gives a client a new process then; the
 * sessions of Terry et al., PDIS 1994, too, know of a write only once a server has answered it.)
 *
 * What is made of it: the write, or the transaction that it belongs to, becomes a session of its own, and its session goes on without
 * it. That what the session did before came before the write is then known by real time alone; that may hide a violation, and makes
 * none.
 *
 * Leaves out sessions that end with such a write, which keep it; and streams, which cannot know whether a session goes on
 * (stream/unanswered.ts).
 */
import { cut } from "./cut.ts";
import { ABSENT, type History, operationKind, outcome } from "./history.ts";

/** A history whose sessions end with whatever may still run. */
export interface SettledHistory {
  readonly history: History;
  /** Writes and transactions that became sessions of their own. */
  readonly apartCount: number;
  /** The line of the first of them; 0 where there is none. */
  readonly firstLine: number;
}

/** Takes what may still run out of sessions that went on. The history itself where there is nothing to take. Linear. */
export function settledHistory(history: History): SettledHistory {
  const { operationCount, session, sessionStart, sessionCount, line } = history;
  /** Operations that stay, and behind them those that leave. */
  const stays: number[] = [];
  const leaves: number[] = [];
  const ownSession = new Int32Array(operationCount).fill(ABSENT);
  let apartCount = 0;
  let firstLine = 0;
  if (!history.outcome.includes(outcome.unknown)) return { history, apartCount, firstLine };
  for (let first = 0, end: number; first < operationCount; first = end) {
    end = unitEnd(history, first);
    const isApart = end < sessionStart[session[first]! + 1]! && mayStillWrite(history, first, end);
    if (isApart) {
      if (apartCount === 0 || line[first]! < firstLine) firstLine = line[first]!;
      apartCount += 1;
    }
    for (let at = first; at < end; at += 1) {
      (isApart ? leaves : stays).push(at);
      if (isApart) ownSession[at] = sessionCount + apartCount - 1;
    }
  }
  if (apartCount === 0) return { history, apartCount, firstLine };
  const sessions = history.sessions;
  /** By session of its own: its first operation. */
  const firstOf = leaves.filter((at, place) => place === 0 || ownSession[leaves[place - 1]!] !== ownSession[at]);
  const named = (number: number): string => {
    const at = firstOf[number - sessionCount]!;
    return `${sessions.of(session[at]!)} (line ${line[at]!})`;
  };
  const apart: History = {
    ...history,
    session: session.map((of, at) => (ownSession[at] === ABSENT ? of : ownSession[at]!)),
    sessionCount: sessionCount + apartCount,
    sessions: {
      count: sessionCount + apartCount,
      of: (number) => (number < sessionCount ? sessions.of(number) : named(number)),
      raw: (number) => (number < sessionCount ? sessions.raw(number) : named(number)),
    },
  };
  return { history: cut(apart, [...stays, ...leaves]), apartCount, firstLine };
}

/** The first operation behind the transaction that begins with one. */
function unitEnd({ transaction, transactionStart }: History, first: number): number {
  return transaction === null ? first + 1 : transactionStart![transaction[first]! + 1]!;
}

/** Whether nothing in a transaction got an answer, and it writes. */
function mayStillWrite({ kind, outcome: results }: History, first: number, end: number): boolean {
  let writes = false;
  for (let at = first; at < end; at += 1) {
    if (results[at] !== outcome.unknown) return false;
    writes ||= kind[at] !== operationKind.read;
  }
  return writes;
}
