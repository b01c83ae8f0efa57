// Topologies of iFogSim, as JSON and as CSV: trees as they are, and what is said of those that are none.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importText } from "./import-text.ts";

function imported(text: string) {
  const outcome = importText(text);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  return outcome;
}

function said(text: string): string {
  const outcome = importText(text, { format: "ifogsim" });
  if (outcome.kind === "imported") return "imported";
  return outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join("\n");
}

describe("JSON", () => {
  const device = (name: string, level: unknown) => ({ name, type: "FOG_DEVICE", level, upBw: 1000, mips: 10 });
  const link = (source: string, destination: string, latency: unknown) => ({ source, destination, latency });
  const nodes = [device("edge", 2), device("router", 1), device("cloud", 0), { name: "heat", type: "SENSOR" }];
  const links = [link("router", "cloud", 50), link("router", "edge", 2.5), link("heat", "edge", 2)];

  /** One line for each node and link. */
  const text = (of: { readonly nodes?: readonly unknown[]; readonly links?: readonly unknown[] }): string => {
    const lines = (all: readonly unknown[]): string => all.map((one) => JSON.stringify(one)).join(",\n");
    return `{"nodes":[\n${lines(of.nodes ?? nodes)}\n],"links":[\n${lines(of.links ?? links)}\n]}`;
  };

  test("the tree is taken as it is, and what holds no replica is dropped", () => {
    const { format, topology, notes } = imported(text({}));
    expect(format).toBe("ifogsim");
    expect(topology.cloudlets).toEqual([
      { name: "cloud" },
      { name: "router", upper: "cloud" },
      { name: "edge", upper: "router" },
    ]);
    expect(topology.links).toEqual([
      { a: "cloud", b: "router", forth: { delay: 50_000 } },
      { a: "router", b: "edge", forth: { delay: 2_500 } },
    ]);
    expect(notes.map(({ kind, count, what }) => `${kind} ${count} ${what}`)).toEqual([
      "dropped 3 upBw and downBw, which have no unit: links have no limit",
      "dropped 3 what a device computes with (mips, ram)",
      "dropped 1 a sensor or an actuator: it holds no replica",
      "dropped 1 a link of a sensor or an actuator",
      "converted 2 a latency in ms, to microseconds one way",
      "read 3 a node",
      "read 2 an edge, as a link of the tree",
    ]);
  });

  test.each([
    [
      "a name twice",
      { nodes: [...nodes, device("edge", 1)] },
      `6:9: expected a name of its own, found "edge" again; give each its own`,
    ],
    ["no name", { nodes: [{ type: "FOG_DEVICE" }] }, "2:1: expected a node with a name, found none; give it one"],
    [
      "another type",
      { nodes: [{ name: "a", type: "HOST" }] },
      `2:20: expected FOG_DEVICE, SENSOR or ACTUATOR, found "HOST"; write one`,
    ],
    ["half a level", { nodes: [device("a", 0.5)] }, "expected a whole level from 0 up, found 0.5; write one"],
    [
      "a negative latency",
      { links: [link("router", "cloud", -1)] },
      "7:52: expected a latency in ms from 0 to 3600000, found -1; mend it",
    ],
    [
      "an unknown end",
      { links: [link("rooter", "cloud", 1)] },
      `7:11: expected the name of a node, found "rooter"; name one`,
    ],
    [
      "levels that do not follow one another",
      { links: [link("edge", "cloud", 1)] },
      "7:1: expected a link between two levels that follow one another, found levels 2 and 0; mend the levels",
    ],
    [
      "two devices above one",
      { nodes: [...nodes, device("other", 1)], links: [...links, link("edge", "other", 1)] },
      "11:1: expected one device above edge, found another one; leave one of the links out",
    ],
    [
      "nothing but sensors",
      { nodes: [{ name: "heat", type: "SENSOR" }], links: [] },
      "expected a node of type FOG_DEVICE, found none",
    ],
  ])("%s is refused with its place", (_, document, expected) => {
    expect(said(text(document))).toContain(expected);
  });

  test("a text that is cut short, and one without links, are refused", () => {
    expect(said(text({}).slice(0, 90))).toMatch(/^3:\d+: /u);
    expect(said(`{"nodes":[]}`)).toContain("1:1: expected a map with the lists nodes and links, found others");
  });
});

