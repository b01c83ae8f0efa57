// What a SimGrid platform consists of, gathered while it is read: hosts and routers, zones, links, and routes over them.
// Leaves out what becomes of routes (simgrid-routes.ts).

import type { Fidelity } from "./fidelity.ts";
import type { MapNode } from "./map.ts";
import { type ImportProblem, problemAt } from "./outcome.ts";
import { bandwidthRule, latencyRule, measured, said } from "./simgrid-words.ts";
import type { XmlElement } from "./xml.ts";

/** Who shares its bandwidth. SHARED: all flows, both directions together. SPLITDUPLEX: each direction by itself. FATPIPE: nobody. */
export type SharingPolicy = "SHARED" | "SPLITDUPLEX" | "FATPIPE";

/** A link. */
export interface PlatformLink {
  readonly id: string;
  /** Microseconds, not rounded. */
  readonly latency: number;
  /** Bits per second; null: no limit. */
  readonly bandwidth: number | null;
  readonly policy: SharingPolicy;
}

/** A way between two hosts or routers, by their numbers. */
export interface PlatformRoute {
  readonly from: number;
  readonly to: number;
  readonly links: readonly PlatformLink[];
  /** Microseconds that no link has. */
  readonly more: number;
  /** Does it lead back over the same links, too? */
  readonly isSymmetrical: boolean;
  /** Was it written as a route? Others follow from clusters and coordinates. */
  readonly isWritten: boolean;
}

/** Hosts and routers of a platform. */
export const NODES_MAX = 100_000;
const ROUTES_MAX = 1_000_000;

/** All that was found. */
export class Platform {
  readonly problems: ImportProblem[] = [];
  readonly nodes: MapNode[] = [];
  readonly links = new Map<string, PlatformLink>();
  readonly routes: PlatformRoute[] = [];
  readonly fidelity: Fidelity;
  readonly #numbers = new Map<string, number>();
  /** Each zone, and the one around it. */
  readonly #zones = new Map<string, string | null>();
  /** Of each node. */
  readonly #zoneOf: (string | null)[] = [];

  constructor(fidelity: Fidelity) {
    this.fidelity = fidelity;
  }

  /** Says that an element is wrong. */
  wrong(element: XmlElement, message: string): void {
    this.problems.push(problemAt(element, message));
  }

  /** The id of an element; null where it has none, which is wrong. */
  idOf(element: XmlElement): string | null {
    const id = said(element, "id");
    if (id === null) this.wrong(element, `expected an id of this ${element.name}, found none; give it one`);
    return id;
  }

  /** Adds a host or a router to a zone: its number, or null where it cannot be. */
  addNode(element: XmlElement, id: string, zone: string | null): number | null {
    if (this.#numbers.has(id)) {
      this.wrong(
        element,
        `expected a name that no other host or router has, found ${JSON.stringify(id)} again; give each its own`,
      );
      return null;
    }
    if (this.nodes.length >= NODES_MAX) {
      if (this.nodes.length === NODES_MAX)
        this.wrong(element, `expected at most ${NODES_MAX} hosts and routers, found more; let there be fewer`);
      return null;
    }
    const number = this.nodes.length;
    this.#numbers.set(id, number);
    this.nodes.push({ id, label: id, place: null, upper: null });
    this.#zoneOf.push(zone);
    return number;
  }

  /** The number of the host or router that an attribute names; null where there is none, which is wrong. */
  nodeOf(element: XmlElement, attribute: string): number | null {
    const name = said(element, attribute);
    const found = name === null ? undefined : this.#numbers.get(name);
    if (found !== undefined) return found;
    const what = name === null ? "nothing" : JSON.stringify(name);
    this.wrong(element, `expected as ${attribute} the id of a host or a router, found ${what}; name one`);
    return null;
  }

