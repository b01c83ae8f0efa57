// A topology and what befalls it as an experiment of Kollaps: each cloudlet is a service, each link a link, and faults are its schedule.
//
// 1. A link of which both directions are down leaves, and joins when one is up again. That stands there for each direction: Kollaps 1 takes it
//    for both, whichever is named, and Kollaps 2 for the one that is. One direction alone that is down drops everything.
// 2. A link that does worse changes its properties, in each direction by itself, while it is there.
// 3. A process that dies is a service that crashes; it joins when it comes back. Of whom joins are scheduled is away before, so it joins at
//    the beginning, too.
//
// Leaves out what Kollaps has no words for, which is told.

import type { LinkDirectionSpec, LinkSpec } from "../../model/topology/spec.ts";
import type { WayThen } from "./as-it-is-at.ts";
import type { Exporter } from "./exported.ts";
import { endlessNote, isCut, type OverTime, overTime, unsaidOf } from "./over-time.ts";
import { comment, document, element, freeName, seconds } from "./write-xml.ts";

/** Bits per second of a link without a limit, since one has to be said. */
const WITHOUT_LIMIT = 10_000_000_000;
const ALL = 1_000_000;

/** Writes it. */
export const exportKollaps: Exporter = (name, topology, faults) => {
  const { cloudlets, links } = topology;
  const course = overTime(topology, faults);
  const ways = course.links.flatMap((moments) => moments.flatMap(({ forth, back }) => [forth.way, back.way]));
  const names = new Set(cloudlets.map((cloudlet) => cloudlet.name));
  const notes = notesOf({ names, links, ways, course });
  const dashboard = {
    name: freeName("dashboard", names),
    image: "kollaps/dashboard:1.0",
    supervisor: "true",
    port: "8088",
  };
  const services = cloudlets.flatMap((cloudlet) => element("service", { name: cloudlet.name, image: "image:1" }));
  const lines = scheduleOf(links, course);
  const head = [
    `An experiment of ${name}, for Kollaps. Put your own image in place of image:1, and your own container network in place of net.`,
    ...notes,
  ];
  return {
    text: document([
      ...comment(head),
      ...element("experiment", { boot: "kollaps:2.0" }, [
        ...element("services", {}, [...element("service", dashboard), ...services]),
        ...element("bridges", {}, []),
        ...element("links", {}, links.flatMap(linkLines)),
        ...(lines.length === 0 ? [] : element("dynamic", {}, lines)),
      ]),
    ]),
    notes,
  };
};

interface Noted {
  readonly names: ReadonlySet<string>;
  readonly links: readonly LinkSpec[];
  /** Of all directions at all moments. */
  readonly ways: readonly LinkDirectionSpec[];
  readonly course: OverTime;
}

function notesOf({ names, links, ways, course }: Noted): readonly string[] {
  const unfit = [...names].filter((name) => !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/u.test(name)).length;
  const directions = links.flatMap(({ forth, back = forth }) => [forth, back]);
  const unlimited = directions.filter(({ bandwidth }) => bandwidth === undefined).length;
  const rounded = ways.filter(({ bandwidth = 0 }) => bandwidth % 1_000 > 0).length;
  const hasJitter = ways.some(({ jitter = 0 }) => jitter > 0);
  const isOneWay = course.links.some((moments) => moments.some(({ forth, back }) => forth.isDown !== back.isDown));
  return [
    unfit > 0 && `names that Docker does not take for services: ${unfit}; give those cloudlets others before`,
    unlimited > 0 &&
      `${unlimited} directions of links have no limit, and a bandwidth has to be said: it is ${bandwidthText(WITHOUT_LIMIT)}`,
    rounded > 0 && "bandwidths are whole kbit/s there, and rounded down to them, 1 kbit/s at least",
    hasJitter &&
      "jitter is written as it is: in Causeway it is added, evenly from 0 up to it, in Kollaps a deviation to both sides",
    ...unsaidOf(directions, ["queue", "duplication", "reordering", "corruption"]),
    isOneWay &&
      "a link that is down in one direction alone drops everything there: the format has no other words for it",
    course.away.size > 0 &&
      "a process that comes back does so in a new container: it has no disk of before unless that lies on a volume",
    course.isEndless && endlessNote,
    course.unsaid > 0 &&
      `faults that are left out: ${course.unsaid}; the format says when links and processes are away, and how links do`,
    "who is above whom, scopes and flows are left out: the format does not have them",
  ].filter((note) => note !== false);
}

