// The log disk: group commit, what a crash loses, what a restart finds.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant, micros } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { samplerOf } from "../kernel/distributions.ts";
import { RngRoot } from "../kernel/rng.ts";
import { Disk, NO_SYNC } from "./disk.ts";

const latency = samplerOf({ kind: "constant", value: micros(5_000) });
const random = (): RngRoot["stream"] => new RngRoot("disk").stream;
const diskOf = (entries: readonly string[]): Disk<string> => {
  const disk = new Disk<string>(latency);
  for (const entry of entries) disk.append(entry);
  return disk;
};

describe("disk", () => {
  test("an entry is durable after its sync, not before", () => {
    const disk = diskOf(["a"]);
    expect(disk.beginSync(instant(100), random())).toBe(5_100);
    expect([disk.durableUpTo, disk.durable()]).toEqual([0, []]);
    expect(disk.endSync(disk.epoch)).toBe(1);
    expect(disk.durable()).toEqual(["a"]);
  });

  test("group commit: one sync at a time, the next takes all that came meanwhile", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    disk.beginSync(instant(0), rng);
    expect([disk.append("b"), disk.append("c")]).toEqual([2, 3]);
    expect(disk.beginSync(instant(10), rng)).toBe(NO_SYNC);
    expect(disk.endSync(disk.epoch)).toBe(1);
    expect(disk.beginSync(instant(5_000), rng)).toBe(10_000);
    expect(disk.endSync(disk.epoch)).toBe(3);
    expect(disk.beginSync(instant(10_000), rng)).toBe(NO_SYNC);
    expect(disk.syncCount).toBe(2);
  });

  test("a crash loses what is not synced, ends the sync under way, and appending goes on", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    disk.append("b");
    const { epoch } = disk;
    disk.beginSync(instant(5_000), rng);
    disk.append("c");
    expect(disk.crash({ kind: "allLost" })).toEqual(["b", "c"]);
    expect(disk.endSync(epoch)).toBe(NO_SYNC);
    expect(disk.durable()).toEqual(["a"]);
    expect(disk.append("d")).toBe(2);
    expect(disk.beginSync(instant(6_000), rng)).toBe(11_000);
    expect(disk.endSync(disk.epoch)).toBe(2);
    expect(disk.durable()).toEqual(["a", "d"]);
  });

  test("a prefix may survive: every length is drawn, and survivors are durable (200 crashes of 3 entries)", () => {
    const rng = random();
    const lengths = new Set<number>();
    for (let i = 0; i < 200; i += 1) {
      const disk = diskOf(["a", "b", "c"]);
      const lost = disk.crash({ kind: "prefixSurvives", rng });
      expect([...disk.durable(), ...lost]).toEqual(["a", "b", "c"]);
      expect(disk.durableUpTo).toBe(disk.appendedUpTo);
      lengths.add(lost.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3]);
  });

  test("wiping loses everything and ends the sync under way", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    disk.append("b");
    disk.beginSync(instant(5_000), rng);
    const { epoch } = disk;
    disk.wipe();
    expect([disk.durable(), disk.durableUpTo, disk.appendedUpTo, disk.endSync(epoch)]).toEqual([[], 0, 0, NO_SYNC]);
  });

  test("latency can change, and the end of a sync that never began throws", () => {
    const disk = diskOf(["a"]);
    disk.setLatency(samplerOf({ kind: "constant", value: micros(9) }));
    expect(() => disk.endSync(disk.epoch)).toThrow("never began");
    expect(disk.beginSync(instant(1), random())).toBe(10);
  });

  prop(
    "whatever was reported durable survives every later crash, in order (random appends, syncs, crashes)",
    fc.array(fc.constantFrom("append", "begin", "end", "crash", "tear"), { maxLength: 120 }),
    (steps) => {
      const disk = new Disk<number>(latency);
      const rng = random();
      let next = 0;
      let syncing = false;
      let confirmed: readonly number[] = [];
      for (const step of steps) {
        if (step === "append") disk.append((next += 1));
        else if (step === "begin") syncing = disk.beginSync(instant(0), rng) !== NO_SYNC || syncing;
        else if (step === "end") {
          if (!syncing) continue;
          disk.endSync(disk.epoch);
          syncing = false;
          confirmed = disk.durable();
        } else {
          disk.crash(step === "crash" ? { kind: "allLost" } : { kind: "prefixSurvives", rng });
          syncing = false;
        }
        expect(disk.durable().slice(0, confirmed.length)).toEqual(confirmed);
      }
    },
  );
});
