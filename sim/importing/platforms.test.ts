// Networks of other simulators and testbeds, sound and broken: what becomes of them, and what is said, at which place.

import { describe, expect, test } from "vitest";
import { buildTopology } from "../../model/topology/build.ts";
import { readScenario } from "../scenario/read.ts";
import { importText, type ImportOptions } from "./import-text.ts";
import { topologyFile } from "./write-topology.ts";

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

  test("of TopoHub: lengths become delays, and coordinates that may be on a plane are not used", () => {
    const { links, told } = imported(`graph [ name "3" directed 0 stats [ nodes 3 gini 0.1 ]
      node [ id 0 label "R0" lon 139.29 lat 165.87 ] node [ id 1 label "R1" type "Landing" lon 1 lat 2 ] node [ id 2 label "R2" ]
      edge [ source 0 target 1 dist 100 ] edge [ source 1 target 2 type "Seacable" dist 40.5 ] ]`);
    expect(links).toEqual(["R1 R0: 750 0  0", "R1 R2: 304 0  0"]);
    expect(told).toContain("converted 2 a length in km, to a delay over fibre");
    expect(told).toContain("dropped 2 what a node says of its lat");
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

describe("Kollaps", () => {
  const experiment = (services: string, links: string, dynamic = ""): string => `<?xml version="1.0"?>
<experiment boot="kollaps:2.0">
<services>
${services}
</services>
<bridges><bridge name="s1"/><bridge name="s2"/></bridges>
<links>
${links}
</links>
<dynamic>
${dynamic}
</dynamic>
</experiment>
`;
  const services = `<service name="dashboard" image="d" supervisor="true" port="8088"/>
<service name="shop" image="a"/><service name="store" image="b" replicas="2"/>`;
  const links = `<link origin="shop" dest="s1" latency="10" upload="5Mbps" download="20Mbps" jitter="0.5" drop="0.01" network="n"/>
<link origin="s1" dest="s2" latency="20.5" upload="50Mbps" download="50Mbps" network="n"/>
<link origin="s2" dest="store" latency="5" upload="1Gbps" download="1Gbps" network="n"/>`;

  test("services with their replicas and bridges become cloudlets, and all that was done is told", () => {
    const { format, links: found, told } = imported(experiment(services, links));
    expect(format).toBe("kollaps");
    expect(found).toMatchInlineSnapshot(`
      [
        "s1 shop: 10000 500 20000000 10000, back 10000 500 5000000 10000",
        "s1 s2: 20500 0 50000000 0",
        "s2 store-1: 5000 0 1000000000 0",
        "s2 store-2: 5000 0 1000000000 0",
      ]
    `);
    expect(told).toMatchInlineSnapshot(`
      [
        "dropped 1 a service that supervises, which is no site",
        "dropped 3 the image and the command of a service",
        "converted 1 a service with replicas, to a node for each",
        "converted 3 a latency in ms one way, to microseconds",
        "assumed 1 jitter is added to the latency, drawn evenly from 0 up to it; in Kollaps it is a deviation to both sides",
        "converted 1 a share of packets that are dropped, to parts per million",
        "dropped 3 the container network of a link",
        "assumed 2 a bridge is a cloudlet like all others",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
        "read 5 a node",
        "read 4 an edge, as a link of the tree",
      ]
    `);
  });

  test("the schedule becomes faults: who is away, what is cut off, and links that do worse than their best", () => {
    const text = experiment(
      services,
      links,
      `<schedule name="shop" time="2" action="join"/>
<schedule name="dashboard" time="0" action="join"/>
<schedule name="store" time="30" action="disconnect"/><schedule name="store" time="35.5" action="reconnect"/>
<schedule origin="shop" dest="s1" time="5.0" upload="1Mbps" latency="12"/>
<schedule origin="shop" dest="s1" time="8.0" upload="10Mbps" latency="10" drop="0.505"/>
<schedule origin="s1" dest="s2" time="12" action="leave"/><schedule origin="s2" dest="s1" time="15" action="join"/>
<schedule origin="shop" dest="s2" time="16" action="join" latency="9" upload="1Mbps" download="1Mbps" network="n"/>
<schedule name="s2" time="18" action="leave"/><schedule name="s2" time="19" action="join"/>
<schedule name="store" time="40" action="crash" amount="2"/>`,
    );
    const { topology, format, notes, told } = imported(text);
    const written = topologyFile("written", topology, { source: "test", format, notes });
    expect(written.slice(written.indexOf("faults:"))).toMatchInlineSnapshot(`
      "faults:
        - { crash: shop, at: 0us, for: 2s }
        - { isolate: s2, from: 18s, until: 19s }
        - { isolate: store-1, from: 30s, until: 35500ms }
        - { crash: store-1, at: 40s, for: 10s }
        - { crash: store-2, at: 40s, for: 10s }
        - { linkDown: [s2, s1], from: 12s, until: 15s }
        - { linkDown: [shop, s2], from: 0us, until: 16s }
        - { degrade: [shop, s1], direction: forth, bandwidth: 5Mbit, from: 0us, until: 5s }
        - { degrade: [shop, s1], direction: forth, delay: 2ms, bandwidth: 1Mbit, from: 5s, until: 8s }
        - { degrade: [shop, s1], direction: forth, loss: 50%, from: 8s }
      duration: 50s
      settle: 60s
      "
    `);
    expect(told.filter((line) => !line.startsWith("read"))).toMatchInlineSnapshot(`
      [
        "dropped 1 a service that supervises, which is no site",
        "dropped 3 the image and the command of a service",
        "converted 1 a service with replicas, to a node for each",
        "converted 3 a latency in ms one way, to microseconds",
        "assumed 1 jitter is added to the latency, drawn evenly from 0 up to it; in Kollaps it is a deviation to both sides",
        "converted 1 a share of packets that are dropped, to parts per million",
        "dropped 3 the container network of a link",
        "dropped 1 a line of the schedule about a service that supervises",
        "assumed 2 a link that leaves or joins does so in both directions, as in Kollaps 1; Kollaps 2 takes that from origin to dest alone",
        "assumed 1 which replicas: the first ones that can, where Kollaps draws them",
        "assumed 1 the properties of a link that changes: the best that it ever has",
        "converted 10 what the schedule says, to a fault",
        "assumed 2 a process that does not come back: it is away until the load ends, and then starts again so that all settle",
        "assumed 2 a bridge is a cloudlet like all others",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
      ]
    `);
    const scenario = readScenario(written, { file: "written.yaml" });
    expect(scenario.kind === "invalid" ? scenario.problems : []).toEqual([]);
  });

  const at = (line: string): string => experiment(services, links, line);
  test.each([
    ["no links", "<experiment><services/></experiment>", "1:1: expected links in this experiment, found none"],
    ["services twice", "<experiment><services/><services/><links/></experiment>", "1:24: expected one services here"],
    ["another block", experiment("", "").replace("<bridges>", "<x/><bridges>"), "expected services, bridges, links"],
    ["no service", experiment("", "").replace(/<bridges>.*<\/bridges>/u, ""), "expected at least one service that"],
    ["a service without a name", experiment("<service/>", ""), "4:1: expected a name of this service, found none"],
    [
      "a name twice",
      experiment(`<service name="s1"/>`, ""),
      `6:10: expected a name that nothing else has, found "s1" again; give each its own`,
    ],
    [
      "half a replica",
      experiment(`<service name="a" replicas="1.5"/>`, ""),
      `replicas: expected a whole number from 1`,
    ],
    [
      "an unknown end",
      experiment(services, `<link origin="shop" dest="mars" latency="1" upload="1Mbps" network="n"/>`),
      `9:1: expected as dest the name of a service or a bridge, found "mars"; name one`,
    ],
    [
      "a latency below nothing",
      experiment(services, links.replace("20.5", "-20")),
      `10:1: latency: expected a latency in ms from 0 up, without a unit, found "-20"; mend it`,
    ],
    [
      "an unknown unit",
      experiment(services, links.replace("5Mbps", "5MBps")),
      `upload: expected a bandwidth such as 100Mbps, found "5MBps"; mend it`,
    ],
    [
      "a link without a latency",
      experiment(services, links.replace('latency="5"', "")),
      "expected latency of this link",
    ],
    [
      "a time below nothing",
      at(`<schedule name="shop" time="-1" action="join"/>`),
      "14:1: time: expected seconds from 0",
    ],
    ["no time", at(`<schedule name="shop" action="join"/>`), `time: expected seconds from 0 up to a year`],
    ["an unknown action", at(`<schedule name="shop" time="1" action="sing"/>`), `found "sing"; mend it`],
    [
      "a crash of nobody",
      at(`<schedule name="store" time="1" action="crash" amount="3"/>`),
      "14:1: expected at least 3 of store that can crash then, found 2; mend the schedule",
    ],
    [
      "a change of no link",
      at(`<schedule origin="shop" dest="store" time="1" upload="1Mbps"/>`),
      "14:1: expected a link between shop and store, found none",
    ],
    ["a line about nothing", at(`<schedule time="1"/>`), "expected a name with an action, or an origin and a dest"],
    ["declared entities", `<!DOCTYPE e [<!ENTITY a "b">]>\n<experiment/>`, "expected no entities that the document"],
    ["another document", "<svg/>", "1:1: expected experiment as the outermost element, found svg"],
  ])("%s is refused with its place", (_, text, expected) => {
    expect(said(text, { format: "kollaps" }).join("\n")).toContain(expected);
  });
});
