// The known pitfalls of causal replication, one named test or more for each: first the naive way where it can be played,
// then ours. The naive way is FIFO forwarding (sim/compare), a planted bug (sim/plants), or a host that breaks its word.
// Each test is a story of its own; how often the naive ways go wrong in random worlds is counted elsewhere. Those of sessions that
// move are in pitfalls-of-moving.test.ts, those of members that are away in pitfalls-of-absence.test.ts.

import { describe, expect, test } from "vitest";
import type { Rules } from "../model/replication/rules.ts";
import { runCompareJob, type CompareResult } from "../sim/compare/compare.ts";
import { plantNamed } from "../sim/plants/plants.ts";
import type { RunReport } from "../sim/run/report.ts";
import { runScenario } from "../sim/run/runner.ts";
import { readScenario } from "../sim/scenario/read.ts";
import { type Tell, stage } from "./staged.ts";

const compareRuns = 8;

function fifo(situation: string): CompareResult {
  return runCompareJob({ situation, isCore: false, first: 1, count: compareRuns });
}

function core(situation: string): CompareResult {
  return runCompareJob({ situation, isCore: true, first: 1, count: compareRuns });
}

const flawless: CompareResult = { runs: compareRuns, violating: 0, losing: 0, example: null };

function planted(name: string): () => Partial<Rules> {
  const plant = plantNamed(name);
  if (plant === null) throw new Error(`no plant is called ${name}`);
  return plant.rules;
}

const pair = (scope: string): readonly string[] => [
  "cloudlet a",
  "cloudlet b upper=a",
  `scope ${scope}`,
  `flow ${scope.split(" ")[0] as string} a-b both`,
];

const trio: readonly string[] = [
  "cloudlet a",
  "cloudlet b upper=a",
  "cloudlet c upper=a",
  "scope users",
  "flow users a-b both",
  "flow users a-c both",
];

// `far` takes the long way to the leaf, `quick` the short one, `near` never gets there.
const triangle: readonly string[] = [
  "cloudlet root",
  "cloudlet middle upper=root",
  "cloudlet leaf upper=middle",
  "scope far",
  "scope near",
  "scope quick resolver=return-them-all",
  "flow far root-middle down",
  "flow far middle-leaf down",
  "flow near root-middle down",
  "flow quick root-leaf down",
];

describe("queues that keep their order are not enough", () => {
  test("a cloudlet under a new upper needs a greeting, or it misses what came before and breaks the order", () => {
    const naive = fifo("re-parented");
    expect([naive.violating, naive.losing]).toEqual([compareRuns, compareRuns]);
    expect(fifo("re-parented-handshake")).toEqual(flawless);
    expect(core("re-parented")).toEqual(flawless);
  });

  test("of two ways a queue must use both for everything, unless records say what they depend on", () => {
    expect(fifo("shortcut-flooded")).toEqual(flawless);
    expect(fifo("shortcut-down").violating).toBeGreaterThan(0);
    expect(core("shortcut-down")).toEqual(flawless);
    expect(core("shortcut-only")).toEqual(flawless);
  });

  test("a cloudlet in the middle that lacks a scope cuts queues in two, and no flow that passes it", () => {
    const naive = fifo("scope-hole");
    expect(naive.violating).toBeGreaterThan(0);
    expect(naive.losing).toBe(compareRuns);
    expect(core("scope-hole")).toEqual(flawless);
  });
});

