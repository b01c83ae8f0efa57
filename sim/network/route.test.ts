// Routes of several links: each is charged, and one that is down takes the route down.

import { describe, expect, test } from "vitest";
import type { Instant } from "../../model/units.ts";
import { bytes, instant, micros } from "../../model/units.ts";
import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import { EventQueue } from "../kernel/queue.ts";
import { RngRoot } from "../kernel/rng.ts";
import { Channel, channelOptions } from "./channel.ts";
import { Route, RouteBook } from "./route.ts";
import type { Hop } from "./route.ts";

const root = (): RngRoot => new RngRoot("route");
const hopsOf = (specs: readonly LinkDirectionSpec[]): Hop[] => {
  const { stream } = root();
  return specs.map((spec, index) => ({
    index,
    channel: new Channel(channelOptions(spec)),
    rng: stream.fork(`channel-${index}`),
  }));
};

const FORWARD = 0;

/** The least world that can carry messages: sends over routes, hop by hop, until nothing is pending. */
class Carrier {
  readonly queue = new EventQueue();
  /** Arrivals at the end of a route, as [message, instant]. */
  readonly arrivals: [message: number, at: number][] = [];
  readonly #routes: readonly Route[];
  readonly #size = bytes(1_000);

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  send(route: number, message: number, at: number): void {
    this.queue.push(instant(at), FORWARD, route * 100, message, -1, null);
  }

  run(until = Infinity): void {
    for (let next = this.queue.next(); next !== null && next <= until; next = this.queue.next()) {
      this.queue.pop();
      const { at, a, b: message, c: epoch } = this.queue;
      const hop = a % 100;
      const route = this.#routes[Math.floor(a / 100)] as Route;
      if (hop > 0 && !route.channel(hop - 1).arrives(epoch)) continue;
      if (hop === route.hops.length) this.arrivals.push([message, at]);
      else this.#forward(route, a, hop, message, at);
    }
  }

  #forward(route: Route, a: number, hop: number, message: number, at: Instant): void {
    if (route.forward(hop, at, this.#size) === 0) return;
    const { arrival, epoch } = route.channel(hop);
    this.queue.push(instant(arrival), FORWARD, a + 1, message, epoch, null);
  }
}

const megabits = (delay: number): LinkDirectionSpec => ({ delay: micros(delay), bandwidth: 8_000_000 });

describe("routes", () => {
  test("store and forward: a message takes size / bandwidth + delay on each link, and each link is charged", () => {
    const hops = hopsOf([megabits(5_000), megabits(7_000), megabits(100)]);
    const carrier = new Carrier([new Route(hops)]);
    carrier.send(0, 1, 0);
    carrier.run();
    expect(carrier.arrivals).toEqual([[1, 3 * 1_000 + 5_000 + 7_000 + 100]]);
    expect(hops.map(({ channel }) => [channel.messages, channel.bytes])).toEqual(new Array(3).fill([1, 1_000]));
  });

  test("a link in the middle is shared with a flow of its own, and who reaches it first goes first", () => {
    // 1. Message 1 leaves for the far end at 0 and reaches the shared link at 11 000.
    // 2. Message 2 uses the shared link alone at 2 000: it must not wait for message 1, though that was sent before.
    // 3. Message 3 comes to the shared link at 11 500, while message 1 is being sent, and waits 500.
    const [near, shared] = hopsOf([megabits(10_000), megabits(0)]) as [Hop, Hop];
    const carrier = new Carrier([new Route([near, shared]), new Route([shared])]);
    carrier.send(0, 1, 0);
    carrier.send(1, 2, 2_000);
    carrier.send(1, 3, 11_500);
    carrier.run();
    expect(carrier.arrivals).toEqual([
      [2, 3_000],
      [1, 12_000],
      [3, 13_000],
    ]);
  });

  test("a link of the path down is the route down; the book tells each route once per change", () => {
    const [first, second, third] = hopsOf([megabits(0), megabits(0), megabits(0)]) as [Hop, Hop, Hop];
    const long = new Route([first, second]);
    const short = new Route([second]);
    const other = new Route([third]);
    const book = new RouteBook();
    for (const route of [long, short, other]) book.add(route);
    const changes: string[] = [];
    const set = (hop: Hop, up: boolean): void =>
      book.setUp(hop, up, (route) =>
        changes.push(`${["long", "short", "other"][[long, short, other].indexOf(route)] ?? ""} ${route.up}`),
      );
    set(first, false);
    set(second, false);
    set(second, false);
    set(first, true);
    expect([long.up, short.up, other.up]).toEqual([false, false, true]);
    set(second, true);
    expect(changes).toEqual(["long false", "short false", "long true", "short true"]);
    second.channel.setUp(false);
    expect(new Route([first, second]).up).toBe(false);
  });

  test("what travels on a link that goes down is lost, what is elsewhere on the path goes on", () => {
    const hops = hopsOf([megabits(10_000), megabits(10_000)]) as [Hop, Hop];
    const route = new Route(hops);
    const book = new RouteBook();
    book.add(route);
    const carrier = new Carrier([route]);
    carrier.send(0, 1, 0);
    carrier.send(0, 2, 5_000);
    carrier.run(12_000);
    // Message 1 is on the second link, message 2 still on the first.
    book.setUp(hops[0], false, () => undefined);
    book.setUp(hops[0], true, () => undefined);
    carrier.run();
    expect(carrier.arrivals).toEqual([[1, 22_000]]);
    expect(hops[0].channel.droppedLinkDown).toBe(1);
  });

  test("a route over no link throws", () => {
    expect(() => new Route([])).toThrow("over no link");
  });
});
