// A topology and what befalls it as a platform of SimGrid: each cloudlet is a host, each link a link with a route of its own, and faults are
// profiles: when links and hosts are off, and which latency and bandwidth a link has.
//
// 1. A link whose directions are alike and never change is one SPLITDUPLEX link. Others are two, one for each direction: SimGrid stops with an
//    error at a state profile of a link that it splits itself.
// 2. Profiles are files beside the platform. It could hold them itself, but SimGrid connects those to links too late and gives up.
//    Their values are absolute: seconds, bytes per second, 0 for off.
//
// Leaves out what SimGrid's models of flows do not have (loss, jitter), which is told.

import type { LinkDirectionSpec, LinkSpec } from "../../model/topology/spec.ts";
import type { WayThen } from "./as-it-is-at.ts";
import type { Exporter } from "./exported.ts";
import { endlessNote, type Moment, overTime, unsaidOf } from "./over-time.ts";
import { comment, document, element, freeName, seconds } from "./write-xml.ts";

/** Bits per second of a link without a limit, since one has to be said. */
const WITHOUT_LIMIT = 10_000_000_000;

/** Writes it. */
export const exportSimGrid: Exporter = (name, topology, faults) => {
  const { cloudlets, links } = topology;
  const course = overTime(topology, faults);
  const directions = links.flatMap(({ forth, back = forth }) => [forth, back]);
  const unlimited = directions.filter(({ bandwidth }) => bandwidth === undefined).length;
  const isLossy = course.links.some((moments) =>
    moments.some(({ forth, back }) => isWorse(forth, moments[0]?.forth) || isWorse(back, moments[0]?.back)),
  );
  const notes = [
    unlimited > 0 &&
      `${unlimited} directions of links have no limit, and a bandwidth has to be said: it is ${bandwidthText(WITHOUT_LIMIT)}`,
    ...unsaidOf(directions, ["loss", "jitter", "queue", "duplication", "reordering", "corruption"]),
    isLossy && "loss and jitter that faults add are left out: the format does not have them",
    course.isEndless && endlessNote,
    course.unsaid > 0 &&
      `faults that are left out: ${course.unsaid}; the format says when links and hosts are off, and how links do`,
    "every host has a speed of 1Gf, since one has to be said",
    "SimGrid's own model takes 13.01 times these latencies and 0.97 of these bandwidths; with the configuration network/model:CM02 it takes what is written",
    "its routes take the fewest links; who is above whom, scopes and flows are left out: the format does not have them",
  ].filter((note) => note !== false);
  const profiles = new Profiles(`${fileName(name)}-profiles`);
  const hosts = cloudlets.flatMap((cloudlet) => {
    const absences = course.away.get(cloudlet.name) ?? [];
    const values = absences.flatMap(({ from, until }) => [[from, "0"] as const, [until, "1"] as const]);
    const state = profiles.add(cloudlet.name, "state_file", values);
    return element("host", { id: cloudlet.name, speed: "1Gf", ...state });
  });
  const parts = links.map((link, index) => partsOf(link, course.links[index] as readonly Moment[], profiles));
  const zone = freeName("world", new Set(cloudlets.map((cloudlet) => cloudlet.name)));
  return {
    text: document([
      `<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">`,
      ...comment([`A platform of ${name}, for SimGrid.`, ...notes]),
      ...element("platform", { version: "4.1" }, [
        ...element("zone", { id: zone, routing: "Dijkstra" }, [
          ...hosts,
          ...parts.flatMap((part) => part.links),
          ...parts.flatMap((part) => part.routes),
        ]),
      ]),
    ]),
    notes,
    files: profiles.files,
  };
};

// More loss or jitter than in the beginning.
function isWorse({ way }: WayThen, first: WayThen | undefined): boolean {
  return (way.loss ?? 0) > (first?.way.loss ?? 0) || (way.jitter ?? 0) > (first?.way.jitter ?? 0);
}

interface Parts {
  readonly links: readonly string[];
  readonly routes: readonly string[];
}

