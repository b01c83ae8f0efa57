// SimGrid's platforms (XML of version 4 and 4.1): zones with hosts and routers, links, and routes over them.
//
// 1. Hosts and routers become nodes. Clusters, cabinets and hosts with coordinates are joined as simgrid-clusters.ts says.
// 2. Routes become edges as simgrid-routes.ts says; those between zones join the gateways that they name.
// 3. Which way SimGrid's routing would choose (Full, Floyd, Dijkstra) is not taken over: ways are searched anew on the map.
// 4. Latencies are as written, or as SimGrid's own model has them, which people choose.
//
// 5. Profiles become faults (simgrid-profiles.ts).
//
// Leaves out what hosts compute with, disks, settings and programs, which are told as dropped.

import type { Fidelity } from "./fidelity.ts";
import { type MapOutcome, refused } from "./outcome.ts";
import { joinStar, readCluster, type StarZone } from "./simgrid-clusters.ts";
import { noteEvents } from "./schedule.ts";
import { Platform, type PlatformLink } from "./simgrid-parts.ts";
import { type FileBeside, Profiles } from "./simgrid-profiles.ts";
import { edgesOf, type SimGridLatency } from "./simgrid-routes.ts";
import { isSymmetrical, said } from "./simgrid-words.ts";
import type { XmlElement } from "./xml.ts";

const routings = ["Full", "Floyd", "Dijkstra", "DijkstraCache", "Cluster", "Vivaldi", "None"];

/** Of links by profiles, over all routes. */
const CHANGES_MAX = 200_000;

/** What is passed over, and what it is called. */
const dropped = new Map([
  ["prop", "a property, which programs read"],
  ["config", "settings of SimGrid"],
  ["disk", "a disk"],
  ["storage", "a disk"],
  ["storage_type", "a disk"],
  ["mount", "a disk"],
  ["actor", "an actor, which is a program"],
  ["process", "an actor, which is a program"],
  ["bypassRoute", "a route that is taken instead of others (bypass)"],
  ["bypassZoneRoute", "a route that is taken instead of others (bypass)"],
  ["bypassASroute", "a route that is taken instead of others (bypass)"],
  ["random", null],
  ["model_prop", null],
]);

/** What it is read with. */
export interface SimGridReading {
  readonly latencies: SimGridLatency;
  /** For profiles. */
  readonly fileOf: FileBeside;
}

