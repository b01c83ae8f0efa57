// A session's read of a key is never older than its own last write of that key.
//
// Older: every version returned strictly precedes the write, or nothing is returned; where all versions are returned, one
// of them must equal or follow the write. A write counts from its answer on. A session may move; its answers that are
// marked behind are not judged. Source: Terry et al. (PDIS'94), section 3.

import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { isBehind, isDue } from "./session-versions.ts";
import { PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, keyText, recordNames, recordText, sessionText } from "./words.ts";

/** Judges reads against what their own session wrote. */
export function readYourWrites(truth: Truth): Oracle {
  const judge = new Judge();
  let last = new PairMap();
  return {
    name: "read-your-writes",
    acknowledged(_at, _cloudlet, record) {
      last.set(truth.sessionOf.data[record] as number, truth.keyOf.data[record] as number, record);
    },
    read(at, session, key, _answer, returned) {
      const own = last.get(session.index, key);
      if (own < 0 || !isDue(truth, session, own)) return;
      judge.checks += 1;
      if (!isBehind(truth, session.cloudlet, key, own, returned)) return;
      judge.violate(() => {
        const what = `${sessionText(session)} wrote ${recordText(truth, own)}`;
        const where = `at ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;
        return `${what} and then read ${keyText(truth, key)} ${where}: got only ${recordNames(truth, returned)}`;
      });
    },
    answered(at, session, _id, op, answers) {
      if (op.kind !== "get" || answers.length > 0) return;
      const key = truth.findKey(op.key);
      const own = key < 0 ? -1 : last.get(session.index, key);
      if (own < 0 || !isDue(truth, session, own)) return;
      judge.violate(() => `${sessionText(session)} wrote ${recordText(truth, own)} and read nothing ${atTime(at)}`);
    },
    holdsTo(visit) {
      last.forEach((_session, key, record) => void visit(key, record));
    },
    renumbered(to) {
      const old = last;
      last = new PairMap();
      old.forEach((session, key, record) => void last.set(session, key, to.of(record)));
    },
    verdict: () => judge.verdict(),
  };
}
