// Disks that do not keep their word, with the real core: what each fault takes, what comes back from neighbours, and what the
// run says of it.

import { expect, test } from "vitest";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Rules } from "../../model/replication/rules.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { instant, millis, seconds } from "../../model/units.ts";
import type { DiskFailure } from "../oracles/observer.ts";
import { runScenario } from "../run/runner.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Fault, LogSetting, ScriptStep } from "../scenario/scenario.ts";

const SYNC = 200;

/** A hub with two edges, a scope that goes both ways and one that goes up only. */
const forest: TopologySpec = {
  cloudlets: [{ name: "hub" }, { name: "east", upper: "hub" }, { name: "west", upper: "hub" }],
  scopes: [
    { name: "users", prefix: "users/" },
    { name: "metrics", prefix: "metrics/" },
  ],
  flows: ["east", "west"].flatMap((lower) => [
    { scope: "users", upper: "hub", lower, direction: "both" as const },
    { scope: "metrics", upper: "hub", lower, direction: "up" as const },
  ]),
  links: ["east", "west"].map((b) => ({ a: "hub", b, forth: { delay: millis(5) } })),
};

const put = (at: number, cloudlet: string, key: string): ScriptStep => ({
  at: instant(at),
  cloudlet,
  session: `${cloudlet}-${at}`,
  op: { kind: "put", key, value: `${at}` },
});

/** Runs a script with faults; returns the report, what failed, and the keys that each cloudlet holds in the end. */
function run(
  script: readonly ScriptStep[],
  faults: readonly Fault[],
  seed = "disks",
  logs: LogSetting = { retain: null, checkpoint: null },
) {
  const failures: DiskFailure[] = [];
  const { report, world } = runScenario(
    plainScenario({ seed, topology: forest, script, faults, logs, duration: seconds(10) }),
    { observers: [{ diskFailed: (_at, _cloudlet, failure) => failures.push(failure) }] },
  );
  const keys = world.topology.cloudlets.map(({ id }) => world.core(id)?.keys());
  const reached = new Map<string, number>(report.marks);
  expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
  return { report, failures, keys, reached };
}

test("a torn tail: what the disk had written of the unsynced is there, and the half entry is dropped", () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const script = [put(1_000_000, "east", "users/a"), put(1_000_050, "east", "users/b")];
    const crash: Fault = { kind: "crash", cloudlet: "east", at: instant(1_000_100), after: millis(50), disk: "torn" };
    const { report, failures, keys, reached } = run(script, [crash], `torn-${seed}`);
    const [failure] = failures;
    if (failure === undefined) {
      expect([keys[0], reached.get("torn-tail")]).toEqual([[], 0]);
      outcomes.add("nothing");
      continue;
    }
    if (failure.kind !== "torn") throw new Error(failure.kind);
    expect(failures).toHaveLength(1);
    expect(reached.get("torn-tail")).toBe(1);
    // Nobody was told that they are stored, and still they count from the restart on: everywhere.
    for (const held of keys) expect(held).toEqual((failure.survived as readonly CausalRecord[]).map(({ key }) => key));
    expect(report.notes).toEqual([]);
    outcomes.add(`${failure.survived.length} ${failure.isTorn}`);
  }
  expect([...outcomes].sort()).toEqual(["0 true", "1 false", "1 true", "2 false", "nothing"]);
});

test("bit rot: what cannot be read is dropped at the next start and told, and neighbours bring it back", () => {
  const script = [
    put(1_000_000, "east", "users/a"),
    put(1_100_000, "east", "users/b"),
    put(1_200_000, "east", "users/c"),
    put(1_300_000, "west", "users/d"),
  ];
  const rot: Fault = { kind: "bitRot", cloudlet: "east", at: instant(2_000_000), entries: 3 };
  const crash: Fault = { kind: "crash", cloudlet: "east", at: instant(3_000_000), after: millis(50), disk: "keep" };
  const { report, failures, keys, reached } = run(script, [rot, crash]);
  expect(failures.map((failure) => [failure.kind, failure.kind === "torn" ? 0 : failure.lost.length])).toEqual([
    ["rotten", 3],
  ]);
  expect(reached.get("bit-rot")).toBe(1);
  for (const held of keys) expect(held).toEqual(["users/a", "users/b", "users/c", "users/d"]);
  expect(report.notes.join("\n")).toMatch(
    /durability was suspended at east: bits had flipped on its disk when it came back at 3\.05s?.*, which took 3 acknowledged records; all are there again/,
  );
});

