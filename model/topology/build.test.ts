// That a topology built from words is what the words say, and that every breach of every rule is refused in words.

import { expect, test } from "vitest";
import { topologySpecs } from "../../properties/arbitraries/topology.ts";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import { micros, millis } from "../units.ts";
import { buildTopology } from "./build.ts";
import type { Refusal } from "./rules.ts";
import { renderSpecPath, RULES } from "./rules.ts";
import type { FlowSpec, LinkSpec, TopologySpec } from "./spec.ts";
import type { Topology } from "./topology.ts";

/** root > {mid > {leaf, other}}, a lonely second root, links along the tree and one between leaf and other. */
const plain: TopologySpec = {
  cloudlets: [
    { name: "root" },
    { name: "mid", upper: "root" },
    { name: "leaf", upper: "mid" },
    { name: "other", upper: "mid" },
    { name: "lonely" },
  ],
  scopes: [{ name: "users", prefix: "users/" }],
  flows: [{ scope: "users", upper: "root", lower: "mid", direction: "both" }],
  links: [link("root", "mid"), link("mid", "leaf"), link("mid", "other"), link("leaf", "other")],
};

function link(a: string, b: string, delay = 10): LinkSpec {
  return { a, b, forth: { delay: millis(delay) } };
}

function flow(upper: string, lower: string, more: Partial<FlowSpec> = {}): FlowSpec {
  return { scope: "users", upper, lower, direction: "both", ...more };
}

function topologyOf(spec: TopologySpec): Topology {
  const built = buildTopology(spec);
  if (built.kind === "refused") throw new Error(lines(built.refusals).join("\n"));
  return built.topology;
}

function refusalsOf(spec: TopologySpec): readonly Refusal[] {
  const built = buildTopology(spec);
  return built.kind === "refused" ? built.refusals : [];
}

function lines(refusals: readonly Refusal[]): string[] {
  return refusals.map(({ rule, path, message }) => `${rule} ${renderSpecPath(path)}: ${message}`);
}

const withFlows = (...flows: FlowSpec[]): TopologySpec => ({ ...plain, flows: [...plain.flows, ...flows] });
const withLinks = (...links: LinkSpec[]): TopologySpec => ({ ...plain, links: [...plain.links, ...links] });
const withForth = (forth: Partial<LinkSpec["forth"]>): TopologySpec => {
  const [first, ...rest] = plain.links;
  return { ...plain, links: [{ ...first!, forth: { ...first!.forth, ...forth } }, ...rest] };
};

