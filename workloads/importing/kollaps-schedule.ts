// The schedule of a Kollaps experiment as things that happen to nodes and links at times. Times are in seconds from its beginning.
//
// 1. A service that joins later is down until then. One that leaves or crashes is down until it joins again, or to the end. Disconnected ones
//    and bridges that leave have all their links down.
// 2. Kollaps draws which replicas join or leave; here it is always the first ones that can.
// 3. A change of a link holds from its origin to its dest, until the next one. Faults only make links worse. So a link gets the best that it
//    ever has, and does worse whenever it has less.
// 4. A link that joins with properties and was not there before is down until then.

import { type Duration, micros } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";
import { type Group, groupOf, REPLICAS_MAX, waysBetween, waySaid, wholeOf } from "./kollaps-words.ts";
import type { MapNode, MapWay } from "./map.ts";
import { measureIn, type MeasureRule, notMeasured } from "./measures.ts";
import type { OneWay } from "./one-way.ts";
import { type ImportProblem, problemAt } from "./outcome.ts";
import { type MapEvent, noteEvents } from "./schedule.ts";
import { bestOf, worseThan } from "./worsening.ts";
import type { XmlElement } from "./xml.ts";

const timeRule: MeasureRule = {
  says: "seconds from 0 up to a year, without a unit",
  units: new Map(),
  bare: 1_000_000,
  least: 0,
  most: 31_557_600_000_000,
};

/** What the schedule is read for. */
export interface ScheduleReading {
  readonly groups: ReadonlyMap<string, Group>;
  readonly supervisors: ReadonlySet<string>;
  readonly nodes: readonly MapNode[];
  /** Links as they are at the beginning. */
  readonly drawn: readonly OneWay[];
  readonly problems: ImportProblem[];
  readonly fidelity: Fidelity;
}

interface Line {
  readonly element: XmlElement;
  readonly time: Duration;
}

/** How many replicas of a service the schedule needs; null: it says nothing of them joining. */
export function replicasJoined(
  dynamic: XmlElement | null,
  service: string,
  isReused: boolean,
  problems: ImportProblem[],
): number | null {
  const lines = linesOf(dynamic, [])
    .filter(({ element }) => element.attributes.get("name") === service)
    .map(({ element }) => ({ element, action: element.attributes.get("action") }));
  if (!lines.some(({ action }) => action === "join")) return null;
  let [now, most, all] = [0, 0, 0];
  for (const { element, action } of lines) {
    const amount = wholeOf(element, "amount", REPLICAS_MAX, []);
    if (action === "join") all += amount;
    now += action === "join" ? amount : action === "leave" || action === "crash" ? -amount : 0;
    most = Math.max(most, now);
    if (Math.max(most, all) <= REPLICAS_MAX) continue;
    problems.push(problemAt(element, `expected at most ${REPLICAS_MAX} replicas, found more; let fewer join`));
    break;
  }
  return isReused ? most : all;
}

/** Reads it: what happens, and the links with the best that they ever have. */
export function readSchedule(
  dynamic: XmlElement | null,
  reading: ScheduleReading,
): { readonly events: readonly MapEvent[]; readonly drawn: readonly OneWay[] } {
  const { groups, supervisors, problems, fidelity } = reading;
  const sites = new SiteTimes(reading);
  const links = new LinkTimes(reading);
  for (const { element, time } of linesOf(dynamic, problems)) {
    const { attributes } = element;
    const action = attributes.get("action");
    if (attributes.has("name")) {
      if (supervisors.has(attributes.get("name") ?? "")) {
        fidelity.note("dropped", "a line of the schedule about a service that supervises");
        continue;
      }
      const group = groupOf(element, "name", groups, problems);
      if (group === null) continue;
      sites.happens(element, group, action ?? "", time);
      continue;
    }
    if (!attributes.has("origin") || !attributes.has("dest")) {
      const message = "expected a name with an action, or an origin and a dest, found neither; give them";
      problems.push(problemAt(element, message));
      continue;
    }
    const origin = groupOf(element, "origin", groups, problems);
    const dest = groupOf(element, "dest", groups, problems);
    if (origin !== null && dest !== null) links.happens(element, origin, dest, action ?? null, time);
  }
  const { events, drawn } = links.done();
  const all = [...sites.done(), ...events];
  noteEvents(fidelity, "what the schedule says, to a fault", all);
  return { events: all, drawn };
}

