// What the ground truth makes of answers to sessions: which records they read, which then are in their past, and what one that
// has moved was told to be behind of. Leaves out every judgement (oracle.ts).

import type { ClientOp, ClientResult, KeyAnswer } from "../../model/replication/io.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { Choir, Chorus } from "./choir.ts";
import { absorb, type Pasts, type SessionTruth } from "./session-truth.ts";

/** What of the truth this looks at. */
export interface Readers extends Pasts {
  numberOf(dot: Dot): number;
  numberOfRecord(record: CausalRecord): number;
  keyNumber(key: string): number;
}

/** A session read these. */
export function hearAnswers(
  truth: Readers,
  choir: Choir,
  at: Instant,
  session: SessionTruth,
  open: NonNullable<SessionTruth["open"]>,
  answers: readonly KeyAnswer[],
): void {
  // The whole answer becomes past before any of it is judged: one operation read all of it.
  const returned: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < answers.length; index += 1) {
    const { versions, tombstones, sealed } = answers[index] as KeyAnswer;
    hearRecords(truth, choir, at, session, versions, returned);
    if (tombstones.length > 0) hearRecords(truth, choir, at, session, tombstones, returned);
    if (sealed !== undefined) hearRecords(truth, choir, at, session, sealed, returned);
    ends.push(returned.length);
  }
  for (let index = 0; index < answers.length; index += 1) {
    const answer = answers[index] as KeyAnswer;
    const key = truth.keyNumber(answer.key);
    const own = answers.length === 1 ? returned : returned.slice(index === 0 ? 0 : ends[index - 1], ends[index]);
    for (let listener = 0; listener < choir.read.length; listener += 1) {
      (choir.read[listener] as Chorus<"read">[number])(at, session, key, answer, own);
    }
  }
  for (const listener of choir.answered) listener(at, session, open.id, open.op, answers, returned);
}

function hearRecords(
  truth: Readers,
  choir: Choir,
  at: Instant,
  session: SessionTruth,
  records: readonly CausalRecord[],
  returned: number[],
): void {
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as CausalRecord;
    const number = truth.numberOfRecord(record);
    if (number >= 0) {
      returned.push(number);
      absorb(truth, session, number);
    } else {
      for (const listener of choir.unwritten) listener(at, session.cloudlet, record.dot);
    }
  }
}

/** A session that leaves, or has moved, was told this. */
export function hearMoved(
  truth: Readers,
  choir: Choir,
  at: Instant,
  session: SessionTruth,
  op: ClientOp,
  result: ClientResult,
): void {
  if (result.kind === "refused") return;
  if (result.kind === "detached") {
    const bundle = (result.bundle ?? []).map(({ dot }) => truth.numberOf(dot));
    if (op.kind === "detach") for (const listener of choir.departed) listener(at, session, op, bundle);
    return;
  }
  const behind = result.behind?.map((dot) => truth.numberOf(dot)) ?? null;
  const isArrival = result.kind === "attached" && op.kind === "attach";
  const brought = isArrival ? (op.bundle ?? []).map(({ dot }) => truth.numberOf(dot)) : null;
  for (const listener of choir.said) listener(at, session, behind, brought);
}
