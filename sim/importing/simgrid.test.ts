// SimGrid's platforms, sound and broken: what becomes of them, and what is said, at which place.

import { describe, expect, test } from "vitest";
import { buildTopology } from "../../model/topology/build.ts";
import { importText, type ImportOptions } from "./import-text.ts";

function imported(text: string, options: ImportOptions = {}) {
  const outcome = importText(text, options);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  const { cloudlets, links } = outcome.topology;
  const scopes = [{ name: "state", prefix: "state/" }];
  expect(buildTopology({ cloudlets, links, flows: [], scopes }).kind).toBe("topology");
  return {
    format: outcome.format,
    links: links.map(({ a, b, forth, back }) => {
      const ways = [forth, back ?? forth].map(({ delay, bandwidth = "" }) => `${delay} ${bandwidth}`);
      return `${a} ${b}: ${ways[0]}${back === undefined ? "" : `, back ${ways[1]}`}`;
    }),
    told: outcome.notes.map(({ kind, count, what }) => `${kind} ${count} ${what}`),
  };
}

function said(text: string, options: ImportOptions = {}): string {
  const outcome = importText(text, options);
  return outcome.kind === "imported"
    ? "imported"
    : outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join("\n");
}

const platform = (inside: string, version = "4.1"): string => `<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="${version}">
${inside}
</platform>
`;
const zone = (inside: string, routing = "Full"): string =>
  platform(`<zone id="world" routing="${routing}">\n${inside}\n</zone>`);
const hosts = (...names: readonly string[]): string => names.map((name) => `<host id="${name}" speed="1Gf"/>`).join("");
const route = (from: string, to: string, links: readonly string[], attributes = ""): string =>
  `<route src="${from}" dst="${to}"${attributes}>${links.map((link) => `<link_ctn ${link.includes("=") ? link : `id="${link}"`}/>`).join("")}</route>`;

describe("routes", () => {
  const text = zone(`
<prop id="author" value="somebody"/>
<host id="north" speed="1Gf" core="4"><disk id="d" read_bw="1MBps" write_bw="1MBps"/><prop id="ram" value="1"/></host>
<host id="south 1" speed="1Gf" state_file="south.profile"/>
<host id="west" speed="1Gf"/>
<router id="middle"/>
<link id="a" bandwidth="125MBps" latency="10ms" sharing_policy="SPLITDUPLEX"/>
<link id="b" bandwidth="1Gbps" latency="0.0025"/>
<link id="c" bandwidth="2MiBps" latency="0" sharing_policy="FATPIPE" bandwidth_file="c.profile"/>
<link id="up" bandwidth="10kbps" latency="1500us"/><link id="down" bandwidth="100kbps" latency="500ns"/>
<link id="own" bandwidth="1GBps" latency="15us" sharing_policy="FATPIPE"/>
${route("north", "north", ["own"])}
${route("north", "middle", [`id="a" direction="UP"`])}
${route("middle", "south 1", ["b"])}
${route("north", "south 1", [`id="a" direction="UP"`, "b"])}
${route("west", "middle", ["up"], ` symmetrical="NO"`)}${route("middle", "west", ["down"], ` symmetrical="no"`)}
${route("north", "west", ["c", "a_UP", "b"])}`);

  test("those of one link are edges, those of several only where no others lead along them, and all that was done is told", () => {
    const { format, links, told } = imported(text);
    expect(format).toBe("simgrid");
    expect(links).toEqual([
      "middle north: 10000 1000000000",
      "middle south-1: 2500 1000000000",
      "middle west: 1 100000, back 1500 10000",
      "north west: 12500 16777216",
    ]);
    expect(told).toMatchInlineSnapshot(`
      [
        "dropped 2 a property, which programs read",
        "dropped 3 what a host computes with (speed, core, pstate)",
        "dropped 1 a disk",
        "dropped 2 a profile whose file is not beside this one: what changes with time",
        "assumed 1 a router is a cloudlet like all others",
        "dropped 1 a route of a host with itself",
        "dropped 1 a route of several links, since routes of one link each lead along them",
        "converted 1 a route of several links, to one edge: latencies add up, the least bandwidth counts",
        "assumed 2 a link that several edges share: here each has one like it to itself",
        "assumed 1 a link that flows do not share (FATPIPE): here those of one edge share it",
        "assumed 1 latencies and bandwidths as they are written, where SimGrid's own model (LV08) takes 13.01 times the latency and 0.97 of the bandwidth",
        "converted 1 a label with blanks or marks that names do not have, to one without",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
        "read 4 a node",
        "read 3 an edge, as a link of the tree",
        "read 1 an edge, as a spare link",
      ]
    `);
  });

  test("of SimGrid's own model latencies are 13.01 times as long, and bandwidths 0.97 of what is written, where that is asked", () => {
    const { links, told } = imported(text, { simgridLatency: "lv08" });
    expect(links.slice(0, 3)).toEqual([
      "middle north: 130100 970000000",
      "middle south-1: 32525 970000000",
      "middle west: 7 97000, back 19515 9700",
    ]);
    expect(told).toContain(
      "converted 4 a latency times 13.01 and a bandwidth times 0.97, as SimGrid's model LV08 has them",
    );
    expect(told.join("\n")).not.toContain("as they are written");
  });
});