/** Reads a document whose root is `platform`. */
export function readSimGrid(root: XmlElement, { latencies, fileOf }: SimGridReading, fidelity: Fidelity): MapOutcome {
  const version = said(root, "version") ?? "none";
  if (!/^4(?:\.[01]?0?)?$/u.test(version)) {
    const isOld = !(Number(version) > 4.1);
    const remedy = isOld ? "write the file anew with simgrid_update_xml" : "write it for version 4.1";
    return refused(root, `expected a platform of version 4 or 4.1, found ${version}; ${remedy}`);
  }
  const platform = new Platform(fidelity);
  const profiles = new Profiles(platform, fileOf);
  const stars: StarZone[] = [];
  const routes: XmlElement[] = [];
  const open: Open[] = root.children
    .toReversed()
    .map((element) => ({ element, star: null, zone: null, isOutermost: true }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inner = readPart(platform, profiles, next, routes);
    if (inner === null) continue;
    if (inner.star !== null) stars.push(inner.star);
    for (const element of next.element.children.toReversed()) open.push({ element, ...inner, isOutermost: false });
  }
  for (const star of stars) joinStar(platform, star);
  for (const element of routes) readRoute(platform, element);
  profiles.connect();
  const { problems, nodes } = platform;
  if (problems.length > 0) return { kind: "refused", problems };
  if (nodes.length === 0)
    return refused(root, "expected at least one host in this platform, found none; name a file that has some");
  if (profiles.changesOver(platform.routes) > CHANGES_MAX)
    return refused(
      root,
      `expected profiles that change routes at most ${CHANGES_MAX} times, found more; shorten them, or let fewer routes share a link`,
    );
  const { edges, events } = edgesOf(platform, profiles.links, latencies);
  const all = [...profiles.crashes, ...events];
  noteEvents(fidelity, "what a profile says, to a fault", all);
  return { kind: "map", map: { name: null, nodes, edges, events: all } };
}

interface Inside {
  /** Of the zone that it stands in, where its hosts have no routes. */
  readonly star: StarZone | null;
  /** The zone that it stands in. */
  readonly zone: string | null;
}

interface Open extends Inside {
  readonly element: XmlElement;
  readonly isOutermost: boolean;
}

// What stands inside is to be read where something is given back.
function readPart(
  platform: Platform,
  profiles: Profiles,
  { element, star, zone, isOutermost }: Open,
  routes: XmlElement[],
): Inside | null {
  const { fidelity } = platform;
  const { name } = element;
  if (dropped.has(name)) {
    const what = dropped.get(name) ?? null;
    if (what !== null) fidelity.note("dropped", what);
    return null;
  }
  if (name === "trace" || name === "trace_connect") {
    profiles.keep(element);
    return null;
  }
  if (name === "zone" || name === "AS") return readZone(platform, element, { star, zone });
  if (name === "cluster") {
    notInVivaldi(platform, element, star);
    readCluster(platform, element, zone);
    return noteComputer(platform, element);
  }
  if (isOutermost) {
    platform.wrong(element, `expected a zone or a cluster here, found ${name}; put it into a zone, or take it away`);
    return null;
  }
  switch (name) {
    case "host":
    case "router":
    case "peer": {
      const id = platform.idOf(element);
      if (name === "peer" && star?.kind !== "vivaldi")
        platform.wrong(
          element,
          "expected a peer in a zone with the routing Vivaldi, found it in another; make it a host",
        );
      const node = id === null ? null : platform.addNode(element, id, zone);
      star?.parts.push({ element, node });
      if (node !== null) profiles.ofHost(element, node);
      if (name === "router") fidelity.note("assumed", "a router is a cloudlet like all others");
      return noteComputer(platform, element);
    }
    case "link": {
      const link = platform.readLink(element);
      if (link !== null) profiles.ofLink(element, link);
      return noteInside(platform, element);
    }
    case "cabinet":
    case "backbone":
    case "host_link":
      if (star?.kind === "cluster") star.parts.push({ element, node: null });
      else
        platform.wrong(
          element,
          `expected ${name} in a zone with the routing Cluster, found it in another; put it there`,
        );
      return name === "cabinet" ? noteComputer(platform, element) : null;
    case "route":
    case "zoneRoute":
    case "ASroute":
      routes.push(element);
      return null;
    default:
      platform.wrong(
        element,
        `expected a part of a zone here, such as host, link or route, found ${name}; take it away`,
      );
      return null;
  }
}

function readZone(platform: Platform, element: XmlElement, around: Inside): Inside {
  const zone = platform.addZone(element, around.zone);
  notInVivaldi(platform, element, around.star);
  const routing = said(element, "routing") ?? "";
  const known = routings.find((one) => one.toLowerCase() === routing.toLowerCase());
  if (known === undefined) {
    const found = routing === "" ? "none" : JSON.stringify(routing);
    const remedy = /^wifi$/iu.test(routing)
      ? "a radio network has no links that can be told apart: write it as hosts and links"
      : "name one";
    platform.wrong(element, `expected as routing one of ${routings.join(", ")}, found ${found}; ${remedy}`);
    return { star: null, zone };
  }
  if (known === "Cluster") return { star: { element, kind: "cluster", parts: [] }, zone };
  return { star: known === "Vivaldi" ? { element, kind: "vivaldi", parts: [] } : null, zone };
}

function notInVivaldi(platform: Platform, element: XmlElement, around: StarZone | null): void {
  if (around?.kind === "vivaldi")
    platform.wrong(
      element,
      `expected hosts, routers and peers in a zone with the routing Vivaldi, found ${element.name}; join zones with zoneRoute instead`,
    );
}

function noteComputer(platform: Platform, element: XmlElement): null {
  if (said(element, "speed") !== null)
    platform.fidelity.note("dropped", "what a host computes with (speed, core, pstate)");
  return noteInside(platform, element);
}

function noteInside(platform: Platform, { children }: XmlElement): null {
  for (const child of children) {
    const what = dropped.get(child.name);
    if (typeof what === "string") platform.fidelity.note("dropped", what);
    else if (what === undefined)
      platform.wrong(child, `expected a property or a disk here, found ${child.name}; take it away`);
  }
  return null;
}

function readRoute(platform: Platform, element: XmlElement): void {
  const isOfZones = element.name !== "route";
  const end = (of: "src" | "dst"): number | null =>
    isOfZones ? platform.gatewayOf(element, `gw_${of}`, of) : platform.nodeOf(element, of);
  const [from, to] = [end("src"), end("dst")];
  const links: PlatformLink[] = [];
  for (const child of element.children) {
    if (child.name !== "link_ctn") {
      platform.wrong(child, `expected link_ctn here, found ${child.name}; take it away`);
      continue;
    }
    const direction = said(child, "direction") ?? "NONE";
    const link = platform.linkOf(child, "id");
    if (link !== null) links.push(link);
    if (!["UP", "DOWN", "NONE"].includes(direction))
      platform.wrong(child, `direction: expected UP or DOWN, found ${JSON.stringify(direction)}; write one of them`);
    else if (direction !== "NONE" && link !== null && link.policy !== "SPLITDUPLEX")
      platform.wrong(
        child,
        `expected no direction, since link ${link.id} is not SPLITDUPLEX, found ${direction}; take it away`,
      );
  }
  const isBothWays = isSymmetrical(element, platform.problems);
  if (element.children.length === 0)
    platform.wrong(element, "expected at least one link_ctn in this route, found none; name its links");
  if (from !== null && to !== null && links.length > 0)
    platform.addRoute(element, { from, to, links, more: 0, isSymmetrical: isBothWays, isWritten: true });
}
