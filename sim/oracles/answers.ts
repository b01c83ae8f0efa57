// A read's answer becomes past of its session, and then the oracles hear of it, key by key and as a whole.

import type { KeyAnswer } from "../../model/replication/io.ts";
import type { Instant } from "../../model/units.ts";
import type { Choir } from "./choir.ts";
import type { RecordTable } from "./record-table.ts";
import { absorb, type SessionTruth } from "./session-truth.ts";

/** A session was answered with these. */
export function readAnswers(
  truth: RecordTable & { keyNumber(key: string): number },
  choir: Choir,
  at: Instant,
  session: SessionTruth,
  open: NonNullable<SessionTruth["open"]>,
  answers: readonly KeyAnswer[],
): void {
  // The whole answer becomes past before any of it is judged: one operation read all of it.
  const returned: number[] = [];
  const ends: number[] = [];
  for (const answer of answers) {
    for (const list of [answer.versions, answer.tombstones, answer.sealed ?? []]) {
      for (const record of list) {
        const number = truth.numberOf(record.dot);
        if (number >= 0) {
          returned.push(number);
          absorb(truth, session, number);
        } else {
          for (const listener of choir.unwritten) listener(at, session.cloudlet, record.dot);
        }
      }
    }
    ends.push(returned.length);
  }
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index] as KeyAnswer;
    const key = truth.keyNumber(answer.key);
    const own = returned.slice(index === 0 ? 0 : ends[index - 1], ends[index]);
    for (const listener of choir.read) listener(at, session, key, answer, own);
  }
  for (const listener of choir.answered) listener(at, session, open.id, open.op, answers, returned);
}
