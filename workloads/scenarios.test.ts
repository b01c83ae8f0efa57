/** The committed scenarios do what their headers say. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { CloudletId, OpId, SessionId } from "../model/ids.ts";
import type { KeyAnswer, ReplicationCore } from "../model/replication/io.ts";
import { builtInResolvers, type BuiltInResolver } from "../model/topology/resolvers.ts";
import type { Observer } from "../sim/oracles/observer.ts";
import { plantNamed, plantOptions } from "../sim/plants/plants.ts";
import { runScenario } from "../sim/run/runner.ts";
import { renderProblems } from "../sim/scenario/problem.ts";
import { smallChurn } from "../sim/requirements/workload.ts";
import { readScenario } from "../sim/scenario/read.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import type { World } from "../sim/world.ts";

const folder = fileURLToPath(new URL("./", import.meta.url));
const ofSweeps = readdirSync(`${folder}sweeps`).map((name) => `sweeps/${name}`);
const files = [...readdirSync(folder), ...ofSweeps].filter(
  (name) => name.endsWith(".yaml") && /^causeway:/m.test(readFileSync(`${folder}${name}`, "utf8")),
);

function read(file: string, settings: Readonly<Record<string, string>> = {}): Scenario {
  const outcome = readScenario(readFileSync(`${folder}${file}`, "utf8"), {
    file,
    settings: Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}=${value}`, path, value })),
  });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

function coreOf(world: World, cloudlet: CloudletId): ReplicationCore {
  const core = world.core(cloudlet);
  if (core === null) throw new Error(`cloudlet ${cloudlet} is down at the end`);
  return core;
}

function run(file: string, settings: Readonly<Record<string, string>> = {}) {
  return runScenario(read(file, settings)).report;
}

test.each(files)("%s ends as it expects, and its header names the ids that it shows", (file) => {
  const scenario = read(file, file === "churn-year.yaml" ? smallChurn : {});
  const { verdict, unmet } = runScenario(scenario).report;
  expect({ verdict, unmet }).toEqual({ verdict: "passed", unmet: [] });
  const header = readFileSync(`${folder}${file}`, "utf8").split("\ncauseway:")[0] ?? "";
  expect(scenario.shows.length).toBeGreaterThan(0);
  for (const id of scenario.shows) expect(header).toMatch(new RegExp(`^#.*\\b${id}\\b`, "m"));
});

function metricsOf(file: string, settings: Readonly<Record<string, string>> = {}): ReadonlyMap<string, number> {
  return new Map(run(file, settings).metrics);
}

describe("commuter.yaml", () => {
  test("only who gives a past up reads backwards, and only who brings no records is behind", () => {
    const committed = metricsOf("commuter.yaml");
    const regressed = committed.get("reads.regressed") ?? 0;
    const drifting = metricsOf("commuter.yaml", { "clients[0].travel.past": "forgo" });
    expect(drifting.get("reads.regressed")).toBeGreaterThan(regressed);
    expect(drifting.get("moves.records")).toBe(0);
    const walking = metricsOf("commuter.yaml", { "clients[0].travel.bundle": "0B" });
    expect(walking.get("moves.behind")).toBeGreaterThan(committed.get("moves.behind") ?? 0);
    const carrying = metricsOf("commuter.yaml", {
      "clients[1].travel.bundle": "1MiB",
      "clients[2].travel.past": "carry",
    });
    expect([carrying.get("reads.regressed"), carrying.get("moves.behind"), carrying.get("answers.behind")]).toEqual([
      0, 0, 0,
    ]);
  });

  test("what moves is small beside what the links carry", () => {
    const metrics = metricsOf("commuter.yaml");
    expect(metrics.get("moves.bytes")).toBeLessThan((metrics.get("bytes.sent") ?? 0) / 8);
  });
});

describe("drone.yaml", () => {
  test("readings are at base within a round; without bundles they wait for the repair", () => {
    const carried = metricsOf("drone.yaml");
    expect(carried.get("visibility.max")).toBeLessThan(30_000_000);
    expect(carried.get("moves.applied")).toBeGreaterThan(0);
    const without = metricsOf("drone.yaml", { "clients[0].travel.bundle": "0B" });
    expect(without.get("moves.applied")).toBe(0);
    expect(without.get("visibility.max")).toBeGreaterThan(60_000_000);
  });
});

test("churn-year.yaml: what stands in the end grows with time between reports, not with the deletes ever made", () => {
  const tiny = { "topology.family.cloudlets": "12", faults: "[]", expectations: "{}" };
  const standing = (settings: Readonly<Record<string, string>>) =>
    new Map(run("churn-year.yaml", { ...tiny, ...settings }).metrics).get("deletes.standing") as number;
  const year = standing({});
  const half = standing({ duration: "180d" });
  const kept = standing({ "scopes[0].collect": "3650d" });
  expect(year).toBeLessThan(half * 1.3);
  expect(kept).toBeGreaterThan(year * 3);
});

describe("long-absence.yaml", () => {
  test("a value whose delete the ship never heard of does not come back, and what it wrote meanwhile is a conflict", () => {
    const { openSiblings } = run("long-absence.yaml");
    expect(openSiblings.map(({ key }) => key)).toEqual(["machines/pump"]);
  });

  test("where the silent do not count, the deletes go while the ship is away, and its write stands alone", () => {
    const plant = plantNamed("forgets-the-silent");
    if (plant === null) throw new Error("no such plant");
    const { report } = runScenario(read("long-absence.yaml"), plantOptions(plant));
    const verdicts = new Map(report.properties.map(([name, { verdict }]) => [name, verdict]));
    expect(verdicts.get("collection")).toBe("violated");
    expect(report.openSiblings).toEqual([]);
  });
});

describe("written-off.yaml", () => {
  test("deletes have gone on land while the ship is away, its write is a conflict, and what was lost is named", () => {
    const scans = new Map<OpId, string>();
    const seen = new Map<string, readonly string[]>();
    const observer: Observer = {
      requested(at, _cloudlet, _session, id, op) {
        if (op.kind === "scan") scans.set(id, `day ${Math.floor(at / 86_400e6)}`);
      },
      replied(_at, cloudlet, _session, id, result) {
        const when = scans.get(id);
        if (when === undefined || result.kind !== "read") return;
        const texts = result.answers.map(({ key, versions, tombstones }) =>
          [key, ...versions.map(({ value }) => value), ...tombstones.map(() => "deleted")].join(" "),
        );
        seen.set(`${when} at ${cloudlet}`, texts);
      },
    };
    const { report } = runScenario(read("written-off.yaml"), { observers: [observer] });
    const buoy = "machines/buoy needs service";
    const pump = "machines/pump repaired-at-sea deleted";
    expect([...seen]).toEqual([
      ["day 39 at 0", ["machines/crane deleted", "machines/pump deleted"]],
      ["day 50 at 0", [buoy]],
      ["day 94 at 1", [buoy, pump]],
      ["day 94 at 3", [buoy, pump]],
    ]);
    expect(report.absences.map(({ kind, cloudlet, member }) => `${kind} ${cloudlet} ${member}`)).toEqual([
      "detached port ship",
      "closed port buoy",
      "closed port buoy",
      "released port buoy",
      "returned ship ship",
      "returned buoy buoy",
    ]);
    expect(report.absences.find(({ kind }) => kind === "released")?.what).toMatch(
      /^.*machines\/buoy.* is visible without .*logs\/storm.*, which is lost$/,
    );
  });

  test("without the decisions the deletes stay, and what follows the lost record waits to the end", () => {
    const { report } = runScenario({ ...read("written-off.yaml"), detachments: [] });
    const metrics = new Map(report.metrics);
    expect(metrics.get("deletes.collected")).toBeLessThan(12);
    expect(report.notes.join("\n")).toContain("would have to wait for others that crashes took");
  });
});

describe("leases.yaml", () => {
  /** What each read of the file was answered, by its time in milliseconds: values, or `deleted`. */
  const readsOf = (plant: string | null = null): ReadonlyMap<string, string> => {
    const answers = new Map<string, string>();
    const asked = new Map<OpId, string>();
    const options = plant === null ? {} : plantOptions(plantNamed(plant) ?? expect.fail("no such plant"));
    const observer: Observer = {
      requested(at, cloudlet, _session, id, op) {
        if (op.kind === "get") asked.set(id, `${op.key} at ${cloudlet}, ${Math.floor(at / 1_000)} ms`);
      },
      replied(_at, _cloudlet, _session, id, result) {
        const [answer] = result.kind === "read" ? result.answers : [];
        if (answer === undefined) return;
        const shown = [...answer.versions.map(({ value }) => value), ...answer.tombstones.map(() => "deleted")];
        answers.set(asked.get(id) ?? "", shown.join(", ") || "nothing");
      },
    };
    runScenario(read("leases.yaml"), { ...options, observers: [observer] });
    return answers;
  };

  test("each lease is what its header says of it, at each site and time", () => {
    expect(Object.fromEntries(readsOf())).toEqual({
      "leases/pump at 0, 3500 ms": "well",
      "leases/pump at 0, 5000 ms": "deleted",
      "notes/pump at 3, 5000 ms": "nothing",
      "leases/fan at 0, 8000 ms": "well",
      "leases/fan at 0, 10000 ms": "deleted",
      "leases/valve at 0, 3000 ms": "well",
      "leases/valve at 3, 7000 ms": "deleted",
      "leases/valve at 3, 10000 ms": "taken over",
      "leases/valve at 0, 10000 ms": "taken over",
    });
  });

  test("an end with a stamp of now would take the valve from the hub, and a process that forgets would leave the fan", () => {
    expect(readsOf("ends-as-of-now").get("leases/valve at 0, 10000 ms")).toBe("deleted");
    expect(readsOf("forgets-limits").get("leases/fan at 0, 10000 ms")).toBe("well");
  });
});