test("bit rot that nothing reads harms nobody", () => {
  const script = [put(1_000_000, "east", "users/a")];
  const rot: Fault = { kind: "bitRot", cloudlet: "east", at: instant(2_000_000), entries: 5 };
  const { report, failures, keys } = run(script, [rot]);
  expect(failures).toEqual([]);
  expect(report.notes).toEqual([]);
  for (const held of keys) expect(held).toEqual(["users/a"]);
});

test("bit rot in the middle of a log: what only goes up stays lost at home, and what follows it does not wait", () => {
  // Each write of a session follows the one before it.
  const at = (moment: number, value: string): ScriptStep => ({
    at: instant(moment),
    cloudlet: "east",
    session: "reporter",
    op: { kind: "put", key: `metrics/${value}`, value },
  });
  const script = [at(1_000_000, "a"), at(1_100_000, "b"), at(1_200_000, "c")];
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 20; seed += 1) {
    const rot: Fault = { kind: "bitRot", cloudlet: "east", at: instant(2_000_000), entries: 1 };
    const crash: Fault = { kind: "crash", cloudlet: "east", at: instant(3_000_000), after: millis(50), disk: "keep" };
    const { keys } = run(script, [rot, crash], `rot-${seed}`);
    expect(keys[0]).toEqual(["metrics/a", "metrics/b", "metrics/c"]);
    outcomes.add((keys[1] ?? []).join(" "));
  }
  expect([...outcomes].sort()).toEqual(["metrics/a metrics/b", "metrics/a metrics/c", "metrics/b metrics/c"]);
});

test("a checkpoint that has rotted is dropped whole and told; what lay behind it is kept, and neighbours bring the rest", () => {
  const script = [
    ...[1_000_000, 1_100_000, 1_200_000].map((at) => put(at, "east", `users/${at}`)),
    put(1_300_000, "east", "metrics/lost"),
    put(1_600_000, "east", "users/behind"),
    put(1_600_000, "east", "metrics/behind"),
  ];
  const outcomes = new Map<string, number>();
  for (let seed = 0; seed < 20; seed += 1) {
    const rot: Fault = { kind: "bitRot", cloudlet: "east", at: instant(2_000_000), entries: 1 };
    const crash: Fault = { kind: "crash", cloudlet: "east", at: instant(3_000_000), after: millis(50), disk: "keep" };
    const { report, failures, keys, reached } = run(script, [rot, crash], `rot-${seed}`, {
      retain: null,
      checkpoint: 4,
    });
    const [failure] = failures;
    if (failure?.kind !== "rotten") throw new Error("nothing rotted");
    const isCheckpoint = reached.get("checkpoint-rotten") === 1;
    expect([failure.isCheckpointLost, reached.get("bit-rot")]).toEqual([isCheckpoint, isCheckpoint ? 0 : 1]);
    const own = (keys[1] ?? []).filter((key) => key.startsWith("metrics/")).join(" ");
    outcomes.set(own, (outcomes.get(own) ?? 0) + 1);
    expect((keys[1] ?? []).filter((key) => key.startsWith("users/"))).toHaveLength(4);
    if (isCheckpoint) expect(report.notes.join()).toMatch(/bits had flipped in its checkpoint .* took 4 acknowledged/);
  }
  expect([...outcomes.keys()].sort()).toEqual(["metrics/behind", "metrics/behind metrics/lost", "metrics/lost"]);
});

