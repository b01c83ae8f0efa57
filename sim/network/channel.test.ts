// One direction of a link against closed formulas: transfer time, queueing, loss, duplication, reordering.

import { describe, expect, test } from "vitest";
import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import { bytes, instant, micros } from "../../model/units.ts";
import { noHarm } from "../scenario/no-harm.ts";
import { samplerOf } from "../kernel/distributions.ts";
import { RngRoot } from "../kernel/rng.ts";
import { Channel, NO_ARRIVAL, channelOptions } from "./channel.ts";

const rng = (): RngRoot["stream"] => stream("channel");
const stream = (seed: string): RngRoot["stream"] => new RngRoot(seed).stream;
const channelOf = (spec: Partial<LinkDirectionSpec>): Channel =>
  new Channel(channelOptions({ delay: micros(0), ...spec }));

/** Standard score of `hits` among `count` trials of a probability in parts per million. */
const score = (hits: number, count: number, partsPerMillion: number): number => {
  const p = partsPerMillion / 1_000_000;
  return (hits - count * p) / Math.sqrt(count * p * (1 - p));
};

describe("channel", () => {
  test.each([
    // bytes, bits per second, delay, expected arrival: size * 8 / bandwidth + delay, rounded up to a microsecond
    [1_250, 10_000_000, 5_000, 1_000 + 5_000],
    [1, 8_000_000, 0, 1],
    [1, 1_000_000_000, 0, 1],
    [1_500, 56_000, 20_000, 214_286 + 20_000],
    [0, 1_000, 7, 7],
  ])("transfer time: %i bytes at %i bit/s after %i us of delay arrive at %i us", (size, bandwidth, delay, arrival) => {
    const channel = channelOf({ bandwidth, delay: micros(delay) });
    expect(channel.transmit(instant(0), bytes(size), rng())).toBe(1);
    expect([channel.arrival, channel.arrivalOfCopy, channel.dropReason]).toEqual([arrival, NO_ARRIVAL, null]);
  });

  test("no bandwidth limit: arrival is the delay alone, whatever the size", () => {
    const channel = channelOf({ delay: micros(30) });
    channel.transmit(instant(100), bytes(500_000_000), rng());
    expect(channel.arrival).toBe(130);
  });

  test("nothing is rounded away: 100 000 messages of 1.024 us each take 102 400 us, in order", () => {
    const channel = channelOf({ bandwidth: 1_000_000_000 });
    const random = rng();
    let before = 0;
    for (let i = 0; i < 100_000; i += 1) {
      channel.transmit(instant(0), bytes(128), random);
      expect(channel.arrival >= before).toBe(true);
      before = channel.arrival;
    }
    expect(channel.arrival).toBe(102_400);
  });

  test("two flows on one link share it: each gets half, and together no more than the bandwidth", () => {
    // Two senders offer 1 000-byte messages at 8 Mbit/s each to a link of 8 Mbit/s: a message takes 1 000 us.
    const channel = channelOf({ bandwidth: 8_000_000 });
    const random = rng();
    const last = [0, 0];
    const count = 200;
    for (let i = 0; i < count; i += 1) {
      for (const flow of [0, 1]) {
        channel.transmit(instant(i * 1_000), bytes(1_000), random);
        last[flow] = channel.arrival;
      }
    }
    expect(last).toEqual([(count * 2 - 1) * 1_000, count * 2 * 1_000]);
    // Alone, a sender would have been done after half of that.
    const alone = channelOf({ bandwidth: 8_000_000 });
    for (let i = 0; i < count; i += 1) alone.transmit(instant(i * 1_000), bytes(1_000), random);
    expect(alone.arrival).toBe(count * 1_000);
  });

  test.each([25, 50, 80])("M/D/1: at %i percent load the mean wait is load * service / (2 * (1 - load))", (load) => {
    const service = 1_000;
    const channel = channelOf({ bandwidth: 8_000_000 });
    const interval = samplerOf({ kind: "exponential", mean: micros((service * 100) / load) });
    const random = stream(`md1 ${load}`);
    let now = 0;
    let waited = 0;
    const count = 200_000;
    for (let i = 0; i < count; i += 1) {
      now += interval(random);
      channel.transmit(instant(now), bytes(1_000), random);
      waited += channel.arrival - now - service;
    }
    const expected = (load / 100 / (2 * (1 - load / 100))) * service;
    expect(Math.abs(waited / count - expected) / expected).toBeLessThan(0.05);
  });

  test("a full queue drops the newcomer, an idle link takes any size, and room comes back as bytes are sent", () => {
    const channel = channelOf({ bandwidth: 8_000_000, queue: bytes(2_500) });
    const random = rng();
    const send = (now: number, size: number): number => channel.transmit(instant(now), bytes(size), random);
    expect(send(0, 4_000)).toBe(1);
    expect(send(0, 1)).toBe(0);
    expect([channel.dropReason, channel.arrival, channel.backlog(instant(0))]).toEqual([
      "queueFull",
      NO_ARRIVAL,
      4_000,
    ]);
    expect(send(1_600, 100)).toBe(1);
    expect(channel.backlog(instant(1_600))).toBe(2_500);
    expect(send(1_600, 1)).toBe(0);
    expect(send(1_601, 1)).toBe(1);
    expect([channel.messages, channel.bytes, channel.droppedQueueFull]).toEqual([3, 4_101, 2]);
    expect(channel.backlog(instant(1_000_000))).toBe(0);
  });

  test.each([1_000, 20_000, 300_000])("loss of %i ppm is met within a binomial bound, and takes bandwidth", (loss) => {
    const channel = channelOf({ loss, bandwidth: 8_000_000 });
    const random = stream(`loss ${loss}`);
    let lost = 0;
    for (let i = 0; i < 100_000; i += 1) if (channel.transmit(instant(0), bytes(1), random) === 0) lost += 1;
    expect(Math.abs(score(lost, 100_000, loss))).toBeLessThan(4);
    expect([channel.droppedLost, channel.messages, channel.bytes]).toEqual([lost, 100_000, 100_000]);
    expect(channel.backlog(instant(0))).toBe(100_000);
  });

  test("duplication of 50 000 ppm is met, and each copy draws a jitter of its own", () => {
    const channel = channelOf({ duplication: 50_000, jitter: micros(1_000) });
    const random = stream("duplication");
    let twice = 0;
    let apart = 0;
    for (let i = 0; i < 50_000; i += 1) {
      if (channel.transmit(instant(i), bytes(1), random) < 2) continue;
      twice += 1;
      if (channel.arrivalOfCopy !== channel.arrival) apart += 1;
    }
    expect(Math.abs(score(twice, 50_000, 50_000))).toBeLessThan(4);
    expect(apart / twice).toBeGreaterThan(0.99);
    expect([channel.copies, channel.messages]).toEqual([twice, 50_000]);
  });

  test("reordering of 100 000 ppm: so many are overtaken when the extra delay exceeds the gap, none when it does not", () => {
    for (const [reorderDelay, share] of [
      [1_500, 100_000],
      [500, 0],
    ] as const) {
      const channel = channelOf({ delay: micros(10_000), reordering: 100_000, reorderDelay: micros(reorderDelay) });
      const random = stream("reordering");
      const arrivals = Float64Array.from({ length: 50_000 }, (_, i) => {
        channel.transmit(instant(i * 1_000), bytes(1), random);
        return channel.arrival;
      });
      let held = 0;
      let overtaken = 0;
      for (let i = 0; i + 1 < arrivals.length; i += 1) {
        if ((arrivals[i] as number) > i * 1_000 + 10_000) held += 1;
        if ((arrivals[i + 1] as number) < (arrivals[i] as number)) overtaken += 1;
      }
      expect(Math.abs(score(held, 50_000, 100_000))).toBeLessThan(4);
      // Overtaken by the next one: held back, and the next one not.
      if (share === 0) expect(overtaken).toBe(0);
      else expect(Math.abs(score(overtaken, 50_000, (share * 9) / 10))).toBeLessThan(4);
    }
  });

  test("jitter is even from 0 to its bound, and lets messages overtake; without it order is kept", () => {
    const jittery = channelOf({ delay: micros(10_000), jitter: micros(4_000) });
    const random = stream("jitter");
    let sum = 0;
    let least = Infinity;
    let most = 0;
    let overtaken = 0;
    let before = 0;
    for (let i = 0; i < 50_000; i += 1) {
      jittery.transmit(instant(i * 100), bytes(1), random);
      const extra = jittery.arrival - i * 100 - 10_000;
      sum += extra;
      least = Math.min(least, extra);
      most = Math.max(most, extra);
      if (jittery.arrival < before) overtaken += 1;
      before = jittery.arrival;
    }
    expect(Math.abs(sum / 50_000 - 2_000)).toBeLessThan(25);
    expect([least, most]).toEqual([0, 4_000]);
    expect(overtaken).toBeGreaterThan(10_000);
  });

  test("a delay that varies keeps order: later messages wait for earlier ones (exponential, 20 000 messages)", () => {
    const delay = samplerOf({ kind: "exponential", mean: micros(10_000) });
    const channel = new Channel({ ...channelOptions({ delay: micros(0) }), delay });
    const random = stream("order");
    let before = 0;
    for (let i = 0; i < 20_000; i += 1) {
      channel.transmit(instant(i * 10), bytes(1), random);
      expect(channel.arrival >= before).toBe(true);
      before = channel.arrival;
    }
  });

  test("going down loses what waits and travels, refuses what comes, and starts empty again", () => {
    const channel = channelOf({ delay: micros(50), bandwidth: 8_000_000 });
    const random = rng();
    channel.transmit(instant(0), bytes(1_000), random);
    const { epoch } = channel;
    expect(channel.arrives(epoch)).toBe(true);
    channel.setUp(false);
    expect(channel.transmit(instant(10), bytes(1), random)).toBe(0);
    expect([channel.dropReason, channel.up]).toEqual(["linkDown", false]);
    channel.setUp(true);
    channel.setUp(true);
    expect(channel.arrives(epoch)).toBe(false);
    expect(channel.arrives(channel.epoch)).toBe(true);
    channel.transmit(instant(20), bytes(1), random);
    expect(channel.arrival).toBe(20 + 1 + 50);
    expect(channel.droppedLinkDown).toBe(2);
  });

  test("what is drawn does not depend on load or time", () => {
    const spec = { loss: 100_000, duplication: 100_000, jitter: micros(100), reordering: 100_000 };
    const copies = (gap: number): string[] => {
      const channel = channelOf({ ...spec, bandwidth: 1_000_000, reorderDelay: micros(10) });
      const random = stream("aligned");
      return Array.from({ length: 500 }, (_, i) => {
        const now = i * gap;
        return `${channel.transmit(instant(now), bytes(100), random)} ${channel.dropReason}`;
      });
    };
    expect(copies(1)).toEqual(copies(100_000));
  });

  test("bugs of the caller throw: time running backwards, impossible sizes, no bandwidth", () => {
    const channel = channelOf({});
    channel.transmit(instant(5), bytes(1), rng());
    expect(() => channel.transmit(instant(4), bytes(1), rng())).toThrow("before an earlier one");
    expect(() => channel.transmit(instant(5), (2 ** 40) as never, rng())).toThrow("impossible size");
    expect(() => channelOf({ bandwidth: 0 })).toThrow("without bandwidth");
  });

  describe("what faults add", () => {
    test("shares are lost, doubled and damaged on top of the channel's own, and only while it lasts", () => {
      const channel = channelOf({ loss: 100_000 });
      const count = 20_000;
      const random = rng();
      const lostOf = (): number => {
        const before = channel.droppedLost;
        for (let sent = 0; sent < count; sent += 1) channel.transmit(instant(0), bytes(10), random);
        return channel.droppedLost - before;
      };
      expect(Math.abs(score(lostOf(), count, 100_000))).toBeLessThan(4);
      const harm = { ...noHarm, loss: 200_000, duplication: 300_000, corruption: 400_000 };
      channel.suffer(harm, stream("harm"));
      expect(Math.abs(score(lostOf(), count, 280_000))).toBeLessThan(4);
      const arrived = count - Math.round(0.28 * count);
      expect(Math.abs(score(channel.copies, arrived, 300_000))).toBeLessThan(5);
      expect(Math.abs(score(channel.damaged, Math.round(arrived * 1.3), 400_000))).toBeLessThan(8);
      channel.suffer(null, stream("harm"));
      const { copies, damaged } = channel;
      expect(Math.abs(score(lostOf(), count, 100_000))).toBeLessThan(4);
      expect([channel.copies, channel.damaged, channel.isHarmed, channel.isDamaged]).toEqual([
        copies,
        damaged,
        false,
        false,
      ]);
    });

    test("what the channel itself draws is the same with a fault and without", () => {
      const fates = [false, true].map((isHarmed) => {
        const channel = channelOf({ loss: 300_000, jitter: micros(500) });
        const random = rng();
        if (isHarmed) channel.suffer({ ...noHarm, duplication: 500_000, delay: micros(40) }, stream("harm"));
        return Array.from({ length: 500 }, () => {
          const isLost = channel.transmit(instant(0), bytes(10), random) === 0;
          return isLost ? null : channel.arrival - (isHarmed ? 40 : 0);
        });
      });
      expect(fates[1]).toEqual(fates[0]);
    });

    test("a delay keeps order when it ends, and messages behind a spike arrive after it", () => {
      const channel = channelOf({ delay: micros(10) });
      channel.suffer({ ...noHarm, delay: micros(1_000) }, stream("harm"));
      channel.transmit(instant(0), bytes(1), rng());
      expect([channel.arrival, channel.isHarmed]).toEqual([1_010, true]);
      channel.suffer(null, stream("harm"));
      channel.transmit(instant(5), bytes(1), rng());
      expect(channel.arrival).toBe(1_010);
    });

    test("bandwidth collapses for what is sent meanwhile, and what waits keeps its place", () => {
      const channel = channelOf({ bandwidth: 8_000_000 });
      const sent = (): number => {
        channel.transmit(instant(0), bytes(100), rng());
        return channel.arrival;
      };
      expect(sent()).toBe(100);
      channel.suffer({ ...noHarm, bandwidth: 80_000 }, stream("harm"));
      expect([sent(), sent()]).toEqual([10_100, 20_100]);
      channel.suffer({ ...noHarm, bandwidth: 80_000_000 }, stream("harm"));
      expect(sent()).toBe(20_200);
      expect(channel.isHarmed).toBe(false);
      channel.suffer(null, stream("harm"));
      expect(sent()).toBe(20_300);
    });
  });
});