describe("clock-skew.yaml: prediction N3", () => {
  const perfect = { clocks: "[]" };
  const arbitration = (settings: Readonly<Record<string, string>>) =>
    run("clock-skew.yaml", settings).properties.find(([name]) => name === "rtc-arb")?.[1].verdict;

  test("lww-hlc fails with skew above the gap between writes, and holds below it", () => {
    expect(arbitration({})).toBe("violated");
    // The gap is 1.8s: from the answer of west's write to the request of east's.
    expect(arbitration({ clocks: "[{ at: west, offset: 1700ms }]" })).toBe("holds");
    expect(arbitration({ clocks: "[{ at: west, offset: 1900ms }]" })).toBe("violated");
    expect(arbitration(perfect)).toBe("holds");
  });

  test("lww-lamport fails even with perfect clocks", () => {
    expect(arbitration({ ...perfect, "scopes.alarms.resolver": "lww-lamport" })).toBe("violated");
  });

  test.each(["0s", "5s", "30d"])("return-them-all is real-time causal with a skew of %s", (offset) => {
    const { verdict } = run("clock-skew.yaml", {
      "scopes.alarms.resolver": "return-them-all",
      clocks: `[{ at: west, offset: ${offset} }]`,
      expectations: "{ always: [rtc, causal-delivery, reads-resolve], sometimes: [conflict, siblings-returned] }",
    });
    expect(verdict).toBe("passed");
  });
});

