// Documents of each format, sound and broken: what becomes of them, and what is said, at which place.

import { describe, expect, test } from "vitest";
import { importText, type ImportOptions } from "./import-text.ts";

const graphml = (inside: string, attributes = ""): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d1" for="node" attr.name="Latitude" attr.type="double"/><key id="d2" for="node" attr.name="Longitude" attr.type="double"/>
<key id="d3" for="node" attr.name="label" attr.type="string"/><key id="d4" for="edge" attr.name="LinkSpeedRaw" attr.type="double"/>
<graph edgedefault="undirected"${attributes}>
${inside}
</graph>
</graphml>
`;

const site = (id: string, label: string, place: readonly [number, number] | null): string => {
  const where = place === null ? "" : `<data key="d1">${place[0]}</data><data key="d2">${place[1]}</data>`;
  return `<node id="${id}"><data key="d3">${label}</data>${where}</node>`;
};

function imported(text: string, options: ImportOptions = {}) {
  const outcome = importText(text, options);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  return outcome;
}

function said(text: string, options: ImportOptions = {}): readonly string[] {
  const outcome = importText(text, options);
  return outcome.kind === "imported"
    ? ["imported"]
    : outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe("GraphML", () => {
  const ring = graphml(
    [
      site("0", "Praha 1", [50, 14]),
      site("1", "Brno", [49, 16]),
      site("2", "Brno", null),
      site("3", "Ostrava", [49.8, 18.2]),
      `<edge source="0" target="1"><data key="d4">1000000000</data></edge>`,
      `<edge source="1" target="2"/><edge source="2" target="3"/><edge source="3" target="0"/>`,
      `<edge source="0" target="1"/><edge source="3" target="3"/>`,
    ].join("\n"),
  );

  test("places become delays, a root is chosen, what closes a ring is a spare link, and all that was done is told", () => {
    const { format, topology, notes } = imported(ring);
    expect(format).toBe("graphml");
    expect(topology.cloudlets).toEqual([
      { name: "Brno" },
      { name: "Praha-1", upper: "Brno" },
      { name: "Brno-2", upper: "Brno" },
      { name: "Ostrava", upper: "Brno-2" },
    ]);
    // 182.3 km by the haversine formula; 1.5 / 200 ms for each.
    expect(topology.links.map(({ a, b, forth }) => `${a} ${b} ${forth.delay} ${forth.bandwidth ?? ""}`)).toEqual([
      "Brno Praha-1 1367 1000000000",
      "Brno Brno-2 684 ",
      "Brno-2 Ostrava 684 ",
      "Ostrava Praha-1 2262 ",
    ]);
    expect(topology.spareCount).toBe(1);
    expect(notes.map(({ kind, count, what }) => `${kind} ${count} ${what}`)).toMatchInlineSnapshot(`
      [
        "repaired 1 a node without a place: it is put amid its neighbours",
        "assumed 6 a delay from the distance: km x 1.5 / 200 km per ms, 50 us at least",
        "repaired 1 a further edge between the same two nodes: the fastest counts",
        "repaired 1 an edge of a node with itself: it is left out",
        "converted 1 a label with blanks or marks that names do not have, to one without",
        "repaired 1 a label that another node has, too: a number is added to the name",
        "assumed 1 who is above whom: the shortest ways from the root by delay",
        "read 4 a node",
        "read 3 an edge, as a link of the tree",
        "read 1 an edge, as a spare link",
      ]
    `);
  });

  test("the root may be named, and the tree follows", () => {
    expect(imported(ring, { root: "Ostrava" }).topology.cloudlets).toEqual([
      { name: "Ostrava" },
      { name: "Praha-1", upper: "Ostrava" },
      { name: "Brno-2", upper: "Ostrava" },
      { name: "Brno", upper: "Brno-2" },
    ]);
    expect(said(ring, { root: "Wien" })).toEqual([
      `1:1: expected one node called "Wien", found none; name a label or an id that one node has`,
    ]);
    expect(said(ring, { root: "Brno" })).toEqual([
      `1:1: expected one node called "Brno", found 2; name a label or an id that one node has`,
    ]);
  });

  test("of a map in pieces the largest is taken, or none where that is asked", () => {
    const pieces = graphml(
      `${["a", "b", "c", "d", "e"].map((id) => `<node id="${id}"/>`).join("")}<edge source="a" target="b"/><edge source="c" target="d"/><edge source="d" target="e"/>`,
    );
    expect(imported(pieces).topology.cloudlets.map(({ name }) => name)).toEqual(["d", "c", "e"]);
    expect(said(pieces, { pieces: "refuse" })).toEqual([
      "1:1: expected a map in one piece, found 2 of 3, 2 nodes; join them, or take the largest with --pieces largest",
    ]);
  });

  test("declared entities do not unfold", () => {
    const bomb = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>\n${graphml(`<node id="a"><data key="d3">&lol2;</data></node>`).split("\n").slice(1).join("\n")}`;
    expect(said(bomb, { format: "graphml" })[0]).toContain(
      "expected no entities that the document declares itself, found some",
    );
  });

  test.each([
    ["no graph", `<graphml/>`, "1:1: expected an element graph in graphml, found none; is the file whole?"],
    ["no node", graphml(""), "5:1: expected at least one node in this graph, found none; name a file that has some"],
    ["cut short", ring.slice(0, 700), "expected well-formed XML"],
    [
      "another end",
      graphml(`<node id="a"></edge>`),
      `6:20: expected well-formed XML, found "unexpected close tag."; is the file whole?`,
    ],
    [
      "an unknown end",
      graphml(`<node id="a"/>\n<edge source="a" target="b"/>`),
      `7:1: expected as target the id of a node of this graph, found "b"; name one, or leave the edge out`,
    ],
    [
      "a name twice",
      graphml(`<node id="a"/>\n <node id="a"/>`),
      `7:2: expected an id that no other node has, found "a" again; give each its own`,
    ],
    [
      "one node",
      graphml(`<node id="a"/>`),
      "1:1: expected two nodes that are joined by an edge, found none; name a map that has some",
    ],
    [
      "a place off the earth",
      graphml(site("a", "x", [91, 0])),
      "6:1: expected a latitude from -90 to 90 and a longitude from -180 to 180, found 91 and 0; mend them, or leave both out",
    ],
    [
      "a speed that is none",
      graphml(`<node id="a"/><node id="b"/>\n<edge source="a" target="b"><data key="d4">fast</data></edge>`),
      `7:1: expected a speed in bits per second, up to 1 Pbps, found "fast"; mend LinkSpeedRaw, or leave it out`,
    ],
    [
      "a speed beyond all",
      graphml(`<node id="a"/><node id="b"/>\n<edge source="a" target="b"><data key="d4">1e300</data></edge>`),
      `7:1: expected a speed in bits per second, up to 1 Pbps, found "1e300"; mend LinkSpeedRaw, or leave it out`,
    ],
    ["nested without end", graphml("<node id='a'>".repeat(200)), "expected elements nested at most 100 deep"],
  ])("%s is refused with its place", (_, text, expected) => {
    expect(said(text, { format: "graphml" }).join("\n")).toContain(expected);
  });
});

