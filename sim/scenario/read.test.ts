/**
 * Every mistake is told with its place, what was expected, what was found and a remedy; all of them at once, and none of
 * them as an exception. What is read is read exactly.
 */
import { describe, expect, test } from "vitest";
import { renderProblems } from "./problem.ts";
import { readScenario } from "./read.ts";
import { scenario, setting, told } from "./testing.ts";
import { starterScenario } from "../cli/starter.ts";

test("the scenario that the mistakes below are added to is fine", () => {
  expect(told(scenario())).toEqual([]);
});

test("the starter of causeway new is fine", () => {
  expect(told(starterScenario("story"))).toEqual([]);
});

const mistakes: readonly (readonly [what: string, text: string, told: readonly string[]])[] = [
  [
    "an empty file",
    "",
    ["s.yaml:1:1: expected a scenario, found an empty file; `causeway new NAME` writes one to start from"],
  ],
  ["a list", "- 1\n", ['s.yaml:1:1: expected a map that begins with "causeway: 1", found a list of 1']],
  [
    "a tab as indentation",
    "causeway: 1\nlinks:\n\tdefaults: {}\n",
    ["s.yaml:3:1: expected YAML, found what cannot be parsed: Tabs are not allowed as indentation; indent with blanks"],
  ],
  [
    "a second document",
    `${scenario()}---\na: 1\n`,
    ["s.yaml:8:1: expected one document, found a second one; remove the line ---, or make two files"],
  ],
  [
    "a duplicate key",
    scenario("duration: 5s"),
    ['s.yaml:8:1: the key "duration" is given twice in one map; remove one'],
  ],
  [
    "__proto__ as a key",
    scenario("__proto__: { seed: 2 }"),
    ['s.yaml:8:1: the key "__proto__" is reserved; choose another name'],
  ],
  [
    "constructor as a key",
    scenario("links: { constructor: 1 }"),
    ['s.yaml:8:10: the key "constructor" is reserved; choose another name'],
  ],
  [
    "a merge key",
    scenario("links: { <<: { along: none } }"),
    ["s.yaml:8:10: merge keys (<<) are not supported; write the entries out"],
  ],
  [
    "a number as a cloudlet's name",
    scenario().replace("edge:", "7:"),
    ['s.yaml:4:28: the key "7" is a plain number; put a letter in front'],
  ],
  [
    "an alias without anchor",
    scenario("links: *nowhere"),
    ["s.yaml:8:8: no anchor &nowhere stands before this alias; define it above, or write the value"],
  ],
  [
    "an alias inside itself",
    scenario("links: &l { defaults: *l }"),
    ["s.yaml:8:23: the alias *l contains itself; write the value"],
  ],
  [
    "a missing seed",
    scenario().replace("seed: 1\n", ""),
    ['s.yaml:1:1: seed: missing: expected a seed; add "seed: 1" to the file, or run with --seed 1'],
  ],
  [
    "a seed that is no whole number",
    scenario().replace("seed: 1", "seed: 1.5"),
    [
      "s.yaml:3:7: seed: expected a seed, a text of 1 to 200 characters without control characters or a whole number from 0 to 9007199254740991, found 1.5",
    ],
  ],
  [
    "a seed beyond exact numbers",
    scenario().replace("seed: 1", "seed: 123456789012345678901"),
    [
      "s.yaml:3:7: seed: expected a seed, a text of 1 to 200 characters without control characters or a whole number from 0 to 9007199254740991, found 123456789012345680000",
    ],
  ],
  [
    "another version",
    scenario().replace("causeway: 1", "causeway: 2"),
    ["s.yaml:1:11: causeway: expected 1, the version of the form that this causeway reads, found 2"],
  ],
  [
    "no header",
    scenario().replace("causeway: 1\n", ""),
    ['s.yaml:1:1: causeway: missing: expected "causeway: 1" as the first line; is this a scenario?'],
  ],
  ["a misspelt key", scenario("cloks: []"), ['s.yaml:8:1: unknown key "cloks"; did you mean "clocks"?']],
  [
    "a misspelt key inside",
    scenario("links:", "  defaults:", "    dealy: 5ms"),
    ['s.yaml:10:5: links.defaults: unknown key "dealy"; did you mean "delay"?'],
  ],
  [
    "a unitless delay",
    scenario("links:", "  defaults: { delay: 20 }"),
    [
      "s.yaml:9:22: links.defaults.delay: expected a duration such as 20ms, found 20; it has no unit: write 20us, 20ms, 20s (units: us, ms, s, min, h, d)",
    ],
  ],
  [
    "a negative duration",
    scenario().replace("10s", "-10s"),
    ['s.yaml:7:11: duration: expected a duration such as 20ms, found "-10s"; it must not be negative'],
  ],
  [
    "a duration of nothing",
    scenario().replace("10s", "0s"),
    ["s.yaml:7:11: duration: expected a duration longer than nothing, found 0s; write for example 60s"],
  ],
  [
    "an unknown word",
    scenario().replace("users/ }", "users/, resolver: lww-hcl }"),
    [
      's.yaml:5:51: scopes[0].resolver: expected a resolver (see `causeway list resolvers`), found "lww-hcl"; did you mean "lww-hlc"?',
    ],
  ],
  [
    "an unknown property",
    scenario("expectations: { always: [causal-delivry] }"),
    [
      's.yaml:8:26: expectations.always[0]: expected a property (see `causeway list properties`), found "causal-delivry"; did you mean "causal-delivery"?',
    ],
  ],
  [
    "a property both held and violated",
    scenario("expectations: { always: [rtc-arb], violated: [rtc-arb] }"),
    ["s.yaml:8:26: expectations.always[0]: rtc-arb is also expected to be violated; remove it from one of the two"],
  ],
  [
    "a bound without a comparison",
    scenario('expectations: { bounds: { visibility.p99: "2s" } }'),
    [
      's.yaml:8:43: expectations.bounds["visibility.p99"]: expected a comparison (<=, >=, ==, <, >) and a value, found "2s"; write for example "<= 2s"',
    ],
  ],
  [
    "a bound on a metric that is none",
    scenario('expectations: { bounds: { visibilty.p99: "<= 2s" } }'),
    [
      's.yaml:8:27: expectations.bounds: expected the name of a metric, found "visibilty.p99"; did you mean "visibility.p99"?',
    ],
  ],
  [
    "a bound in another unit",
    scenario('expectations: { bounds: { visibility.p99: "<= 2" } }'),
    [
      's.yaml:8:43: expectations.bounds["visibility.p99"]: expected a time difference such as -80ms, found "2"; it has no unit: add one of us, ms, s, min, h, d',
    ],
  ],
  [
    "an unknown cloudlet in a fault",
    scenario("faults: [{ isolate: egde, from: 1s }]"),
    ['s.yaml:8:21: faults[0].isolate: expected the name of a cloudlet, found "egde"; did you mean "edge"?'],
  ],
  [
    "a fault on a link that is none",
    scenario("faults: [{ linkDown: [edge, far], from: 1s }]"),
    ["s.yaml:8:22: faults[0].linkDown: expected the two ends of a link, found edge and far; edge has links to hub"],
  ],
  [
    "a fault that ends before it begins",
    scenario("faults: [{ isolate: edge, from: 5s, until: 2s }]"),
    ["s.yaml:8:44: faults[0].until: expected a time after from (5s), found 2s; end it later"],
  ],
  [
    "a fault after the load",
    scenario("faults: [{ isolate: edge, from: 15s }]"),
    ["s.yaml:8:33: faults[0].from: expected a time before the load ends (duration), found 15s; make one of them fit"],
  ],
  [
    "a partition that cuts nothing",
    scenario("faults: [{ partition: [[hub, edge, far]], from: 1s }]"),
    ["s.yaml:8:23: faults[0].partition: expected groups that leave someone on the other side; nothing is cut by these"],
  ],
  [
    "two kinds in one fault",
    scenario("faults: [{ crash: edge, isolate: edge }]"),
    [
      "s.yaml:8:12: faults[0]: expected a fault with linkDown, partition, isolate, cutSubtree, ring, bridge, flapping, swizzle, ..., found isolate and crash; keep one",
    ],
  ],
  [
    "a fault of no kind",
    scenario("faults: [{ from: 1s }]"),
    [
      's.yaml:8:10: faults[0]: expected a fault with linkDown, partition, isolate, cutSubtree, ring, bridge, flapping, swizzle, ..., found the keys "from"',
    ],
  ],
  [
    "what is missing in a crash",
    scenario("faults: [{ crash: edge, at: 1s }]"),
    ["s.yaml:8:10: faults[0].for: missing: expected a duration such as 20ms"],
  ],
  [
    "clients that neither think nor repeat",
    scenario("clients: [{ name: a, at: all, mix: [{ get: users/ }] }]"),
    ["s.yaml:8:11: clients[0]: expected one of think, every and requests, found none; keep one of them"],
  ],
  ...["0s", "uniform(0s, 0s)", "exponential(0s)", "lognormal(0s, 50%)"].flatMap((nothing) =>
    ["think", "every"].map((key): (typeof mistakes)[number] => [
      `clients without end at one moment: ${key}: ${nothing}`,
      scenario(`clients: [{ name: a, at: all, mix: [{ get: users/ }], ${key}: "${nothing}" }]`),
      [
        `s.yaml:8:62: clients[0].${key}: expected a time longer than nothing, found ${nothing}; write for example 1ms, or bound it by operations`,
      ],
    ]),
  ),
  [
    "more clients in all than a run can hold",
    scenario(
      "clients:",
      ...Array.from(
        { length: 12 },
        (_, group) => `  - { name: g${group}, at: all, think: 1s, sessions: 30000, mix: [{ get: users/ }] }`,
      ),
    ),
    [
      "s.yaml:20:5: clients[11]: expected at most 1000000 clients in all, found 1080000 (30000 at each of 3 cloudlets here); use fewer sessions",
    ],
  ],
  [
    "values larger than a message",
    scenario("clients: [{ name: a, at: all, think: 1s, mix: [{ put: users/, size: 1GiB }] }]"),
    ['s.yaml:8:69: clients[0].mix[0].size: expected at most 16MiB, found "1GiB"'],
  ],
  [
    "an empty prefix",
    scenario().replace("prefix: users/", "prefix: ''"),
    ["s.yaml:5:33: scopes[0].prefix: expected a text of at least one character, found an empty text"],
  ],
  [
    "no operations at all",
    scenario("clients: [{ name: a, at: all, think: 1s, operations: 0, mix: [{ get: users/ }] }]"),
    ["s.yaml:8:54: clients[0].operations: expected a whole number from 1 to 1000000000, found 0"],
  ],
  [
    "a link with one end",
    scenario("links: { list: [{ between: [hub] }] }"),
    ["s.yaml:8:28: links.list[0].between: expected the two ends as [name, name], found a list of 1"],
  ],
  [
    "a start after the load",
    scenario("clients: [{ name: a, at: all, think: 1s, starts: 20s, mix: [{ get: users/ }] }]"),
    ["s.yaml:8:50: clients[0].starts: expected a start before the load ends (duration), found 20s; start earlier"],
  ],
  [
    "a property under sometimes",
    scenario("expectations: { sometimes: [convergence] }"),
    [
      's.yaml:8:29: expectations.sometimes[0]: expected a mark (see `causeway list marks`), found "convergence", which is a property; it belongs under always, eventually or violated',
    ],
  ],
  [
    "a mark under always",
    scenario("expectations: { always: [crash] }"),
    [
      's.yaml:8:26: expectations.always[0]: expected a property (see `causeway list properties`), found "crash", which is a mark; it belongs under sometimes',
    ],
  ],
  [
    "a control character in the seed",
    scenario().replace("seed: 1", 'seed: "a\\e[31m"'),
    [
      's.yaml:3:7: seed: expected a seed, a text of 1 to 200 characters without control characters or a whole number from 0 to 9007199254740991, found "a\\u001b[31m"',
    ],
  ],
  [
    "a cloudlet above itself, and nothing about the link that it would have",
    scenario().replace("{ tree: { hub: { edge: null, far: null } } }", "{ cloudlets: [{ name: a, upper: a }] }"),
    [expect.stringMatching(/^s\.yaml:4:\d+: topology\.cloudlets\[0\].*own upper layer.*T3, D7, N1\)$/) as string],
  ],
  [
    "an unknown upper, and nothing about the link and the flow to it",
    scenario().replace("{ tree: { hub: { edge: null, far: null } } }", "{ cloudlets: [{ name: a, upper: b }] }"),
    [expect.stringMatching(/^s\.yaml:4:\d+: topology\.cloudlets\[0\].*unknown upper layer.*$/) as string],
  ],
  [
    "a key outside every scope",
    scenario("clients: [{ name: a, at: all, think: 1s, mix: [{ get: user/ }] }]"),
    ['s.yaml:8:55: clients[0].mix[0].get: expected a key inside a scope, found "user/"; prefixes: users/'],
  ],
  [
    "a value that is to last for no time",
    scenario("clients: [{ name: a, at: all, think: 1s, mix: [{ put: users/, ttl: 0s }] }]"),
    [
      "s.yaml:8:68: clients[0].mix[0].ttl: expected a time from 1us to 35 years, found 0s; leave ttl out for a value that is to last",
    ],
  ],
  [
    "a value that is not to last, by a protocol that ends none",
    scenario("protocol: fifo\nscript: [{ put: users/a, value: v, ttl: 1h, at: 1s, cloudlet: hub, session: s }]"),
    ["s.yaml:9:41: script[0].ttl: expected values that last for good with protocol fifo, found 1h; leave ttl out"],
  ],
  [
    "a popularity that is none",
    scenario("clients: [{ name: a, at: all, think: 1s, mix: [{ get: users/, popularity: zipf(9) }] }]"),
    [
      's.yaml:8:75: clients[0].mix[0].popularity: expected uniform or zipf(0.99), found "zipf(9)"; the exponent is 0.01 to 5, with two decimals at most',
    ],
  ],
  [
    "a session in two places",
    scenario(
      "script:",
      "  - { get: users/a, at: 1s, cloudlet: hub, session: s }",
      "  - { get: users/a, at: 2s, cloudlet: edge, session: s }",
    ),
    [
      's.yaml:10:54: script[1].session: session "s" is at hub above and at edge here; name another session, or let it travel',
    ],
  ],
  [
    "a value that YAML reads as a number",
    scenario("script: [{ put: users/a, value: 10, at: 1s, cloudlet: hub, session: s }]"),
    ["s.yaml:8:33: script[0].value: expected a value to store, found 10; put it in quotes"],
  ],
  [
    "a cycle in control",
    scenario().replace(
      "{ tree: { hub: { edge: null, far: null } } }",
      "{ cloudlets: [{ name: a, upper: b }, { name: b, upper: a }] }",
    ),
    expect.arrayContaining([expect.stringMatching(/^s\.yaml:4:\d+: topology.*T3, D7, N1\)$/)]) as readonly string[],
  ],
  [
    "a horizontal flow",
    scenario().replace("between: tree", "upper: edge, lower: far"),
    expect.arrayContaining([
      expect.stringMatching(/^s\.yaml:6:\d+: flows\[0\].*\(T4, D8, D12, N1, N2\)$/),
    ]) as readonly string[],
  ],
  [
    "overlapping scopes with different resolvers",
    scenario().replace(
      "scopes: [{ name: users, prefix: users/ }]",
      "scopes: [{ name: users, prefix: users/ }, { name: admins, prefix: users/admins/, resolver: return-them-all }]",
    ),
    expect.arrayContaining([expect.stringMatching(/^s\.yaml:5:\d+: scopes\[\d\].*\(T8, R1b\)$/)]) as readonly string[],
  ],
  [
    "a cloudlet named twice",
    scenario().replace("far: null", "far: { edge: null }"),
    expect.arrayContaining([
      expect.stringMatching(/^s\.yaml:4:47: topology\.tree\.hub\.far: .*\(T1, D7\)$/),
    ]) as readonly string[],
  ],
  [
    "a flow that carries nothing there is",
    scenario().replace("scope: users,", "scope: user,"),
    expect.arrayContaining([
      expect.stringMatching(/^s\.yaml:6:18: flows\[0\]\.scope: .*did you mean "users".*\(T6, D17\)$/),
    ]) as readonly string[],
  ],
  [
    "a template flow without a template",
    scenario().replace("scope: users, between: tree", 'scope: "m-{cloudlet}", between: ancestors'),
    ['s.yaml:6:18: flows[0].scope: expected a {cloudlet} scope, found "m-{cloudlet}"; no scope has one in its name'],
  ],
  [
    "a draw from an empty list",
    scenario("draw: { links.defaults.loss: { oneOf: [] } }"),
    ['s.yaml:8:39: draw["links.defaults.loss"].oneOf: expected at least one choice, found an empty list; add one'],
  ],
  [
    "a drawn value that does not fit",
    scenario("draw: { links.defaults.loss: { oneOf: [20ms] } }"),
    [
      's.yaml:8:30: links.defaults.loss: expected a share such as 2%, found "20ms"; "ms" is no unit of it (units: %, ppm)',
    ],
  ],
];