describe("what a record waits for", () => {
  const chain = (plant?: () => Partial<Rules>): Tell => {
    const tell = stage(triangle, plant);
    tell("heal", "stabilize");
    for (const key of ["far/x", "near/y", "quick/z"]) tell(`request root s put ${key} 1`, "stored root");
    tell("deliver root->leaf", "stored leaf");
    return tell;
  };

  test("a dependency behind one that does not reach the reader is not lost", () => {
    expect(chain(planted("nearest-as-cops"))("versions quick/z")).toContain("leaf: 1 (root.1/quick#1)");
    const tell = chain();
    expect(tell("versions quick/z")).toContain("leaf: nothing");
    expect(tell("pending leaf")).toEqual(["leaf: root.1/quick#1 waits for root.1/far#1"]);
    tell("stabilize");
    expect(tell("versions quick/z")).toContain("leaf: 1 (root.1/quick#1)");
    expect(tell("versions near/y")).toContain("leaf: nothing");
  });

  // Two siblings of one key wait for far/x; a third session's record depends on nothing.
  const siblings = (): Tell => {
    const tell = stage(triangle);
    tell("heal", "stabilize", "request root s1 put far/x 1", "stored root", "request root s1 put quick/k 1");
    tell("stored root", "request root s2 get far/x", "request root s2 put quick/k 2", "stored root");
    tell("request root s3 put quick/free 1", "stored root");
    for (let message = 0; message < 3; message += 1) tell("deliver root->leaf", "stored leaf");
    return tell;
  };

  test("a record that waits holds up nobody behind it, and two that wait under one key are both kept", () => {
    const tell = siblings();
    expect(tell("pending leaf")).toEqual([
      "leaf: root.1/quick#1 waits for root.1/far#1",
      "leaf: root.1/quick#2 waits for root.1/far#1",
    ]);
    expect(tell("versions quick/free")).toContain("leaf: 1 (root.1/quick#3)");
    tell("stabilize");
    expect(tell("pending leaf")).toEqual([""]);
    expect(tell("versions quick/k")).toContain("leaf: 1 (root.1/quick#1), 2 (root.1/quick#2)");
  });

  test("a later version that knows nothing of the one waited for does not stand in for it", () => {
    const tell = siblings();
    tell("tick 5s", "request leaf s put far/x later", "stored leaf");
    expect(tell("stamps far/x")).toContainEqual(expect.stringMatching(/^leaf: later at 6s\+0/));
    expect(tell("stamps far/x")).toContainEqual(expect.stringMatching(/^root: 1 at 1s\+0/));
    expect(tell("versions quick/k")).toContain("leaf: nothing");
    expect(tell("pending leaf")).toHaveLength(2);
    tell("stabilize");
    expect(tell("versions quick/k")).toContain("leaf: 1 (root.1/quick#1), 2 (root.1/quick#2)");
  });
});

