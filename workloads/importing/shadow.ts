// GML graphs: those that Shadow is configured with (latency, jitter and loss of edges, bandwidth of hosts), and those of the Internet Topology
// Zoo and TopoHub (places, speeds, lengths).
//
// 1. Shadow knows no bandwidth of edges: each host has one up and one down. A link gets, each way, the lesser of what the sender may send and
//    what the receiver may receive. That is right for one link at a time: links of one host do not share what it has, which is told.
// 2. Of a directed graph two edges make the two ways of one link. One that has no way back is read as leading both ways, which is told.
// 3. An edge of a node with itself says how hosts at one place reach each other. A cloudlet is one host, so it is dropped.
// 4. A latency without a unit is in seconds, as Shadow had it.
//
// Leaves out where hosts are attached (codes of countries, addresses), which is told as dropped.

import { type Duration, micros } from "../../model/units.ts";
import type { Place } from "../topologies/distance.ts";
import type { Fidelity } from "./fidelity.ts";
import type { GmlEntry, GmlList } from "./gml.ts";
import type { MapEdge, MapNode, MapWay } from "./map.ts";
import {
  BANDWIDTH_MAX,
  DELAY_MAX,
  KM_MAX,
  measureIn,
  type MeasureRule,
  notMeasured,
  prefixedUnits,
} from "./measures.ts";
import { type OneWay, pairedWays } from "./one-way.ts";
import { type ImportProblem, type MapOutcome, refused, type TextPlace } from "./outcome.ts";

const usedOfNodes = new Set([
  "id",
  "label",
  "Latitude",
  "Longitude",
  "host_bandwidth_up",
  "host_bandwidth_down",
  "bandwidth_up",
  "bandwidth_down",
]);
const usedOfEdges = new Set(["source", "target", "latency", "jitter", "packet_loss", "LinkSpeedRaw", "dist"]);
/** What says again in other words what is taken over, or only names the edge. */
const sameAgain = new Set(["label", "key", "LinkSpeed", "LinkSpeedUnits", "LinkLabel"]);

const timeUnits = new Map(
  (
    [
      [1e-3, ["ns", "nanosecond", "nanoseconds"]],
      [1, ["us", "\u03bcs", "\u00b5s", "microsecond", "microseconds"]],
      [1_000, ["ms", "msec", "msecs", "millisecond", "milliseconds"]],
      [1_000_000, ["s", "sec", "secs", "second", "seconds"]],
      [60_000_000, ["m", "min", "mins", "minute", "minutes"]],
      [3_600_000_000, ["h", "hr", "hrs", "hour", "hours"]],
    ] as const
  ).flatMap(([factor, names]) => names.map((name): [string, number] => [name, factor])),
);
const timeRule = { units: timeUnits, bare: 1_000_000, least: 0, most: DELAY_MAX };
const latencyRule: MeasureRule = { ...timeRule, says: "a latency from 0 up in ns, us, ms or s, such as 10 ms" };
const jitterRule: MeasureRule = { ...timeRule, says: "a jitter from 0 up in ns, us, ms or s, such as 2 ms" };
const hostRule: MeasureRule = {
  says: "a bandwidth from 1 bit per second up, such as 100 Mbit",
  units: prefixedUnits({ bit: 1, bits: 1, B: 8, byte: 8, bytes: 8 }),
  bare: 1,
  least: 1,
  most: BANDWIDTH_MAX,
};
const speedRule: MeasureRule = {
  says: "a speed in bits per second",
  units: new Map(),
  bare: 1,
  least: 1,
  most: BANDWIDTH_MAX,
};
const lossRule: MeasureRule = {
  says: "a share of packets from 0 to 1",
  units: new Map(),
  bare: 1_000_000,
  least: 0,
  most: 1_000_000,
};
const lengthRule: MeasureRule = {
  says: "a length in km from 0 up",
  units: new Map(),
  bare: 1,
  least: 0,
  most: KM_MAX,
};

/** Bits per second; null where it is not said. */
interface Host {
  readonly up: number | null;
  readonly down: number | null;
}

interface Reading {
  readonly problems: ImportProblem[];
  readonly fidelity: Fidelity;
}

