/**
 * The online checker against the checker of whole histories: the same small histories, their sessions mixed in any way, with memory
 * that forgets at once and with memory that forgets nothing. And checkers with a bug, which this test must catch.
 */
import { StreamChecker, type StreamLimits, type StreamModel } from "causeway-sim/model";
import { describe, expect, test } from "vitest";
import { Clock, ClockMemory } from "../../model/consistency/stream/clock.ts";
import type { Version } from "../../model/consistency/stream/stream-state.ts";
import { streamLimits, streamModels } from "../../model/consistency/stream/stream-types.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { forgetful, type Judged, judgeDrawn, restless, tight } from "./stream-draw.ts";

const COUNT = 2_500;

/** What the online checker may say: never the opposite of what is so. */
function isRight({ text, online, whole }: Judged, model: StreamModel, isExact: boolean): boolean {
  const [said, isSo] = [online.get(model)?.kind, whole.get(model)];
  if (isSo === "not-applicable" || said !== "unknown") return isSo === "not-applicable" || said === isSo;
  // Sets and lists are left to whole histories, and so is much of what was not answered or not named.
  if (!isExact || /[A?D_{[]/.test(text)) return true;
  // Who waits for itself in a circle takes no effect, so guarantees of sessions stay undecided.
  return model !== "CC" && model !== "CCv" && whole.get("CC") === "violated";
}

/** Histories on which both differ, and how often each verdict was met. */
function compared(
  name: string,
  limits: StreamLimits,
  {
    Checker = StreamChecker,
    isExact = false,
    watched = [] as readonly StreamModel[],
  }: { Checker?: typeof StreamChecker; isExact?: boolean; watched?: readonly StreamModel[] } = {},
): { readonly wrong: readonly string[]; readonly met: (what: string) => number } {
  const rng = new RngRoot(`stream ${name}`).stream;
  const census = new Map<string, number>();
  const meet = (what: string): void => void census.set(what, (census.get(what) ?? 0) + 1);
  const wrong: string[] = [];
  for (let count = 0; count < COUNT; count += 1) {
    const judged = judgeDrawn(rng, limits, Checker, watched);
    for (const model of streamModels) {
      const said = judged.online.get(model)?.kind ?? "missing";
      meet(`${model} ${said}`);
      if (!isRight(judged, model, isExact))
        wrong.push(`${model} of ${judged.text}: online ${said}, whole ${judged.whole.get(model)}`);
    }
    if (judged.online.get("CCv")?.kind === "violated" && judged.whole.get("CC") === "holds") meet("CCv alone violated");
  }
  return { wrong, met: (what) => census.get(what) ?? 0 };
}

describe("online", () => {
  test.each([
    ["enough memory", streamLimits, true],
    ["memory that forgets at once", forgetful, false],
    ["sessions that are taken to have ended", restless, false],
    ["hardly any memory", tight, false],
  ] as const)(
    "with %s every model has the verdict of the whole history, or is unknown",
    (name, limits, isExact) => {
      const { wrong, met } = compared(name, limits, { isExact });
      expect(wrong.slice(0, 3)).toEqual([]);
      for (const model of ["CC", "CCv", "MR", "MW"])
        expect([model, met(`${model} violated`) > 50]).toEqual([model, true]);
      for (const model of ["RYW", "WFR"]) expect([model, met(`${model} violated`) > 10]).toEqual([model, true]);
      for (const model of streamModels) expect([model, met(`${model} holds`) > 300]).toEqual([model, true]);
      expect(met("CCv alone violated")).toBeGreaterThan(30);
    },
    120_000,
  );

  test("what ends the check is so of the whole history, and nothing else is said to hold then", () => {
    for (const model of streamModels) {
      const { wrong, met } = compared(`until ${model}`, forgetful, { watched: [model] });
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(met(`${model} violated`)).toBeGreaterThan(10);
    }
  }, 240_000);
});

/** Forgets what somebody has seen replaced, where everybody should have. */
class Hasty extends StreamChecker {
  protected override commonPast(sessions: readonly { readonly clock: Clock }[], count: number): Clock {
    const most = new Clock(new ClockMemory());
    for (let number = 0; number < count; number += 1) {
      most.set(number, Math.max(0, ...sessions.map(({ clock }) => clock.of(number))));
    }
    return most;
  }
}

/** Tells the winner of a conflict, and nobody who has seen it. */
class Reticent extends StreamChecker {
  protected override spread(losers: readonly Version[], winner: Version): void {
    if (winner.arbitration === winner.clock) winner.arbitration = winner.clock.copy();
    for (const loser of losers) winner.arbitration.join(loser.arbitration);
  }
}

/** Knows of every conflict only its two ends. */
class Shortsighted extends StreamChecker {
  protected override spread(): void {
    // What is decided is kept beside the winner for the story, and changes no clock.
  }
}

describe("a checker is caught that", () => {
  test.each([
    ["forgets too early", Hasty],
    ["tells nobody but the winner what came before it", Reticent],
    ["looks no further than causes", Shortsighted],
  ])(
    "%s",
    (name, Checker) => {
      const { wrong } = compared(name, Checker === Hasty ? forgetful : streamLimits, { Checker });
      expect(wrong.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
