// Facts on marks and on the extended view, each judged over the same drawn stories (mark-stories.ts). What may deviate is how evidence
// leads to a mark, or how often a cloudlet reports.

import { type Evidence, type Mark, markOf, marks } from "../../model/control/aliveness.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import { seconds } from "../../model/units.ts";
import { type Fact, Trial } from "./fact.ts";
import { type MarkRule, playStories } from "./mark-stories.ts";

/** A rule of the control layer that is wrong. */
interface Wrong {
  readonly name: string;
  readonly says: string;
  readonly rules: Partial<ControlRules>;
}

function marking(name: string, says: string, judge: (evidence: Evidence) => Mark): Wrong {
  return { name, says, rules: { marks: judge } };
}

const silenceIsFailure = marking(
  "silence-is-failure",
  "Who is silent has failed, as in clouds that know no better.",
  (evidence) => (evidence.heard === "silent" && evidence.confirmed === null ? "failed" : markOf(evidence)),
);
const recordsIgnored = marking("records-ignored", "What people confirm is not heeded.", (evidence) =>
  markOf({ ...evidence, confirmed: null }),
);
const silentIsAutonomous = marking(
  "silent-is-autonomous",
  "Who is silent is taken to be autonomous, with a plane or without.",
  (evidence) => markOf({ ...evidence, plane: "healthy" }),
);
const calmAtOnce = marking("calm-at-once", "Who is heard is connected, whatever waits.", (evidence) =>
  markOf({ ...evidence, isCalm: evidence.heard === "recently" }),
);
const neverCalm = marking("never-calm", "Nobody is ever connected.", (evidence) =>
  markOf({ ...evidence, isCalm: false }),
);
const planeIsHost = marking("plane-is-host", "A site whose control plane has failed counts as not heard.", (evidence) =>
  markOf(evidence.plane === "failed" ? { ...evidence, heard: "never" } : evidence),
);
const reportsSeldom: Wrong = {
  name: "reports-seldom",
  says: "A cloudlet reports every hour, whoever listens.",
  rules: { reportsAfter: () => seconds(3_600) },
};

const refusesByMark: Wrong = {
  name: "refuses-by-mark",
  says: "Operations are accepted only for who is connected.",
  rules: { refusesFor: (mark) => mark !== "connected" },
};
const trustsLate: Wrong = {
  name: "trusts-late",
  says: "A report that has waited counts as one that has just been written.",
  rules: { trustsLate: () => true },
};
const keepsMarks: Wrong = {
  name: "keeps-marks",
  says: "What is seen of a cloudlet is not told further up.",
  rules: { relays: () => false },
};

function factOf(
  name: string,
  says: string,
  rules: readonly MarkRule[],
  wrongs: readonly Wrong[],
  mustMeet: "met" | "asked" | null = null,
): Fact {
  return {
    name,
    says,
    deviations: wrongs.map((wrong) => ({ name: wrong.name, says: wrong.says })),
    try(deviation) {
      const wrong = wrongs.find((one) => one.name === deviation);
      const played = playStories(wrong === undefined ? undefined : () => wrong.rules);
      const { counts, complaints } = played;
      const trial = new Trial();
      for (const rule of rules) {
        const complaint = complaints.get(rule) ?? null;
        for (let left = counts.get(rule) ?? 0; left > 1; left -= 1) trial.expect(true, () => "");
        trial.expect(complaint === null && counts.has(rule), () => complaint ?? `${rule} was never put to the test`);
      }
      if (mustMeet !== null) {
        const missing = marks.filter((mark) => !played[mustMeet].has(mark));
        trial.expect(missing.length === 0, () => `this was never tried with anybody who was ${missing.join(", ")}`);
      }
      return trial.end();
    },
  };
}

/** All of them. */
export const markFacts: readonly Fact[] = [
  factOf(
    "seven-marks",
    "All seven marks are met, and they change as the table of transitions says and in no other way.",
    ["table", "recovers"],
    [calmAtOnce, neverCalm],
    "met",
  ),
  factOf(
    "marks-by-record",
    "Failed, disconnected and fenced is exactly who a standing record says so of; silence makes nobody so.",
    ["byRecord"],
    [silenceIsFailure, recordsIgnored],
  ),
  factOf(
    "autonomous-by-plane",
    "Who is silent is autonomous if its control plane was last known to be healthy, and unknown otherwise.",
    ["byPlane"],
    [silentIsAutonomous],
  ),
  factOf(
    "history-corrected",
    "What the history of marks says of the past of somebody who was silent is what really was.",
    ["history"],
    [trustsLate],
  ),
  factOf(
    "planes-apart",
    "A cloudlet that is up with a failed control plane is heard as such; it is no cloudlet that is down.",
    ["planes"],
    [planeIsHost],
  ),
  factOf(
    "view-in-time",
    "While a cloudlet is in reach its upper has the latest observation of every class within a period, with its true age.",
    ["view"],
    [reportsSeldom],
  ),
  factOf(
    "accepted-whatever-marks",
    "An operation is accepted at once, whichever of the seven marks its target has.",
    ["accepts"],
    [refusesByMark],
    "asked",
  ),
  factOf("marks-go-up", "What the adjacent upper marks is known further up.", ["upwards"], [keepsMarks]),
];
