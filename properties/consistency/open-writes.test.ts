// Sessions that go on although the outcome of a write was never told: what a linearizable store returns then violates nothing, since the
// write may take effect after what its session did next.

import fc from "fast-check";
import { expect, test } from "vitest";
import { check, checkHistory, type ModelName, pick, type Rng } from "causeway-sim/model";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { historyOf } from "./notation.ts";

/** Moments between two effects. */
const STEP = 4;

interface Drawn {
  readonly session: number;
  readonly word: string;
  readonly start: number;
}

/** What registers return on which everything takes effect at one moment; writes without an answer began long before that. */
function linearizable(rng: Rng): string {
  const operations: Drawn[] = [];
  const state = new Map<string, number>();
  const count = 4 + rng.intInclusive(6);
  for (let at = 1; at <= count; at += 1) {
    const session = rng.intInclusive(2);
    const key = pick(rng, ["x", "y"]);
    const moment = at * STEP;
    if (rng.chance(500_000)) {
      operations.push({ session, word: `R(${key},${state.get(key) ?? 0})@${moment}-${moment}`, start: moment });
      continue;
    }
    const isOpen = rng.chance(500_000);
    const start = isOpen ? Math.max(0, moment - 1 - rng.intInclusive(4 * STEP)) : moment;
    // Sometimes it never takes effect.
    if (!isOpen || rng.chance(800_000)) state.set(key, at);
    operations.push({ session, word: `W(${key},${at})${isOpen ? `?@${start}-` : `@${start}-${moment}`}`, start });
  }
  operations.sort((one, other) => one.start - other.start);
  return [0, 1, 2]
    .map((session) =>
      operations
        .filter((operation) => operation.session === session)
        .map(({ word }) => word)
        .join(" "),
    )
    .filter((words) => words !== "")
    .join(" | ");
}

const violatedIn = (verdicts: Iterable<readonly [ModelName, { readonly kind: string }]>): readonly ModelName[] =>
  [...verdicts].filter(([, { kind }]) => kind === "violated").map(([model]) => model);

prop(
  "what a linearizable store returns violates no model, whenever a write without an answer takes effect",
  fc.integer(),
  (seed) => {
    const text = linearizable(new RngRoot(`open ${seed}`).stream);
    const outcome = check(historyOf(text));
    if (outcome.kind !== "checked") throw new Error("a history that was built is judged");
    expect(violatedIn(outcome.result.verdicts), text).toEqual([]);
    expect(["holds", "unknown"], text).toContain(outcome.report.verdicts.LIN);
  },
  { numRuns: 2_000, timeout: 60_000 },
);

test("taken for a part of its session's order, such a write makes violations that there are none of", () => {
  const found = new Set<ModelName>();
  const rng = new RngRoot("taken for a part").stream;
  for (let tries = 0; tries < 500; tries += 1)
    for (const model of violatedIn(checkHistory(historyOf(linearizable(rng))).verdicts)) found.add(model);
  expect([...found]).toEqual(expect.arrayContaining(["RYW", "PRAM", "CC", "CM", "CCv", "RTC", "TCC", "SER"]));
});

test.each([
  ["W(x,1)?@0- R(x,0)@5-6 | R(x,1)@7-8", "s0: 2 | s1: 3 | s0 (line 1): 1"],
  ["W(x,1)?@0- | R(x,1)@7-8", "s0: 1 | s1: 2"],
  ["R(x,0)@0-1 W(x,1)?@2- W(x,2)?@3-", "s0: 1,3 | s0 (line 2): 2"],
  ["< R(x,0)?@0- W(x,1)?@0- > R(x,0)@5-6 | R(x,1)@7-8", "s0: 3 | s1: 4 | s0 (line 1): 1,2"],
  ["R(x,0)?@0- R(x,0)@5-6", "s0: 1,2"],
  ["W(x,1)!@0-1 R(x,0)@5-6", "s0: 1,2"],
])("of %s the sessions are %s", (text, sessions) => {
  const outcome = check(historyOf(text), { models: ["CC"] });
  if (outcome.kind !== "checked") throw new Error("a history that was built is judged");
  const { history } = outcome;
  const told = Array.from({ length: history.sessionCount }, (_, session) => {
    const lines = history.line.subarray(history.sessionStart[session], history.sessionStart[session + 1]);
    return `${history.sessions.of(session)}: ${lines.join()}`;
  });
  expect(told.join(" | ")).toBe(sessions);
});

test("a violation that does not rest on the order of such a session is one, and the report says what was done", () => {
  const outcome = check(historyOf("W(y,1) W(x,1)? W(z,1) | R(x,1) R(z,1) R(y,0)"), { models: ["CC"] });
  if (outcome.kind !== "checked") throw new Error("a history that was built is judged");
  const { verdicts, notes, sessions } = outcome.report;
  expect(verdicts.CC).toBe("violated");
  expect(sessions).toBe(2);
  expect(notes).toContain(
    "Writes of unknown outcome after which their sessions went on, each judged as a session of its own: 1, the first in line 2.",
  );
});
