// Random streams: pinned numbers, independence of names, states that end a digest.

import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import type { Rng } from "../../model/random.ts";
import { RngRoot } from "./rng.ts";

const states = (root: RngRoot): string[] => {
  const lines: string[] = [];
  root.forEachState((line) => lines.push(line));
  return lines;
};

/** Standard score of a count of `hits` among `count` trials of probability `p`. */
const score = (hits: number, count: number, p: number): number => (hits - count * p) / Math.sqrt(count * p * (1 - p));

describe("random streams", () => {
  test("golden: the first draws of seed 42 and of its fork net", () => {
    const root = new RngRoot("42");
    const net = root.stream.fork("net");
    expect(Array.from({ length: 6 }, () => root.stream.intInclusive(999_999))).toMatchInlineSnapshot(`
      [
        5839,
        382594,
        262465,
        538993,
        30305,
        525998,
      ]
    `);
    expect(Array.from({ length: 3 }, () => root.stream.double())).toMatchInlineSnapshot(`
      [
        0.42236321245077213,
        0.2894900000747841,
        0.19562294342013875,
      ]
    `);
    expect(Array.from({ length: 6 }, () => net.intInclusive(999_999))).toMatchInlineSnapshot(`
      [
        260343,
        593575,
        56914,
        866365,
        151694,
        294679,
      ]
    `);
    expect(states(root)).toMatchInlineSnapshot(`
      [
        "42 202032817 1086304045 1026863984 76105962
      ",
        "42/net 1773294679 -1476559657 -174673984 1397367992
      ",
      ]
    `);
  });

  test("numbers and states are those of the package that they are named after (300 names)", () => {
    for (let name = 0; name < 300; name += 1) {
      const root = new RngRoot(`${"run/ü/\u{1f600}".slice(name % 9)}${name}`);
      const twin = seedrandom.tychei(root.seed, { state: true });
      for (let draw = 0; draw < 20; draw += 1) {
        expect(root.stream.intInclusive(2 ** 32 - 1)).toBe(twin.int32() >>> 0);
        expect(root.stream.double()).toBe(twin.double());
      }
      const { a, b, c, d } = twin.state();
      expect(states(root)).toEqual([`${root.seed} ${a} ${b} ${c} ${d}\n`]);
    }
  });

  test("a stream does not depend on who else draws, or when it was forked", () => {
    const draws = (rng: Rng): number[] => Array.from({ length: 50 }, () => rng.double());
    const quiet = new RngRoot("s");
    const alone = draws(quiet.stream.fork("clients"));
    const busy = new RngRoot("s");
    draws(busy.stream);
    draws(busy.stream.fork("net"));
    expect(draws(busy.stream.fork("clients"))).toEqual(alone);
  });

  test("forking does not advance the parent", () => {
    const plain = new RngRoot("s").stream;
    const forking = new RngRoot("s").stream;
    forking.fork("a").fork("b");
    expect(forking.double()).toBe(plain.double());
  });

  test("streams with neighbouring names are independent (20 000 streams, first draws, lags 1, 10 and 100)", () => {
    const root = new RngRoot("42");
    const first = Float64Array.from({ length: 20_000 }, (_, i) => root.stream.fork(`edge-${i}/net`).double() - 0.5);
    for (const lag of [1, 10, 100]) {
      let covariance = 0;
      for (let i = lag; i < first.length; i += 1) covariance += (first[i] as number) * (first[i - lag] as number);
      expect(Math.abs((covariance * 12) / Math.sqrt(first.length - lag))).toBeLessThan(4);
    }
    const low = first.filter((value) => value < 0).length;
    expect(Math.abs(score(low, first.length, 0.5))).toBeLessThan(4);
  });

  test("intInclusive is even where a remainder would not be (max = 3 * 2^30 - 1, 90 000 draws)", () => {
    const rng = new RngRoot("even").stream;
    let lowThird = 0;
    for (let i = 0; i < 90_000; i += 1) if (rng.intInclusive(3 * 2 ** 30 - 1) < 2 ** 30) lowThird += 1;
    // A remainder of 32 bits would give this third a share of one half.
    expect(Math.abs(score(lowThird, 90_000, 1 / 3))).toBeLessThan(4);
  });

  test("intInclusive reaches both ends and refuses what is no bound", () => {
    const rng = new RngRoot("ends").stream;
    const seen = new Set(Array.from({ length: 200 }, () => rng.intInclusive(3)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
    expect(rng.intInclusive(0)).toBe(0);
    expect(rng.intInclusive(2 ** 32 - 1)).toBeLessThan(2 ** 32);
    for (const bad of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => rng.intInclusive(bad)).toThrow("not a bound");
  });

  test("chance keeps its probability, and never and always are exact (100 000 draws each)", () => {
    const rng = new RngRoot("chance").stream;
    for (const partsPerMillion of [0, 20_000, 500_000, 1_000_000]) {
      let hits = 0;
      for (let i = 0; i < 100_000; i += 1) if (rng.chance(partsPerMillion)) hits += 1;
      if (partsPerMillion === 0) expect(hits).toBe(0);
      else if (partsPerMillion === 1_000_000) expect(hits).toBe(100_000);
      else expect(Math.abs(score(hits, 100_000, partsPerMillion / 1_000_000))).toBeLessThan(4);
    }
    expect(() => rng.chance(1_000_001)).toThrow("not a probability");
    expect(() => rng.chance(-1)).toThrow("not a probability");
  });

  test("end states: only streams that drew, in the order of their paths, and every draw shows", () => {
    const root = new RngRoot("s");
    const late = root.stream.fork("z");
    const early = root.stream.fork("a");
    root.stream.fork("never");
    late.double();
    early.double();
    const before = states(root);
    expect(before.map((line) => line.split(" ")[0])).toEqual(["s/a", "s/z"]);
    late.chance(1);
    expect(states(root)[0]).toBe(before[0]);
    expect(states(root)[1]).not.toBe(before[1]);
    expect(root.streamCount).toBe(4);
  });

  test("an empty seed and a name used twice are refused", () => {
    expect(() => new RngRoot("")).toThrow("needs a seed");
    const { stream } = new RngRoot("s");
    stream.fork("net");
    expect(() => stream.fork("net")).toThrow("forked twice");
    stream.fork("a").fork("b");
    expect(() => stream.fork("a/b")).toThrow("forked twice");
  });
});