describe("flows that lead one way", () => {
  test("the sender never hears of a conflict: the receiver sees it and ends it, and both stay different by design", () => {
    const tell = stage([
      "cloudlet hub",
      "cloudlet edge upper=hub",
      "scope images resolver=return-them-all",
      "scope reports",
      "flow images hub-edge down",
      "flow reports hub-edge up",
    ]);
    tell("request hub s1 put images/vm 1", "request edge s2 put images/vm 2", "heal", "stabilize", "tick 10s");
    tell("stabilize");
    expect(tell("versions images/vm")).toEqual([
      "hub: 1 (hub.1/images#1)",
      "edge: 1 (hub.1/images#1), 2 (edge.1/images#1)",
    ]);
    tell("request edge s2 get images/vm", "request edge s2 put images/vm 3", "stabilize", "tick 60s", "stabilize");
    expect(tell("versions images/vm")).toEqual(["hub: 1 (hub.1/images#1)", "edge: 3 (edge.1/images#2)"]);
    // What was decided below travels up as a report, in a scope of its own, and depends on the decision.
    tell("request edge s2 put reports/vm 3", "stabilize");
    expect(tell("request hub s3 get reports/vm")).toEqual(["  hub to s3: reports/vm = 3"]);
  });

  // Nine versions of one key, then a snapshot on its way down, then one more record.
  const tail = (plant?: () => Partial<Rules>): Tell => {
    const tell = stage(
      ["cloudlet hub", "cloudlet edge upper=hub", "scope images", "flow images hub-edge down"],
      plant,
      2,
    );
    for (let version = 1; version <= 9; version += 1) tell(`request hub s put images/vm ${version}`, "stored hub");
    tell("heal hub->edge", "tick 5s");
    return tell;
  };

  test("a sender that never hears back keeps no log without end: it sends what lives now, and the tail", () => {
    const afterSnapshot = (tell: Tell): readonly string[] =>
      tell("request hub s put images/other 1", "stored hub", "stabilize", "versions images/other");
    expect(afterSnapshot(tail(planted("no-tail")))).toContain("edge: nothing");
    const tell = tail();
    const sent = tell("messages").filter((message) => !message.includes("hello"));
    expect(sent.length).toBeGreaterThan(0);
    for (const message of sent)
      expect(message).toMatch(/in \(0, 9\]: hub\.1\/images#1-9; images\/vm = 9 \(hub\.1\/images#9\)$/);
    expect(afterSnapshot(tell)).toContain("edge: 1 (hub.1/images#10)");
    expect(tell("versions images/vm")).toContain("edge: 9 (hub.1/images#9)");
  });
});

describe("clocks", () => {
  // Two writes of which neither knows the other, the second ten seconds later by true time.
  const twoWrites = (scope: string, skew: string, first: number): Tell => {
    const tell = stage(pair(scope));
    tell(`clock b ${skew}`);
    for (let write = 1; write <= first; write += 1) tell(`request a s1 put users/x a${write}`, "stored a");
    tell("tick 10s", "request b s2 put users/x b1", "stored b", "heal", "stabilize", "tick 10s", "stabilize");
    return tell;
  };
  const readOf = (tell: Tell): readonly string[] => tell("request a s3 get users/x");

  test("a clock that lags by more than the time between two writes lets the earlier win, unless all are returned", () => {
    expect(readOf(twoWrites("users", "-15s", 1))).toEqual(["  a to s3: users/x = a1, 1 hidden"]);
    expect(readOf(twoWrites("users", "-5s", 1))).toEqual(["  a to s3: users/x = b1, 1 hidden"]);
    expect(readOf(twoWrites("users resolver=return-them-all", "-15s", 1))).toEqual(["  a to s3: users/x = a1 | b1"]);
  });

  test("by Lamport counters a site that wrote often while it was away beats a later write; by hybrid clocks not", () => {
    expect(readOf(twoWrites("users resolver=lww-lamport", "0s", 7))).toEqual(["  a to s3: users/x = a7, 1 hidden"]);
    expect(readOf(twoWrites("users resolver=lww-hlc", "0s", 7))).toEqual(["  a to s3: users/x = b1, 1 hidden"]);
  });

  // 1. c, cut off, writes x at 16 s. 2. a writes x with a later stamp. 3. b has seen that and replaces it, while its own
  // clock shows less than 16 s. Whoever resolves 1 and 3 must not fall back to 1, which had lost against 2 already.
  const overtaken = (clocks: readonly string[], plant?: () => Partial<Rules>): Tell => {
    const tell = stage(trio, plant);
    tell("heal", "stabilize", "cut a-c", "tick 15s", "request c s1 put users/x aside", "stored c", ...clocks);
    tell("tick 1s", "request a s2 put users/x old", "stored a", "stabilize");
    tell("request b s3 get users/x", "request b s3 put users/x new", "stabilize", "heal", "stabilize");
    return tell;
  };

  test("a clock that was set back stamps no write below what its session has seen", () => {
    const byClock: () => Partial<Rules> = () => ({
      stamps: (right, now) => ({ wall: now.wall, logical: 0, lamport: right.lamport }),
    });
    const setBack = ["clock b -10s"];
    expect(readOf(overtaken(setBack, byClock))).toEqual(["  a to s3: users/x = aside, 1 hidden"]);
    expect(readOf(overtaken(setBack))).toEqual(["  a to s3: users/x = new, 1 hidden"]);
  });

  test("one clock far in the future drags no other along, and whoever saw its stamp still writes above it", () => {
    const poisoned = ["clock a 3600s", "clock b -15s"];
    expect(readOf(overtaken(poisoned, planted("stamps-clamped")))).toEqual(["  a to s3: users/x = aside, 1 hidden"]);
    const tell = overtaken(poisoned);
    expect(readOf(tell)).toEqual(["  a to s3: users/x = new, 1 hidden"]);
    tell("request b s4 put users/y 1", "stabilize");
    expect(tell("stamps users/y")).toContain("b: 1 at 2s+0, Lamport 3");
  });
});

describe("names of records", () => {
  // b writes x, loses its disk, and writes x again before it hears of anybody.
  const again = (how: string, plant?: () => Partial<Rules>): Tell => {
    const tell = stage(pair("users"), plant);
    tell("heal", "stabilize", "backup b", "request b s1 put users/x first", "stabilize", "crash b", `restart b ${how}`);
    tell("request b s2 put users/x second", "stored b", "heal", "stabilize");
    return tell;
  };

  test.each([
    ["an empty disk", "empty"],
    ["an old copy of its disk", "backup"],
  ])("a machine that comes back with %s uses no name twice, since each life has a name of its own", (_what, how) => {
    const naive = again(`${how} same-life`, planted("collisions-unnoticed"));
    expect(naive("versions users/x")).toEqual(["a: first (b.1/users#1)", "b: second (b.1/users#1)"]);
    const both = "first (b.1/users#1), second (b.2/users#1)";
    expect(again(how)("versions users/x")).toEqual([`a: ${both}`, `b: ${both}`]);
  });

  test("where a host gives a name twice all the same, it is noticed and the doubled life writes no more", () => {
    const tell = again("empty same-life");
    expect(tell("request b s2 put users/z 1")[0]).toMatch(/^ {2}b to s2: refused \(fenced\)/);
  });

  test("a machine that starts from a copy of another one's disk writes under its own name and keeps what is its business", () => {
    const cloned = [
      "topology: { tree: { hub: { east: null, west: null } } }",
      "scopes: [{ name: users, prefix: users/ }, { name: 'm-{cloudlet}', prefix: 'm/{cloudlet}/', at: leaves }]",
      "flows: [{ scope: users, between: tree, direction: both }, { scope: 'm-{cloudlet}', between: ancestors, direction: up }]",
      "clients:",
      "  - { name: users, at: all, think: 200ms, mix: [{ put: users/, keys: 3 }] }",
      "  - { name: meters, at: leaves, every: 200ms, mix: [{ put: 'm/{cloudlet}/', keys: 3 }] }",
      "faults: [{ cloneDisk: east, to: west, at: 3s, for: 1s }]",
      "duration: 6s",
      "expectations: { sometimes: [disk-cloned, foreign-record] }",
    ];
    expect(reportOf(cloned, planted("keeps-foreign-disk")).unmet.join()).toMatch(
      /direction was to hold always, and was violated/,
    );
    const { unmet, properties } = reportOf(cloned);
    expect(unmet).toEqual([]);
    expect(new Map(properties).get("unique-dots")?.verdict).toBe("holds");
  });

  test("what arrives again after a reconnect is stored and counted once", () => {
    const repeated = (plant?: () => Partial<Rules>): Tell => {
      const tell = stage(pair("hits resolver=counter"), plant);
      tell("heal", "stabilize", "request a s1 add hits/x 5", "stored a");
      tell("deliver a->b dup", "stored b", "deliver a->b dup", "stored b", "cut", "heal", "stabilize");
      return tell;
    };
    expect(repeated(planted("merges-repeats"))("request b s2 get hits/x")).not.toContain(
      "  b to s2: hits/x = counter 5",
    );
    expect(repeated()("request b s2 get hits/x")).toEqual(["  b to s2: hits/x = counter 5"]);
    expect(repeated()("versions hits/x")).toEqual(["a: 5 (a.1/hits#1)", "b: 5 (a.1/hits#1)"]);
  });
});

test("records are numbered by stream: whoever holds one scope of two has a range without holes, and says so in one", () => {
  const tell = stage([...pair("users"), "cloudlet c upper=a", "scope images", "flow images a-c both"]);
  tell("heal", "stabilize");
  for (let write = 0; write < 10; write += 1)
    tell("request a s put users/x 1", "request a s put images/y 1", "stabilize");
  tell("cut", "heal");
  expect(tell("messages").filter((message) => message.startsWith("b->a"))).toEqual([
    expect.stringMatching(/ has a\.1\/users#1-10$/),
  ]);
});

test("two sides that write down how they end conflicts begin a new one each time; what is resolved by reading is quiet", () => {
  const inConflict = (): Tell => {
    const tell = stage(pair("users resolver=return-them-all"));
    tell("request a s1 put users/x 1", "request b s2 put users/x 2", "heal", "stabilize", "tick 10s", "stabilize");
    return tell;
  };
  const naive = inConflict();
  for (let round = 2; round < 12; round += 1) {
    // Whoever finds siblings writes the greater of them, as an automatic resolver would; both see them at the same time.
    naive("request a s1 resolve users/x 2", "request b s2 resolve users/x 2", "stabilize");
    const both = `2 (a.1/users#${round}), 2 (b.1/users#${round})`;
    expect(naive("versions users/x")).toEqual([`a: ${both}`, `b: ${both}`]);
  }
  const tell = inConflict();
  for (let round = 0; round < 10; round += 1) {
    expect(tell("request a s1 get users/x")).toEqual(["  a to s1: users/x = 1 | 2"]);
    expect(tell("request b s2 get users/x")).toEqual(["  b to s2: users/x = 1 | 2"]);
    expect(tell("messages")).toEqual([""]);
  }
});

describe("deletes beside other writes", () => {
  test("a delete and an update that do not know of each other both stand, whoever is asked", () => {
    const deleted = (plant?: () => Partial<Rules>): Tell => {
      const tell = stage(pair("users resolver=return-them-all"), plant);
      tell("heal", "stabilize", "request a s1 put users/x 1", "stabilize", "cut", "request b s2 get users/x");
      tell("request b s2 put users/x 2", "tick 1s", "request a s1 delete users/x", "stabilize", "heal", "stabilize");
      return tell;
    };
    expect(deleted(planted("store-drops-loser"))("versions users/x")).toContain("b: deleted (a.1/users#2)");
    const both = "deleted (a.1/users#2), 2 (b.1/users#1)";
    expect(deleted()("versions users/x")).toEqual([`a: ${both}`, `b: ${both}`]);
  });

  test("a removal from a set spares an insert that it had not seen", () => {
    const removed = (plant?: () => Partial<Rules>): Tell => {
      const tell = stage(pair("tags resolver=set"), plant);
      tell("heal", "stabilize", "request a s1 insert tags/x red", "stabilize", "cut");
      tell("request a s3 remove tags/x red", "request b s4 insert tags/x red", "stabilize", "heal", "stabilize");
      return tell;
    };
    expect(removed(planted("removes-unseen"))("request b s5 get tags/x")).toEqual(["  b to s5: tags/x = set {}"]);
    expect(removed()("request a s5 get tags/x")).toEqual(["  a to s5: tags/x = set {red}"]);
    expect(removed()("request b s5 get tags/x")).toEqual(["  b to s5: tags/x = set {red}"]);
  });

  test("a machine is deleted while a volume is attached to it elsewhere: both sides come to see both facts", () => {
    const tell = stage([...pair("vms"), "scope volumes", "flow volumes a-b both"]);
    tell("heal", "stabilize", "request a s1 put vms/1 up", "stabilize", "cut");
    tell("request a s1 delete vms/1", "request b s2 get vms/1", "request b s2 put volumes/1 on-vm-1", "stabilize");
    tell("heal", "stabilize");
    expect(tell("versions vms/1")).toEqual(["a: deleted (a.1/vms#2)", "b: deleted (a.1/vms#2)"]);
    expect(tell("versions volumes/1")).toEqual(["a: on-vm-1 (b.1/volumes#1)", "b: on-vm-1 (b.1/volumes#1)"]);
  });
});

describe("relays, loss and contact windows", () => {
  // A record gets from the leaf to the relay, which cannot pass it on. Then both machines fail, the leaf's disk with it.
  const relay = (plant?: () => Partial<Rules>): Tell => {
    const tell = stage(
      [
        "cloudlet root",
        "cloudlet relay upper=root",
        "cloudlet leaf upper=relay",
        "scope users",
        "flow users root-relay both",
        "flow users relay-leaf both",
      ],
      plant,
    );
    tell("heal", "stabilize", "request relay r put users/y 1", "stabilize", "cut root-relay");
    tell("request leaf s put users/x 1", "stored leaf", "deliver leaf->relay");
    if (!tell("messages").some((message) => message.startsWith("relay->leaf ack"))) tell("stored relay");
    expect(tell("messages").some((message) => message.startsWith("relay->leaf ack"))).toBe(true);
    tell("crash relay", "crash leaf", "restart relay", "restart leaf empty");
    tell("request relay r put users/y 2", "heal", "stabilize");
    return tell;
  };

  test("a relay that has acknowledged a record passes it on after a restart, and uses no name twice", () => {
    expect(relay(planted("acknowledges-before-stored"))("versions users/x")).toContain("root: nothing");
    const tell = relay();
    const holders = ["root", "relay", "leaf"];
    expect(tell("versions users/x")).toEqual(holders.map((name) => `${name}: 1 (leaf.1/users#1)`));
    expect(tell("versions users/y")).toEqual(holders.map((name) => `${name}: 2 (relay.2/users#1)`));
  });

  test("a link that loses everything looks like one that is open: only time tells, and nothing waits for it", () => {
    const lossy = (plant?: () => Partial<Rules>): Tell => {
      const tell = stage(pair("users"), plant);
      tell("heal", "stabilize", "request a s put users/x 1", "stored a", "deliver a->b drop");
      return tell;
    };
    const naive = lossy(planted("never-resends"));
    naive("tick 5s", "stabilize");
    expect(naive("versions users/x")).toContain("b: nothing");

    const tell = lossy();
    expect(tell("messages")).toEqual([""]);
    const repeats = tell("tick 2s").filter((line) => line === "> a fires resend").length;
    expect(repeats).toBeGreaterThan(0);
    for (let repeat = 0; repeat < repeats; repeat += 1) tell("deliver a->b drop");
    tell("request a s put users/y 1");
    expect(tell("stored a")).toContain("  a to s: written a.1/users#2");
    tell("tick 5s", "stabilize");
    expect(tell("versions users/x")).toContain("b: 1 (a.1/users#1)");
    expect(tell("versions users/y")).toContain("b: 1 (a.1/users#2)");
  });

  test("contact windows add up over the layers: causality holds, and the report says how stale it gets", () => {
    const stalest = [2, 3, 4].map((depth) => visibilityMax(depth));
    // A window opens every 12 s, for 2 s, and 4 s earlier for each layer further up: 10 s to wait, then 8 s per layer more.
    expect(stalest[0]).toBeGreaterThan(8_000_000);
    expect(stalest[0]).toBeLessThan(11_000_000);
    expect(stalest[1]).toBeGreaterThan((stalest[0] as number) + 7_000_000);
    expect(stalest[2]).toBeGreaterThan((stalest[1] as number) + 7_000_000);
  });
});

// A chain whose links are open in windows; what its lowest cloudlet writes travels up. The longest way to visibility.
function visibilityMax(depth: number): number {
  const names = ["n0", "n1", "n2", "n3"].slice(0, depth);
  const faults: string[] = [];
  for (let link = depth - 1; link > 0; link -= 1) {
    // Open in [phase, phase + 2 s) of each 12 s.
    const phase = ((depth - 1 - link) * 8) % 12;
    for (let round = -12; round < 72; round += 12) {
      const from = Math.max(0, round + phase + 2);
      const until = Math.min(60, round + phase + 12);
      if (from < until) faults.push(`  - { linkDown: [n${link - 1}, n${link}], from: ${from}s, until: ${until}s }`);
    }
  }
  const lowest = names.at(-1) as string;
  const report = reportOf([
    `topology: { tree: ${names.reduceRight((inner, name) => `{ ${name}: ${inner} }`, "null")} }`,
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: up }]",
    `clients: [{ name: writers, at: ${lowest}, every: 250ms, mix: [{ put: users/, keys: 5, size: 16B }] }]`,
    "faults:",
    ...faults,
    "duration: 60s",
    "expectations: { sometimes: [partition-healed] }",
  ]);
  expect(report.unmet).toEqual([]);
  expect(new Map(report.properties).get("causal-delivery")?.verdict).toBe("holds");
  return new Map(report.metrics).get("visibility.max") as number;
}

/** What a run of that scenario reports. */
function reportOf(lines: readonly string[], plant?: () => Partial<Rules>): RunReport {
  const text = [
    "causeway: 1",
    "name: pitfall",
    "seed: 1",
    "links: { defaults: { delay: 5ms } }",
    "settle: 30s",
    ...lines,
    "",
  ];
  const read = readScenario(text.join("\n"), { file: "pitfall.yaml" });
  if (read.kind !== "scenario") throw new Error(JSON.stringify(read.problems));
  return runScenario(read.scenario, plant === undefined ? {} : { plant }).report;
}
