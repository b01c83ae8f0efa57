// Timers of processes: each fires once, at its last deadline, and the dead stay silent.

import { expect, test } from "vitest";
import type { CloudletId } from "../../model/ids.ts";
import { instant } from "../../model/units.ts";
import { EventQueue } from "../kernel/queue.ts";
import { Timers } from "./timers.ts";

const a = 0 as CloudletId;
const b = 1 as CloudletId;

/** Runs the queue empty: who fired which timer, and when. */
function fired(queue: EventQueue, timers: Timers): string[] {
  const told: string[] = [];
  while (queue.pop()) {
    if (timers.due(queue.a, queue.b)) told.push(`${queue.at} ${timers.cloudlet}/${timers.timer}`);
  }
  return told;
}

test("a timer armed again and again, ever later, keeps one event and fires once, at the last deadline (1 000 times)", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 2);
  for (let at = 1; at <= 1_000; at += 1) timers.arm(a, 7, instant(at));
  expect(queue.size).toBe(1);
  expect(fired(queue, timers)).toEqual(["1000 0/7"]);
});

test("a timer armed earlier fires then, and not again at the former deadline", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 2);
  timers.arm(a, 1, instant(500));
  timers.arm(a, 1, instant(100));
  expect(fired(queue, timers)).toEqual(["100 0/1"]);
});

test("a timer that fired may be armed again", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 2);
  timers.arm(a, 1, instant(100));
  expect(fired(queue, timers)).toEqual(["100 0/1"]);
  timers.arm(a, 1, instant(150));
  expect(fired(queue, timers)).toEqual(["150 0/1"]);
});

test("a disarmed timer, and all of a process that died, stay silent; others do not", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 2);
  timers.arm(a, 1, instant(100));
  timers.arm(a, 2, instant(200));
  timers.arm(b, 1, instant(300));
  timers.arm(b, 2, instant(400));
  timers.disarm(b, 2);
  timers.disarm(b, 99);
  timers.disarmAll(a);
  timers.arm(a, 2, instant(250));
  expect(fired(queue, timers)).toEqual(["250 0/2", "300 1/1"]);
});

test("a timer for the past is a bug", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 1);
  timers.arm(a, 1, instant(100));
  fired(queue, timers);
  expect(() => timers.arm(a, 1, instant(99))).toThrow(/past/);
});

test("timers of many processes do not mix (200 processes, 3 timers each)", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 200);
  const expected: string[] = [];
  for (let cloudlet = 0; cloudlet < 200; cloudlet += 1) {
    for (let timer = 0; timer < 3; timer += 1) {
      const at = 1 + cloudlet * 3 + timer;
      timers.arm(cloudlet as CloudletId, timer, instant(at));
      expected.push(`${at} ${cloudlet}/${timer}`);
    }
  }
  expect(fired(queue, timers)).toEqual(expected);
});

test("armed timers whose deadlines are moved fire at the new ones, earlier or later, and the others as before", () => {
  const queue = new EventQueue();
  const timers = new Timers(queue, 2);
  timers.arm(a, 1, instant(100));
  timers.arm(a, 2, instant(200));
  timers.arm(a, 3, instant(300));
  timers.arm(b, 1, instant(120));
  timers.disarm(a, 3);
  timers.remap(a, (deadline) => instant(deadline === 100 ? 400 : 50));
  expect(fired(queue, timers)).toEqual(["50 0/2", "120 1/1", "400 0/1"]);
});
