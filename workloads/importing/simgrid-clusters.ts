// Hosts of SimGrid's platforms that have no routes of their own: those of clusters and cabinets, and those of zones with coordinates.
//
// 1. A cluster is a router and hosts around it, each with a link. Its backbone lies between all of them: whoever goes in or out passes it. So
//    it is part of each host's link here. From host to host of one cluster it is passed twice then, where SimGrid passes it once.
// 2. A zone with the routing Cluster is the same, written out: hosts with their links (host_link), cabinets, a backbone, a router. Without a
//    router it gets one, which bears the zone's name.
// 3. In a zone with the routing Vivaldi each host has coordinates, in ms: the latency is the distance on the plane of the first two, plus
//    both thirds. All hosts are joined with each other.
//
// Leaves out clusters whose routes follow from rules (torus, fat tree, dragonfly), which are refused.

import { measureIn } from "./measures.ts";
import { NODES_MAX, type Platform, type PlatformLink } from "./simgrid-parts.ts";
import { bandwidthRule, latencyRule, measured, numbersOf, said } from "./simgrid-words.ts";
import type { XmlElement } from "./xml.ts";

/** So many hosts with coordinates: each two of them get a link. */
const COORDINATES_MAX = 1_000;

/** Reads a cluster: its hosts, its router, and their links. */
export function readCluster(platform: Platform, element: XmlElement, around: string | null): void {
  const { problems, fidelity } = platform;
  const id = platform.addZone(element, around);
  const topology = said(element, "topology") ?? "FLAT";
  if (topology !== "FLAT") {
    platform.wrong(
      element,
      `expected a cluster of topology FLAT, found ${JSON.stringify(topology)}, whose routes follow from rules; write it out as hosts, links and routes`,
    );
    return;
  }
  const numbers = numbersOf(element, NODES_MAX, problems);
  const latency = measured(element, "lat", latencyRule, problems);
  const bandwidth = measured(element, "bw", bandwidthRule, problems);
  for (const name of ["lat", "bw"])
    if (said(element, name) === null) platform.wrong(element, `expected ${name} of this cluster, found none; give it`);
  const policy = platform.policyOf(element, "sharing_policy", "SPLITDUPLEX");
  const limit = measured(element, "limiter_link", bandwidthRule, problems);
  const backbone = backboneOf(platform, element);
  if (id === null || numbers === null || latency === null || bandwidth === null || policy === null) return;
  const [prefix, suffix] = [element.attributes.get("prefix") ?? "", element.attributes.get("suffix") ?? ""];
  const hosts = numbers.map((number) => ({
    number,
    host: platform.addNode(element, `${prefix}${number}${suffix}`, id),
  }));
  const router = platform.addNode(element, said(element, "router_id") ?? `${prefix}${id}_router${suffix}`, id);
  if (router === null) return;
  for (const { number, host } of hosts) {
    if (host === null) continue;
    const link = platform.addLink(element, { id: `${id}_link_${number}`, latency, bandwidth, policy });
    const limiter: PlatformLink | null =
      limit === null ? null : { id: `${link.id}_limiter`, latency: 0, bandwidth: limit, policy: "SHARED" };
    const links = [limiter, link, backbone].filter((one) => one !== null);
    platform.addRoute(element, { from: host, to: router, links, more: 0, isSymmetrical: true, isWritten: false });
  }
  fidelity.note("converted", "a cluster, to its hosts and the router that joins them", id);
  if (said(element, "loopback_bw") !== null)
    fidelity.note("dropped", "a route of a host with itself", null, hosts.length);
  if (backbone !== null) noteBackbone(platform, id);
}

function backboneOf(platform: Platform, element: XmlElement): PlatformLink | null {
  const { problems } = platform;
  const latency = measured(element, "bb_lat", latencyRule, problems) ?? 0;
  const bandwidth = measured(element, "bb_bw", bandwidthRule, problems);
  const policy = platform.policyOf(element, "bb_sharing_policy", "SHARED");
  if (policy === null || (bandwidth === null && latency === 0)) return null;
  return platform.addLink(element, { id: `${said(element, "id") ?? ""}_backbone`, latency, bandwidth, policy });
}

function noteBackbone({ fidelity }: Platform, where: string): void {
  const what =
    "the backbone of a cluster is part of each host's link: from host to host it is passed twice, and hosts do not share it";
  fidelity.note("assumed", what, where);
}

/** What stands in a zone with the routing Cluster or Vivaldi: it is joined when all of it has been read. */
export interface StarZone {
  readonly element: XmlElement;
  readonly kind: "cluster" | "vivaldi";
  /** In the order of the text. */
  readonly parts: { readonly element: XmlElement; readonly node: number | null }[];
}

/** Joins the hosts of such a zone. */
export function joinStar(platform: Platform, zone: StarZone): void {
  if (zone.kind === "cluster") joinCluster(platform, zone);
  else joinByCoordinates(platform, zone);
}

