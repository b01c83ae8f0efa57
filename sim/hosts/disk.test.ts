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
    expect(disk.crash({ kind: "allLost" })).toEqual({ unsynced: ["b", "c"], lied: [], survived: [], isTorn: false });
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
    const torn = new Set<number>();
    for (let i = 0; i < 200; i += 1) {
      const disk = diskOf(["a", "b", "c"]);
      const { unsynced, lied, survived, isTorn } = disk.crash({ kind: "prefixSurvives", rng });
      expect([...disk.durable(), ...unsynced]).toEqual(["a", "b", "c"]);
      expect([survived, lied]).toEqual([disk.durable(), []]);
      expect(disk.durableUpTo).toBe(disk.appendedUpTo);
      lengths.add(unsynced.length);
      if (isTorn) torn.add(unsynced.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3]);
    expect([...torn].sort()).toEqual([1, 2, 3]);
  });

  test("a disk that lies confirms what a crash then takes; once it stops, what it confirmed is durable", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    const sync = (): void => {
      disk.beginSync(instant(0), rng);
      disk.endSync(disk.epoch);
    };
    sync();
    disk.lie();
    disk.append("b");
    disk.beginSync(instant(0), rng);
    expect(disk.endSync(disk.epoch)).toBe(2);
    expect([disk.durableUpTo, disk.beginSync(instant(0), rng)]).toEqual([1, NO_SYNC]);
    disk.append("c");
    expect(disk.crash({ kind: "allLost" })).toEqual({ unsynced: ["c"], lied: ["b"], survived: [], isTorn: false });
    disk.append("d");
    sync();
    disk.stopLying();
    disk.append("e");
    expect(disk.crash({ kind: "allLost" })).toMatchObject({ unsynced: ["e"], lied: [] });
    expect(disk.durable()).toEqual(["a", "d"]);
    expect(() => {
      disk.stopLying();
    }).toThrow("without having lied");
  });

  test("a backup brings back what was durable when it was taken, and the count of starts", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    expect(disk.countStart()).toBe(1);
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    disk.append("b");
    const backup = disk.image();
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    disk.countStart();
    expect(disk.replace(backup)).toEqual(["b"]);
    expect([disk.durable(), disk.starts]).toEqual([["a"], 1]);
    disk.append("c");
    expect(backup.entries).toEqual(["a"]);
  });

  test("what a copy holds under the same name is not lost, whatever object it is", () => {
    const disk = new Disk<{ readonly name: string }>(latency, ({ name }) => name);
    const rng = random();
    for (const name of ["a", "b"]) disk.append({ name });
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    expect(disk.replace({ entries: [{ name: "b" }, { name: "c" }], starts: 1 })).toEqual([{ name: "a" }]);
  });

  test("an empty disk in its place loses everything and ends the sync under way", () => {
    const disk = diskOf(["a"]);
    const rng = random();
    disk.beginSync(instant(0), rng);
    disk.endSync(disk.epoch);
    disk.append("b");
    disk.beginSync(instant(5_000), rng);
    const { epoch } = disk;
    expect(disk.replace(null)).toEqual(["a"]);
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