function partsOf({ a, b, forth, back = forth }: LinkSpec, moments: readonly Moment[], profiles: Profiles): Parts {
  const there = moments.map(({ at, forth: then }) => ({ at, ...then }));
  const here = moments.map(({ at, back: then }) => ({ at, ...then }));
  const [first] = moments;
  const isAlike = forth.delay === back.delay && forth.bandwidth === back.bandwidth;
  // A fault may last from the beginning to the end: one moment, and not what the link itself has.
  const isItself = (then: WayThen | undefined): boolean =>
    then?.isDown === false && then.way.delay === forth.delay && then.way.bandwidth === forth.bandwidth;
  const isStill = moments.length === 1 && isItself(first?.forth) && isItself(first?.back);
  const isOne = isAlike && isStill;
  const ways = isOne
    ? [{ from: a, to: b, way: forth, then: there }]
    : [
        { from: a, to: b, way: forth, then: there },
        { from: b, to: a, way: back, then: here },
      ];
  const parts = ways.map(({ from, to, way, then }) => {
    const id = `${from}:${to}`;
    const changing = profilesOf(id, way, then, profiles);
    const symmetrical = isOne ? {} : { symmetrical: "NO" };
    const direction = isOne ? { direction: "UP" } : {};
    return {
      link: element("link", { id, ...properties(way), ...changing, ...(isOne && { sharing_policy: "SPLITDUPLEX" }) }),
      route: element("route", { src: from, dst: to, ...symmetrical }, element("link_ctn", { id, ...direction })),
    };
  });
  return { links: parts.flatMap(({ link }) => link), routes: parts.flatMap(({ route }) => route) };
}

type Then = WayThen & { readonly at: number };

function properties({ delay, bandwidth = WITHOUT_LIMIT }: LinkDirectionSpec): {
  readonly bandwidth: string;
  readonly latency: string;
} {
  return { bandwidth: bandwidthText(bandwidth), latency: `${delay}us` };
}

function profilesOf(
  of: string,
  way: LinkDirectionSpec,
  moments: readonly Then[],
  profiles: Profiles,
): Readonly<Record<string, string>> {
  const values = (first: string, valueOf: (then: WayThen) => string): readonly (readonly [number, string])[] => {
    const found: (readonly [number, string])[] = [];
    for (const moment of moments) {
      const value = valueOf(moment);
      if (value !== (found.at(-1)?.[1] ?? first)) found.push([moment.at, value]);
    }
    return found;
  };
  const bytes = (bandwidth = WITHOUT_LIMIT): string => String(bandwidth / 8);
  return {
    ...profiles.add(
      of,
      "state_file",
      values("1", ({ isDown }) => (isDown ? "0" : "1")),
    ),
    ...profiles.add(
      of,
      "latency_file",
      values(seconds(way.delay), (then) => seconds(then.way.delay)),
    ),
    ...profiles.add(
      of,
      "bandwidth_file",
      values(bytes(way.bandwidth), (then) => bytes(then.way.bandwidth)),
    ),
  };
}

/** All profiles of a platform: files with a line for each change. */
class Profiles {
  readonly #folder: string;
  readonly #files = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get files(): readonly { readonly path: string; readonly text: string }[] {
    return [...this.#files].map(([path, text]) => ({ path, text }));
  }

  /** Adds one, where something changes: the attribute that names it. */
  add(
    of: string,
    attribute: "state_file" | "latency_file" | "bandwidth_file",
    values: readonly (readonly [at: number, value: string])[],
  ): Readonly<Record<string, string>> {
    if (values.length === 0) return {};
    const what = attribute.replace("_file", "");
    const base = `${this.#folder}/${fileName(of)}.${what}`;
    const path = freeName(base, this.#taken);
    this.#taken.add(path);
    this.#files.set(path, values.map(([at, value]) => `${seconds(at)} ${value}\n`).join(""));
    return { [attribute]: path };
  }
}

function bandwidthText(bits: number): string {
  if (bits % 1e9 === 0) return `${bits / 1e9}Gbps`;
  if (bits % 1e6 === 0) return `${bits / 1e6}Mbps`;
  return bits % 1e3 === 0 ? `${bits / 1e3}kbps` : `${bits}bps`;
}

// Short, and of letters that every file system takes and tells apart, whatever names of scenarios and cloudlets are made of.
function fileName(text: string): string {
  const cleaned = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/gu, "")
    .slice(0, 100);
  return cleaned === "" ? "it" : cleaned;
}