function joinCluster(platform: Platform, { element: zone, parts }: StarZone): void {
  const { problems, fidelity } = platform;
  const name = said(zone, "id") ?? "";
  const routers = parts.filter(({ element }) => element.name === "router");
  const [first, second] = routers;
  if (second !== undefined) {
    platform.wrong(
      second.element,
      "expected one router in a zone with the routing Cluster, found another; take one away",
    );
    return;
  }
  const needsOne = parts.some(({ element }) => element.name === "host_link" || element.name === "cabinet");
  if (!needsOne) return;
  if (first === undefined) fidelity.note("assumed", "a router amid a cluster that has none", name);
  const router = first === undefined ? platform.addNode(zone, name, name) : first.node;
  const backbones = parts.filter(({ element }) => element.name === "backbone");
  for (const { element } of backbones.slice(1))
    platform.wrong(element, "expected one backbone in this zone, found another; take one away");
  const [backbone = null] = backbones.slice(0, 1).map(({ element }) => platform.readLink(element));
  if (router === null) return;
  const join = (element: XmlElement, host: number, up: PlatformLink, down: PlatformLink): void => {
    const out = [up, backbone].filter((link) => link !== null);
    const back = [backbone, down].filter((link) => link !== null);
    const rest = { more: 0, isSymmetrical: false, isWritten: false };
    platform.addRoute(element, { from: host, to: router, links: out, ...rest });
    platform.addRoute(element, { from: router, to: host, links: back, ...rest });
  };
  for (const { element } of parts) {
    if (element.name === "host_link") {
      const host = platform.nodeOf(element, "id");
      const [up, down] = [platform.linkOf(element, "up"), platform.linkOf(element, "down")];
      if (host !== null && up !== null && down !== null) join(element, host, up, down);
    }
    if (element.name !== "cabinet") continue;
    const numbers = numbersOf(element, NODES_MAX, problems);
    const latency = measured(element, "lat", latencyRule, problems) ?? 0;
    const bandwidth = measured(element, "bw", bandwidthRule, problems);
    if (said(element, "bw") === null) platform.wrong(element, "expected bw of this cabinet, found none; give it");
    if (numbers === null || bandwidth === null) continue;
    for (const number of numbers) {
      const id = `${element.attributes.get("prefix") ?? ""}${number}${element.attributes.get("suffix") ?? ""}`;
      const host = platform.addNode(element, id, name);
      const [up, down] = ["UP", "DOWN"].map((half) =>
        platform.addLink(element, { id: `link_${id}_${half}`, latency, bandwidth, policy: "SHARED" }),
      ) as [PlatformLink, PlatformLink];
      if (host !== null) join(element, host, up, down);
    }
    fidelity.note("converted", "a cabinet, to its hosts", said(element, "id"));
  }
  if (backbone !== null) noteBackbone(platform, name);
}

function joinByCoordinates(platform: Platform, { element: zone, parts }: StarZone): void {
  const placed = parts.flatMap(({ element, node }) => {
    const at = coordinatesOf(platform, element);
    return at === null || node === null ? [] : [{ element, node, at, ...peerLinks(platform, element) }];
  });
  if (placed.length > COORDINATES_MAX) {
    const message = `expected at most ${COORDINATES_MAX} hosts with coordinates, since each two get a link, found ${placed.length}; take a part of them`;
    platform.wrong(zone, message);
    return;
  }
  for (const [index, one] of placed.entries())
    for (const other of placed.slice(index + 1)) {
      const [x, y] = [one.at[0] - other.at[0], one.at[1] - other.at[1]];
      const more = 1_000 * (Math.sqrt(x * x + y * y) + Math.abs(one.at[2]) + Math.abs(other.at[2]));
      const rest = { more, isSymmetrical: false, isWritten: false };
      platform.addRoute(other.element, { from: one.node, to: other.node, links: [...one.up, ...other.down], ...rest });
      platform.addRoute(other.element, { from: other.node, to: one.node, links: [...other.up, ...one.down], ...rest });
    }
  const what = "coordinates of hosts, to a delay between each two: the distance on the plane, plus both heights";
  platform.fidelity.note("converted", what, said(zone, "id"));
}

function coordinatesOf(platform: Platform, element: XmlElement): readonly [number, number, number] | null {
  const text = said(element, "coordinates") ?? "";
  const numbers = text.split(/\s+/u).map((part) => (part === "" ? NaN : Number(part)));
  const [x, y, z] = numbers;
  const isRight = numbers.length === 3 && numbers.every((value) => Math.abs(value) < 1e6);
  if (isRight && x !== undefined && y !== undefined && z !== undefined) return [x, y, z];
  const what = text === "" ? "none" : JSON.stringify(text);
  platform.wrong(element, `expected three coordinates in ms, such as 25.5 9.4 1.4, found ${what}; mend them`);
  return null;
}

function peerLinks(
  platform: Platform,
  element: XmlElement,
): { readonly up: readonly PlatformLink[]; readonly down: readonly PlatformLink[] } {
  if (element.name !== "peer") return { up: [], down: [] };
  const [up = [], down = []] = (["bw_out", "bw_in"] as const).map((name): readonly PlatformLink[] => {
    const text = said(element, name);
    const bandwidth = text === null ? null : measureIn(text, bandwidthRule);
    if (bandwidth === null) {
      const what = text === null ? "none" : JSON.stringify(text);
      platform.wrong(element, `${name}: expected ${bandwidthRule.says}, found ${what}; mend it`);
      return [];
    }
    const half = name === "bw_out" ? "UP" : "DOWN";
    const id = `link_${said(element, "id") ?? ""}_${half}`;
    return [platform.addLink(element, { id, latency: 0, bandwidth, policy: "SHARED" })];
  });
  return { up, down };
}