function linkLines({ a, b, forth, back = forth }: LinkSpec): readonly string[] {
  const isAlike = forth.delay === back.delay && forth.jitter === back.jitter && forth.loss === back.loss;
  const { upload, ...rest } = properties(forth);
  if (isAlike)
    return element("link", { origin: a, dest: b, ...rest, upload, download: properties(back).upload, network: "net" });
  return [
    ...element("link", { origin: a, dest: b, ...rest, upload, network: "net" }),
    ...element("link", { origin: b, dest: a, ...properties(back), network: "net" }),
  ];
}

// A type and not an interface, so that it can be given as attributes.
type Properties = Readonly<Record<"latency" | "jitter" | "drop", string | null>> & { readonly upload: string };

function properties({ delay, jitter, loss = 0, bandwidth = WITHOUT_LIMIT }: LinkDirectionSpec): Properties {
  return {
    latency: milliseconds(delay),
    jitter: jitter === undefined || jitter === 0 ? null : milliseconds(jitter),
    drop: loss > 0 ? share(loss) : null,
    upload: bandwidthText(bandwidth),
  };
}

/** What differs from what was last said; what is 0 again is said, too. */
function changes({ way, isDown }: WayThen, before: WayThen): Readonly<Record<string, string | null>> | null {
  const [now, last] = [way, before.way];
  const [drop, dropBefore] = [isDown ? ALL : (now.loss ?? 0), before.isDown ? ALL : (last.loss ?? 0)];
  const changed = {
    latency: now.delay === last.delay ? null : milliseconds(now.delay),
    jitter: (now.jitter ?? 0) === (last.jitter ?? 0) ? null : milliseconds(now.jitter ?? 0),
    drop: drop === dropBefore ? null : share(drop),
    upload: now.bandwidth === last.bandwidth ? null : bandwidthText(now.bandwidth ?? WITHOUT_LIMIT),
  };
  return Object.values(changed).every((value) => value === null) ? null : changed;
}

function scheduleOf(links: readonly LinkSpec[], { links: courses, away }: OverTime): readonly string[] {
  const lines: { readonly at: number; readonly text: string }[] = [];
  const say = (at: number, attributes: Readonly<Record<string, string | null>>): void => {
    for (const text of element("schedule", { time: seconds(at), ...attributes })) lines.push({ at, text });
  };
  for (const [service, absences] of away) {
    say(0, { name: service, action: "join" });
    for (const { from, until } of absences) {
      say(from, { name: service, action: "crash" });
      say(until, { name: service, action: "join" });
    }
  }
  for (const [index, moments] of courses.entries()) {
    const { a, b, forth, back = forth } = links[index] as LinkSpec;
    // As the link was last said to be, and whether it is there.
    let [saidForth, saidBack, isThere]: [WayThen, WayThen, boolean] = [
      { way: forth, isDown: false },
      { way: back, isDown: false },
      true,
    ];
    for (const moment of moments) {
      const isUp = !isCut(moment);
      const action = isUp ? "join" : "leave";
      if (isUp !== isThere) {
        say(moment.at, { origin: a, dest: b, action });
        say(moment.at, { origin: b, dest: a, action });
      }
      isThere = isUp;
      if (!isUp) continue;
      const [there, here] = [changes(moment.forth, saidForth), changes(moment.back, saidBack)];
      if (there !== null) say(moment.at, { origin: a, dest: b, ...there });
      if (here !== null) say(moment.at, { origin: b, dest: a, ...here });
      [saidForth, saidBack] = [moment.forth, moment.back];
    }
  }
  return lines.toSorted((one, other) => one.at - other.at).map(({ text }) => text);
}

function milliseconds(micros: number): string {
  return String(micros / 1_000);
}

function share(millionths: number): string {
  return seconds(Math.min(millionths, ALL));
}

function bandwidthText(bits: number): string {
  const kilo = Math.max(1, Math.floor(bits / 1_000));
  if (kilo % 1_000_000 === 0) return `${kilo / 1_000_000}Gbps`;
  return kilo % 1_000 === 0 ? `${kilo / 1_000}Mbps` : `${kilo}Kbps`;
}