const refused: readonly (readonly [what: string, spec: TopologySpec, expected: readonly string[]])[] = [
  [
    "a name is empty",
    { ...plain, cloudlets: [...plain.cloudlets, { name: "" }] },
    ['T1 cloudlets[5].name: a cloudlet is named "", which is empty; give it a name'],
  ],
  [
    "a name has a blank",
    { ...plain, scopes: [{ name: "all users", prefix: "users/" }], flows: [] },
    ['T1 scopes[0].name: a scope is named "all users", which has a blank or control character; write a hyphen instead'],
  ],
  [
    "a name is given twice",
    { ...plain, cloudlets: [...plain.cloudlets, { name: "mid" }] },
    ['T1 cloudlets[5].name: cloudlet "mid" is given twice, as number 2 and 6; rename one'],
  ],
  [
    "two flows are given one name",
    withFlows(flow("mid", "leaf", { name: "reports" }), flow("mid", "other", { name: "reports" })),
    ['T1 flows[2].name: flows[1] and flows[2] are both named "reports"; give one another name'],
  ],
  [
    "a flow takes the name that another has without being given one",
    withFlows(flow("mid", "leaf", { name: "users:root-mid" })),
    ['T1 flows[1].name: flows[0] and flows[1] are both named "users:root-mid"; give one another name'],
  ],
  [
    "a prefix is empty",
    { ...plain, scopes: [{ name: "users", prefix: "" }] },
    ['T1 scopes[0].prefix: scope "users" has an empty prefix; name the keys it holds, such as "users/"'],
  ],
  [
    "an upper is misspelt",
    { ...plain, cloudlets: [...plain.cloudlets, { name: "far", upper: "roat" }] },
    ['T2 cloudlets[5].upper: "far" has an unknown upper layer: there is no cloudlet "roat"; did you mean "root"?'],
  ],
  [
    "an upper is unlike any name",
    { ...plain, cloudlets: [...plain.cloudlets, { name: "far", upper: "__proto__" }] },
    [
      'T2 cloudlets[5].upper: "far" has an unknown upper layer: there is no cloudlet "__proto__"; add it to cloudlets, or name another',
    ],
  ],
  [
    "control runs in a circle, below which another cloudlet hangs",
    {
      ...plain,
      cloudlets: [{ name: "root", upper: "leaf" }, ...plain.cloudlets.slice(1), { name: "self", upper: "self" }],
    },
    [
      "T3 cloudlets[0].upper: control runs in a circle: root > mid > leaf > root; give one of them an upper that does not stand below it",
      "T3 cloudlets[5].upper: a cloudlet cannot be its own upper layer: self > self; give one of them an upper that does not stand below it",
    ],
  ],
  [
    "a flow joins siblings (D8)",
    withFlows(flow("leaf", "other")),
    [
      'T4 flows[1]: flow "users:leaf-other" joins "leaf" and "other": neither is above the other, and horizontal cloudlets never replicate to each other; let the scope flow up to "mid" and down from there instead',
    ],
  ],
  [
    "a flow joins two trees (D8)",
    withFlows(flow("lonely", "leaf")),
    [
      'T4 flows[1]: flow "users:lonely-leaf" joins "lonely" and "leaf": neither is above the other, and horizontal cloudlets never replicate to each other; they have no common upper layer, so nothing can flow between them; give them one, or take the flow away',
    ],
  ],
  [
    "a flow stands on its head",
    withFlows(flow("leaf", "root")),
    ['T4 flows[1]: flow "users:leaf-root" stands on its head: "root" is above "leaf"; swap upper and lower'],
  ],
  [
    "a flow has one end",
    withFlows(flow("mid", "mid")),
    ['T4 flows[1].lower: flow "users:mid-mid" leads from "mid" to itself; take it away, or name another end'],
  ],
  [
    "both ends of a flow are unknown",
    withFlows(flow("rot", "lef")),
    [
      'T4 flows[1].upper: flow "users:rot-lef" has an unknown end: there is no cloudlet "rot"; did you mean "root"?',
      'T4 flows[1].lower: flow "users:rot-lef" has an unknown end: there is no cloudlet "lef"; did you mean "leaf"?',
    ],
  ],
  [
    "flows run in a circle where control does",
    {
      ...plain,
      cloudlets: [{ name: "root", upper: "leaf" }, ...plain.cloudlets.slice(1)],
      flows: [flow("root", "mid"), flow("mid", "leaf"), flow("leaf", "root", { name: "back" }), flow("mid", "other")],
    },
    [
      "T3 cloudlets[0].upper: control runs in a circle: root > mid > leaf > root; give one of them an upper that does not stand below it",
      'T5 flows[2]: flows run in a circle: root > mid > leaf > root; take flow "back" away',
    ],
  ],
  [
    "a flow carries an unknown scope",
    withFlows(flow("mid", "leaf", { scope: "user" })),
    ['T6 flows[1].scope: flow "user:mid-leaf" carries nothing known: there is no scope "user"; did you mean "users"?'],
  ],
  [
    "a scope flows twice between the same ends",
    withFlows(flow("mid", "leaf", { direction: "up" }), flow("mid", "leaf", { direction: "down", name: "orders" })),
    [
      'T7 flows[2]: scope "users" flows between "mid" and "leaf" twice, as flows[1] and flows[2]; take one away, or write one with direction both',
    ],
  ],
  [
    "scopes overlap with different resolvers",
    {
      ...plain,
      scopes: [...plain.scopes, { name: "admins", prefix: "users/admins/", resolver: "return-them-all" }],
    },
    [
      'T8 scopes[1].resolver: "users/admins/" of scope "admins" lies inside "users/" of scope "users", and their resolvers differ: return-them-all there, lww-hlc here; use one resolver, or prefixes that do not overlap',
    ],
  ],
  [
    "scopes share a prefix",
    { ...plain, scopes: [...plain.scopes, { name: "people", prefix: "users/" }] },
    [
      'T8 scopes[1].prefix: scopes "users" and "people" have the same prefix "users/"; merge them, or give each a prefix of its own',
    ],
  ],
  [
    "a link leads to an unknown cloudlet and another back to itself",
    withLinks(link("root", "mit"), link("leaf", "leaf")),
    [
      'T9 links[4].b: link "root" - "mit" ends nowhere: there is no cloudlet "mit"; did you mean "mid"?',
      'T9 links[5]: link "leaf" - "leaf" joins a cloudlet with itself; take it away, or name another end',
    ],
  ],
  [
    "a flow has no links to ride on",
    { ...withFlows(flow("root", "leaf"), flow("mid", "leaf")), links: [link("root", "mid"), link("leaf", "other")] },
    [
      'T10 flows[1]: flow "users:root-leaf" has no route: no link joins "root" and "leaf", and no links lead there along the control tree; add a link, or name the sites on the way with via',
      'T10 flows[2]: flow "users:mid-leaf" has no route: no link joins "mid" and "leaf", and no links lead there along the control tree; add a link, or name the sites on the way with via',
    ],
  ],
  [
    "a flow goes via a horizontal link (N11)",
    withFlows(flow("mid", "leaf", { via: ["other"] })),
    [
      'T10 flows[1].via: flow "users:mid-leaf" goes from "other" to "leaf": neither is above the other, and links between horizontal sites are never used; name sites on the way through a common upper layer',
    ],
  ],
  [
    "a flow goes via sites that are unknown, unlinked, or visited twice",
    withFlows(
      flow("mid", "leaf", { via: ["nowhere"] }),
      flow("root", "leaf", { via: ["other"] }),
      flow("root", "other", { via: ["mid", "mid"] }),
    ),
    [
      'T10 flows[1].via[0]: flow "users:mid-leaf" goes via nowhere: there is no cloudlet "nowhere"; add it to cloudlets, or name another',
      'T10 flows[2].via: flow "users:root-leaf" goes from "root" to "other", where no link is; add the link, or name other sites',
      'T10 flows[3].via: flow "users:root-other" visits a site twice; name each site between its ends once, from upper to lower',
    ],
  ],
  [
    "two flows join the same ends over different routes, or only one may be rerouted",
    {
      ...withFlows(
        flow("root", "leaf", { name: "direct" }),
        flow("root", "leaf", { scope: "logs", name: "around", via: ["mid"] }),
        flow("root", "mid", { scope: "logs", name: "bend", reroute: true }),
      ),
      scopes: [...plain.scopes, { name: "logs", prefix: "logs/" }],
      links: [...plain.links, link("root", "leaf", 99)],
    },
    [
      'T11 flows[2].via: flows "direct" and "around" join the same ends over different routes; write the same via in both',
      'T11 flows[3].reroute: flows "users:root-mid" and "bend" join the same ends, and only one of them may be rerouted; write the same reroute in both',
    ],
  ],
  [
    "quantities are negative, fractions, or more than everything",
    withForth({ delay: -1 as never, jitter: 0.5 as never, bandwidth: 0, loss: 1_000_001 }),
    [
      'T12 links[0].forth.delay: link "root" - "mid" has delay -1; write a whole number of at least 0 (microseconds)',
      'T12 links[0].forth.jitter: link "root" - "mid" has jitter 0.5; write a whole number of at least 0 (microseconds)',
      'T12 links[0].forth.bandwidth: link "root" - "mid" has bandwidth 0; write a whole number of at least 1 (bits per second; leave it out for no limit)',
      'T12 links[0].forth.loss: link "root" - "mid" has loss 1000001; write a whole number from 0 to 1000000 (parts per million)',
    ],
  ],
  [
    "there is nothing",
    { cloudlets: [], scopes: [], flows: [], links: [] },
    ["T13 cloudlets: there is no cloudlet; add one"],
  ],
];