test.each([
  ["graphml", ["1000000", "9000000", "4000000"]],
  ["graphml", ["", "9000000", "1000000"]],
  ["gml", ["1000000", "9000000", "4000000"]],
  ["gml", ["9000000", "", "4000000"]],
] as const)("of %s edges that are alike in delay the one of most bandwidth counts: %j", (format, speeds) => {
  const said = speeds.map((speed) =>
    format === "graphml"
      ? `<edge source="a" target="b">${speed === "" ? "" : `<data key="d4">${speed}</data>`}</edge>`
      : `edge [ source 0 target 1 ${speed === "" ? "" : `LinkSpeedRaw ${speed}`} ]`,
  );
  const text =
    format === "graphml"
      ? graphml(`<node id="a"/><node id="b"/>${said.join("")}`)
      : `graph [ directed 1 node [ id 0 ] node [ id 1 ] ${said.join(" ")} edge [ source 1 target 0 LinkSpeedRaw 9000000 ] ]`;
  expect(imported(text, { format }).topology.links.map(({ forth }) => forth.bandwidth)).toEqual([9_000_000]);
});

describe("node-link JSON", () => {
  const hub = {
    graph: { name: "3", demands: { a: 1 } },
    nodes: [
      { id: 0, name: "R0", pos: [1, 2] },
      { id: 1, name: "R1" },
      { id: 2, name: "R2" },
    ],
    edges: [
      { source: 0, target: 1, dist: 100 },
      { source: 1, target: 2, dist: 0 },
    ],
  };

  test("lengths become delays", () => {
    const { format, name, topology } = imported(JSON.stringify(hub));
    expect({ format, name }).toEqual({ format: "topohub", name: "3" });
    expect(topology.cloudlets).toEqual([{ name: "R1" }, { name: "R0", upper: "R1" }, { name: "R2", upper: "R1" }]);
    expect(topology.links.map(({ forth }) => forth.delay)).toEqual([750, 50]);
  });

  test.each([
    ["an unknown end", { ...hub, edges: [{ source: 0, target: 9 }] }, "1:156: expected the id of a node, found 9"],
    [
      "a negative length",
      { ...hub, edges: [{ source: 0, target: 1, dist: -1 }] },
      "expected a length in km from 0 to 1000000, found -1; mend it, or leave it out",
    ],
    [
      "a length beyond all",
      { ...hub, edges: [{ source: 0, target: 1, dist: 1e30 }] },
      "expected a length in km from 0 to 1000000, found 1e+30; mend it, or leave it out",
    ],
    [
      "an id twice",
      { ...hub, nodes: [{ id: 0 }, { id: 0 }] },
      "expected an id of its own, found 0 again; give each its own",
    ],
    ["no node", { ...hub, nodes: [] }, "expected a list of nodes that is not empty at nodes"],
    [
      "another map",
      { cells: [] },
      "expected a map with the lists nodes and edges (or links), found others; is this node-link JSON?",
    ],
  ])("%s is refused with its place", (_, document, expected) => {
    expect(said(JSON.stringify(document)).join("\n")).toContain(expected);
  });

  test("a text that is cut short is refused where it ends", () => {
    expect(said(JSON.stringify(hub).slice(0, 60))[0]).toMatch(/^1:\d+: expected JSON, found .*; is the file whole\?$/);
  });
});