describe("mistakes", () => {
  test.each(mistakes)("%s", (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test("all of them are told at once, in the order of the file", () => {
    const text = scenario("links: { defaults: { delay: 5 } }", "cloks: []", "settle: never").replace("seed: 1\n", "");
    expect(told(text).map((line) => line.split(": ").slice(0, 2).join(" "))).toEqual([
      "s.yaml:1:1 seed",
      "s.yaml:7:29 links.defaults.delay",
      's.yaml:8:1 unknown key "cloks"; did you mean "clocks"?',
      "s.yaml:9:9 settle",
    ]);
  });
});

describe("settings", () => {
  test.each([
    [
      "links.defaults.loss",
      "5",
      "--set links.defaults.loss=5: links.defaults.loss: expected a share such as 2%, found 5; it has no unit: write 5%, 5ppm (units: %, ppm)",
    ],
    [
      "links.defaults.los",
      "5%",
      '--set links.defaults.los=5%: links.defaults: unknown key "los"; did you mean "loss"?',
    ],
    [
      "scopes.user.resolver",
      "x",
      "--set scopes.user.resolver=x: expected an index from 0 to 1, or one of the names users after scopes, found user; did you mean users?",
    ],
    ["name.x", "1", '--set name.x=1: expected a map or a list at name, found "story"; set name as a whole'],
    ["duration", "", '--set duration=: missing: expected a value after the =; an empty text is written ""'],
    ["a..b", "1", '--set a..b=1: expected a path such as links.defaults.loss, found "a..b"'],
    ["__proto__.x", "1", '--set __proto__.x=1: the key "__proto__" is reserved; choose another name'],
    [
      "faults",
      "[{",
      "--set faults=[{: expected YAML, found what cannot be parsed: Flow map in block collection must be sufficiently indented and end with a }; YAML nests by indentation",
    ],
  ])("%s=%s is refused where it was given", (path, value, expected) => {
    expect(told(scenario(), { settings: [setting(path, value)] })[0]).toBe(expected);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("x");
  });

  test("a value reaches the scenario, by name and by index, and wins over a draw", () => {
    const text = scenario("draw: { links.defaults.loss: { from: 1%, to: 5% } }");
    const outcome = readScenario(text, {
      file: "s.yaml",
      seed: "other",
      settings: [
        setting("scopes.users.resolver", "return-them-all"),
        setting("flows[0].direction", "down"),
        setting("links.defaults.loss", "7%"),
      ],
    });
    expect(outcome).toMatchObject({
      kind: "scenario",
      drawn: [],
      scenario: {
        seed: "other",
        topology: {
          scopes: [{ resolver: "return-them-all" }],
          flows: [{ direction: "down" }, { direction: "down" }],
          links: [{ forth: { loss: 70_000 } }, { forth: { loss: 70_000 } }],
        },
      },
    });
  });
});

test("clients without pauses are fine where operations bound them", () => {
  expect(told(scenario("clients: [{ name: a, at: all, think: 0s, operations: 5, mix: [{ get: users/ }] }]"))).toEqual(
    [],
  );
});

describe("draws", () => {
  const text = scenario(
    "draw:",
    "  links.defaults.loss: { from: 1%, to: 5% }",
    "  scopes.users.resolver: { oneOf: [lww-hlc, return-them-all] }",
    "  topology: { oneOf: [{ family: { cloudlets: 5 } }] }",
  );

  test("the same seed draws the same, every drawn parameter is told, another seed draws another", () => {
    const read = (seed: string) => {
      const outcome = readScenario(text, { file: "s.yaml", seed });
      if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
      return outcome;
    };
    const first = read("a");
    expect(read("a").scenario).toEqual(first.scenario);
    expect(first.drawn.map(([what]) => what)).toEqual([
      "links.defaults.loss",
      "scopes.users.resolver",
      "topology",
      "topology.family.shape",
    ]);
    expect(new Set(["a", "b", "c", "d"].map((seed) => JSON.stringify(read(seed).drawn))).size).toBeGreaterThan(1);
  });
});