  /** Adds a zone inside of another one: its id, or null where it has none, which is wrong. */
  addZone(element: XmlElement, around: string | null): string | null {
    const id = this.idOf(element);
    if (id === null) return null;
    if (this.#zones.has(id))
      this.wrong(
        element,
        `expected an id that no other zone has, found ${JSON.stringify(id)} again; give each its own`,
      );
    else this.#zones.set(id, around);
    return id;
  }

  /** The gateway that an attribute names, which has to lie in the zone that another one names; null where it is wrong. */
  gatewayOf(element: XmlElement, attribute: string, zoneAttribute: string): number | null {
    const node = this.nodeOf(element, attribute);
    if (!this.isZone(element, zoneAttribute) || node === null) return null;
    const wanted = said(element, zoneAttribute);
    let zone = this.#zoneOf[node] ?? null;
    while (zone !== null && zone !== wanted) zone = this.#zones.get(zone) ?? null;
    if (zone !== null) return node;
    const [found, where] = [this.nodes[node]?.id ?? "", this.#zoneOf[node] ?? ""];
    this.wrong(
      element,
      `expected as ${attribute} a host or a router in zone ${wanted ?? ""}, found ${JSON.stringify(found)} in zone ${where}; name one that lies there`,
    );
    return null;
  }

  /** Does an attribute name a zone? Else it is wrong. */
  isZone(element: XmlElement, attribute: string): boolean {
    const name = said(element, attribute);
    if (name !== null && this.#zones.has(name)) return true;
    const what = name === null ? "nothing" : JSON.stringify(name);
    this.wrong(element, `expected as ${attribute} the id of a zone or a cluster, found ${what}; name one`);
    return false;
  }

  /** Adds a link. */
  addLink(element: XmlElement, link: PlatformLink): PlatformLink {
    if (this.links.has(link.id))
      this.wrong(
        element,
        `expected an id that no other link has, found ${JSON.stringify(link.id)} again; give each its own`,
      );
    this.links.set(link.id, link);
    return link;
  }

  /** The link of an element that has an id, a latency and a bandwidth; null where it is wrong. */
  readLink(element: XmlElement): PlatformLink | null {
    const id = this.idOf(element);
    const policy = this.policyOf(element, "sharing_policy", "SHARED");
    if (policy === null) return null;
    const latency = measured(element, "latency", latencyRule, this.problems);
    const bandwidth = measured(element, "bandwidth", bandwidthRule, this.problems);
    if (said(element, "bandwidth") === null)
      this.wrong(element, "expected a bandwidth of this link, found none; give it");
    return id === null || bandwidth === null
      ? null
      : this.addLink(element, { id, latency: latency ?? 0, bandwidth, policy });
  }

  /** How a link is shared; null where that is unknown, which is wrong. */
  policyOf(element: XmlElement, attribute: string, otherwise: SharingPolicy): SharingPolicy | null {
    const policy = said(element, attribute) ?? otherwise;
    if (policy === "FULLDUPLEX") return "SPLITDUPLEX";
    if (policy === "SHARED" || policy === "SPLITDUPLEX" || policy === "FATPIPE") return policy;
    this.wrong(
      element,
      `${attribute}: expected SHARED, SPLITDUPLEX or FATPIPE, found ${JSON.stringify(policy)}; write one of them${policy === "WIFI" ? ": a radio network has no links that can be told apart" : ""}`,
    );
    return null;
  }

  /** The link that an attribute names, or the half of one that has two; null where there is none, which is wrong. */
  linkOf(element: XmlElement, attribute: string): PlatformLink | null {
    const name = said(element, attribute);
    const found = name === null ? undefined : (this.links.get(name) ?? this.#halfOf(name));
    if (found !== undefined) return found;
    const what = name === null ? "nothing" : JSON.stringify(name);
    this.wrong(element, `expected as ${attribute} the id of a link, found ${what}; name one`);
    return null;
  }

  /** Adds a route. */
  addRoute(element: XmlElement, route: PlatformRoute): void {
    if (this.routes.length === ROUTES_MAX)
      this.wrong(element, `expected at most ${ROUTES_MAX} routes, found more; let there be fewer`);
    if (this.routes.length <= ROUTES_MAX) this.routes.push(route);
  }

  #halfOf(name: string): PlatformLink | undefined {
    const whole = this.links.get(name.replace(/_(?:UP|DOWN)$/u, ""));
    return whole?.policy === "SPLITDUPLEX" ? whole : undefined;
  }
}