describe("a table of latencies", () => {
  const table = "From/to,a,b,c\na,0,10,30\nb,12,0,10\nc,30,10,0\n";

  test("each direction has its own, and the tree is the one of shortest ways", () => {
    const { format, topology } = imported(table);
    expect(format).toBe("latencies");
    expect(topology.cloudlets).toEqual([{ name: "b" }, { name: "a", upper: "b" }, { name: "c", upper: "b" }]);
    expect(topology.links.map(({ a, b, forth, back }) => [a, b, forth.delay, back?.delay])).toEqual([
      ["b", "a", 12_000, 10_000],
      ["b", "c", 10_000, undefined],
      ["a", "c", 30_000, undefined],
    ]);
  });

  test("round trips are halved where they are said to be such", () => {
    expect(imported(table, { latencies: "round-trip" }).topology.links[1]?.forth.delay).toBe(5_000);
  });

  test.each([
    [
      "a latency below nothing",
      table.replace("30,10", "30,-10"),
      `4:6: expected milliseconds from 0 up to a year, found "-10"; mend the cell, or leave it empty`,
    ],
    [
      "a latency beyond all",
      table.replace("12", "1e300"),
      `3:3: expected milliseconds from 0 up to a year, found "1e300"; mend the cell, or leave it empty`,
    ],
    [
      "a word",
      table.replace("12", "far"),
      `3:3: expected milliseconds from 0 up to a year, found "far"; mend the cell, or leave it empty`,
    ],
    [
      "a name twice",
      table.replace("b,c", "b,b"),
      "1:13: expected a name of its own in column 4, found b again; give each site one",
    ],
    ["a row that is short", table.replace("b,12,0,10", "b,12"), "3:3: expected 4 cells as in the first row, found 2"],
    ["a row of nobody", table.replace("c,30", "d,30"), `4:1: expected the name of a column, found "d"; name one`],
    ["a quote without end", table.replace("30,10", `"30,10`), "expected a table of comma-separated values"],
  ])("%s is refused with its place", (_, text, expected) => {
    expect(said(text, { format: "latencies" }).join("\n")).toContain(expected);
  });
});

test("what is none of the formats is refused with all of them", () => {
  expect(said("hello\n")[0]).toContain("1:1: expected one of graphml (GraphML");
  expect(said("<svg/>")[0]).toContain("found none of them; name it with --format");
});

test.each(["", " \n", "\uFEFF"])("an empty text is refused as such, whatever format it is said to have: %j", (text) => {
  for (const options of [{}, { format: "enos" }, { format: "simgrid" }] as const)
    expect(said(text, options)).toEqual([
      "1:1: expected a map, found an empty file; was it loaded whole? Name one that has something in it",
    ]);
});

test("comments before a document do not hide what it is, however long they are", () => {
  const comment = `<!-- not an <experiment> -->\n<!-- ${"long ".repeat(2_000)}-->`;
  const text = `<?xml version="1.0"?>${comment}<platform version="4.1"><zone id="w" routing="Full"><host id="a"/><host id="b"/>
<link id="l" bandwidth="1Gbps"/><route src="a" dst="b"><link_ctn id="l"/></route></zone></platform>`;
  expect(imported(text).format).toBe("simgrid");
});

test("a document of Enos is told by its content, also where it is JSON on one line", () => {
  const testbed = {
    topology: { a: { c: { compute: 1 } }, b: { c: { compute: 1 } } },
    network_constraints: { default_delay: "5ms", default_rate: "1gbit" },
  };
  expect(imported(JSON.stringify(testbed)).format).toBe("enos");
  expect(imported(JSON.stringify(testbed, null, 2)).format).toBe("enos");
  expect(said(JSON.stringify({ ...testbed, network_constraints: 1 }))[0]).not.toContain("node-link JSON");
});
