// TopoHub's JSON (node-link form, as networkx writes it): nodes with a name and a position, edges with their length in km. Its Gabriel graphs
// lie on a plane measured in km; those that imitate real networks have positions in degrees, which say no more than the lengths do.
//
// Leaves out demands and statistics, which are told as dropped.

import type { Fidelity } from "./fidelity.ts";
import { type MapEdge, type MapNode, unknownWay } from "./map.ts";
import { KM_MAX } from "./measures.ts";
import { type MapOutcome, refused, type TextPlace } from "./outcome.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Is this JSON in node-link form? */
export function isNodeLink(document: unknown): boolean {
  return isMap(document) && Array.isArray(document["nodes"]) && Array.isArray(document["edges"] ?? document["links"]);
}

/** Reads it. `placeOf`: where the text says what stands at this path. */
export function readTopoHub(
  document: unknown,
  placeOf: (path: readonly (string | number)[]) => TextPlace,
  fidelity: Fidelity,
): MapOutcome {
  if (!isMap(document))
    return refused(placeOf([]), "expected a map with nodes and edges, found something else; is this node-link JSON?");
  const listed = document["nodes"];
  const edgesKey = document["edges"] === undefined ? "links" : "edges";
  const joined = document[edgesKey];
  if (!Array.isArray(listed) || listed.length === 0) {
    return refused(
      placeOf(["nodes"]),
      "expected a list of nodes that is not empty at nodes; name a file that has some",
    );
  }
  if (!Array.isArray(joined))
    return refused(placeOf([]), "expected a list of edges at edges (or links), found none; add it");
  const numbers = new Map<string, number>();
  const nodes: MapNode[] = [];
  for (const [at, node] of listed.entries()) {
    const id = isMap(node) ? idOf(node["id"]) : null;
    if (id === null || !isMap(node))
      return refused(placeOf(["nodes", at]), `expected a node with an id, found none; give it one`);
    if (numbers.has(id))
      return refused(placeOf(["nodes", at, "id"]), `expected an id of its own, found ${id} again; give each its own`);
    numbers.set(id, nodes.length);
    nodes.push({ id, label: typeof node["name"] === "string" ? node["name"] : null, place: null, upper: null });
  }
  const edges: MapEdge[] = [];
  for (const [at, edge] of joined.entries()) {
    const ends = ["source", "target"].map((end) => (isMap(edge) ? numbers.get(idOf(edge[end]) ?? "") : undefined));
    const [a, b] = ends;
    if (a === undefined || b === undefined || !isMap(edge)) {
      const end = a === undefined ? "source" : "target";
      const found = isMap(edge) ? JSON.stringify(edge[end] ?? null) : JSON.stringify(edge);
      return refused(
        placeOf([edgesKey, at, end]),
        `expected the id of a node, found ${found}; name one, or leave the edge out`,
      );
    }
    const km = edge["dist"];
    if (km !== undefined && (typeof km !== "number" || !(km >= 0 && km <= KM_MAX))) {
      return refused(
        placeOf([edgesKey, at, "dist"]),
        `expected a length in km from 0 to ${KM_MAX}, found ${JSON.stringify(km)}; mend it, or leave it out`,
      );
    }
    edges.push({ a, b, forth: unknownWay, back: null, km: km ?? null });
  }
  fidelity.note(
    "converted",
    "a length in km, to a delay over fibre",
    null,
    edges.filter(({ km }) => km !== null).length,
  );
  const graph = isMap(document["graph"]) ? document["graph"] : {};
  if (isMap(graph["demands"]) && Object.keys(graph["demands"]).length > 0)
    fidelity.note("dropped", "demands between nodes");
  if (graph["stats"] !== undefined) fidelity.note("dropped", "statistics of the graph");
  fidelity.note(
    "dropped",
    "a position on the plane, since lengths are given",
    null,
    listed.filter((node) => isMap(node) && node["pos"] !== undefined).length,
  );
  return { kind: "map", map: { name: typeof graph["name"] === "string" ? graph["name"] : null, nodes, edges } };
}

function idOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
