// The processor: first come first served, against the formula for fixed service times, and what a crash and a timer that was
// put off do to what waits; then in a world.

import { describe, expect, test } from "vitest";
import type { ControlInput } from "../../model/control/io.ts";
import type { Incarnation } from "../../model/ids.ts";
import type { Input } from "../../model/replication/io.ts";
import { instant, micros, millis, seconds, type Instant } from "../../model/units.ts";
import { samplerOf } from "../kernel/distributions.ts";
import { RngRoot } from "../kernel/rng.ts";
import { runScenario } from "../run/runner.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { CpuTimes, Scenario } from "../scenario/scenario.ts";
import { TRACE } from "../trace/kinds.ts";
import { Cpu } from "./cpu.ts";

const none: CpuTimes = {
  request: micros(0),
  receive: micros(0),
  stored: micros(0),
  fired: micros(0),
  perKiB: micros(0),
};
const cpuOf = (times: Partial<CpuTimes>): Cpu => new Cpu({ ...none, ...times });
const stored = (upTo: number): Input => ({ kind: "stored", upTo });
const fired = (timer: number): Input => ({ kind: "fired", timer });

/** Serves all that waits; returns the inputs in the order of service, each with when it began. */
function drain(cpu: Cpu, from: number): readonly (readonly [began: number, input: ControlInput])[] {
  const served: (readonly [number, ControlInput])[] = [];
  let now = from;
  for (let work = cpu.begin(instant(now)); work !== null; work = cpu.begin(instant(now))) {
    served.push([now, work.input]);
    now += work.service;
    cpu.end(cpu.epoch);
  }
  return served;
}

describe("cpu", () => {
  test.each([25, 50, 80])("M/D/1: at %i percent load the mean wait is load * service / (2 * (1 - load))", (load) => {
    const service = 1_000;
    const cpu = cpuOf({ stored: micros(service) });
    const interval = samplerOf({ kind: "exponential", mean: micros((service * 100) / load) });
    const random = new RngRoot(`md1 ${load}`).stream;
    const count = 200_000;
    let now = 0;
    let endsAt = Infinity;
    const begin = (at: number): void => {
      endsAt = cpu.begin(at as Instant) === null ? Infinity : at + service;
    };
    for (let arrivals = 0; arrivals < count; arrivals += 1) {
      now += interval(random);
      while (endsAt <= now) {
        const at = endsAt;
        cpu.end(cpu.epoch);
        begin(at);
      }
      cpu.enqueue(stored(arrivals), now as Instant, now as Instant, 0);
      if (!cpu.isBusy) begin(now);
    }
    const { waits, utilisation } = cpu.use(now as Instant);
    const expected = (load / 100 / (2 * (1 - load / 100))) * service;
    expect(Math.abs((waits.mean as number) - expected) / expected).toBeLessThan(0.05);
    expect(Math.abs(utilisation - load * 10_000)).toBeLessThan(5_000);
  });

  test("first come, first served; kinds take their times, bytes come on top, other kinds take none", () => {
    const cpu = cpuOf({ stored: micros(100), fired: micros(7), perKiB: micros(10) });
    const started: Input = { kind: "started", incarnation: 1 as Incarnation, from: null };
    const receive = { kind: "receive" } as Input;
    for (const [input, size] of [
      [stored(1), 0],
      [receive, 2_048],
      [started, 0],
      [fired(3), 0],
      [stored(2), 51],
    ] as const) {
      cpu.enqueue(input, instant(0), instant(0), size);
    }
    expect(drain(cpu, 50)).toEqual([
      [50, stored(1)],
      [150, receive],
      [170, started],
      [170, fired(3)],
      [177, stored(2)],
    ]);
    const { served, queueMax, waits } = cpu.use(instant(1_000));
    expect([served, queueMax, waits.max, cpu.use(instant(1_000)).utilisation]).toEqual([5, 4, 177, 227_000]);
  });

  test("a crash empties the queue, and the service under way ends without effect", () => {
    const cpu = cpuOf({ stored: micros(100) });
    for (const upTo of [1, 2, 3]) cpu.enqueue(stored(upTo), instant(0), instant(0), 0);
    cpu.begin(instant(0));
    const { epoch } = cpu;
    cpu.crash(instant(40));
    expect(cpu.end(epoch)).toBeNull();
    expect(cpu.begin(instant(50))).toBeNull();
    expect(cpu.use(instant(80))).toMatchObject({ served: 0, utilisation: 500_000, queueMax: 2 });
  });

  test("a firing that waits is dropped when its timer is put off, another timer's is not", () => {
    const cpu = cpuOf({ fired: micros(10) });
    for (const timer of [1, 2]) cpu.enqueue(fired(timer), instant(0), instant(0), 0);
    cpu.forgetFiring(1);
    cpu.enqueue(fired(1), instant(5), instant(5), 0);
    expect(drain(cpu, 5).map(([, input]) => input)).toEqual([fired(2), fired(1)]);
  });
});

