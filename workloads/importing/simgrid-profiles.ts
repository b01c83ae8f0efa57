// Profiles of a SimGrid platform: when hosts and links are off, and which latency and bandwidth a link has from a time on. They are files beside
// the platform (state_file and others), or stand inside it (trace, trace_connect).
//
// 1. A line is a time and a value: seconds; 0 for off; a latency in seconds; a bandwidth in bytes per second. Marks of comments are # and %.
// 2. One that begins again and again (LOOPAFTER, PERIODICITY) is played once. One that is drawn (STOCHASTIC) is dropped, and so are those of
//    what hosts compute with.
//
// Leaves out what becomes of edges then (simgrid-over-time.ts).

import { type Duration, micros } from "../../model/units.ts";
import { DELAY_MAX } from "./measures.ts";
import type { MapEvent } from "./schedule.ts";
import type { Platform, PlatformLink } from "./simgrid-parts.ts";
import { said } from "./simgrid-words.ts";
import type { XmlElement } from "./xml.ts";

/** The text of a file beside the document, by its path from there; null where there is none. */
export type FileBeside = (path: string) => string | null;

/** What holds from a time on. */
export interface ProfileStep {
  readonly at: Duration;
  readonly value: number;
}

/** What changes of a link: 0 for off; seconds; bytes per second. In the order of times. */
export interface LinkProfiles {
  readonly state?: readonly ProfileStep[];
  readonly latency?: readonly ProfileStep[];
  readonly bandwidth?: readonly ProfileStep[];
}

const STEPS_MAX = 100_000;
const kinds = { LINK_AVAIL: "state", LATENCY: "latency", BANDWIDTH: "bandwidth" } as const;

/** All that change with time. */
export class Profiles {
  readonly links = new Map<PlatformLink, LinkProfiles>();
  /** Of hosts and routers, by their numbers: 0 for off. */
  readonly hosts = new Map<number, readonly ProfileStep[]>();
  readonly #platform: Platform;
  readonly #fileOf: FileBeside;
  readonly #traces = new Map<string, XmlElement>();
  readonly #connects: XmlElement[] = [];
  #steps = 0;

  constructor(platform: Platform, fileOf: FileBeside) {
    this.#platform = platform;
    this.#fileOf = fileOf;
  }

  /** Reads those that the element of a host names. */
  ofHost(element: XmlElement, node: number): void {
    for (const name of ["speed_file", "availability_file"])
      if (said(element, name) !== null) this.#noteSpeed(said(element, "id"));
    const steps = this.#inFile(element, "state_file");
    if (steps !== null) this.hosts.set(node, steps);
  }

  /** Reads those that the element of a link names. */
  ofLink(element: XmlElement, link: PlatformLink): void {
    for (const kind of ["state", "latency", "bandwidth"] as const) {
      const steps = this.#inFile(element, `${kind}_file`);
      if (steps !== null) this.links.set(link, { ...this.links.get(link), [kind]: steps });
    }
  }

  /** Keeps a trace, or what connects one, until all is read. */
  keep(element: XmlElement): void {
    if (element.name === "trace_connect") this.#connects.push(element);
    else this.#traces.set(said(element, "id") ?? "", element);
  }

  /** Connects what was kept. */
  connect(): void {
    for (const element of this.#connects) {
      const trace = this.#traces.get(said(element, "trace") ?? "");
      const kind = said(element, "kind") ?? "HOST_AVAIL";
      if (trace === undefined) {
        const found = JSON.stringify(said(element, "trace") ?? "");
        this.#platform.wrong(element, `expected as trace the id of a trace, found ${found}; name one`);
        continue;
      }
      if (kind === "SPEED") {
        this.#noteSpeed(said(element, "element"));
        continue;
      }
      if (kind !== "HOST_AVAIL" && !Object.hasOwn(kinds, kind)) {
        const known = `HOST_AVAIL, SPEED, ${Object.keys(kinds).join(", ")}`;
        this.#platform.wrong(element, `kind: expected one of ${known}, found ${JSON.stringify(kind)}; name one`);
        continue;
      }
      if (kind === "HOST_AVAIL") {
        const node = this.#platform.nodeOf(element, "element");
        const steps = this.#ofTrace(trace);
        if (node !== null && steps !== null) this.hosts.set(node, steps);
        continue;
      }
      const link = this.#platform.linkOf(element, "element");
      const steps = this.#ofTrace(trace);
      if (link !== null && steps !== null)
        this.links.set(link, { ...this.links.get(link), [kinds[kind as keyof typeof kinds]]: steps });
    }
  }