describe("figure-1.yaml: both routings of D13 and their mixture", () => {
  const routings = {
    mixed: {},
    layered: { "flows.direct-3.scope": "aside", "flows.direct-4.scope": "aside" },
    direct: { "flows.layered-3.scope": "aside", "flows.layered-4.scope": "aside" },
  };

  test.each(Object.entries(routings))("%s holds what the scenario expects", (_, settings) => {
    const { verdict, unmet } = run("figure-1.yaml", settings);
    expect({ verdict, unmet }).toEqual({ verdict: "passed", unmet: [] });
  });

  test("the same writes end in the same state, whichever way they took", () => {
    // Nobody reads, so that no write depends on what was heard before it: each cloudlet writes and deletes keys of its
    // own, and all write one key that they share, whose twelve siblings stay.
    const names = read("figure-1.yaml").topology.cloudlets.map(({ name }) => name);
    const script = names.flatMap((cloudlet, site) => {
      const step = { cloudlet, session: `at ${cloudlet}` };
      const own = Array.from({ length: 30 }, (_, turn) => {
        const key = `state/${cloudlet}/${turn % 7}`;
        const op = turn % 5 === 4 ? { delete: key } : { put: key, value: `${cloudlet} ${turn}` };
        return { ...op, ...step, at: `${100 + 170 * turn + site}ms` };
      });
      return [...own, { put: "state/shared", value: cloudlet, ...step, at: "3s" }];
    });
    const settings = {
      clients: "[]",
      script: JSON.stringify(script),
      faults: "[{ linkDown: [EAL1, EAL2], from: 1s, until: 4s }, { isolate: cloudlet3, from: 2s, until: 6s }]",
      expectations: "{ sometimes: [partition-healed] }",
    };
    const states = Object.values(routings).map((routing) => {
      const { report, topology, world } = runScenario(read("figure-1.yaml", { ...settings, ...routing }));
      expect(report.unmet).toEqual([]);
      return topology.cloudlets.map(({ id, name }) => {
        const core = coreOf(world, id);
        return [name, core.keys().map((key) => [key, core.versions(key).map(({ kind, value }) => `${kind} ${value}`)])];
      });
    });
    expect(states[0]?.length).toBe(12);
    expect(JSON.stringify(states[0])).toContain('"put EAL1","put access-edge"');
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });
});