describe("cpu in a world", () => {
  const load: Scenario = plainScenario({
    seed: "cpu",
    topology: {
      cloudlets: [{ name: "hub" }, { name: "edge", upper: "hub" }],
      scopes: [{ name: "s", prefix: "s/" }],
      flows: [{ scope: "s", upper: "hub", lower: "edge", direction: "both" }],
      links: [{ a: "hub", b: "edge", forth: { delay: millis(5) } }],
    },
    clients: [
      {
        name: "users",
        at: ["edge"],
        sessions: 50,
        loop: { kind: "open", interval: { kind: "exponential", mean: millis(100) } },
        operations: null,
        starts: instant(0),
        mix: [{ kind: "get", weight: 1, keys: { prefix: "s/k", count: 4, popularity: { kind: "uniform" } } }],
      },
    ],
    duration: seconds(60),
  });
  const slow = { ...none, request: millis(1) };

  test("500 requests a second of 1 ms each keep a processor half busy, and reads wait as in M/D/1", () => {
    const { report } = runScenario({ ...load, cpus: [{ cloudlet: "edge", ...slow }] });
    const [edge, ...rest] = report.cpus;
    expect(rest).toEqual([]);
    expect(Math.abs((edge?.utilisation ?? 0) - 500_000)).toBeLessThan(20_000);
    // With 50 clients that each wait for their answer, arrivals are nearly those of a Poisson process.
    expect(edge?.waitP50 ?? 0).toBeLessThan(600);
    expect(edge?.waitP99 ?? 0).toBeGreaterThan(2_000);
    expect(Object.fromEntries(report.metrics)).toMatchObject({ "cpu.utilisation.max": edge?.utilisation });
    expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
    expect(new Map(report.properties).get("local-wait")).toMatchObject({ verdict: "holds" });
  });

  test("without times a processor changes nothing: the same events but for those that tell of it", () => {
    const plain = runScenario(load, { trace: { keep: "all" } });
    const idle = runScenario({ ...load, cpus: [{ cloudlet: "edge", ...none }] }, { trace: { keep: "all" } });
    const rowsOf = ({ trace }: typeof plain) => {
      const rows = trace.rows();
      return Array.from({ length: rows.count }, (_, index) => rows.row(index)).filter(
        ({ kind }) => kind !== TRACE.served,
      );
    };
    expect(rowsOf(idle)).toEqual(rowsOf(plain));
    expect(plain.report.cpus).toEqual([]);
  });

  test("an overloaded processor answers late, and a write is visible later by its queue", () => {
    const { report } = runScenario({
      ...load,
      cpus: [{ cloudlet: "edge", ...slow, request: millis(3) }],
      duration: seconds(3),
    });
    const [edge] = report.cpus;
    expect(edge?.utilisation ?? 0).toBeGreaterThan(950_000);
    expect(edge?.waitMax ?? 0).toBeGreaterThan(100_000);
    expect(edge?.queueMax ?? 0).toBeGreaterThan(40);
    expect(new Map(report.properties).get("local-wait")).toMatchObject({ violations: 0 });
  });
});
