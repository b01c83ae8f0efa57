// Network constraints of Enos and EnosLib: what becomes of them in both readings, and what is said of those that are wrong.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importText, type ImportOptions } from "./import-text.ts";

function imported(text: string, options: ImportOptions = {}) {
  const outcome = importText(text, options);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  return outcome;
}

/** Each link there and back: ms, Mbit/s, ppm. */
function ways(text: string, options: ImportOptions = {}): readonly string[] {
  return imported(text, options).topology.links.map(({ a, b, forth, back = forth }) => {
    const [there, ofBack] = [forth, back].map(({ delay, bandwidth, loss = 0 }) => {
      const rate = bandwidth === undefined ? "-" : bandwidth / 1e6;
      return `${delay / 1_000} ${rate} ${loss}`;
    });
    return there === ofBack ? `${a} ${b}: ${there}` : `${a} ${b}: ${there}, back ${ofBack}`;
  });
}

function notes(text: string, options: ImportOptions = {}): readonly string[] {
  return imported(text, options).notes.map(({ kind, count, what }) => `${kind} ${count} ${what}`);
}

function said(text: string, options: ImportOptions = {}): readonly string[] {
  const outcome = importText(text, options);
  return outcome.kind === "imported"
    ? ["imported"]
    : outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

const head: ImportOptions = { compat: "enoslib-head" };

/** Groups a, b and c, 20 ms, 10 Mbit/s and no loss, and these lines in constraints. */
const three = (constraints: string, section = ""): string =>
  `topology: { a: { c1: { compute: 1 } }, b: { c1: { compute: 1 } }, c: { c1: { compute: 1 } } }
network_constraints:
  default_delay: 20ms
  default_rate: 10mbit
${section === "" ? "" : `  ${section}\n`}  constraints: [${constraints}]
`;

const example = (dst: string, spelling: string): string => `topology:
  grp1: { paravance: { control: 1, network: 1 } }
  "grp[2-4]": { paravance: { compute: 1 } }
network_constraints:
  enable: true
  default_delay: 25ms
  default_rate: 100mbit
  default_loss: 0.1%
  constraints: [${dst
    .split(" ")
    .map((name) => `{ src: grp1, dst: "${name}", delay: 10ms, rate: 1gbit, loss: 0%, ${spelling}: true }`)
    .join(", ")}]
`;

const star = ["2", "3", "4"].map((to) => `grp1 grp${to}: 10 1000 0`);
const others = ["2 grp3", "2 grp4", "3 grp4"].map((pair) => `grp${pair}: 25 100 1000`);

describe("the example of the documentation: round trips of 20 ms from the first group, of 50 ms among the others", () => {
  test.each([
    ["as Enos had it", example("grp[2-4]", "symetric"), {}],
    ["as Enos had it, spelt otherwise", example("grp[2-4]", "symmetric"), {}],
    ["as EnosLib has it", example("grp2 grp3 grp4", "symmetric"), head],
  ])("%s", (_, text, options) => {
    expect(ways(text, options)).toEqual([...star, ...others]);
    expect(imported(text, options).format).toBe("enos");
  });

  test("EnosLib passes symetric over, and has no ranges in constraints", () => {
    const oneWay = ["2", "3", "4"].map((to) => `grp1 grp${to}: 10 1000 0, back 25 100 1000`);
    const text = example("grp2 grp3 grp4", "symetric");
    expect(ways(text, { ...head, root: "grp1" }).filter((way) => way.startsWith("grp1 "))).toEqual(oneWay);
    expect(notes(text, head)).toContain("dropped 3 symetric, which EnosLib passes over: it reads symmetric");
    expect(said(example("grp[2-4]", "symmetric"), head)).toEqual([
      `9:35: expected the name of a group, found "grp[2-4]"; EnosLib takes no ranges here: name each group, or read it with --compat enos-2018`,
    ]);
  });
});

test("the partition study: the two groups that are cut off from each other have no link, and the third leads around", () => {
  const text = three("{ src: a, dst: b, loss: 100%, symetric: true, network: 'network_interface' }");
  expect(ways(text)).toEqual(["c a: 20 10 0", "c b: 20 10 0"]);
  expect(notes(text)).toEqual([
    "assumed 1 constraints mean what they do in enos-2018",
    "read 6 a default rule, for one direction between two groups",
    "dropped 1 a network to which alone a rule applies: a link stands for all networks between its groups",
    "read 2 a constraint, for one direction between two groups",
    "converted 1 a delay in ms that the sender adds, to microseconds one way: a round trip takes both directions",
    "converted 1 a rate for each pair of groups in kbit, mbit or gbit, to bits per second of a link of their own",
    "assumed 1 the testbed itself adds nothing to the delays of rules",
    "dropped 1 a pair that loses everything in both directions: it has no link, and others lead around it",
    "assumed 1 who is above whom: the shortest ways from the root by delay",
    "read 3 a node",
    "read 2 an edge, as a link of the tree",
  ]);
});

test("a group that is cut off from all others keeps one link, which loses everything", () => {
  const text = three("{ src: a, dst: b, loss: 100%, symetric: true }, { src: c, dst: a, loss: 100% }");
  expect(ways(text, { root: "b" })).toEqual(["b a: 20 10 1000000", "b c: 20 10 0"]);
  expect(notes(text)).toContain(
    "read 1 a pair that loses everything in both directions: its link stays, since no others lead around it",
  );
  expect(notes(text)).toContain(
    "dropped 1 a pair that loses everything in one direction: it has no link, and others lead around it",
  );
});

describe("both readings", () => {
  const twice = "{ src: a, dst: b, delay: 5ms }, { src: a, dst: b, loss: 2% }";
  test.each<readonly [string, string, readonly string[], readonly string[]]>([
    [
      "constraints for one direction leave the other alone",
      three("{ src: a, dst: b, rate: 1mbit }"),
      ["a b: 20 1 0, back 20 10 0"],
      ["a b: 20 1 0, back 20 10 0"],
    ],
    [
      "of several each changes what it says, or the last one counts as a whole",
      three(twice),
      ["a b: 5 10 20000, back 20 10 0"],
      ["a b: 20 10 20000, back 20 10 0"],
    ],
    [
      "symetric counts wherever it stands, or never",
      three("{ src: a, dst: b, loss: 1%, symetric: false }"),
      ["a b: 20 10 10000"],
      ["a b: 20 10 10000, back 20 10 0"],
    ],
    [
      "groups left out have no rule, and constraints of them are passed over, or count",
      three("{ src: a, dst: b, delay: 3ms, symmetric: true }", "except: [b]"),
      ["a b: 0.1 - 0", "b c: 0.1 - 0"],
      ["a b: 3 10 0", "b c: 0.1 - 0"],
    ],
    ["of groups only those that are named have rules", three("", "groups: [a, c]"), ["a b: 0.1 - 0"], ["a b: 0.1 - 0"]],
    ["no rules at all where they are not enabled", three(twice, "enable: false"), ["a b: 0.1 - 0"], ["a b: 0.1 - 0"]],
    [
      "a delay below a millisecond and a loss of nothing",
      three("{ src: a, dst: b, delay: 0.25ms, rate: 1.5kbit, loss: null }"),
      ["a b: 0.25 0.0015 0, back 20 10 0"],
      ["a b: 0.25 0.0015 0, back 20 10 0"],
    ],
  ])("%s", (_, text, old, now) => {
    const shown = (options: ImportOptions) => {
      const all = ways(text, { ...options, root: "a" });
      return all.filter((way) => old.concat(now).some((one) => one.slice(0, 4) === way.slice(0, 4)));
    };
    expect(shown({})).toEqual(old);
    expect(shown(head)).toEqual(now);
  });

  test("what is passed over is told", () => {
    const text = three(
      "{ src: a, dst: nobody, delay: 3ms }, { src: a, dst: a, delay: 1ms }, { src: b, dst: c, dely: 1ms }",
      "except: [c, nowhere]",
    );
    expect(notes(`provider: g5k\n${text}`)).toEqual(
      expect.arrayContaining([
        "dropped 1 a section that says nothing of the network",
        "dropped 2 a name that no group has, which Enos passes over",
        "dropped 1 a rule between machines of one group: a cloudlet stands for all of them",
        "dropped 1 a key that the format does not have",
        "dropped 1 a constraint of groups that the defaults leave out, which Enos passes over",
        "assumed 4 0.1 ms of the testbed itself, in a direction without a rule",
      ]),
    );
  });

  test("constraints alone, as EnosLib is given them, name their groups themselves", () => {
    const alone =
      "default_delay: 10ms\ndefault_rate: 1gbit\ngroups: [a, b]\nconstraints: [{ src: a, dst: c, delay: 1ms }]\n";
    expect(ways(alone, { ...head, root: "a" })).toEqual([
      "a c: 1 1000 0, back 0.1 - 0",
      "c b: 0.1 - 0",
      "a b: 10 1000 0",
    ]);
    expect(notes(alone)).toContain("assumed 3 a group that only constraints name, since there is no topology");
  });
});

describe("refused with its place", () => {
  const topology = (inside: string): string => three("").replace(/topology: .*\n/u, `topology: ${inside}\n`);
  test.each([
    ["malformed YAML", three("{ src: a"), "5:26: expected YAML, found what cannot be parsed"],
    [
      "a unit that Enos does not take",
      three("{ src: a, dst: b, delay: 10s }"),
      `5:42: expected a delay from 0ms to 3600000ms, found "10s"; write it in ms, such as 10ms`,
    ],
    [
      "a delay below nothing",
      three("{ src: a, dst: b, delay: -10ms }"),
      `5:42: expected a delay from 0ms to 3600000ms, found "-10ms"`,
    ],
    [
      "a delay without a unit",
      three("").replace("20ms", "20"),
      "3:18: expected a delay from 0ms to 3600000ms, found 20",
    ],
    [
      "no delay",
      three("").replace("default_delay: 20ms", "default_loss: 1%"),
      "3:3: expected default_delay, found none; add it, such as default_delay: 10ms",
    ],
    [
      "a rate in bytes",
      three("").replace("10mbit", "10MBps"),
      `4:17: expected a rate above nothing in kbit, mbit or gbit, found "10MBps"; write it such as 100mbit or 1gbit`,
    ],
    ["a rate of nothing", three("{ src: a, dst: b, rate: 0kbit }"), `5:41: expected a rate above nothing`],
    [
      "more loss than there is",
      three("{ src: a, dst: b, loss: 101% }"),
      `5:41: expected a loss from 0% to 100%, found "101%"; write it in per cent, such as 0.1%`,
    ],
    [
      "a loss without its sign",
      three("{ src: a, dst: b, loss: 0.1 }"),
      "5:41: expected a loss from 0% to 100%, found 0.1",
    ],
    [
      "a range that runs backwards",
      three(`{ src: a, dst: "g[4-2]", loss: 1% }`),
      `5:32: expected a range that ends after it begins, found "g[4-2]"; write [2-4] if that is meant`,
    ],
    [
      "a range of letters",
      three(`{ src: a, dst: "g[a-c]", loss: 1% }`),
      `5:32: expected a range such as grp[2-4], found "g[a-c]"`,
    ],
    [
      "a range without end",
      topology(`{ "g[1-900000000]": { c: { compute: 1 } } }`),
      `1:13: expected a range of at most 300 groups, found "g[1-900000000]"; name fewer`,
    ],
    [
      "a group twice",
      topology(`{ g2: { c: { compute: 1 } }, "g[1-3]": { c: { compute: 1 } } }`),
      "1:40: expected a group that is described once, found g2 again; leave one of them out",
    ],
    [
      "a group twice by one name",
      topology("{ a: { c: { compute: 1 } }, a: { c: { compute: 1 } } }"),
      `1:39: the key "a" is given twice in one map; remove one`,
    ],
    [
      "a group without machines",
      topology("{ a: { c: { compute: 0 } }, b: { c: { compute: 1 } } }"),
      "1:13: expected at least one machine in this group, found none",
    ],
    [
      "half a machine",
      topology("{ a: { c: { compute: 0.5 } } }"),
      "1:32: expected a whole number of machines from 0 up, found 0.5; write one",
    ],
    [
      "a group without clusters",
      topology("{ a: 2 }"),
      "1:16: expected clusters with roles, such as { paravance: { compute: 1 } }, found 2; write some",
    ],
    ["no groups", topology("{}"), "1:11: expected a map of groups at topology"],
    ["a constraint of nobody", three("{ dst: b, loss: 1% }"), "5:17: expected the name of a group, found nothing"],
    ["a word that is neither", three("", "enable: 1"), "5:11: expected true or false, found 1; write one of them"],
    ["no list", three("").replace("[]", "a"), `expected a list, found "a"; write one, or leave it out`],
    [
      "one group",
      topology("{ a: { c: { compute: 1 } } }"),
      "expected two nodes that are joined by an edge, found none",
    ],
  ])("%s", (_, text, expected) => {
    expect(said(text).join("\n")).toContain(expected);
  });

  test("a group that is not there, and a file without constraints", () => {
    expect(said(three("{ src: a, dst: nobody, loss: 1% }"), head)).toEqual([
      `5:32: expected the name of a group, found "nobody"; name one of a, b, c`,
    ]);
    expect(said("topology: { a: 1 }\n", { format: "enos" })).toEqual([
      "1:1: expected a map with network_constraints, found others; is this a file of Enos?",
    ]);
  });

  test("all that is wrong is told at once", () => {
    const text = three("{ src: a, dst: b, delay: soon }, { src: a, dst: 3, loss: lots }");
    expect(said(text).map((line) => line.split(": ")[0])).toEqual(["5:42", "5:65", "5:74"]);
  });
});

const data = process.env["CAUSEWAY_DATA"] ?? "";
const study = join(data, "enos/partition-study.yaml");
const isThere = data !== "" && existsSync(study);

test.skipIf(!isThere)(
  `the file of the partition study${isThere ? "" : ": skipped, since CAUSEWAY_DATA is not set"}`,
  () => {
    expect(ways(readFileSync(study, "utf8"))).toEqual(["grp3 grp1: 0 10000 0", "grp3 grp2: 0 10000 0"]);
  },
);
