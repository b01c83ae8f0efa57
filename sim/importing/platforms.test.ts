// Networks of other simulators and testbeds, sound and broken: what becomes of them, and what is said, at which place.

import { describe, expect, test } from "vitest";
import { buildTopology } from "../../model/topology/build.ts";
import { importText, type ImportOptions } from "./import-text.ts";

function imported(text: string, options: ImportOptions = {}) {
  const outcome = importText(text, options);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  const { cloudlets, links } = outcome.topology;
  expect(buildTopology({ cloudlets, links, flows: [], scopes: [{ name: "state", prefix: "state/" }] }).kind).toBe(
    "topology",
  );
  return {
    ...outcome,
    links: links.map(({ a, b, forth, back }) => {
      const ways = [forth, back ?? forth].map(({ delay, jitter = 0, bandwidth = "", loss = 0 }) =>
        [delay, jitter, bandwidth, loss].join(" "),
      );
      return `${a} ${b}: ${ways[0]}${back === undefined ? "" : `, back ${ways[1]}`}`;
    }),
    told: outcome.notes.map(({ kind, count, what }) => `${kind} ${count} ${what}`),
  };
}

function said(text: string, options: ImportOptions = {}): readonly string[] {
  const outcome = importText(text, options);
  return outcome.kind === "imported"
    ? ["imported"]
    : outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe("GML", () => {
  const shadow = `# two places of hosts, and one between
graph [
  directed 0
  node [ id 0 label "west" host_bandwidth_up "100 Mbit" host_bandwidth_down "1 Gbit" ]
  node [ id 1 label "middle" host_bandwidth_up "20 Mbit" host_bandwidth_down "50 Mbit" country_code "CZ" ]
  node [ id 2 label "caf&#233;" ]
  edge [ source 0 target 0 latency "1 ms" packet_loss 0.0 ]
  edge [ source 0 target 1 latency "10 ms" jitter "2 ms" packet_loss 0.01 ]
  edge [ source 1 target 2 latency 0.005 packet_loss 0 ]
]
`;

  test("of Shadow: latency, jitter and loss are an edge's, bandwidths are those of its two hosts, and all that was done is told", () => {
    const { format, links, told } = imported(shadow);
    expect(format).toBe("gml");
    expect(links).toEqual([
      "middle west: 10000 2000 20000000 10000, back 10000 2000 50000000 10000",
      "middle café: 5000 0 20000000 0, back 5000 0 50000000 0",
    ]);
    expect(told).toMatchInlineSnapshot(`
      [
        "dropped 1 what a node says of its country_code",
        "converted 2 a latency, to microseconds",
        "dropped 1 an edge of a node with itself, which tells how hosts at one place reach each other",
        "assumed 1 jitter is added to the latency, drawn evenly from 0 up to it; Shadow passes over it",
        "converted 1 a share of packets that are lost, to parts per million",
        "converted 1 a latency without a unit, in seconds, to microseconds",
        "assumed 2 the bandwidth of a link: the lesser of what the sender may send and the receiver receive; links of one host do not share it",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
        "read 3 a node",
        "read 2 an edge, as a link of the tree",
      ]
    `);
  });

  test("two edges of a directed graph are the two ways of one link, and one alone is told", () => {
    const { links, told } = imported(`graph [ directed 1 node [ id 7 ] node [ id 8 ] node [ id 9 ]
      edge [ source 7 target 8 latency "3 ms" packet_loss 0 ] edge [ source 8 target 7 latency "4 ms" packet_loss 0.5 ]
      edge [ source 9 target 8 latency "9 ms" ] edge [ source 9 target 8 latency "5 ms" ] ]`);
    expect(links).toEqual(["site-8 site-7: 4000 0  500000, back 3000 0  0", "site-8 site-9: 5000 0  0"]);
    expect(told).toContain("repaired 1 an edge that leads one way only: its way back is taken to be like it");
    expect(told).toContain("repaired 1 a further edge the same way: the fastest counts");
  });

  test("of the Topology Zoo: places become delays, speeds are in bits per second", () => {
    const { name, links } = imported(`Creator "somebody"
      graph [ Network "Pair" node [ id 0 label "Praha" Latitude 50 Longitude 14 ] node [ id 1 label "Brno" Latitude 49 Longitude 16 ]
      edge [ source 0 target 1 LinkSpeed "10" LinkSpeedRaw 10000000000.0 ] ]`);
    expect(name).toBe("Pair");
    expect(links).toEqual(["Praha Brno: 1367 0 10000000000 0"]);
  });

  const graph = (inside: string): string => `graph [\n${inside}\n]\n`;
  const pair = `node [ id 0 ] node [ id 1 ]\n`;
  test.each([
    ["no graph", `Version 1\n`, "1:1: expected graph [ ... ], found none; is the file whole?"],
    ["no node", graph("directed 0"), "1:7: expected at least one node in this graph, found none"],
    [
      "cut short",
      shadow.slice(0, 200),
      `expected a number, a text in quotes or [ behind host_bandwidth_up, found "\\"20"; mend it`,
    ],
    ["a list without end", graph("node [ id 0").replace(/\]/gu, ""), "4:1: expected a ] for the [ on line 2, found"],
    ["a ] too many", graph("node [ id 0 ] ]"), "3:1: expected a key, found a ] that closes nothing; take it away"],
    ["a mark that is none", graph("node { id 0 }"), `2:6: expected a number, a text in quotes or [ behind node, found`],
    [
      "nesting without end",
      "graph [\n".repeat(300),
      "101:7: expected lists nested at most 100 deep, found more; is this the right file?",
    ],
    ["a node without an id", graph(`node [ label "a" ]`), "2:1: expected an id of this node, found none; give it one"],
    [
      "an id twice",
      graph(`node [ id 0 ]\nnode [ id 0 ]`),
      "3:8: expected an id that no other node has, found 0 again; give each its own",
    ],
    [
      "an unknown end",
      graph(`${pair}edge [ source 0 target 5 ]`),
      "3:17: expected as target the id of a node of this graph, found 5; name one, or leave the edge out",
    ],
    [
      "a latency below nothing",
      graph(`${pair}edge [ source 0 target 1 latency "-3 ms" ]`),
      `3:26: expected a latency from 0 up in ns, us, ms or s, such as 10 ms, found "-3 ms"; mend it`,
    ],
    ["an unknown unit", graph(`${pair}edge [ source 0 target 1 latency "3 parsecs" ]`), `found "3 parsecs"; mend it`],
    [
      "a loss beyond all",
      graph(`${pair}edge [ source 0 target 1 packet_loss 1.5 ]`),
      `3:26: expected a share of packets from 0 to 1, found "1.5"; mend it`,
    ],
    [
      "a bandwidth without sense",
      graph(`node [ id 0 host_bandwidth_up "much" ]`),
      `2:13: expected a bandwidth from 1 bit per second up, such as 100 Mbit, found "much"; mend it`,
    ],
    [
      "a latency twice",
      graph(`${pair}edge [ source 0 target 1 latency "1 ms" latency "2 ms" ]`),
      "3:41: expected one latency here, found another; take one of them away",
    ],
    [
      "a direction that is none",
      graph(`directed 2\n${pair}`),
      "2:1: expected 0 or 1 as directed, found 2; write one of them",
    ],
    [
      "a place off the earth",
      graph(`node [ id 0 Latitude 91 Longitude 0 ]`),
      "2:13: expected a latitude from -90 to 90 and a longitude from -180 to 180, found 91 and 0",
    ],
  ])("%s is refused with its place", (_, text, expected) => {
    expect(said(text, { format: "gml" }).join("\n")).toContain(expected);
  });
});
