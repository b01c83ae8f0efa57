// A map of few beside the map that it stands for.

import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { prop } from "../properties/prop.ts";
import { Few } from "./few.ts";

const happening = fc.record({ isEntered: fc.boolean(), key: fc.nat(3), value: fc.nat() });
const cleared = 7;
let timesBackToOne = 0;

// Long enough that all of several go again in nearly every one.
const stories = fc.array(happening, { minLength: 40, maxLength: 80 });

prop("a map of few holds what a map would, in the same order", stories, (story) => {
  const few = new Few<string, number>();
  const map = new Map<string, number>();
  let wereSeveral = false;
  for (const { isEntered, key: number, value } of story) {
    const key = `k${number}`;
    if (isEntered) {
      few.set(key, value);
      map.set(key, value);
    } else expect(few.delete(key)).toBe(map.delete(key));
    if (value % 64 === cleared) {
      few.clear();
      map.clear();
    }
    expect([...few]).toEqual([...map]);
    expect([[...few.keys()], [...few.values()], few.size]).toEqual([[...map.keys()], [...map.values()], map.size]);
    for (const one of ["k0", "k1", "k2", "k3"])
      expect([few.get(one), few.has(one)]).toEqual([map.get(one), map.has(one)]);
    if (wereSeveral && map.size === 0) timesBackToOne += 1;
    wereSeveral = map.size > 0 && (wereSeveral || map.size > 1);
  }
});

afterAll(() => {
  expect(timesBackToOne).toBeGreaterThan(0);
});
