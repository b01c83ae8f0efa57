// GraphML, as the Internet Topology Zoo writes it (Knight, Nguyen, Falkner, Bowden, Roughan: "The Internet Topology Zoo", IEEE JSAC 29(9),
// 2011): one graph, places of nodes in degrees, speeds of links in bits per second. Other GraphML is read as far as it says the same things.
//
// 1. What a node or edge says stands in `data` elements that name a `key`; the key says how it is called ("Latitude").
// 2. Edges have no latency: that follows from the places, later (become-topology.ts).
// 3. Directed graphs are read as undirected: a replication link leads both ways.
//
// Leaves out nested graphs, hyperedges and ports, which are told as dropped.

import type { Place } from "../topologies/distance.ts";
import type { Fidelity } from "./fidelity.ts";
import { type MapEdge, type MapNode, unknownWay } from "./map.ts";
import { BANDWIDTH_MAX } from "./measures.ts";
import { type ImportProblem, type MapOutcome, refused } from "./outcome.ts";
import { elementsNamed, type XmlElement } from "./xml.ts";

/** What is taken over of a node, and of an edge. */
const usedOfNodes = new Set(["label", "Latitude", "Longitude"]);
const usedOfEdges = new Set(["LinkSpeedRaw"]);
/** What says again in other words what is taken over. */
const sameAgain = new Set(["id", "key", "LinkSpeed", "LinkSpeedUnits", "LinkLabel"]);

type Said = ReadonlyMap<string, string>;

/** Reads a document whose root is `graphml`. */
export function readGraphMl(root: XmlElement, fidelity: Fidelity): MapOutcome {
  const graphs = elementsNamed(root, "graph");
  const [graph] = graphs;
  if (graph === undefined) return refused(root, "expected an element graph in graphml, found none; is the file whole?");
  if (graphs.length > 1) fidelity.note("dropped", "a graph after the first one of the file", null, graphs.length - 1);
  if (graph.attributes.get("edgedefault") === "directed") {
    fidelity.note("assumed", "edges are directed, and links lead both ways alike");
  }
  const keys = keysOf(root);
  const problems: ImportProblem[] = [];
  const numbers = new Map<string, number>();
  const nodes: MapNode[] = [];
  for (const element of elementsNamed(graph, "node")) {
    const id = element.attributes.get("id");
    if (id === undefined) {
      problems.push({
        line: element.line,
        column: element.column,
        message: "expected an id of this node, found none; give it one",
      });
      continue;
    }
    if (numbers.has(id)) {
      const message = `expected an id that no other node has, found ${JSON.stringify(id)} again; give each its own`;
      problems.push({ line: element.line, column: element.column, message });
      continue;
    }
    const said = saidOf(element, keys);
    noteUnused(said, usedOfNodes, "a node", fidelity);
    if (elementsNamed(element, "graph").length > 0) fidelity.note("dropped", "a graph inside a node", id);
    numbers.set(id, nodes.length);
    // The Zoo writes None where it knows no label.
    const label = said.get("label")?.trim() ?? "";
    nodes.push({
      id,
      label: label === "" || label === "None" ? null : label,
      place: placeOf(said, element, problems),
      upper: null,
    });
  }
  if (nodes.length === 0 && problems.length === 0) {
    return refused(graph, "expected at least one node in this graph, found none; name a file that has some");
  }
  const edges = edgesOf(graph, { keys, numbers, problems, fidelity });
  const hyper = elementsNamed(graph, "hyperedge").length;
  fidelity.note("dropped", "a hyperedge, which joins more than two nodes", null, hyper);
  if (problems.length > 0) return { kind: "refused", problems };
  const name = saidOf(graph, keys).get("Network")?.trim() ?? "";
  return { kind: "map", map: { name: name === "" ? null : name, nodes, edges } };
}

interface Reading {
  readonly keys: ReadonlyMap<string, string>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly problems: ImportProblem[];
  readonly fidelity: Fidelity;
}

function edgesOf(graph: XmlElement, { keys, numbers, problems, fidelity }: Reading): readonly MapEdge[] {
  const edges: MapEdge[] = [];
  for (const element of elementsNamed(graph, "edge")) {
    const ends = ["source", "target"].map((end): number | null => {
      const id = element.attributes.get(end);
      const found = id === undefined ? undefined : numbers.get(id);
      if (found !== undefined) return found;
      const what = id === undefined ? "nothing" : JSON.stringify(id);
      const message = `expected as ${end} the id of a node of this graph, found ${what}; name one, or leave the edge out`;
      problems.push({ line: element.line, column: element.column, message });
      return null;
    });
    const [a = null, b = null] = ends;
    if (a === null || b === null) continue;
    const said = saidOf(element, keys);
    noteUnused(said, usedOfEdges, "an edge", fidelity);
    edges.push({ a, b, forth: { ...unknownWay, bandwidth: speedOf(said, element, problems) }, back: null, km: null });
  }
  return edges;
}

/** What each key of data is called. */
function keysOf(root: XmlElement): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { attributes } of elementsNamed(root, "key")) {
    const id = attributes.get("id");
    if (id !== undefined) keys.set(id, attributes.get("attr.name") ?? id);
  }
  return keys;
}

function saidOf(element: XmlElement, keys: ReadonlyMap<string, string>): Said {
  const said = new Map<string, string>();
  for (const data of elementsNamed(element, "data")) {
    const key = data.attributes.get("key") ?? "";
    said.set(keys.get(key) ?? key, data.text);
  }
  return said;
}

function noteUnused(said: Said, used: ReadonlySet<string>, of: string, fidelity: Fidelity): void {
  for (const name of said.keys())
    if (!used.has(name) && !sameAgain.has(name)) fidelity.note("dropped", `what ${of} says of its ${name}`);
}

function placeOf(said: Said, { line, column }: XmlElement, problems: ImportProblem[]): Place | null {
  const [north, east] = [said.get("Latitude"), said.get("Longitude")];
  if (north === undefined && east === undefined) return null;
  const [latitude, longitude] = [numberIn(north), numberIn(east)];
  if (latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
    return { latitude, longitude };
  }
  const found = `${north ?? "nothing"} and ${east ?? "nothing"}`;
  const message = `expected a latitude from -90 to 90 and a longitude from -180 to 180, found ${found}; mend them, or leave both out`;
  problems.push({ line, column, message });
  return null;
}

// Bits per second.
function speedOf(said: Said, { line, column }: XmlElement, problems: ImportProblem[]): number | null {
  const text = said.get("LinkSpeedRaw");
  if (text === undefined) return null;
  const speed = numberIn(text);
  if (speed !== null && speed >= 1 && speed <= BANDWIDTH_MAX) return Math.round(speed);
  const message = `expected a speed in bits per second, up to 1 Pbps, found ${JSON.stringify(text)}; mend LinkSpeedRaw, or leave it out`;
  problems.push({ line, column, message });
  return null;
}

function numberIn(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
