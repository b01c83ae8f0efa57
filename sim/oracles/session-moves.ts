// A session that moves takes along nothing but records of its past, what it brings is there before its first answer, and
// every answer says what of its past is missing, exactly.
//
// Tested when it leaves: each record of its bundle is of its past, reaches where it goes, and is not among what the client
// said is applied there; all of them together weigh no more than was allowed.
// Tested at every answer after its first move:
// - Each dot that it is said to be behind of is of its past, reaches the cloudlet, and is not applied there before the step.
// - Each record of its nearest past that reaches the cloudlet is applied there after the step, or lies before or after a dot
//   that is named: a write of its own that was made behind waits for what is named. By the invariant of truth.ts and causal
//   delivery, all of its past that reaches the cloudlet is applied or missing with these. What was lost there for good is excused.
// - When it is let in: each record that it brought is applied there after the step.
// A core tells what it applied after it answers, so what holds after a step is looked at when something else happens. Only
// sessions that have moved are judged: at one cloudlet nobody sees what is not applied there.

import type { CloudletId } from "../../model/ids.ts";
import { eachDot } from "../../model/replication/cut.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { DetachOp, Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { SessionTruth } from "./session-truth.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText, sessionText } from "./words.ts";

/** An answer, until the step that gave it is over. */
interface Given {
  readonly at: Instant;
  readonly session: SessionTruth;
  readonly cloudlet: CloudletId;
  /** What the answer named as missing. */
  readonly named: readonly number[];
  /** Of the session's past, not applied when it was answered. */
  readonly missing: readonly number[];
  /** What its bundle had, not applied when it was answered. */
  readonly brought: readonly number[];
}

/** Judges what sessions take along, and what they are told. */
export function sessionMoves(truth: Truth): Oracle {
  const judge = new Judge();
  let given: Given[] = [];

  const lacks = (cloudlet: CloudletId, record: number): boolean =>
    truth.reaches(record, cloudlet) && !truth.isApplied(cloudlet, record) && !truth.isGone(cloudlet, record);

  // Of its own that no flow brings back, and there all the same: it waits for what its disk has lost.
  const waits = (cloudlet: CloudletId, record: number): boolean =>
    truth.reaches(record, cloudlet) && !truth.isApplied(cloudlet, record) && truth.isReceived(cloudlet, record);

  const isExplained = (record: number, named: readonly number[]): boolean =>
    named.some((dot) => dot >= 0 && (truth.isAtOrBefore(dot, record) || truth.isAtOrBefore(record, dot)));

  const answerText = ({ at, session, cloudlet }: Pick<Given, "at" | "session" | "cloudlet">): string =>
    `${sessionText(session)} was answered at ${cloudletText(truth, cloudlet)} ${atTime(at)}`;

  const judgeGiven = (): void => {
    for (const one of given) {
      const { cloudlet, named, missing, brought } = one;
      const absent = brought.find((record) => lacks(cloudlet, record));
      if (absent !== undefined) {
        judge.violate(
          () => `${answerText(one)} before ${recordText(truth, absent)}, which it brought, was applied there`,
        );
      }
      const untold = missing.find((record) => lacks(cloudlet, record) && !isExplained(record, named));
      if (untold === undefined) continue;
      judge.violate(() => {
        const how =
          named.length === 0 ? "as if nothing were missing" : "with a mark that does not cover all that is missing";
        return `${answerText(one)} ${how}: ${recordText(truth, untold)} is in its past, and not there`;
      });
    }
    given = [];
  };

  const judgeNamed = (at: Instant, session: SessionTruth, behind: readonly number[]): void => {
    const { cloudlet } = session;
    const wrong = behind.find(
      (record) =>
        record < 0 || !truth.isWithin(record, session.clock) || !(lacks(cloudlet, record) || waits(cloudlet, record)),
    );
    if (behind.length > 0 && wrong === undefined) return;
    judge.violate(() => {
      const what = wrong === undefined ? "nothing" : wrong < 0 ? "what nobody wrote" : recordText(truth, wrong);
      return `${answerText({ at, session, cloudlet })} as behind of ${what}, which is not missing there`;
    });
  };

  const judgeBundle = (
    at: Instant,
    session: SessionTruth,
    { to, applied, bytesMax }: DetachOp,
    bundle: readonly number[],
  ): void => {
    const isThere = new Set<number>();
    eachDot(applied, (dot) => void isThere.add(truth.numberOf(dot)));
    let size = 0;
    for (const record of bundle) {
      judge.checks += 1;
      if (record >= 0) size += (truth.records[record] as CausalRecord).size;
      const isOfPast = record >= 0 && truth.isWithin(record, session.clock);
      if (isOfPast && to !== null && truth.reaches(record, to) && !isThere.has(record)) continue;
      judge.violate(() => {
        const what = record < 0 ? "a record that nobody wrote" : recordText(truth, record);
        const left = `${sessionText(session)} left ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;
        return `${left} with ${what}, which is not of its past, never reaches where it goes, or is there`;
      });
    }
    if (size <= bytesMax) return;
    judge.violate(() => `${sessionText(session)} left ${atTime(at)} with ${size} bytes, allowed were ${bytesMax}`);
  };

  return {
    name: "session-moves",
    departed(at, session, op, bundle) {
      if (bundle.length > 0) judgeBundle(at, session, op, bundle);
    },
    said(at, session, behind, brought) {
      judge.checks += 1;
      if (behind !== null) judgeNamed(at, session, behind);
      const { cloudlet } = session;
      const lacking = (record: number): boolean => record >= 0 && lacks(cloudlet, record);
      const missing = session.context.filter(lacking);
      const absent = (brought ?? []).filter(lacking);
      if (missing.length + absent.length === 0) return;
      if (given.length === 0) truth.afterStep(judgeGiven);
      given.push({ at, session, cloudlet, named: behind ?? [], missing, brought: absent });
    },
    crashed(_at, cloudlet) {
      given = given.filter((one) => one.cloudlet !== cloudlet);
    },
    verdict: () => judge.verdict(),
  };
}