test.each([
  ["log-ends-at-damage", ["durability"]],
  ["disk-read-unchecked", ["durability", "reads-resolve"]],
])("%s: what that reader makes of the same disk, %j see", (name, catches) => {
  const value = "a reading that is long enough to be hit".repeat(4);
  const script = [1_000_000, 1_100_000, 1_200_000, 1_300_000].map((at): ScriptStep => {
    return { ...put(at, "east", ""), op: { kind: "put", key: `metrics/${at}`, value } };
  });
  const read = (key: string): ScriptStep => ({
    ...put(5_000_000, "east", key),
    session: `read-${key}`,
    op: { kind: "get", key },
  });
  const reads = script.map(({ op }) => read("key" in op ? op.key : ""));
  const plant = plantNamed(name);
  if (plant === null) throw new Error("no such plant");
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed += 1) {
    const scenario = plainScenario({
      seed: `rot-${seed}`,
      topology: forest,
      script: [...script, ...reads],
      faults: [
        { kind: "bitRot", cloudlet: "east", at: instant(2_000_000), entries: 1 },
        { kind: "crash", cloudlet: "east", at: instant(3_000_000), after: millis(50), disk: "keep" },
      ],
      duration: seconds(10),
    });
    const { report } = runScenario(scenario, plantOptions(plant));
    for (const [property, { verdict }] of report.properties) if (verdict === "violated") seen.add(property);
  }
  expect([...seen]).toEqual(expect.arrayContaining(catches));
});

test("a lying sync: what it confirmed is gone in a crash, and what nobody else has is named", () => {
  const script = [
    put(1_000_000, "east", "users/before"),
    put(2_000_000, "east", "users/spread"),
    put(2_000_000, "east", "metrics/spread"),
    put(2_999_000, "east", "users/lost"),
  ];
  const faults: Fault[] = [
    { kind: "lyingFsync", cloudlet: "east", from: instant(1_500_000), until: instant(4_000_000) },
    { kind: "crash", cloudlet: "east", at: instant(2_999_000 + SYNC + 10), after: millis(100), disk: "keep" },
    // Sent at once, and lost with the link: nobody else ever has it.
    { kind: "isolate", cloudlet: "east", from: instant(2_500_000), until: instant(3_000_000) },
  ];
  const { report, keys, reached, failures } = run(script, faults);
  expect(failures.map((failure) => [failure.kind, failure.kind === "torn" ? 0 : failure.lost.length])).toEqual([
    ["lied", 3],
  ]);
  expect(keys).toEqual([
    ["metrics/spread", "users/before", "users/spread"],
    ["users/before", "users/spread"],
    ["users/before", "users/spread"],
  ]);
  expect([reached.get("fsync-lied"), reached.get("own-record-returned")]).toEqual([1, 1]);
  expect(report.notes).toEqual([
    "durability was suspended at east: its disk had lied about syncs when it crashed at 2.999210 s, " +
      "which took 3 acknowledged records; 1 there again, 2 not",
    '1 answered write is gone everywhere: c1.1/t0#3 (put of "users/lost" by s2 at east at 2.999000 s)',
  ]);
});

test("without a crash in it, a lie has no consequence", () => {
  const faults: Fault[] = [
    { kind: "lyingFsync", cloudlet: "east", from: instant(500_000), until: instant(2_000_000) },
    { kind: "crash", cloudlet: "east", at: instant(3_000_000), after: millis(100), disk: "keep" },
  ];
  const { failures, report } = run([put(1_000_000, "east", "users/a")], faults);
  expect([failures, report.notes]).toEqual([[], []]);
});

