// Topologies of iFogSim: JSON with devices and what lies between them, and CSV with the places of devices. Both are trees: each device has one
// above it, one level higher up.
//
// Leaves out processors and memories, sensors and actuators, which are told as dropped. Bandwidths have no unit there, so that they are dropped, too.

import { type Duration, micros } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";
import { type MapEdge, type MapNode, unknownWay } from "./map.ts";
import { type ImportProblem, type MapOutcome, refused, type TextPlace } from "./outcome.ts";

type Fields = Readonly<Record<string, unknown>>;
type PlaceOf = (path: readonly (string | number)[]) => TextPlace;

interface Device {
  readonly at: number;
  readonly level: number;
  upper: number | null;
}

const LATENCY_MAX_MS = 3_600_000;
const others = new Set(["SENSOR", "ACTUATOR"]);

/** Reads its JSON. `placeOf`: where the text says what stands at this path. */
export function readIFogSim(document: unknown, placeOf: PlaceOf, fidelity: Fidelity): MapOutcome {
  const listed = isMap(document) ? document["nodes"] : null;
  const links = isMap(document) ? document["links"] : null;
  if (!Array.isArray(listed) || !Array.isArray(links))
    return refused(
      placeOf([]),
      "expected a map with the lists nodes and links, found others; is this a file of iFogSim?",
    );
  const problems: ImportProblem[] = [];
  const refuse = (path: readonly (string | number)[], message: string): void => {
    const { line, column } = placeOf(path);
    problems.push({ line, column, message });
  };
  const nodes: { id: string; label: string; place: null; upper: number | null }[] = [];
  const devices = new Map<string, Device | null>();
  for (const [at, node] of (listed as readonly unknown[]).entries()) {
    const name = isMap(node) ? node["name"] : null;
    if (!isMap(node) || typeof name !== "string" || name === "") {
      refuse(["nodes", at], "expected a node with a name, found none; give it one");
      continue;
    }
    if (devices.has(name)) {
      refuse(
        ["nodes", at, "name"],
        `expected a name of its own, found ${JSON.stringify(name)} again; give each its own`,
      );
      continue;
    }
    const { type, level } = node;
    if (typeof type === "string" && others.has(type)) {
      fidelity.note("dropped", "a sensor or an actuator: it holds no replica", name);
      devices.set(name, null);
      continue;
    }
    if (type !== "FOG_DEVICE") {
      refuse(
        ["nodes", at, "type"],
        `expected FOG_DEVICE, SENSOR or ACTUATOR, found ${JSON.stringify(type ?? null)}; write one`,
      );
      continue;
    }
    if (typeof level !== "number" || !Number.isSafeInteger(level) || level < 0) {
      refuse(
        ["nodes", at, "level"],
        `expected a whole level from 0 up, found ${JSON.stringify(level ?? null)}; write one`,
      );
      continue;
    }
    devices.set(name, { at: nodes.length, level, upper: null });
    nodes.push({ id: name, label: name, place: null, upper: null });
    if (node["upBw"] !== undefined || node["downBw"] !== undefined)
      fidelity.note("dropped", "upBw and downBw, which have no unit: links have no limit", name);
    if (node["mips"] !== undefined || node["ram"] !== undefined)
      fidelity.note("dropped", "what a device computes with (mips, ram)", name);
  }
  const edges: MapEdge[] = [];
  for (const [at, link] of (links as readonly unknown[]).entries()) {
    const path = ["links", at];
    if (!isMap(link)) {
      refuse(path, "expected a link with source, destination and latency, found something else; write one");
      continue;
    }
    const delay = latencyOf(link["latency"]);
    if (delay === null) {
      refuse(
        [...path, "latency"],
        `expected a latency in ms from 0 to ${LATENCY_MAX_MS}, found ${JSON.stringify(link["latency"] ?? null)}; mend it`,
      );
      continue;
    }
    const [source, destination] = ["source", "destination"].map((end) => {
      const found = devices.get(String(link[end]));
      if (found === undefined)
        refuse([...path, end], `expected the name of a node, found ${JSON.stringify(link[end] ?? null)}; name one`);
      return found;
    });
    if (source === undefined || destination === undefined) continue;
    if (source === null || destination === null) {
      fidelity.note("dropped", "a link of a sensor or an actuator");
      continue;
    }
    const isUpward = destination.level < source.level;
    const [lower, upper] = isUpward ? [source, destination] : [destination, source];
    if (upper.level + 1 !== lower.level) {
      refuse(
        path,
        `expected a link between two levels that follow one another, found levels ${source.level} and ${destination.level}; mend the levels`,
      );
      continue;
    }
    if (lower.upper !== null && lower.upper !== upper.at) {
      refuse(
        path,
        `expected one device above ${nodes[lower.at]?.label ?? ""}, found another one; leave one of the links out`,
      );
      continue;
    }
    lower.upper = upper.at;
    (nodes[lower.at] as { upper: number | null }).upper = upper.at;
    edges.push({ a: upper.at, b: lower.at, forth: { ...unknownWay, delay }, back: null, km: null });
  }
  if (problems.length === 0 && nodes.length === 0)
    refuse(["nodes"], "expected a node of type FOG_DEVICE, found none; name a file that has some");
  if (problems.length > 0) return { kind: "refused", problems: inOrder(problems) };
  fidelity.note("converted", "a latency in ms, to microseconds one way", null, edges.length);
  return { kind: "map", map: { name: null, nodes: nodes satisfies readonly MapNode[], edges } };
}

function latencyOf(value: unknown): Duration | null {
  const isSound = typeof value === "number" && value >= 0 && value <= LATENCY_MAX_MS;
  return isSound ? micros(Math.round(value * 1_000)) : null;
}

/** By place. */
export function inOrder(problems: readonly ImportProblem[]): readonly ImportProblem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