test.each(refused)("refused when %s", (_, spec, expected) => {
  expect(lines(refusalsOf(spec))).toEqual(expected);
});

test("every rule has a case that breaks it, and names requirements", () => {
  const broken = new Set(refused.flatMap(([, spec]) => refusalsOf(spec).map(({ rule }) => rule)));
  // T14 is about several plans (plans.test.ts).
  expect([...broken, "T14"].sort()).toEqual(RULES.map(({ id }) => id).sort());
  for (const refusal of refused.flatMap(([, spec]) => refusalsOf(spec))) {
    expect(refusal.ids).toEqual(RULES.find(({ id }) => id === refusal.rule)?.ids);
    expect(refusal.ids.length).toBeGreaterThan(0);
  }
});

test("all breaches are told at once", () => {
  const spec: TopologySpec = {
    ...withFlows(flow("leaf", "other"), flow("mid", "leaf", { scope: "user" })),
    links: [...plain.links, link("root", "root")],
  };
  expect(refusalsOf(spec).map(({ rule }) => rule)).toEqual(["T9", "T4", "T6"]);
});

test("what would not fit into memory is refused rather than tried (3 000 cloudlets, 2 000 scopes without flows)", () => {
  const spec: TopologySpec = {
    cloudlets: Array.from({ length: 3_000 }, (_, index) => ({ name: `c${index}` })),
    scopes: Array.from({ length: 2_000 }, (_, index) => ({ name: `s${index}`, prefix: `s${index}/` })),
    flows: [],
    links: [],
  };
  expect(lines(refusalsOf(spec))).toEqual([
    'T13 scopes[1333]: at scope "s1333" there are more than 4000000 streams; use fewer scopes without flows, fewer layers, or two-way flows',
  ]);
});