describe("zones", () => {
  test("are joined by their gateways, and a cluster is hosts around a router", () => {
    const { links, told } = imported(
      platform(`<zone id="world" routing="Full">
<cluster id="c" prefix="n" suffix=".org" radical="0-1,7" speed="1Gf" bw="125MBps" lat="50us" bb_bw="1GBps" bb_lat="500us" loopback_bw="1GBps" loopback_lat="0"/>
<cluster id="d" prefix="m" suffix="" radical="3" speed="1Gf" bw="1Gbps" lat="1ms" limiter_link="0.5Gbps" router_id="gate"/>
<AS id="inner" routing="Floyd">${hosts("far")}</AS>
<link id="wan" bandwidth="10Mbps" latency="20ms"/><link id="wan2" bandwidth="8Mbps" latency="1ms"/>
<zoneRoute src="c" dst="d" gw_src="nc_router.org" gw_dst="gate"><link_ctn id="wan"/></zoneRoute>
<ASroute src="d" dst="inner" gw_src="gate" gw_dst="far"><link_ctn id="wan"/><link_ctn id="wan2"/></ASroute>
<bypassZoneRoute src="c" dst="d" gw_src="nc_router.org" gw_dst="gate"><link_ctn id="wan2"/></bypassZoneRoute>
</zone>`),
    );
    expect(links).toEqual([
      "gate nc_router.org: 20000 10000000",
      "nc_router.org n0.org: 550 1000000000",
      "nc_router.org n1.org: 550 1000000000",
      "nc_router.org n7.org: 550 1000000000",
      "gate m3: 1000 500000000",
      "gate far: 21000 8000000",
    ]);
    expect(told).toMatchInlineSnapshot(`
      [
        "converted 2 a cluster, to its hosts and the router that joins them",
        "dropped 3 a route of a host with itself",
        "assumed 1 the backbone of a cluster is part of each host's link: from host to host it is passed twice, and hosts do not share it",
        "dropped 3 what a host computes with (speed, core, pstate)",
        "dropped 1 a route that is taken instead of others (bypass)",
        "converted 1 a route of several links, to one edge: latencies add up, the least bandwidth counts",
        "assumed 2 a link that several edges share: here each has one like it to itself",
        "assumed 2 a link whose two directions share its bandwidth (SHARED): here each has it to itself",
        "assumed 1 latencies and bandwidths as they are written, where SimGrid's own model (LV08) takes 13.01 times the latency and 0.97 of the bandwidth",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
        "read 7 a node",
        "read 6 an edge, as a link of the tree",
      ]
    `);
  });

  test("with the routing Cluster have hosts with links of their own, cabinets and a backbone", () => {
    const { links, told } = imported(
      zone(
        `<cabinet id="x" prefix="h" suffix="" radical="1-2" speed="1Gf" bw="125MBps" lat="100us"/>
${hosts("k", "l")}<link id="one_UP" bandwidth="1Mbps" latency="1ms"/><link id="one_DOWN" bandwidth="2Mbps" latency="2ms"/>
<link id="two" bandwidth="3Mbps" latency="3ms" sharing_policy="SPLITDUPLEX"/>
<host_link id="k" up="one_UP" down="one_DOWN"/><host_link id="l" up="two_UP" down="two_DOWN"/>
<backbone id="spine" bandwidth="2.5Mbps" latency="500us"/>`,
        "Cluster",
      ),
    );
    expect(links).toEqual([
      "world k: 2500 2000000, back 1500 1000000",
      "world l: 3500 2500000",
      "world h1: 600 2500000",
      "world h2: 600 2500000",
    ]);
    expect(told.slice(0, 4)).toMatchInlineSnapshot(`
      [
        "dropped 3 what a host computes with (speed, core, pstate)",
        "assumed 1 a router amid a cluster that has none",
        "converted 1 a cabinet, to its hosts",
        "assumed 1 the backbone of a cluster is part of each host's link: from host to host it is passed twice, and hosts do not share it",
      ]
    `);
  });

  test("with coordinates join each two: the distance on the plane, plus both heights", () => {
    const { links } = imported(
      zone(
        `<peer id="p" coordinates="0 0 1" speed="1Gf" bw_in="2MBps" bw_out="1MBps"/>
<peer id="q" coordinates="3 4 -2" speed="1Gf" bw_in="4MBps" bw_out="3MBps"/><router id="r" coordinates="0 4 0.5"/>`,
        "Vivaldi",
      ),
    );
    expect(links).toEqual([
      "r p: 5500 16000000, back 5500 8000000",
      "r q: 5500 32000000, back 5500 24000000",
      "p q: 8000 8000000, back 8000 16000000",
    ]);
  });
});

