// What a route has over time, where its links have profiles; and what befalls an edge then: it is down, or does worse than the best that it ever
// has, in each direction by itself.
//
// A route is down where one of its links is off, or has no bandwidth at all.

import { type Duration, micros } from "../../model/units.ts";
import type { MapWay } from "./map.ts";
import type { MapEvent, Worsening } from "./schedule.ts";
import type { PlatformRoute } from "./simgrid-parts.ts";
import type { LinkProfiles, ProfileStep } from "./simgrid-profiles.ts";
import { worseThan } from "./worsening.ts";

/** What holds from a time on. */
export interface WayMoment {
  readonly at: Duration;
  readonly way: MapWay;
  readonly isDown: boolean;
}

/** What SimGrid's own model makes of latencies and bandwidths. */
export interface Factor {
  readonly latency: number;
  readonly bandwidth: number;
}

/** Of one direction, the first moment being the beginning. */
export function wayMoments(
  { links, more }: PlatformRoute,
  profilesOf: (link: PlatformRoute["links"][number]) => LinkProfiles | undefined,
  factor: Factor,
): readonly WayMoment[] {
  const parts = links.map((link) => ({ link, profiles: profilesOf(link) }));
  const times = new Set<Duration>([micros(0)]);
  for (const { profiles } of parts)
    for (const steps of Object.values(profiles ?? {}) as (readonly ProfileStep[])[])
      for (const { at } of steps) times.add(at);
  const cursors = parts.map(({ link, profiles }) => ({
    state: new Cursor(profiles?.state, 1),
    // Microseconds and bits per second.
    latency: new Cursor(
      profiles?.latency?.map(({ at, value }) => ({ at, value: value * 1_000_000 })),
      link.latency,
    ),
    bandwidth: new Cursor(
      profiles?.bandwidth?.map(({ at, value }) => ({ at, value: value * 8 })),
      link.bandwidth ?? Infinity,
    ),
  }));
  return [...times]
    .sort((one, other) => one - other)
    .map((at) => {
      let [latency, bandwidth, isDown] = [more, Infinity, false];
      for (const cursor of cursors) {
        latency += cursor.latency.at(at);
        bandwidth = Math.min(bandwidth, cursor.bandwidth.at(at));
        if (cursor.state.at(at) <= 0) isDown = true;
      }
      const way: MapWay = {
        delay: micros(Math.round(latency * factor.latency)),
        jitter: null,
        bandwidth: bandwidth === Infinity ? null : Math.max(1, Math.round(bandwidth * factor.bandwidth)),
        loss: null,
      };
      return { at, way, isDown: isDown || bandwidth < 1 };
    });
}

/** The value of a profile at times that are asked for in order. */
class Cursor {
  readonly #steps: readonly ProfileStep[];
  #next = 0;
  #value: number;

  constructor(steps: readonly ProfileStep[] = [], first: number) {
    this.#steps = steps;
    this.#value = first;
  }

  at(time: Duration): number {
    for (let step = this.#steps[this.#next]; step !== undefined && step.at <= time; step = this.#steps[this.#next]) {
      this.#value = step.value;
      this.#next += 1;
    }
    return this.#value;
  }
}

/** One direction of an edge: what it has over time, and the best of it. */
export interface Course {
  readonly best: MapWay;
  readonly moments: readonly WayMoment[];
}

/** What befalls an edge from a to b. */
export function eventsOf(a: number, b: number, forth: Course, back: Course): readonly MapEvent[] {
  const times = [...new Set([...forth.moments, ...back.moments].map(({ at }) => at))].sort((one, other) => one - other);
  const events: MapEvent[] = [];
  const down = new Runs<true>((from, until) => events.push({ kind: "linkDown", a, b, from, until }));
  const there = new Runs<Worsening>((from, until, worse) => events.push({ kind: "degrade", a, b, worse, from, until }));
  const here = new Runs<Worsening>((from, until, worse) =>
    events.push({ kind: "degrade", a: b, b: a, worse, from, until }),
  );
  let [forthAt, backAt] = [0, 0];
  for (const time of times) {
    while ((forth.moments[forthAt + 1]?.at ?? Infinity) <= time) forthAt += 1;
    while ((back.moments[backAt + 1]?.at ?? Infinity) <= time) backAt += 1;
    const [one, other] = [forth.moments[forthAt] as WayMoment, back.moments[backAt] as WayMoment];
    const isCut = one.isDown && other.isDown;
    down.holds(time, isCut ? true : null);
    there.holds(time, worseOf(forth.best, one, isCut));
    here.holds(time, worseOf(back.best, other, isCut));
  }
  for (const runs of [down, there, here]) runs.end();
  return events;
}

// One direction alone that is down loses everything.
function worseOf(best: MapWay, { way, isDown }: WayMoment, isCut: boolean): Worsening | null {
  const worse = worseThan(best, way);
  if (!isDown || isCut) return worse;
  return { ...(worse ?? { delay: null, jitter: null, bandwidth: null }), loss: 1_000_000 };
}

/** Values that hold for a time: each is told once with its span. */
class Runs<Value> {
  readonly #tell: (from: Duration, until: Duration | null, value: Value) => void;
  #now: { readonly from: Duration; readonly value: Value } | null = null;

  constructor(tell: (from: Duration, until: Duration | null, value: Value) => void) {
    this.#tell = tell;
  }

  /** Null: nothing holds. */
  holds(from: Duration, value: Value | null): void {
    if (JSON.stringify(this.#now?.value ?? null) === JSON.stringify(value)) return;
    if (this.#now !== null) this.#tell(this.#now.from, from, this.#now.value);
    this.#now = value === null ? null : { from, value };
  }

  end(): void {
    if (this.#now !== null) this.#tell(this.#now.from, null, this.#now.value);
    this.#now = null;
  }
}