/** Cloudlets one below the other, linked, without scopes and flows. */
function chain(size: number): TopologySpec {
  const names = Array.from({ length: size }, (_, index) => `c${index}`);
  return {
    cloudlets: names.map((name, index) => (index === 0 ? { name } : { name, upper: names[index - 1]! })),
    scopes: [{ name: "users", prefix: "users/" }],
    flows: [],
    links: names.slice(1).map((lower, index) => link(names[index]!, lower)),
  };
}

test("reports over 25 000 layers are refused: each origin would reach a set of its own", () => {
  const spec = chain(25_000);
  const flows = spec.links.map(({ a, b }) => flow(a, b, { direction: "up" }));
  expect(lines(refusalsOf({ ...spec, flows }))).toEqual([
    'T13 scopes[0]: at scope "users" who receives what takes more than 64 MiB; use fewer scopes without flows, fewer layers, or two-way flows',
  ]);
});

test("1 600 flows over 400 to 1 200 layers without links of their own are refused: their routes would fill the memory", () => {
  const spec = chain(1_200);
  const flows = spec.cloudlets.slice(200).map(({ name }) => flow("c0", name));
  expect(refusalsOf({ ...spec, flows }).map(({ message }) => message)).toEqual([]);
  const more = spec.cloudlets.slice(400).flatMap(({ name }) => [flow("c0", name), flow("c1", name)]);
  expect(lines(refusalsOf({ ...spec, flows: more }))).toEqual([
    "T13 flows[1355]: the routes of all flows have more than 1000000 steps; link the ends of flows directly, or let flows join adjacent layers",
  ]);
});

test("a chain of 100 000 cloudlets builds, and its ends know each other (one two-way scope)", () => {
  const size = 100_000;
  const spec = chain(size);
  const topology = topologyOf({ ...spec, flows: spec.links.map(({ a, b }) => flow(a, b)) });
  const last = (size - 1) as CloudletId;
  expect(topology.streams).toHaveLength(1);
  expect(topology.relation(last, 0 as CloudletId)).toBe("upper");
  expect(topology.cloudlets[last]!.depth).toBe(size - 1);
  expect(topology.ancestors(last)).toHaveLength(size - 1);
});

test("a flow over 50 000 layers finds its way along the tree, and a long circle of control is named in short", () => {
  const size = 50_000;
  const spec = { ...chain(size), flows: [flow("c0", `c${size - 1}`)] };
  expect(topologyOf(spec).flows[0]!.route).toHaveLength(size - 1);
  const circle = { ...spec, cloudlets: [{ name: "c0", upper: `c${size - 1}` }, ...spec.cloudlets.slice(1)] };
  const message = refusalsOf(circle)[0]?.message ?? "";
  expect(message).toMatch(/^control runs in a circle: c0 > c1 > .* > c49999 > c0; give one of them an upper/);
  expect(message.length).toBeLessThan(600);
});