describe("profiles", () => {
  const files: Readonly<Record<string, string>> = {
    "p/off.state": "# a comment\n5 0\n7.5 1\n10 0\n",
    "p/slow.latency": "2 0.02\n4 0.01\n",
    "p/thin.bandwidth": "% bytes\n2 125000\n3 0\n6 1250000\nLOOPAFTER 2\n",
    "p/drawn.state": "STOCHASTIC\nDET 1 DET 0\n",
    "p/back.state": "5 0\n4 1\n",
    "p/word.state": "5 off\n",
  };
  const fileOf = (path: string): string | null => files[path] ?? null;
  const pair = (host: string, link: string, more = ""): string =>
    platform(`${more}<zone id="world" routing="Full">
<host id="a" speed="1Gf"/><host id="b" speed="1Gf" ${host}/>
<link id="there" bandwidth="10Mbps" latency="10ms" ${link}/><link id="here" bandwidth="10Mbps" latency="10ms"/>
${route("a", "b", ["there"], ` symmetrical="NO"`)}${route("b", "a", ["here"], ` symmetrical="NO"`)}
</zone>${more === "" ? "" : `<trace_connect kind="LINK_AVAIL" trace="t" element="here"/><trace_connect kind="HOST_AVAIL" trace="t" element="b"/>`}`);

  function befalls(text: string): readonly string[] {
    const outcome = importText(text, { root: "a", fileOf });
    if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
    const { links, events } = outcome.topology;
    return [
      ...links.map(({ forth, back }) => JSON.stringify([forth, back])),
      ...events.map((event) => JSON.stringify(event)),
      ...outcome.notes.map(({ kind, what }) => `${kind} ${what}`).filter((note) => note.includes("profile")),
    ];
  }

  test("in files beside it become faults, and edges have the best that they ever have", () => {
    expect(
      befalls(
        pair(
          `state_file="p/off.state" speed_file="p/off.state"`,
          `state_file="p/drawn.state" latency_file="p/slow.latency" bandwidth_file="p/thin.bandwidth"`,
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "[{"delay":10000,"bandwidth":10000000},null]",
        "{"kind":"crash","site":"b","at":5000000,"after":2500000}",
        "{"kind":"crash","site":"b","at":10000000,"after":null}",
        "{"kind":"degrade","a":"a","b":"b","worse":{"delay":10000,"jitter":null,"loss":null,"bandwidth":1000000},"from":2000000,"until":3000000}",
        "{"kind":"degrade","a":"a","b":"b","worse":{"delay":10000,"jitter":null,"loss":1000000,"bandwidth":1},"from":3000000,"until":4000000}",
        "{"kind":"degrade","a":"a","b":"b","worse":{"delay":null,"jitter":null,"loss":1000000,"bandwidth":1},"from":4000000,"until":6000000}",
        "dropped a profile of what a host computes with",
        "dropped a profile whose times or values are drawn",
        "assumed a profile that begins again and again: it is played once",
        "converted what a profile says, to a fault",
      ]
    `);
  });

  test("inside of it do the same, and one direction alone that is off loses everything", () => {
    const text = pair("", `state_file="p/none.state"`, `<trace id="t" periodicity="60">\n1 0\n3 1\n</trace>\n`);
    expect(befalls(text)).toMatchInlineSnapshot(`
      [
        "[{"delay":10000,"bandwidth":10000000},null]",
        "{"kind":"crash","site":"b","at":1000000,"after":2000000}",
        "{"kind":"degrade","a":"b","b":"a","worse":{"delay":null,"jitter":null,"bandwidth":null,"loss":1000000},"from":1000000,"until":3000000}",
        "dropped a profile whose file is not beside this one: what changes with time",
        "assumed a profile that begins again and again: it is played once",
        "converted what a profile says, to a fault",
      ]
    `);
  });

  test.each([
    [
      "p/back.state",
      `6:1: state_file p/back.state, line 2: expected times that do not go backwards, found "4 1"; mend it`,
    ],
    ["p/word.state", `line 1: expected a time in seconds and a value from 0 up, found "5 off"; mend it`],
  ])("%s is refused with its line", (path, expected) => {
    expect(said(pair("", `state_file="${path}"`), { fileOf })).toContain(expected);
  });

  test.each([
    [`<trace_connect trace="u" element="b"/>`, `expected as trace the id of a trace, found "u"; name one`],
    [
      `<trace id="u" periodicity="0">1 0</trace><trace_connect kind="POWER" trace="u" element="b"/>`,
      `found "POWER"; name one`,
    ],
    [
      `<trace id="u" periodicity="0">1 0</trace><trace_connect trace="u" element="c"/>`,
      `expected as element the id of a host`,
    ],
  ])("%s is refused", (inside, expected) => {
    expect(said(pair("", "", inside))).toContain(expected);
  });
});

describe("what is wrong is refused with its place:", () => {
  const pair = `${hosts("a", "b")}\n<link id="l" bandwidth="1Gbps" latency="1ms"/>\n`;
  const cluster = `<cluster id="c" prefix="n" suffix="" radical="0-1" speed="1Gf" bw="125MBps" lat="50us"/>`;
  test.each([
    [
      "an old version",
      platform("", "3"),
      "3:1: expected a platform of version 4 or 4.1, found 3; write the file anew with simgrid_update_xml",
    ],
    ["a version to come", platform("", "5"), "found 5; write it for version 4.1"],
    [
      "no version",
      `<platform><AS id="a" routing="Full"/></platform>`,
      "1:1: expected a platform of version 4 or 4.1, found none",
    ],
    [
      "no host",
      platform(""),
      "3:1: expected at least one host in this platform, found none; name a file that has some",
    ],
    ["hosts without routes", zone(pair), "1:1: expected two nodes that are joined by an edge, found none"],
    ["a host outside of zones", platform(hosts("a")), "4:1: expected a zone or a cluster here, found host"],
    [
      "an unknown part",
      zone("<satellite/>"),
      "5:1: expected a part of a zone here, such as host, link or route, found satellite",
    ],
    ["an include", platform(`<include file="x.xml"/>`), "expected a zone or a cluster here, found include"],
    [
      "an unknown routing",
      zone(pair, "RuleBased"),
      `4:1: expected as routing one of Full, Floyd, Dijkstra, DijkstraCache, Cluster, Vivaldi, None, found "RuleBased"; name one`,
    ],
    [
      "a radio network",
      zone(pair, "Wifi"),
      "a radio network has no links that can be told apart: write it as hosts and links",
    ],
    ["a host without an id", zone(`<host speed="1Gf"/>`), "5:1: expected an id of this host, found none; give it one"],
    [
      "a host twice",
      zone(`${hosts("a")}\n${hosts("a")}`),
      `6:1: expected a name that no other host or router has, found "a" again; give each its own`,
    ],
    [
      "a link twice",
      zone(`${pair}<link id="l" bandwidth="1Gbps"/>`),
      `7:1: expected an id that no other link has, found "l" again`,
    ],
    [
      "a zone twice",
      zone(`<zone id="world" routing="Full"/>`),
      `5:1: expected an id that no other zone has, found "world" again`,
    ],
    [
      "a link without a bandwidth",
      zone(`<link id="l" latency="1ms"/>`),
      "5:1: expected a bandwidth of this link, found none; give it",
    ],
    [
      "a latency below nothing",
      zone(`<link id="l" bandwidth="1Gbps" latency="-1ms"/>`),
      `5:1: latency: expected a latency from 0 up, such as 10ms, found "-1ms"; mend it`,
    ],
    [
      "an unknown unit",
      zone(`<link id="l" bandwidth="1Gbit" latency="1ms"/>`),
      `5:1: bandwidth: expected a bandwidth up to 1 Pbps, such as 125MBps (bytes) or 1Gbps (bits), found "1Gbit"; mend it`,
    ],
    [
      "an unknown policy",
      zone(`<link id="l" bandwidth="1Gbps" sharing_policy="MINE"/>`),
      `sharing_policy: expected SHARED, SPLITDUPLEX or FATPIPE, found "MINE"; write one of them`,
    ],
    [
      "an unknown end",
      zone(pair + route("a", "c", ["l"])),
      `7:1: expected as dst the id of a host or a router, found "c"; name one`,
    ],
    [
      "an unknown link",
      zone(pair + route("a", "b", ["m"])),
      `7:24: expected as id the id of a link, found "m"; name one`,
    ],
    [
      "half a link that is whole",
      zone(pair + route("a", "b", ["l_UP"])),
      `expected as id the id of a link, found "l_UP"; name one`,
    ],
    [
      "a direction of a link without",
      zone(pair + route("a", "b", [`id="l" direction="DOWN"`])),
      "expected no direction, since link l is not SPLITDUPLEX, found DOWN; take it away",
    ],
    [
      "a route over nothing",
      zone(pair + route("a", "b", [])),
      "7:1: expected at least one link_ctn in this route, found none; name its links",
    ],
    [
      "half a symmetry",
      zone(pair + route("a", "b", ["l"], ` symmetrical="half"`)),
      `7:1: symmetrical: expected YES or NO, found "half"; write one of them`,
    ],
    [
      "a route to an unknown zone",
      zone(`${pair}<zoneRoute src="world" dst="moon" gw_src="a" gw_dst="b"><link_ctn id="l"/></zoneRoute>`),
      `7:1: expected as dst the id of a zone or a cluster, found "moon"; name one`,
    ],
    [
      "a gateway that is none",
      zone(`${pair}<zoneRoute src="world" dst="world" gw_src="a" gw_dst="z"><link_ctn id="l"/></zoneRoute>`),
      `expected as gw_dst the id of a host or a router, found "z"; name one`,
    ],
    [
      "a gateway of another zone",
      zone(
        `<zone id="z" routing="Full">${hosts("a")}</zone><zone id="y" routing="Full"><zone id="x" routing="Full">${hosts("b")}</zone></zone>
<link id="l" bandwidth="1Gbps"/><zoneRoute src="z" dst="y" gw_src="b" gw_dst="b"><link_ctn id="l"/></zoneRoute>`,
      ),
      `6:33: expected as gw_src a host or a router in zone z, found "b" in zone x; name one that lies there`,
    ],
    [
      "a radical that runs back",
      zone(cluster.replace("0-1", "5-1")),
      `5:1: radical: expected numbers such as 0-9,12, found "5-1"; mend it`,
    ],
    [
      "a radical without end",
      zone(cluster.replace("0-1", "0-999999999")),
      "radical: expected at most 100000 hosts, found more; let there be fewer",
    ],
    [
      "a torus",
      zone(cluster.replace("/>", ` topology="TORUS" topo_parameters="2,1"/>`)),
      `5:1: expected a cluster of topology FLAT, found "TORUS", whose routes follow from rules; write it out`,
    ],
    [
      "a cluster without a bandwidth",
      zone(cluster.replace(`bw="125MBps"`, "")),
      "5:1: expected bw of this cluster, found none; give it",
    ],
    [
      "a cabinet on its own",
      zone(`<cabinet id="x" radical="1"/>`),
      "5:1: expected cabinet in a zone with the routing Cluster, found it in another; put it there",
    ],
    [
      "two routers amid a cluster",
      zone(`<router id="r"/>\n<router id="s"/>`, "Cluster"),
      "6:1: expected one router in a zone with the routing Cluster, found another; take one away",
    ],
    [
      "a peer elsewhere",
      zone(`<peer id="p"/>`),
      "5:1: expected a peer in a zone with the routing Vivaldi, found it in another; make it a host",
    ],
    [
      "coordinates that are none",
      zone(`<host id="p" coordinates="1 north"/>`, "Vivaldi"),
      `5:1: expected three coordinates in ms, such as 25.5 9.4 1.4, found "1 north"; mend them`,
    ],
    [
      "a zone among coordinates",
      zone(`<zone id="z" routing="Full"/>`, "Vivaldi"),
      "5:1: expected hosts, routers and peers in a zone with the routing Vivaldi, found zone; join zones with zoneRoute instead",
    ],
    [
      "a peer without a bandwidth",
      zone(`<peer id="p" coordinates="1 2 3" bw_in="1MBps"/>`, "Vivaldi"),
      "5:1: bw_out: expected a bandwidth",
    ],
  ])("%s", (_, text, expected) => {
    expect(said(text)).toContain(expected);
  });
});
