// Kollaps's experiments: services, of which there may be replicas, bridges between them, links, and a schedule (kollaps-schedule.ts).
//
// 1. Each replica of a service and each bridge becomes a node: server with three replicas becomes server-1 to server-3, each with the links
//    that the service has.
// 2. Latency and jitter are in ms, one way. Upload is the bandwidth from origin to dest, download that of the way back. A link without a
//    download leads one way; two such make the two ways of one link, and one alone is told.
// 3. Services that supervise (dashboards, loggers) are no sites and are dropped.
//
// Leaves out images, commands and container networks, which are told as dropped.

import type { Fidelity } from "./fidelity.ts";
import { readSchedule, replicasJoined } from "./kollaps-schedule.ts";
import { type Group, groupOf, REPLICAS_MAX, type Said, waysBetween, waySaid, wholeOf } from "./kollaps-words.ts";
import type { MapNode } from "./map.ts";
import { type OneWay, pairedWays } from "./one-way.ts";
import { type ImportProblem, type MapOutcome, problemAt, refused } from "./outcome.ts";
import type { XmlElement } from "./xml.ts";

/** With all replicas. */
const NODES_MAX = 100_000;
const EDGES_MAX = 1_000_000;

/** Reads a document whose root is `experiment`. */
export function readKollaps(root: XmlElement, fidelity: Fidelity): MapOutcome {
  const problems: ImportProblem[] = [];
  const blocks = new Map<string, XmlElement>();
  for (const block of root.children) {
    if (blocks.has(block.name))
      problems.push(problemAt(block, `expected one ${block.name} here, found another; put both together`));
    else if (!["services", "bridges", "links", "dynamic"].includes(block.name))
      problems.push(
        problemAt(block, `expected services, bridges, links or dynamic, found ${block.name}; take it away`),
      );
    blocks.set(block.name, block);
  }
  const [services, links] = [blocks.get("services"), blocks.get("links")];
  if (services === undefined || links === undefined)
    return refused(
      root,
      `expected ${services === undefined ? "services" : "links"} in this experiment, found none; is the file whole?`,
    );
  const dynamic = blocks.get("dynamic") ?? null;
  const nodes: MapNode[] = [];
  const groups = new Map<string, Group>();
  const supervisors = new Set<string>();
  const add = (element: XmlElement, isBridge: boolean): void => {
    const name = element.attributes.get("name")?.trim() ?? "";
    if (name === "") {
      problems.push(problemAt(element, `expected a name of this ${element.name}, found none; give it one`));
      return;
    }
    if (groups.has(name) || supervisors.has(name)) {
      problems.push(
        problemAt(
          element,
          `expected a name that nothing else has, found ${JSON.stringify(name)} again; give each its own`,
        ),
      );
      return;
    }
    if (!isBridge && element.attributes.has("supervisor")) {
      supervisors.add(name);
      fidelity.note("dropped", "a service that supervises, which is no site", name);
      return;
    }
    const isReused = (element.attributes.get("reuse") ?? "true") === "true";
    const said = isBridge ? 1 : wholeOf(element, "replicas", REPLICAS_MAX, problems);
    const joined = isBridge ? null : replicasJoined(dynamic, name, isReused, problems);
    const count = Math.min(joined ?? said, REPLICAS_MAX);
    const isShared = element.attributes.get("share") === "true" && count > 1;
    if (isShared) fidelity.note("dropped", "a link that replicas share: here each has one of its own", name);
    if (nodes.length + count > NODES_MAX) {
      problems.push(
        problemAt(element, `expected at most ${NODES_MAX} replicas and bridges, found more; let there be fewer`),
      );
      return;
    }
    const members = Array.from({ length: count }, (_, index) => nodes.length + index);
    for (const index of members.keys()) {
      const label = count === 1 ? name : `${name}-${index + 1}`;
      nodes.push({ id: count === 1 ? name : `${name}:${index + 1}`, label, place: null, upper: null });
    }
    if (count > 1) fidelity.note("converted", "a service with replicas, to a node for each", name);
    groups.set(name, { name, members, isBridge, isReused, hasJoins: joined !== null });
  };
  for (const element of services.children)
    if (isNamed(element, "service", problems)) {
      add(element, false);
      if (element.attributes.has("image") || element.attributes.has("command"))
        fidelity.note("dropped", "the image and the command of a service");
    }
  for (const element of blocks.get("bridges")?.children ?? [])
    if (isNamed(element, "bridge", problems)) add(element, true);
  const drawn: OneWay[] = [];
  for (const element of links.children) {
    if (!isNamed(element, "link", problems)) continue;
    const [origin, dest] = [groupOf(element, "origin", groups, problems), groupOf(element, "dest", groups, problems)];
    const said = waySaid(element, problems);
    for (const needed of ["latency", "upload"])
      if (!element.attributes.has(needed))
        problems.push(problemAt(element, `expected ${needed} of this link, found none; give it`));
    if (origin === null || dest === null || said === null) continue;
    drawn.push(...waysBetween(origin, dest, said));
    if (drawn.length > EDGES_MAX)
      return refused(element, `expected at most ${EDGES_MAX} links between replicas, found more; let there be fewer`);
    noteWay(said, fidelity);
    if (element.attributes.has("network")) fidelity.note("dropped", "the container network of a link");
  }
  if (nodes.length === 0 && problems.length === 0)
    return refused(
      services,
      "expected at least one service that does not supervise, found none; name a file that has some",
    );
  const schedule = readSchedule(dynamic, { groups, supervisors, nodes, drawn, problems, fidelity });
  if (problems.length > 0) return { kind: "refused", problems };
  const edges = pairedWays(schedule.drawn, nodes, fidelity).map(({ from, to, way, back }) => ({
    a: from,
    b: to,
    forth: way,
    back: JSON.stringify(back) === JSON.stringify(way) ? null : back,
    km: null,
  }));
  fidelity.note(
    "assumed",
    "a bridge is a cloudlet like all others",
    null,
    [...groups.values()].filter(({ isBridge }) => isBridge).length,
  );
  return { kind: "map", map: { name: null, nodes, edges, events: schedule.events } };
}

function noteWay({ delay, jitter, loss }: Said, fidelity: Fidelity): void {
  if (delay !== null) fidelity.note("converted", "a latency in ms one way, to microseconds");
  if (jitter !== null && jitter > 0)
    fidelity.note(
      "assumed",
      "jitter is added to the latency, drawn evenly from 0 up to it; in Kollaps it is a deviation to both sides",
    );
  if (loss !== null && loss > 0)
    fidelity.note("converted", "a share of packets that are dropped, to parts per million");
}

function isNamed(element: XmlElement, name: string, problems: ImportProblem[]): boolean {
  if (element.name === name) return true;
  problems.push(problemAt(element, `expected ${name} here, found ${element.name}; take it away`));
  return false;
}