/** Reads the graph of a text. */
export function readGmlGraph(list: GmlList, fidelity: Fidelity): MapOutcome {
  const graphs = list.entries.flatMap(({ key, value }) =>
    key === "graph" && typeof value === "object" ? [value] : [],
  );
  const [graph] = graphs;
  if (graph === undefined) return refused(list, "expected graph [ ... ], found none; is the file whole?");
  fidelity.note("dropped", "a graph after the first one of the file", null, graphs.length - 1);
  const reading: Reading = { problems: [], fidelity };
  const { problems } = reading;
  const said = fieldsOf(graph, new Set(["directed"]), problems);
  const directed = said.get("directed");
  if (directed !== undefined && directed.value !== 0 && directed.value !== 1)
    problems.push(at(directed, `expected 0 or 1 as directed, found ${shown(directed)}; write one of them`));
  const numbers = new Map<string, number>();
  const nodes: MapNode[] = [];
  const hosts: Host[] = [];
  for (const { key, value, line, column } of graph.entries) {
    if (key !== "node") continue;
    if (typeof value !== "object") {
      problems.push({ line, column, message: "expected node [ ... ], found another value; put it in brackets" });
      continue;
    }
    const fields = fieldsOf(value, usedOfNodes, problems);
    const given = fields.get("id");
    const id = given === undefined ? null : textOf(given);
    if (id === null) {
      problems.push({ line, column, message: "expected an id of this node, found none; give it one" });
      continue;
    }
    if (numbers.has(id)) {
      const message = `expected an id that no other node has, found ${id} again; give each its own`;
      problems.push(at(given as GmlEntry, message));
      continue;
    }
    noteUnused(fields, usedOfNodes, "a node", fidelity);
    numbers.set(id, nodes.length);
    const label = fields.get("label");
    const name = (label === undefined ? "" : (textOf(label) ?? "")).trim();
    nodes.push({ id, label: name === "" ? null : name, place: placeOf(fields, problems), upper: null });
    hosts.push({
      up: measured(fields.get("host_bandwidth_up") ?? fields.get("bandwidth_up"), hostRule, problems),
      down: measured(fields.get("host_bandwidth_down") ?? fields.get("bandwidth_down"), hostRule, problems),
    });
  }
  if (nodes.length === 0 && problems.length === 0)
    return refused(graph, "expected at least one node in this graph, found none; name a file that has some");
  const drawn = drawnIn(graph, nodes, numbers, reading);
  if (problems.length > 0) return { kind: "refused", problems };
  const edges =
    directed?.value === 1 ? pairedWays(drawn, nodes, fidelity) : drawn.map((edge) => ({ ...edge, back: edge.way }));
  const isOfHosts = hosts.some(({ up, down }) => up !== null || down !== null);
  if (isOfHosts)
    fidelity.note(
      "assumed",
      "the bandwidth of a link: the lesser of what the sender may send and the receiver receive; links of one host do not share it",
      null,
      edges.length,
    );
  const name = [...said].find(([key]) => key === "Network" || key === "name" || key === "label")?.[1];
  const called = (name === undefined ? "" : (textOf(name) ?? "")).trim();
  return {
    kind: "map",
    map: {
      name: called === "" ? null : called,
      nodes,
      edges: edges.map(({ from, to, way, back, km }): MapEdge => {
        const forth = withHosts(way, hosts[from] as Host, hosts[to] as Host);
        const other = withHosts(back, hosts[to] as Host, hosts[from] as Host);
        const isAlike = back === way && forth.bandwidth === other.bandwidth;
        return { a: from, b: to, forth, back: isAlike ? null : other, km };
      }),
    },
  };
}

function drawnIn(
  graph: GmlList,
  nodes: readonly MapNode[],
  numbers: ReadonlyMap<string, number>,
  { problems, fidelity }: Reading,
): readonly OneWay[] {
  const drawn: OneWay[] = [];
  for (const { key, value, line, column } of graph.entries) {
    if (key !== "edge") continue;
    if (typeof value !== "object") {
      problems.push({ line, column, message: "expected edge [ ... ], found another value; put it in brackets" });
      continue;
    }
    const fields = fieldsOf(value, usedOfEdges, problems);
    const [from = null, to = null] = ["source", "target"].map((end): number | null => {
      const entry = fields.get(end);
      const id = entry === undefined ? null : textOf(entry);
      const found = id === null ? undefined : numbers.get(id);
      if (found !== undefined) return found;
      const what = entry === undefined ? "nothing" : shown(entry);
      const message = `expected as ${end} the id of a node of this graph, found ${what}; name one, or leave the edge out`;
      problems.push({ ...(entry === undefined ? { line, column } : placeIn(entry)), message });
      return null;
    });
    const way = wayOf(fields, problems, fidelity);
    const km = measured(fields.get("dist"), lengthRule, problems);
    if (from === null || to === null) continue;
    noteUnused(fields, usedOfEdges, "an edge", fidelity);
    if (from === to) {
      const what = "an edge of a node with itself, which tells how hosts at one place reach each other";
      fidelity.note("dropped", what, nodes[from]?.label ?? nodes[from]?.id);
      continue;
    }
    if (km !== null && way.delay === null) fidelity.note("converted", "a length in km, to a delay over fibre");
    drawn.push({ from, to, way, km });
  }
  return drawn;
}