describe("CSV", () => {
  const table = `ID,Latitude,Longitude,Block,Level,Parent,State,Details
0,-37.8,144.9,0,0,-1,VIC,Data Center
1,-37.9,144.9,1,1,0,VIC,Proxy
2,-37.9,145,1,2,1,VIC,Spencer St
`;

  test("the tree is taken as it is, with delays from places", () => {
    const { format, topology } = imported(table);
    expect(format).toBe("ifogsim");
    expect(topology.cloudlets).toEqual([
      { name: "Data-Center" },
      { name: "Proxy", upper: "Data-Center" },
      { name: "Spencer-St", upper: "Proxy" },
    ]);
    expect(topology.links.map(({ a, b, forth }) => `${a} ${b} ${forth.delay}`)).toEqual([
      "Data-Center Proxy 83",
      "Proxy Spencer-St 66",
    ]);
  });

  test.each([
    [
      "an ID twice",
      table.replace("2,-37.9", "1,-37.9"),
      "4:1: expected an ID of its own, found 1 again; give each its own",
    ],
    [
      "an unknown parent",
      table.replace("2,1,VIC", "2,7,VIC"),
      `4:17: expected the ID of a device, or -1 for none, found "7"; name one`,
    ],
    [
      "a parent of a level that does not fit",
      table.replace("2,1,VIC", "2,0,VIC"),
      "4:17: expected a device of level 1 above one of level 2, found 0 of level 0; mend one of them",
    ],
    [
      "a ring of parents",
      table.replace("1,1,0,VIC", "1,1,2,VIC"),
      "3:19: expected a device of level 0 above one of level 1, found 2 of level 2",
    ],
    [
      "no parent below the top",
      table.replace("2,1,VIC", "2,-1,VIC"),
      "4:17: expected the ID of a device above, since the level is 2, found -1; name one, or write level 0",
    ],
    [
      "a place off the earth",
      table.replace("2,-37.9", "2,-97.9"),
      `4:3: expected degrees from -90 to 90, found "-97.9"; mend them`,
    ],
    ["no place", table.replace("145", ""), `4:9: expected degrees from -180 to 180, found ""; mend them`],
    [
      "no level",
      table.replace("1,2,1,VIC", "1,x,1,VIC"),
      `4:15: expected a whole level from 0 up, found "x"; write one`,
    ],
    [
      "no column for parents",
      table.replace("Parent", "Over"),
      "1:1: expected the columns ID, Latitude, Longitude, Level, Parent, found no Parent; is this a file of iFogSim?",
    ],
    [
      "no rows",
      table.split("\n")[0] ?? "",
      "1:1: expected a row for each device, found none; name a file that has some",
    ],
  ])("%s is refused with its place", (_, text, expected) => {
    expect(said(text)).toContain(expected);
  });
});

const data = process.env["CAUSEWAY_DATA"] ?? "";
const melbourne = join(data, "melbourne-cbd.csv");
const isThere = data !== "" && existsSync(melbourne);

test.skipIf(!isThere)(
  `the sites of Melbourne are the tree that they are${isThere ? "" : ": skipped, since CAUSEWAY_DATA is not set"}`,
  () => {
    const { topology } = imported(readFileSync(melbourne, "utf8"));
    const { cloudlets, links, depth, spareCount } = topology;
    const [root] = cloudlets.filter(({ upper }) => upper === undefined);
    const proxies = new Set(cloudlets.filter(({ upper }) => upper === root?.name).map(({ name }) => name));
    const gateways = cloudlets.filter(({ upper = "" }) => proxies.has(upper));
    expect([root?.name, proxies.size, gateways.length]).toEqual(["DataCenter", 12, 118]);
    expect([cloudlets.length, links.length, depth, spareCount]).toEqual([131, 130, 2, 0]);
  },
);