// In the order of times; of one time in that of the text.
function linesOf(dynamic: XmlElement | null, problems: ImportProblem[]): readonly Line[] {
  const lines = (dynamic?.children ?? []).flatMap((element): readonly Line[] => {
    if (element.name !== "schedule") {
      problems.push(problemAt(element, `expected schedule here, found ${element.name}; take it away`));
      return [];
    }
    const text = element.attributes.get("time") ?? "";
    const time = measureIn(text, timeRule);
    if (time !== null) return [{ element, time: micros(Math.round(time)) }];
    problems.push(problemAt(element, `time: ${notMeasured(text, timeRule)}`));
    return [];
  });
  return lines.toSorted((one, other) => one.time - other.time);
}

/** Since when each node is away or cut off. */
class SiteTimes {
  readonly #reading: ScheduleReading;
  readonly #awaySince = new Map<number, Duration>();
  readonly #cutSince = new Map<number, Duration>();
  readonly #used = new Set<number>();
  readonly #events: MapEvent[] = [];

  constructor(reading: ScheduleReading) {
    this.#reading = reading;
    for (const { members, hasJoins } of reading.groups.values())
      for (const node of members) if (hasJoins) this.#awaySince.set(node, micros(0));
  }

  happens(element: XmlElement, group: Group, action: string, time: Duration): void {
    const { problems, fidelity } = this.#reading;
    const { members, isBridge, isReused, hasJoins, name } = group;
    const [away, cut] = [this.#awaySince, this.#cutSince];
    const amount = wholeOf(element, "amount", REPLICAS_MAX, problems);
    const known = isBridge ? ["join", "leave"] : ["join", "leave", "crash", "disconnect", "reconnect"];
    if (!known.includes(action)) {
      const message = `expected as action one of ${known.join(", ")}, found ${JSON.stringify(action)}; mend it`;
      problems.push(problemAt(element, message));
      return;
    }
    const isCut = isBridge || action === "disconnect" || action === "reconnect";
    const isBack = action === "join" || action === "reconnect";
    const can = members.filter((node) => {
      if (isBridge) return cut.has(node) === isBack;
      if (action === "join") return away.has(node) && (isReused || !this.#used.has(node));
      return !away.has(node) && (action === "reconnect" ? cut.has(node) : action !== "disconnect" || !cut.has(node));
    });
    if (can.length < amount) {
      const hint = hasJoins && action !== "join" ? " (whose joins are scheduled is away before)" : "";
      const message = `expected at least ${amount} of ${name} that can ${action} then, found ${can.length}${hint}; mend the schedule`;
      problems.push(problemAt(element, message));
      return;
    }
    if (can.length > amount)
      fidelity.note("assumed", "which replicas: the first ones that can, where Kollaps draws them", name);
    for (const node of can.slice(0, amount)) {
      if (!isBack) {
        (isCut ? cut : away).set(node, time);
        continue;
      }
      const since = (isCut ? cut : away).get(node) ?? micros(0);
      (isCut ? cut : away).delete(node);
      this.#used.add(node);
      if (since === time) continue;
      if (isCut) this.#events.push({ kind: "isolate", site: node, from: since, until: time });
      else this.#events.push({ kind: "crash", site: node, at: since, after: micros(time - since) });
    }
    if (action === "leave" && !isBridge)
      fidelity.note("assumed", "a service that leaves: it stops without notice, as in a crash", name);
  }

  done(): readonly MapEvent[] {
    for (const [site, from] of this.#cutSince) this.#events.push({ kind: "isolate", site, from, until: null });
    for (const [site, at] of this.#awaySince) this.#events.push({ kind: "crash", site, at, after: null });
    return this.#events;
  }
}

interface Ways {
  readonly edge: OneWay;
  /** Since when it has which properties. */
  readonly times: { readonly from: Duration; readonly way: MapWay }[];
}

/** What each direction of each link has over time, and since when links are down. */
class LinkTimes {
  readonly #reading: ScheduleReading;
  readonly #ways: Ways[];
  readonly #byPair = new Map<string, Ways[]>();
  readonly #downSince = new Map<string, { readonly a: number; readonly b: number; readonly from: Duration }>();
  readonly #events: MapEvent[] = [];

  constructor(reading: ScheduleReading) {
    this.#reading = reading;
    this.#ways = [];
    for (const edge of reading.drawn) this.#add(edge);
  }

  happens(element: XmlElement, origin: Group, dest: Group, action: string | null, time: Duration): void {
    const { problems, fidelity } = this.#reading;
    const said = waySaid(element, problems);
    if (said === null) return;
    const pairs = origin.members.flatMap((a) => dest.members.map((b) => ({ a, b })));
    const isThere = pairs.some(({ a, b }) => this.#between(a, b).length > 0 || this.#between(b, a).length > 0);
    if (action !== null && action !== "join" && action !== "leave") {
      const message = `expected as action of a link join or leave, found ${JSON.stringify(action)}; mend it`;
      problems.push(problemAt(element, message));
      return;
    }
    const isNew = action === "join" && !isThere && said.delay !== null && said.bandwidth !== null;
    if (!isThere && !isNew) {
      const message = `expected a link between ${origin.name} and ${dest.name}, found none; add it to links, or join it with latency and upload`;
      problems.push(problemAt(element, message));
      return;
    }
    if (isNew) {
      for (const edge of waysBetween(origin, dest, said)) this.#add(edge);
      for (const { a, b } of pairs)
        if (time > 0) this.#events.push({ kind: "linkDown", a, b, from: micros(0), until: time });
      return;
    }
    if (action !== null)
      fidelity.note(
        "assumed",
        "a link that leaves or joins does so in both directions, as in Kollaps 1; Kollaps 2 takes that from origin to dest alone",
        `${origin.name} and ${dest.name}`,
      );
    for (const { a, b } of pairs) {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const down = this.#downSince.get(key);
      if (action === "leave" && down === undefined) this.#downSince.set(key, { a, b, from: time });
      if (action === "join" && down !== undefined) {
        this.#downSince.delete(key);
        if (down.from < time) this.#events.push({ kind: "linkDown", a, b, from: down.from, until: time });
      }
      if (action === "leave") continue;
      const { download, ...way } = said;
      this.#change(a, b, way, time);
      if (download !== null) this.#change(b, a, { delay: null, jitter: null, loss: null, bandwidth: download }, time);
    }
    if (said.download !== null && action === null)
      fidelity.note(
        "assumed",
        "a download in a change of a link holds for the way back; Kollaps 1 passes over it, and Kollaps 2 takes the latency, jitter and drop beside it for the way back, too",
      );
  }

  done(): { readonly events: readonly MapEvent[]; readonly drawn: readonly OneWay[] } {
    for (const { a, b, from } of this.#downSince.values())
      this.#events.push({ kind: "linkDown", a, b, from, until: null });
    const drawn = this.#ways.map(({ edge, times }): OneWay => ({ ...edge, way: bestOf(times.map(({ way }) => way)) }));
    for (const [at, { edge, times }] of this.#ways.entries()) {
      if (times.length === 1 || this.#between(edge.from, edge.to)[0]?.edge !== edge) continue;
      const best = (drawn[at] as OneWay).way;
      this.#reading.fidelity.note("assumed", "the properties of a link that changes: the best that it ever has", null);
      for (const [index, { from, way }] of times.entries()) {
        const until = times[index + 1]?.from ?? null;
        const worse = worseThan(best, way);
        if (worse === null || from === until) continue;
        this.#events.push({ kind: "degrade", a: edge.from, b: edge.to, worse, from, until });
      }
    }
    return { events: this.#events, drawn };
  }

  #between(from: number, to: number): readonly Ways[] {
    return this.#byPair.get(`${from} ${to}`) ?? [];
  }

  #add(edge: OneWay): void {
    const ways: Ways = { edge, times: [{ from: micros(0), way: edge.way }] };
    this.#ways.push(ways);
    this.#byPair.set(`${edge.from} ${edge.to}`, [...this.#between(edge.from, edge.to), ways]);
  }

  #change(from: number, to: number, change: MapWay, time: Duration): void {
    for (const { times } of this.#between(from, to)) {
      const { way } = times.at(-1) as Ways["times"][number];
      const changed: MapWay = {
        delay: change.delay ?? way.delay,
        jitter: change.jitter ?? way.jitter,
        bandwidth: change.bandwidth ?? way.bandwidth,
        loss: change.loss ?? way.loss,
      };
      if (JSON.stringify(changed) !== JSON.stringify(way)) times.push({ from: time, way: changed });
    }
  }
}