function wayOf(fields: Fields, problems: ImportProblem[], fidelity: Fidelity): MapWay {
  const latency = fields.get("latency");
  const delay = timeOf(latency, latencyRule, problems);
  if (delay !== null) {
    const isBare = latency !== undefined && Number.isFinite(Number(textOf(latency)));
    const what = isBare ? "a latency without a unit, in seconds, to microseconds" : "a latency, to microseconds";
    fidelity.note("converted", what);
  }
  const jitter = timeOf(fields.get("jitter"), jitterRule, problems);
  if (jitter !== null && jitter > 0)
    fidelity.note("assumed", "jitter is added to the latency, drawn evenly from 0 up to it; Shadow passes over it");
  const loss = measured(fields.get("packet_loss"), lossRule, problems);
  if (loss !== null && loss > 0) fidelity.note("converted", "a share of packets that are lost, to parts per million");
  const bandwidth = measured(fields.get("LinkSpeedRaw"), speedRule, problems);
  return {
    delay,
    jitter,
    bandwidth: bandwidth === null ? null : Math.round(bandwidth),
    loss: loss === null ? null : Math.round(loss),
  };
}

function withHosts(way: MapWay, sender: Host, receiver: Host): MapWay {
  if (way.bandwidth !== null) return way;
  const known = [sender.up, receiver.down].flatMap((bandwidth) => bandwidth ?? []);
  return known.length === 0 ? way : { ...way, bandwidth: Math.round(Math.min(...known)) };
}

type Fields = ReadonlyMap<string, GmlEntry>;

// What is used may stand there once.
function fieldsOf({ entries }: GmlList, used: ReadonlySet<string>, problems: ImportProblem[]): Fields {
  const fields = new Map<string, GmlEntry>();
  for (const entry of entries) {
    if (!fields.has(entry.key)) fields.set(entry.key, entry);
    else if (used.has(entry.key))
      problems.push(at(entry, `expected one ${entry.key} here, found another; take one of them away`));
  }
  return fields;
}

function noteUnused(fields: Fields, used: ReadonlySet<string>, of: string, fidelity: Fidelity): void {
  for (const name of fields.keys())
    if (!used.has(name) && !sameAgain.has(name)) fidelity.note("dropped", `what ${of} says of its ${name}`);
}

function placeOf(fields: Fields, problems: ImportProblem[]): Place | null {
  const [north, east] = [fields.get("Latitude"), fields.get("Longitude")];
  const first = north ?? east;
  if (first === undefined) return null;
  const [latitude, longitude] = [degrees(north), degrees(east)];
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  const found = [north, east].map((entry) => (entry === undefined ? "nothing" : shown(entry))).join(" and ");
  const message = `expected a latitude from -90 to 90 and a longitude from -180 to 180, found ${found}; mend them, or leave both out`;
  problems.push(at(first, message));
  return null;
}

function degrees(entry: GmlEntry | undefined): number {
  const text = entry === undefined ? "" : (textOf(entry) ?? "").trim();
  return text === "" ? NaN : Number(text);
}

function timeOf(entry: GmlEntry | undefined, rule: MeasureRule, problems: ImportProblem[]): Duration | null {
  const value = measured(entry, rule, problems);
  return value === null ? null : micros(Math.round(value));
}

function measured(entry: GmlEntry | undefined, rule: MeasureRule, problems: ImportProblem[]): number | null {
  if (entry === undefined) return null;
  const text = textOf(entry);
  const value = text === null ? null : measureIn(text, rule);
  if (value === null) problems.push(at(entry, notMeasured(text ?? "[ ... ]", rule)));
  return value;
}

function textOf({ value }: GmlEntry): string | null {
  return typeof value === "object" ? null : String(value);
}

function shown(entry: GmlEntry): string {
  return typeof entry.value === "object" ? "a list" : JSON.stringify(entry.value);
}

function placeIn({ line, column }: GmlEntry): TextPlace {
  return { line, column };
}

function at(entry: GmlEntry, message: string): ImportProblem {
  return { ...placeIn(entry), message };
}
