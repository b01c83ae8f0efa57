/**
 * What makes two states of a cloudlet one in an exploration: states of one name do the same from there on. Sampled over drawn worlds: a
 * state that was found again is given the inputs that the one which was kept has had, and both must lead to states of one name,
 * with the same messages and answers. A core whose fingerprint leaves something out is found by that.
 *
 * Leaves out how many states there are (explore-twin.test.ts).
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CloudletId } from "../model/ids.ts";
import type { Effect, Input, LocalTime, ReplicationCore } from "../model/replication/io.ts";
import { createReplica } from "../model/replication/replica.ts";
import type { Topology } from "../model/topology/topology.ts";
import { search } from "../sim/explore/search.ts";
import { inputKinds, inputOf, type Site } from "../sim/explore/site.ts";
import { smallScenario } from "../sim/explore/testing.ts";
import { ExploredWorld } from "../sim/explore/world.ts";
import type { ExploreSetting } from "../sim/scenario/scenario.ts";
import { readScenario } from "../sim/scenario/read.ts";
import { prop } from "./prop.ts";

/** States that a search visits before names are judged. */
const statesMax = 2_000;
/** States found again that are judged. */
const sampleMax = 100;

type CreateCore = (cloudlet: CloudletId, topology: Topology) => ReplicationCore;

const clockBound = 1_000_000 as Parameters<typeof createReplica>[0]["clockBound"];
const realCore: CreateCore = (self, topology) => createReplica({ self, topology, clockBound });

/** Inputs that make a difference between states of one name, and how many were tried. */
function differences(
  text: string,
  createCore: CreateCore,
): { readonly tried: number; readonly told: readonly string[] } {
  const read = readScenario(text, { file: "small.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const again: { readonly kept: number; readonly other: Site }[] = [];
  const world: ExploredWorld = new ExploredWorld({
    scenario: read.scenario,
    topology: read.topology,
    bounds: read.scenario.explore as ExploreSetting,
    createCore,
    // The first ones found again are told of by a core that has taken another way.
    sites: { onSame: (kept, other) => void (again.length < sampleMax && again.push({ kept, other })) },
  });
  search(world, { memory: Infinity, depth: null, states: statesMax });
  const told: string[] = [];
  let tried = 0;
  for (const { kept, other } of again.slice()) {
    for (const input of inputsFor(world, other)) {
      const [is, was] = [other, world.sites.at(kept)].map((site) => {
        const { next, sends, events } = world.sites.stepped(site, input);
        return JSON.stringify([world.sites.nameOf(world.sites.at(next)), sends, events]);
      });
      tried += 1;
      if (is !== was) told.push(`input ${input}: ${is} and not ${was}`);
    }
  }
  return { tried, told };
}

// What may be put into a cloudlet next: its timers, its disk, every message that was ever sent to it, its ways, a crash.
function inputsFor({ sites, ways, bounds }: ExploredWorld, { cloudlet, armed, unsynced }: Site): readonly number[] {
  const peers = ways.ends.flatMap(([a, b]) => (a === cloudlet ? [b] : b === cloudlet ? [a] : []));
  const messages = Array.from({ length: sites.messages.count }, (_, at) => at);
  return [
    ...armed.map((timer) => inputOf(inputKinds.fired, timer)),
    ...(unsynced.length > 0 ? [inputOf(inputKinds.stored, 0)] : []),
    ...messages.filter((at) => sites.messages.at(at).to === cloudlet).map((at) => inputOf(inputKinds.receive, at)),
    ...peers.flatMap((peer) => [inputOf(inputKinds.linkDown, peer), inputOf(inputKinds.linkUp, peer)]),
    ...(bounds.crashes > 0 ? [inputOf(inputKinds.restart, 0)] : []),
  ];
}

/** A core that names its states by what it has applied alone: what its neighbours are known to have, it leaves out. */
class ForgetfulCore implements ReplicationCore {
  readonly #core: ReplicationCore;

  constructor(core: ReplicationCore) {
    this.#core = core;
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    return this.#core.step(input, now);
  }

  snapshot(): ReturnType<ReplicationCore["snapshot"]> {
    return this.#core.snapshot();
  }

  fork(): ReplicationCore {
    return new ForgetfulCore(this.#core.fork());
  }

  fingerprint(): string {
    return JSON.stringify(this.#core.snapshot());
  }

  versions(key: string): ReturnType<ReplicationCore["versions"]> {
    return this.#core.versions(key);
  }

  keys(): readonly string[] {
    return this.#core.keys();
  }

  hasApplied(dot: Parameters<ReplicationCore["hasApplied"]>[0]): boolean {
    return this.#core.hasApplied(dot);
  }

  pending(): ReturnType<ReplicationCore["pending"]> {
    return this.#core.pending();
  }

  waitingCuts(): ReturnType<ReplicationCore["waitingCuts"]> {
    return this.#core.waitingCuts();
  }
}

const request = fc
  .record({
    cloudlet: fc.constantFrom("a", "b", "c"),
    scope: fc.constantFrom("one", "all"),
    key: fc.constantFrom("k", "l"),
    verb: fc.constantFrom("put", "put", "get", "delete"),
  })
  .map(
    ({ cloudlet, scope, key, verb }) => `${cloudlet} s${cloudlet} ${verb} ${scope}/${key}${verb === "put" ? " x" : ""}`,
  );

const world = fc
  .record({
    tree: fc.constantFrom("a: { b: { c: } }", "a: { b: , c: }"),
    script: fc.array(request, { minLength: 1, maxLength: 4 }),
    bounds: fc.constantFrom(
      "losses: 1",
      "crashes: 1, losses: 1",
      "cuts: 1, acknowledgements: free",
      "duplicates: 1, firings: 2",
      "start: apart, greetings: free",
      "crashes: 1, greetings: free, disks: prompt",
    ),
  })
  .map(smallScenario);

describe("states of one name", () => {
  let tried = 0;

  prop(
    "do the same from there on",
    world,
    (text) => {
      const found = differences(text, realCore);
      tried += found.tried;
      expect(found.told).toEqual([]);
    },
    { numRuns: 8, timeout: 120_000 },
  );

  test("were found again often enough to say so", () => {
    expect(tried).toBeGreaterThan(500);
  });

  test("do not where the core leaves its neighbours out of its fingerprint, and that is found", () => {
    const text = smallScenario({
      tree: "a: { b: }",
      script: ["a s put one/k x"],
      bounds: "losses: 1, acknowledgements: free",
    });
    expect(differences(text, realCore).told).toEqual([]);
    expect(differences(text, (self, topology) => new ForgetfulCore(realCore(self, topology))).told).not.toEqual([]);
  });
});
