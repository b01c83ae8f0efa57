/** `causeway explore` in process: what it says, what it refuses and where, and what it ends with. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallScenario } from "../../explore/testing.ts";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;

beforeAll(() => {
  place = openWorkplace();
  const script = ["a s put one/k x", "c t put one/k y"];
  const small = smallScenario({ tree: "a: { b: { c: } }", script, bounds: "losses: 1, sometimes: [conflict]" });
  writeFileSync(join(place.path, "small.yaml"), small);
  writeFileSync(join(place.path, "bare.yaml"), small.replace(/^explore:.*$/m, ""));
  const clients = "clients: [{ name: all, at: all, think: 1s, mix: [{ get: one/ }] }]";
  writeFileSync(join(place.path, "load.yaml"), small.replace(/^explore:.*$/m, clients));
});

afterAll(() => {
  place.remove();
});

describe("causeway explore", () => {
  test("states its estimate first and its verdict last", async () => {
    const { code, out } = await place.run("explore", "small.yaml");
    const lines = out.trimEnd().split("\n");
    expect(lines.slice(0, 5)).toEqual([
      "scenario small: 3 cloudlets, 2 sessions, 2 requests",
      "bounds: losses 1, duplicates 0, crashes 0, cuts 0, firings 1",
      "        acknowledgements ride, greetings prompt, disks prompt, order any, start connected",
      "left out: states of lost messages, messages that are spent, states with more used up",
      "estimate: 361 states, up to 10 steps from the first, 1.1MiB",
    ]);
    expect(out).toContain("conflict      256  sometimes\n");
    expect(lines.at(-1)).toMatch(
      /^passed: 361 states, 832 steps between them, 272 quiet.*, at most 10 from the first; 11 properties hold/,
    );
    expect(code).toBe(0);
  });

  test("leaves nothing out when it is told so, and says the same", async () => {
    const { code, out } = await place.run("explore", "small.yaml", "--unreduced");
    expect(out).toContain("left out: nothing\n");
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^passed: 4 577 states, .* 11 properties hold/);
    expect(code).toBe(0);
  });

  test("says what it exchanges, and what it does not after all", async () => {
    const script = ["b sb put one/k x", "c sc put one/k y", "a s get one/k"];
    const fork = (lines: readonly string[]): string => smallScenario({ tree: "a: { b: , c: }", script: lines });
    writeFileSync(join(place.path, "fork.yaml"), fork(script.slice(0, 2)));
    writeFileSync(join(place.path, "tie.yaml"), fork(script));
    const { out } = await place.run("explore", "fork.yaml");
    expect(out).toContain(", states with more used up, what others show with b and c exchanged\n");
    const tie = await place.run("explore", "tie.yaml");
    expect(tie.out).toContain(
      ", states with more used up\nnot exchanged: a reads something else when b and c are exchanged\n",
    );
    expect(tie.out).toContain("\npassed: ");
  });

  test("says the same with workers, but for the time", async () => {
    const [alone, together] = [
      await place.run("explore", "small.yaml"),
      await place.run("explore", "small.yaml", "--workers", "2"),
    ];
    const timeless = (text: string): string => text.replaceAll(/, [0-9 ]+ states\/s/g, "");
    expect(timeless(together.out)).toBe(timeless(alone.out));
    expect(together.code).toBe(0);
  }, 60_000);

  test("takes a scenario without a section of bounds, with the usual ones", async () => {
    const { code, out } = await place.run("explore", "bare.yaml", "--set", "explore.firings=0");
    expect(out).toContain("bounds: losses 0, duplicates 0, crashes 0, cuts 0, firings 0\n");
    expect(code).toBe(0);
  });

  test("shows the shortest way to a violation, and fails", async () => {
    const { code, out } = await place.run("explore", "small.yaml", "--plant", "relays-nothing");
    expect(out).toContain("\n1  a: s asks put one/k = x; a applies a.1/one#1, s is answered\n\nconvergence: ");
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^failed: convergence is violated after 1 step;/);
    expect(code).toBe(1);
  });

  test("fails when a situation is never met", async () => {
    const { code, out } = await place.run("explore", "small.yaml", "--set", "explore.sometimes=[crashed]");
    expect(out).toMatch(/\nnot met: crashed\n\nfailed: what was to be met was not|\nnot met: crashed\nfailed: /);
    expect(code).toBe(1);
  });

  test("says all of it as one JSON object", async () => {
    const { code, out } = await place.run("explore", "small.yaml", "--json", "--set", "explore.depth=5");
    expect(JSON.parse(out)).toMatchObject({ ended: "depth", depth: 5, violation: null, bounds: { losses: 1 } });
    expect(code).toBe(0);
  });

  test("refuses bounds that do not fit into the memory, and says what lowering each would leave", async () => {
    const { code, err } = await place.run("explore", "small.yaml", "--set", "explore.memory=1KiB");
    expect(err).toContain("small.yaml: expected a search that fits into explore.memory, 1KiB, found one of 361 states");
    expect(err).toMatch(/\n {2}explore\.firings: 0: 30 states/);
    expect(code).toBe(2);
    const anyway = await place.run("explore", "small.yaml", "--set", "explore.memory=1KiB", "--anyway");
    expect([anyway.code, anyway.out.includes("passed: 361 states")]).toEqual([0, true]);
  });

  test.each([
    [["small.yaml", "--set", "explore.losses=-1"], "--set explore.losses=-1: explore.losses: expected a whole number"],
    [["small.yaml", "--plant", "stale-cache"], "--plant stale-cache: this bug keeps things in mind"],
    [
      ["small.yaml", "--plant", "incarnation-from-disk"],
      "--plant incarnation-from-disk: this bug is one of the machines",
    ],
    [["small.yaml", "--workers", "0"], "expected a whole number from 1 to 32"],
    [["load.yaml"], "load.yaml:10:1: expected requests of a script, found groups of clients; write a script"],
    [["none.yaml"], "none.yaml: there is no such file"],
  ])("refuses %s with a remedy", async (words, said) => {
    const { code, err } = await place.run("explore", ...words);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });
});