  /** So many changes of links over all routes. */
  changesOver(routes: readonly { readonly links: readonly PlatformLink[] }[]): number {
    const lines = new Map(
      [...this.links].map(([link, { state = [], latency = [], bandwidth = [] }]) => [
        link,
        state.length + latency.length + bandwidth.length,
      ]),
    );
    return routes.reduce((sum, { links }) => links.reduce((more, link) => more + (lines.get(link) ?? 0), sum), 0);
  }

  /** When hosts are away. */
  get crashes(): readonly MapEvent[] {
    return [...this.hosts].flatMap(([site, steps]) => {
      const events: MapEvent[] = [];
      let since: Duration | null = null;
      for (const { at, value } of steps) {
        if (value <= 0) since ??= at;
        else if (since !== null) {
          if (at > since) events.push({ kind: "crash", site, at: since, after: micros(at - since) });
          since = null;
        }
      }
      if (since !== null) events.push({ kind: "crash", site, at: since, after: null });
      return events;
    });
  }

  #noteSpeed(where: string | null): void {
    this.#platform.fidelity.note("dropped", "a profile of what a host computes with", where);
  }

  #inFile(element: XmlElement, attribute: string): readonly ProfileStep[] | null {
    const path = said(element, attribute);
    if (path === null) return null;
    const text = this.#fileOf(path);
    if (text !== null) return this.#read(element, `${attribute} ${path}`, text, false);
    this.#platform.fidelity.note(
      "dropped",
      "a profile whose file is not beside this one: what changes with time",
      path,
    );
    return null;
  }

  #ofTrace(trace: XmlElement): readonly ProfileStep[] | null {
    if (said(trace, "file") !== null) return this.#inFile(trace, "file");
    return this.#read(
      trace,
      `trace ${said(trace, "id") ?? ""}`,
      trace.text,
      Number(said(trace, "periodicity") ?? "0") > 0,
    );
  }

  #read(element: XmlElement, what: string, text: string, isPeriodic: boolean): readonly ProfileStep[] | null {
    const { fidelity } = this.#platform;
    const steps: ProfileStep[] = [];
    let isLoop = isPeriodic;
    for (const [index, raw] of text.split(/\r\n|\r|\n/u).entries()) {
      const line = raw.trim();
      if (line === "" || line.startsWith("#") || line.startsWith("%")) continue;
      if (/^STOCHASTIC\b/u.test(line)) {
        fidelity.note("dropped", "a profile whose times or values are drawn", what);
        return null;
      }
      if (/^(?:LOOPAFTER|PERIODICITY)\s/u.test(line)) {
        isLoop = true;
        continue;
      }
      const [time = NaN, value = NaN, ...more] = line.split(/\s+/u).map(Number);
      const at = Math.round(time * 1_000_000);
      const last = steps.at(-1)?.at ?? 0;
      const isRight = more.length === 0 && at >= 0 && at <= DELAY_MAX && value >= 0 && Number.isFinite(value);
      if (!isRight || at < last) {
        const wanted = isRight ? "times that do not go backwards" : "a time in seconds and a value from 0 up";
        const where = `${what}, line ${index + 1}`;
        this.#platform.wrong(element, `${where}: expected ${wanted}, found ${JSON.stringify(line)}; mend it`);
        return null;
      }
      steps.push({ at: micros(at), value });
      this.#steps += 1;
      if (this.#steps <= STEPS_MAX) continue;
      const message = `expected at most ${STEPS_MAX} lines in all profiles, found more; let there be fewer`;
      this.#platform.wrong(element, message);
      return null;
    }
    if (isLoop) fidelity.note("assumed", "a profile that begins again and again: it is played once", what);
    return steps;
  }
}
