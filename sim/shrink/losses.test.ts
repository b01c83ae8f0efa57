// Losses by name: the same messages are lost as by chance, and no others; and what is lost by name in the smallest world is what it
// takes.

import { expect, test } from "vitest";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { scenario as story } from "../scenario/testing.ts";
import { writeScenario } from "../scenario/write.ts";
import { withNamedLosses } from "./losses.ts";
import { runLoad } from "./run-load.ts";
import { shrink } from "./shrink.ts";
import { hasLuck } from "./size.ts";

function read(text: string): Scenario {
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  return outcome.scenario;
}

const asking = "clients: [{ name: g, at: all, think: 300ms, mix: [{ put: users/ }, { get: users/ }] }]";

interface Heard {
  /** What is lost during the load: when, and between whom. */
  readonly lost: readonly string[];
  /** Is each of these alone in its microsecond, and none sent at the very beginning? */
  readonly isPlain: boolean;
}

function heardIn(scenario: Scenario): Heard {
  const sent = new Map<string, number>();
  const lost: string[] = [];
  const nameOf = (at: number, from: number, to: number): string => `${at} ${from} ${to}`;
  runLoad(
    scenario,
    {},
    {
      sent(at, from, to) {
        sent.set(nameOf(at, from, to), (sent.get(nameOf(at, from, to)) ?? 0) + 1);
      },
      dropped(at, from, to, _message, reason) {
        if (reason === "lost" && at < scenario.duration) lost.push(nameOf(at, from, to));
      },
    },
  );
  return { lost, isPlain: lost.every((name) => sent.get(name) === 1 && !name.startsWith("0 ")) };
}

test("the messages that are lost by name are those that were lost by chance, where each is alone in its microsecond", () => {
  const told = read(story(asking, "links: { defaults: { delay: 20ms, loss: 10% } }"));
  let plain = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const scenario = { ...told, seed: String(seed) };
    const { lost, isPlain } = heardIn(scenario);
    if (!isPlain || lost.length < 3) continue;
    plain += 1;
    const named = withNamedLosses(scenario, {});
    if (named === null) throw new Error("nothing was named");
    expect([hasLuck(scenario), hasLuck(named)]).toEqual([true, false]);
    expect(named.faults.length).toBe(lost.length);
    expect(heardIn(named).lost).toEqual(lost);
    // And so from the file.
    expect(heardIn(read(writeScenario(named))).lost).toEqual(lost);
  }
  expect(plain).toBeGreaterThan(2);
});

test("nothing is named where nothing is lost, and where so much is lost that a rate says it better", () => {
  expect(withNamedLosses(read(story(asking)), {})).toBeNull();
  const much = story(asking.replace("300ms", "10ms"), "links: { defaults: { loss: 50% } }");
  expect(withNamedLosses(read(much), {})).toBeNull();
});

test("in the smallest world a link that lost half of its messages loses those by name that it takes", async () => {
  const plant = plantNamed("never-resends");
  if (plant === null) throw new Error("no such planted bug");
  const scenario = read(story(asking, "links: { defaults: { delay: 20ms, loss: 30% } }"));
  const target = { kind: "property", name: "convergence" } as const;
  const outcome = await shrink(scenario, target, { run: plantOptions(plant), clean: {}, budget: 2_000 });
  if ("kind" in outcome) throw new Error(outcome.why);
  const { smallest, ending } = outcome;
  expect(ending).toBe("smallest");
  expect(hasLuck(smallest.scenario)).toBe(false);
  expect(smallest.size).toMatchObject({ cloudlets: 2, operations: 1, faults: 1 });
  expect(smallest.text).toMatch(/^faults: \[\{ degrade: \[\w+, \w+\], .*loss: 100%/m);
});