describe("split-and-merge.yaml: hub and edge", () => {
  test("both ends hold the same versions of every key, and the closed conflict has one", () => {
    const { topology, world } = runScenario(read("split-and-merge.yaml"));
    const [hub, , edge] = topology.cloudlets.map(({ id }) => coreOf(world, id));
    if (hub === undefined || edge === undefined) throw new Error("hub, region and edge are in the scenario");
    expect(hub.keys()).toEqual(edge.keys());
    for (const key of hub.keys()) expect(edge.versions(key)).toEqual(hub.versions(key));
    // The second split left two siblings for a person to decide on: none of them is lost.
    expect(
      hub
        .versions("policy/quota")
        .map(({ value }) => value)
        .sort(),
    ).toEqual(["30", "5"]);
  });
});

describe("node-order.yaml: two programs of one edge", () => {
  // What the center saw under this key, the first time it looked: the shortcut is open, the way of the report is not.
  function firstSeen(settings: Readonly<Record<string, string>>) {
    const seen: (readonly string[])[] = [];
    const { report } = runScenario(read("node-order.yaml", settings), {
      observers: [
        {
          replied(_at, _cloudlet, _session, _id, result) {
            if (result.kind !== "read") return;
            seen.push(result.answers.flatMap(({ versions }) => versions.map(({ value }) => value)));
          },
        },
      ],
    });
    return { verdict: report.verdict, seen, marks: new Map(report.marks) };
  }

  test("the order of the edge holds the order for the pump back until the report is there", () => {
    const { verdict, seen, marks } = firstSeen({});
    expect(verdict).toBe("passed");
    expect(seen).toEqual([[], ["stop"], ["faulty"]]);
    expect(marks.get("node-order")).toBeGreaterThan(10);
  });

  test("the order of sessions does not, and promises nothing of the kind", () => {
    const { verdict, seen, marks } = firstSeen({ causality: "session", expectations: "{}" });
    expect(verdict).toBe("passed");
    expect(seen).toEqual([["stop"], ["stop"], ["faulty"]]);
    expect(marks.get("node-order")).toBe(0);
  });

  test("who promises the one and keeps the other is caught", () => {
    const plant = plantNamed("sessions-alone");
    if (plant === null) throw new Error("there is no such plant");
    const { report } = runScenario(read("node-order.yaml"), plantOptions(plant));
    expect(report.properties.find(([name]) => name === "causal-delivery")?.[1].verdict).toBe("violated");
  });
});

describe("one-way.yaml: reports up, directives down", () => {
  test("no site ever holds a report of another, and the center holds them all", () => {
    const { topology, world } = runScenario(read("one-way.yaml"));
    const held = new Map(topology.cloudlets.map(({ id, name }) => [name, coreOf(world, id).keys()]));
    const reports = (keys: readonly string[] = []) => keys.filter((key) => key.startsWith("metrics/"));
    for (const site of ["site-1", "site-2", "site-3", "site-4"]) {
      const own = reports(held.get(site));
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter((key) => !key.startsWith(`metrics/${site}/`))).toEqual([]);
      for (const key of own) expect(held.get("center")).toContain(key);
    }
    const directives = (keys: readonly string[] = []) => keys.filter((key) => key.startsWith("directives/"));
    expect(directives(held.get("site-4"))).toEqual(directives(held.get("center")));
  });
});