test("cloudlets and scopes may be called like members of objects", () => {
  const topology = topologyOf({
    cloudlets: [{ name: "__proto__" }, { name: "constructor", upper: "__proto__" }],
    scopes: [{ name: "toString", prefix: "__proto__" }],
    flows: [{ scope: "toString", upper: "__proto__", lower: "constructor", direction: "up" }],
    links: [link("__proto__", "constructor")],
  });
  expect(topology.cloudletNamed("constructor")).toBe(1);
  expect(topology.cloudletNamed("hasOwnProperty")).toBeNull();
  expect(topology.scopeOf("__proto__/x")).toBe(0);
  expect(topology.scopeNamed("valueOf")).toBeNull();
});

test("a flow rides on its direct link, else on the least delay along the tree, else where via says", () => {
  const routeOf = (spec: TopologySpec): readonly string[] => {
    const topology = topologyOf(spec);
    return topology.flows.at(-1)!.route.map(({ link: index, forward }) => {
      const { a, b } = topology.links[index]!;
      const [from, to] = forward ? [a, b] : [b, a];
      return `${topology.cloudlets[from]!.name} ${topology.cloudlets[to]!.name}`;
    });
  };
  const base: TopologySpec = {
    ...plain,
    cloudlets: [...plain.cloudlets, { name: "deep", upper: "leaf" }],
    links: [...plain.links, link("deep", "leaf")],
    flows: [flow("root", "deep")],
  };
  expect(routeOf(base)).toEqual(["root mid", "mid leaf", "leaf deep"]);
  // A direct link wins even where it is slow: a flow that has one is declared so.
  expect(routeOf({ ...base, links: [...base.links, link("root", "deep", 500)] })).toEqual(["root deep"]);
  expect(routeOf({ ...base, links: [...base.links, link("deep", "mid", 15)] })).toEqual(["root mid", "mid deep"]);
  // There 30 ms instead of 20, but back at once: delays count both ways.
  const back = { a: "mid", b: "deep", forth: { delay: millis(30) }, back: { delay: micros(1) } };
  expect(routeOf({ ...base, links: [...base.links, back] })).toEqual(["root mid", "mid deep"]);
  // Of equal delays the fewest links.
  expect(routeOf({ ...base, links: [...base.links, link("mid", "deep", 20)] })).toEqual(["root mid", "mid deep"]);
  // Also where the longer way is found first: 1 + 1 + 18 ms over two sites, 10 + 10 ms over one.
  const five = ["s0", "s1", "s2", "s3", "s4"];
  const tied: TopologySpec = {
    cloudlets: five.map((name, index) => (index === 0 ? { name } : { name, upper: five[index - 1]! })),
    scopes: plain.scopes,
    flows: [flow("s0", "s4")],
    links: [link("s4", "s3", 1), link("s3", "s2", 1), link("s2", "s0", 18), link("s4", "s1"), link("s1", "s0")],
  };
  expect(routeOf(tied)).toEqual(["s0 s1", "s1 s4"]);
  // Of two links between the same sites the faster.
  const doubled = topologyOf({ ...base, links: [...base.links, link("root", "mid", 1)] });
  expect(doubled.flows[0]!.route[0]).toEqual({ link: 5, forward: true });
  expect(
    routeOf({ ...base, flows: [flow("leaf", "deep", { via: ["mid"] })], links: [...base.links, link("mid", "deep")] }),
  ).toEqual(["leaf mid", "mid deep"]);
});

prop(
  "a topology built from a spec has its cloudlets, scopes, flows and links in the spec's order",
  topologySpecs(),
  (spec) => {
    const topology = topologyOf(spec);
    expect(topology.cloudlets.map(({ name }) => name)).toEqual(spec.cloudlets.map(({ name }) => name));
    expect(topology.cloudlets.map(({ id }) => topology.cloudletNamed(topology.cloudlets[id]!.name))).toEqual(
      spec.cloudlets.map((_, index) => index),
    );
    expect(topology.scopes.map(({ name, resolver, durability }) => [name, resolver, durability])).toEqual(
      spec.scopes.map(({ name }) => [name, "lww-hlc", "disk"]),
    );
    expect(topology.flows.map(({ index, direction, reroute }) => ({ index, direction, reroute }))).toEqual(
      spec.flows.map(({ direction }, index) => ({ index, direction, reroute: false })),
    );
    expect(topology.links.map(({ index, back }) => ({ index, back }))).toEqual(
      spec.links.map(({ forth }, index) => ({ index, back: forth })),
    );
  },
);
