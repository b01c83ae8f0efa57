// A session's read of a key is never older than what the session has read of it before.
//
// Older: every version returned strictly precedes one returned before, or nothing is returned; where all versions are
// returned, each earlier one must be equalled or followed. A session may move; its answers that are marked behind are not
// judged. Source: Terry et al. (PDIS'94), section 3.

import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { isBehind, isDue, SessionVersions } from "./session-versions.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, keyText, recordNames, recordText, sessionText } from "./words.ts";

/** Judges reads against earlier reads of their session. */
export function monotonicReads(truth: Truth): Oracle {
  const judge = new Judge();
  const newest = new SessionVersions(truth);
  return {
    name: "monotonic-reads",
    read(at, session, key, _answer, returned) {
      for (const seen of newest.of(session.index, key)) {
        if (!isDue(truth, session, seen)) continue;
        judge.checks += 1;
        if (!isBehind(truth, session.cloudlet, key, seen, returned)) continue;
        judge.violate(() => {
          const what = `${sessionText(session)} had read ${recordText(truth, seen)}`;
          const where = `at ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;
          return `${what} and then read ${keyText(truth, key)} ${where}: got only ${recordNames(truth, returned)}`;
        });
      }
      for (const version of returned) newest.add(session.index, key, version);
    },
    holdsTo: (visit) => void newest.each(visit),
    renumbered: (to) => void newest.renumber(to),
    verdict: () => judge.verdict(),
  };
}