describe("resolvers.yaml: one trace under every resolver", () => {
  const written = ["from site-2", "from the hub", "from site-1"];
  const { report, topology, world } = runScenario(read("resolvers.yaml"));
  // What a read of the key would return at each cloudlet, asked of a copy so that the run stays as it ended.
  const answersOf = (resolver: BuiltInResolver): readonly KeyAnswer[] =>
    topology.cloudlets.map(({ id }) => {
      const effects = coreOf(world, id)
        .fork()
        .step(
          {
            kind: "request",
            session: 1_000 as SessionId,
            id: 1_000_000 as OpId,
            op: { kind: "get", key: `${resolver}/seats` },
          },
          { monotonic: 60_000_000, wall: 60_000_000 },
        );
      const result = effects.flatMap((effect) => (effect.kind === "reply" ? [effect.result] : []))[0];
      if (result?.kind !== "read") throw new Error(`the read of ${resolver} was not answered`);
      return result.answers[0] as KeyAnswer;
    });
  const values = ({ versions }: KeyAnswer) => versions.map(({ value }) => value);

  test("it has a scope for each resolver that needs no code", () => {
    expect(topology.scopes.map(({ resolver }) => resolver)).toEqual(builtInResolvers);
  });

  test.each([
    ["lww-hlc", "from site-1"],
    ["lww-lamport", "from site-2"],
    ["upper-wins", "from the hub"],
    ["lower-wins", "from site-1"],
  ] as const)("%s answers %j everywhere, and loses the other two", (resolver, winner) => {
    for (const answer of answersOf(resolver)) {
      expect([values(answer), answer.hidden, answer.bestKnown]).toEqual([[winner], 2, true]);
    }
    // Nothing is lost in silence: the report names the two, and that no session ever saw them.
    const listed = report.hiddenLosers.find((hidden) => hidden.resolver === resolver);
    expect(listed?.cloudlets).toBe(3);
    expect(listed?.versions.map(({ value, fate }) => [value, fate])).toEqual(
      written.map((value) => [value, value === winner ? "returned" : "never-shown"]),
    );
  });

  test("return-them-all keeps all three open, and the report says so", () => {
    for (const answer of answersOf("return-them-all")) {
      expect([values(answer).sort(), answer.hidden, answer.bestKnown]).toEqual([[...written].sort(), 0, true]);
    }
    const open = report.openSiblings.map(({ key, cloudlets, versions }) => [
      key,
      cloudlets,
      versions.map(({ value }) => value),
    ]);
    expect(open).toEqual([["return-them-all/seats", 3, written]]);
  });

  test("by-hand: the clerk's resolution stands alone everywhere", () => {
    for (const answer of answersOf("by-hand")) expect([values(answer), answer.bestKnown]).toEqual([["agreed"], false]);
  });

  test("counter, set, log, queue and table take in every write", () => {
    for (const { merged } of answersOf("counter")) expect(merged).toEqual({ kind: "counter", total: "1111" });
    for (const { merged } of answersOf("set")) {
      expect(merged).toEqual({ kind: "set", elements: ["first", ...written].sort() });
    }
    for (const { merged } of answersOf("log")) expect(merged).toEqual({ kind: "log", entries: ["first", ...written] });
    for (const { merged } of answersOf("queue")) {
      expect(merged).toEqual({ kind: "queue", entries: ["first", ...written] });
    }
    for (const { merged } of answersOf("table")) {
      const rows = [
        ["first", "first"],
        ["hub", "from the hub"],
        ["site-1", "from site-1"],
        ["site-2", "from site-2"],
      ];
      expect(merged).toEqual({ kind: "table", rows: rows.map(([row, text]) => ({ row, cells: [["taken", text]] })) });
    }
  });
});

describe("mixed-versions.yaml: an old relay between new ends", () => {
  test("once upgraded it holds what both ends hold, and nothing is sealed any more", () => {
    const { topology, world } = runScenario(read("mixed-versions.yaml"));
    const [hub, relay, edge] = topology.cloudlets.map(({ id }) => coreOf(world, id));
    if (hub === undefined || relay === undefined || edge === undefined) throw new Error("the tree has three");
    expect(relay.keys().length).toBeGreaterThan(10);
    for (const key of relay.keys()) {
      expect(relay.versions(key)).toEqual(hub.versions(key));
      expect(relay.versions(key)).toEqual(edge.versions(key));
      expect(relay.versions(key).every(({ kind }) => kind !== "sealed")).toBe(true);
    }
  });

  test("without the upgrade the relay never learns what the ends tell each other, and passes it on all the same", () => {
    const { report, topology, world } = runScenario(read("mixed-versions.yaml", { faults: "[]" }));
    expect(report.verdict).toBe("passed");
    const [hub, relay, edge] = topology.cloudlets.map(({ id }) => coreOf(world, id));
    const kinds = (core = relay) => new Set(core?.keys().flatMap((key) => core.versions(key).map(({ kind }) => kind)));
    expect([...kinds()]).toEqual(["sealed"]);
    expect([...kinds(hub), ...kinds(edge)]).toEqual(["put", "put"]);
  });
});
