/** The section `explore`: its defaults, and what has no place beside it. */
import { expect, test } from "vitest";
import { readScenario } from "./read.ts";
import { scenario, told } from "./testing.ts";

const script = "script: [{ put: users/a, value: x, at: 1s, cloudlet: hub, session: s }]";

test("bounds have defaults: disks are slow only where processes die, greetings wait where links keep their order", () => {
  const bounds = (text: string): unknown => {
    const outcome = readScenario(scenario(script, `explore: { ${text} }`), { file: "s.yaml" });
    return outcome.kind === "scenario" ? outcome.scenario.explore : outcome.problems;
  };
  expect(bounds("")).toEqual({
    losses: 0,
    duplicates: 0,
    crashes: 0,
    cuts: 0,
    firings: 1,
    acknowledgements: "ride",
    greetings: "prompt",
    disks: "prompt",
    order: "any",
    start: "connected",
    memory: 2 * 1_073_741_824,
    depth: null,
    sometimes: [],
  });
  expect(bounds("crashes: 1")).toMatchObject({ disks: "slow" });
  expect(bounds("order: kept")).toMatchObject({ greetings: "free" });
});

const timed = "script: [{ put: users/a, value: x, at: 1s, cloudlet: hub, session: s, ttl: 1s }]";
test.each([
  [
    "a misspelt bound",
    [script, "explore: { loses: 1 }"],
    ['s.yaml:9:12: explore: unknown key "loses"; did you mean "losses"?'],
  ],
  [
    "a mark of runs",
    [script, "explore: { sometimes: [relay] }"],
    [
      's.yaml:9:24: explore.sometimes[0]: expected a situation (see `causeway list situations`), found "relay", which is a mark of runs; it belongs under expectations.sometimes',
    ],
  ],
  [
    "no script",
    ["explore: {}"],
    ["s.yaml:8:1: expected a script to explore, found none; write the requests of each session into script"],
  ],
  [
    "faults at stated times",
    [script, "faults: [{ crash: hub, at: 1s, for: 1s }]", "explore: {}"],
    [
      "s.yaml:9:1: expected bounds such as explore.losses, found faults at stated times; leave them out where a scenario is explored",
    ],
  ],
  [
    "values that fill what a link sends at once",
    [script.replace("value: x", `value: ${"x".repeat(2_048)}`), "explore: {}"],
    [
      "s.yaml:8:1: expected requests of at most 2048 characters together to explore, found 2089; shorter values show the same",
    ],
  ],
  [
    "a value that is not to last",
    [timed, "explore: {}"],
    [
      "s.yaml:8:76: script[0].ttl: expected a write that lasts, since time is abstract where a scenario is explored; leave ttl out",
    ],
  ],
  [
    "greetings that overtake where nothing may",
    [script, "explore: { order: kept, greetings: prompt }"],
    [
      "s.yaml:9:36: explore.greetings: expected greetings that arrive in their order, found prompt together with order: kept; leave one of the two out",
    ],
  ],
])("refused with its place: %s", (_name, lines, expected) => {
  expect(told(scenario(...lines))).toEqual(expected);
});

test("a scope in memory is refused where processes die, and so is whatever collects deletes", () => {
  const text = scenario(script, "explore: { crashes: 1 }");
  const inMemory = text.replace("prefix: users/", "prefix: users/, durability: memory");
  expect(told(inMemory)).toEqual([expect.stringMatching(/^s\.yaml:5:\d+: scopes\[0\]\.durability: expected disk/)]);
  const collecting = text.replace("prefix: users/", "prefix: users/, collect: 1min");
  expect(told(collecting)).toEqual([
    expect.stringMatching(/^s\.yaml:5:\d+: scopes\[0\]\.collect: expected deletes that stay/),
  ]);
});

test("a world that is too large is refused by what makes it so", () => {
  const writes = Array.from(
    { length: 31 },
    (_, at) => `  - { put: users/a, value: x, at: ${at}ms, cloudlet: hub, session: s }`,
  );
  expect(told(scenario("explore: {}", "script:", ...writes))).toEqual([
    "s.yaml:9:1: expected at most 30 writes to explore, found 31; a few show the same",
  ]);
  const wide = scenario(script, "explore: {}").replace(
    "{ hub: { edge: null, far: null } }",
    `{ hub: { ${Array.from({ length: 30 }, (_, at) => `e${at}: null`).join(", ")} } }`,
  );
  expect(told(wide)).toEqual(["s.yaml:4:1: expected at most 30 cloudlets to explore, found 31; three show most"]);
});
