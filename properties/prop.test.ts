/** The property helper and its seed: what a failing property prints must be enough to repeat it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop, replayCommand } from "./prop.ts";
import { seedFromEnvironment } from "./seed.ts";

const never = (): number => {
  throw new Error("drew a seed that was given");
};

describe("seed", () => {
  test("a given seed is used", () => {
    expect(seedFromEnvironment({ CAUSEWAY_SEED: "42", CI: "true" }, never)).toBe(42);
    expect(seedFromEnvironment({ CAUSEWAY_SEED: "-7" }, never)).toBe(-7);
  });

  test("a missing seed is drawn at a desk and refused in CI", () => {
    expect(seedFromEnvironment({}, () => 5)).toBe(5);
    expect(seedFromEnvironment({ CI: "false" }, () => 5)).toBe(5);
    expect(() => seedFromEnvironment({ CI: "true" }, never)).toThrow("CAUSEWAY_SEED must be set");
    expect(() => seedFromEnvironment({ CI: "1", CAUSEWAY_SEED: "" }, never)).toThrow("CAUSEWAY_SEED must be set");
  });

  test.each(["1.5", "0x10", "seed", "4294967296", "1e3", " 1"])("a seed of %j is refused", (text) => {
    expect(() => seedFromEnvironment({ CAUSEWAY_SEED: text }, never)).toThrow("whole number of 32 bits");
  });
});

describe("prop", () => {
  const seen: number[] = [];
  prop("runs as often as it is told", fc.integer(), (value) => void seen.push(value), { numRuns: 17 });

  test("the property above ran 17 times, with the seed of this run", () => {
    const seed = fc.readConfigureGlobal().seed;
    expect(seed).toBeTypeOf("number");
    const again = fc.sample(fc.integer(), { numRuns: 17, ...(seed !== undefined && { seed }) });
    expect(seen).toEqual(again);
  });

  test("the replay command quotes the name for the shell and for the pattern", () => {
    const command = replayCommand(9, `${process.cwd()}/model/x.test.ts`, "it's (a + b) [5 runs]");
    expect(command).toBe(String.raw`CAUSEWAY_SEED=9 npx vitest run model/x.test.ts -t 'it'\''s \(a \+ b\) \[5 runs\]'`);
  });
});
