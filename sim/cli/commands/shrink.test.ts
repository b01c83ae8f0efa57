// `causeway shrink`: what it takes, what it writes and says, and what it refuses.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openWorkplace } from "../testing.ts";

const place = openWorkplace();
afterAll(() => void place.remove());

const story = `causeway: 1
name: two halves
seed: 1
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
links: { defaults: { delay: 20ms, jitter: 3ms } }
clients: [{ name: people, at: all, think: 100ms, mix: [{ put: users/, keys: 3 }, { get: users/, keys: 3 }] }]
faults: [{ isolate: edge, from: 1s, until: 2s }, { crash: far, at: 1500ms, for: 200ms }]
duration: 4s
`;

writeFileSync(join(place.path, "story.yaml"), story);

test("a run with a planted bug leaves a scenario of a few lines and a replay, and both fail in the same way", async () => {
  const { code, out, err } = await place.run("shrink", "story.yaml", "--plant", "relays-nothing");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^scenario two halves, seed 1, engine .*, planted bug relays-nothing\nto stay violated: convergence\n/,
  );
  expect(out).toMatch(/\ncloudlets +3 +3\noperations +\d+ +1\nfaults +2 +0\n/);
  expect(out).toMatch(/\n\d+ runs: nothing more can be taken away\n/);
  const text = readFileSync(join(place.path, "two-halves-shrunk.yaml"), "utf8");
  expect(out).toContain(text);
  expect(text.split("\n").length).toBeLessThanOrEqual(12);

  const command = /^scenario: npx causeway (run .*)$/m.exec(out)?.[1] ?? "";
  const run = await place.run(...command.split(" "));
  expect(run.code).toBe(3);
  expect(run.out).toContain("convergence was to hold in the end");
  expect((await place.run("run", "two-halves-shrunk.yaml")).code).toBe(0);
  const replay = /^replay: npx causeway (replay .*)$/m.exec(out)?.[1] ?? "";
  expect(await place.run(...replay.split(" "))).toMatchObject({ code: 3, err: "the digest is the recorded one\n" });
});

test("a replay of a failed run shrinks with the bug that it names, and what is smallest does not shrink further", async () => {
  const failed = await place.run("run", "story.yaml", "--plant", "relays-nothing");
  const shrink = /^shrink: npx causeway (shrink .*)$/m.exec(failed.out)?.[1] ?? "";
  const first = await place.run(...shrink.split(" "));
  expect(first.code).toBe(0);
  const replay = /^replay: npx causeway replay (.*)$/m.exec(first.out)?.[1] ?? "";
  const again = await place.run("shrink", replay);
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/\ncloudlets +3 +3\noperations +1 +1\n/);
});

test("--json says the same in one object, with the smallest world in it", async () => {
  const told = await place.run("shrink", "story.yaml", "--plant", "relays-nothing");
  const { code, out, err } = await place.run("shrink", "story.yaml", "--plant", "relays-nothing", "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const shrunk = JSON.parse(out) as Record<string, unknown>;
  const text = readFileSync(join(place.path, "two-halves-shrunk.yaml"), "utf8");
  expect(shrunk).toMatchObject({
    "causeway-shrink": 1,
    scenario: "two halves",
    seed: "1",
    plant: "relays-nothing",
    target: "convergence",
    ending: "smallest",
    budget: 2_000,
    isMaterialised: true,
    isThereAnyway: false,
    before: { cloudlets: 3, faults: 2 },
    after: { cloudlets: 3, operations: 1, faults: 0, lines: text.split("\n").length - 1 },
    files: { scenario: "two-halves-shrunk.yaml", replay: "causeway-replay-two-halves-shrunk.json" },
    smallest: text,
  });
  const { before, after, runs, evidence } = shrunk as {
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
    readonly runs: number;
    readonly evidence: readonly string[];
  };
  for (const what of Object.keys(before)) {
    expect(told.out).toMatch(new RegExp(`^${what} +${before[what]} +${after[what]}$`, "m"));
  }
  expect(told.out).toContain(`\n${runs} runs: `);
  for (const sentence of evidence) expect(told.out).toContain(`\n${sentence}\n`);
  const replay = readFileSync(join(place.path, "causeway-replay-two-halves-shrunk.json"), "utf8");
  expect(replay).toContain(`"digest": ${JSON.stringify(shrunk["digest"])}`);
});

test("--json changes nothing about what is refused", async () => {
  expect(await place.run("shrink", "story.yaml", "--json")).toMatchObject({ code: 2, out: "" });
});

test("a budget that is used up is told with the command that goes on", async () => {
  const { code, out } = await place.run("shrink", "story.yaml", "--plant", "relays-nothing", "--budget", "3");
  expect(code).toBe(0);
  expect(out).toContain("\n3 runs: the budget is used up, and more might go; --budget 6 goes on\n");
});

test("what ends by the clock says that it is not reproducible", async () => {
  writeFileSync(join(place.path, "long.yaml"), story.replace("duration: 4s", "duration: 4min"));
  const { code, out } = await place.run("shrink", "long.yaml", "--plant", "relays-nothing", "--seconds", "1");
  expect(code).toBe(0);
  expect(out).toMatch(/runs: the time is up; on another machine less or more may be left/);
});

test.each([
  [
    ["story.yaml"],
    "story.yaml: expected a run in which a property that is to hold is violated, or a bound is not kept; found none in this one; see causeway run story.yaml\n",
  ],
  [
    ["story.yaml", "--plant", "relays-nothing", "--property", "direction"],
    "story.yaml: expected a run in which direction is violated, found only convergence; see causeway run story.yaml\n",
  ],
  [["nothing.yaml"], "nothing.yaml: there is no such file; check the path\n"],
  [
    ["story.yaml", "--plant", "relays-nothing", "--out", "nowhere"],
    "--out nowhere: expected a directory, found none; make it first, or name another one\n",
  ],
  [
    ["story.yaml", "--plant", "relays-nothing", "--set", "protocol=fifo"],
    "--plant relays-nothing: planted bugs are the core's, and the scenario runs fifo; add --set protocol=causeway\n",
  ],
])("%j is refused", async (argv, message) => {
  const before = readdirSync(place.path);
  expect(await place.run("shrink", ...argv)).toEqual({ code: 2, out: "", err: message });
  expect(readdirSync(place.path)).toEqual(before);
});

test.each([
  [["--property", "convergance"], "expected the name of a property; did you mean convergence?"],
  [["--budget", "0"], "expected a whole number from 1 to 1000000."],
  [["--seconds", "x"], "expected a whole number from 1 to 86400."],
])("%j is bad usage", async (argv, message) => {
  const { code, err } = await place.run("shrink", "story.yaml", ...argv);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test("a replay says all that it runs with", async () => {
  const { out } = await place.run("run", "story.yaml", "--plant", "relays-nothing");
  const file = /^replay: npx causeway replay (.*)$/m.exec(out)?.[1] ?? "";
  expect((await place.run("shrink", file, "--seed", "2")).err).toBe(
    `${file}: a replay says all that it runs with, found --seed beside it; leave it out\n`,
  );
  expect((await place.run("shrink", file, "--property", "direction")).err).toBe(
    `${file}: expected a run in which direction is violated, found only convergence; see causeway replay ${file}\n`,
  );
});