test("a restored backup gets its own later records back, and writes on under names of a new life", () => {
  const script = [
    put(1_000_000, "east", "users/a"),
    put(2_000_000, "east", "users/b"),
    put(2_100_000, "hub", "users/h"),
    put(4_000_000, "east", "users/c"),
  ];
  const restore: Fault = {
    kind: "restoreBackup",
    cloudlet: "east",
    of: instant(1_500_000),
    at: instant(3_000_000),
    after: millis(100),
  };
  const { report, keys, reached, failures } = run(script, [restore]);
  expect(failures).toMatchObject([{ kind: "restored", of: 1_500_000, lost: [{ key: "users/b" }, { key: "users/h" }] }]);
  for (const held of keys) expect(held).toEqual(["users/a", "users/b", "users/c", "users/h"]);
  expect([reached.get("backup-restored"), reached.get("own-record-returned")]).toEqual([1, 1]);
  expect(report.notes).toEqual([
    "durability was suspended at east: it came back at 3.100000 s with a backup taken at 1.500000 s, " +
      "which took 2 acknowledged records; all are there again",
  ]);
});

test("a copied disk: its records are taken in as far as flows bring them there, the rest is left out and said", () => {
  const script = [
    put(1_000_000, "east", "users/e"),
    put(1_000_000, "east", "metrics/e"),
    put(1_500_000, "west", "users/w"),
    put(1_500_000, "west", "metrics/w"),
    put(4_000_000, "west", "users/x"),
  ];
  const clone: Fault = {
    kind: "cloneDisk",
    source: "east",
    cloudlet: "west",
    at: instant(3_000_000),
    after: millis(100),
  };
  const { report, keys, reached } = run(script, [clone]);
  expect(keys).toEqual([
    ["metrics/e", "metrics/w", "users/e", "users/w", "users/x"],
    ["metrics/e", "users/e", "users/w", "users/x"],
    // What goes up only does not come back down: its own metrics are lost here and safe at the hub.
    ["users/e", "users/w", "users/x"],
  ]);
  expect([reached.get("disk-cloned"), reached.get("foreign-record")]).toEqual([1, 1]);
  expect(report.notes).toEqual([
    "durability was suspended at west: west came back at 3.100000 s with a copy of the disk of east, " +
      "which took 1 acknowledged record; 0 there again, 1 not",
  ]);
});

/** East is cut off, dies twice, and comes back with a backup from before its second life; then it writes as much as it had. */
function doubled(rules: () => Partial<Rules>) {
  const script = [1_500_000, 3_000_000, 3_100_000].map((at) => put(at, "east", "users/a"));
  const faults: Fault[] = [
    { kind: "crash", cloudlet: "east", at: instant(1_000_000), after: millis(50), disk: "keep" },
    { kind: "restoreBackup", cloudlet: "east", of: instant(500_000), at: instant(2_500_000), after: millis(50) },
    { kind: "isolate", cloudlet: "east", from: instant(2_000_000), until: instant(4_000_000) },
  ];
  const late = put(5_000_000, "east", "users/b");
  const scenario = plainScenario({
    seed: "doubled",
    topology: forest,
    script: [...script, late],
    faults,
    duration: seconds(10),
  });
  const { report } = runScenario(scenario, { machineBugs: { countsOnDisk: true }, plant: rules });
  return { report, names: new Map(report.properties).get("unique-dots") };
}

test("lives counted on the disk: the doubled one is found by greetings, fenced, and refuses to write", () => {
  const { report, names } = doubled(() => ({}));
  expect(names).toMatchObject({ verdict: "violated", violations: 1 });
  expect(names?.evidence[0]).toMatch(/^east wrote a second c1\.2\/t0#1 at 3\.000000 s; the first is /);
  const notes = report.notes.filter((note) => note.includes("fenced"));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^east, life 2, was fenced at 4\.\d+ s: .* c1\.2\/t0#\d; it refused 1 writes$/);
  expect(new Map<string, number>(report.marks).get("dot-collision")).toBeGreaterThan(0);
});

test("where nobody compares what lies under one name, the oracle says that nobody noticed", () => {
  const { report, names } = doubled(() => ({ heedsCollisions: () => false }));
  expect(names?.evidence.at(-1)).toBe("nobody has noticed that two records are called c1.2/t0#1");
  expect(report.notes.filter((note) => note.includes("fenced"))).toEqual([]);
});
