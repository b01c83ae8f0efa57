// A put that is not to last is ended by its own cloudlet, not before its time is over, soon after it where that cloudlet is up, and
// so that nothing else changes: its end replaces it alone, and wins and loses against others as it did.
//
// When its time is over says the clock of its cloudlet, which is known from the scenario: where it began, how fast it runs, by
// how much it was stepped.
// - In the life that wrote it: its whole time after it was written, by the monotonic clock. To the microsecond.
// - In a later life: by the wall clock, from the put's stamp, as it shows when the put comes to stand there again; at once, if that
//   is past, and after the whole time at the latest. What the record's stamp was ahead of the clock may delay it by as much.
// Judged when an end is written; and where a put still stands although its time was over by more than the slack, when it is
// replaced there, when the process dies, and at the end.
//
// Excused from ending anything: lives that are fenced, cloudlets that no longer take part in the scope under their plan, and
// those that cannot read what a former life wrote.

import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Duration, Instant } from "../../model/units.ts";
import { declaredClocks } from "../hosts/declared-clocks.ts";
import type { Clock } from "../hosts/clock.ts";
import type { ClockSetting } from "../scenario/scenario.ts";
import { STANDING_MAX } from "../quirks/table.ts";
import type { Oracle, TruthListener } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { preference, returnsOne } from "./resolution.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/**
 * How long after its time is over a put may stand where it was written, in microseconds, beside what inputs wait for the processor there:
 * timers are handled late at times.
 */
export const SLACK = 1_000_000;

interface LimitedPut {
  readonly ttl: Duration;
  /** What its cloudlet's clocks showed when it was written, at the least. */
  readonly monotonic: number;
  readonly wall: number;
}

/** Between which values of its cloudlet's monotonic clock a put is to be ended. */
interface Window {
  readonly earliest: number;
  readonly latest: number;
}

/** Judges time limits. */
export function timeLimits(truth: Truth, settings: readonly ClockSetting[] = []): Oracle {
  const judge = new Judge();
  const clocks = declaredClocks(
    truth.topology.cloudlets.map(({ name }) => name),
    settings,
  );
  const puts = new Map<number, LimitedPut>();
  // By cloudlet: its own puts that stand there, as its present life knows of them.
  const standing = truth.topology.cloudlets.map(() => new Map<number, Window>());
  // What the monotonic clock showed when each process began, and when it was told of its plan.
  const beganAt = truth.topology.cloudlets.map(() => 0);
  const mute = new Set<CloudletId>();
  // When each cloudlet was told an earlier time last than its clock shows.
  const stoodAt = truth.topology.cloudlets.map(() => -1);
  const paused = new Set<CloudletId>();
  // How long the last input that each processor came to had waited: the firing of a timer waits as long as all others.
  const waitedAt = truth.topology.cloudlets.map(() => 0);

  const clockOf = (cloudlet: number): Clock => clocks[cloudlet] as Clock;
  const recordOf = (number: number): CausalRecord => truth.records[number] as CausalRecord;

  const windowOf = (at: Instant, cloudlet: CloudletId, number: number, put: LimitedPut): Window => {
    const monotonic = clockOf(cloudlet).monotonic(at);
    const { dot, stamp } = recordOf(number);
    if (dot.incarnation === truth.lifeOf(cloudlet)) {
      const over = put.monotonic + put.ttl;
      return { earliest: over, latest: Math.max(over, monotonic) };
    }
    // What came back with the disk is told of later than the process saw it.
    const since = beganAt[cloudlet] as number;
    const { offset } = clockOf(cloudlet);
    const over = (from: number, shown: number): number =>
      shown + Math.min(put.ttl, Math.max(0, from + put.ttl - (shown + offset)));
    return {
      earliest: Math.min(over(put.wall, since), over(put.wall, monotonic)),
      latest: Math.max(over(stamp.wall, since), over(stamp.wall, monotonic)),
    };
  };

  const isExcused = (cloudlet: CloudletId, number: number): boolean => {
    if (mute.has(cloudlet) || paused.has(cloudlet) || !truth.reaches(number, cloudlet)) return true;
    const held = truth.cores[cloudlet]?.versions(recordOf(number).key) ?? [];
    return held.some((version) => version.kind === "sealed" && truth.numberOf(version.dot) === number);
  };

  const stands = (cloudlet: CloudletId, number: number): boolean =>
    truth.shadow.visible(cloudlet, truth.keyOf.data[number] as number).includes(number);

  // This put goes, or is looked at for the last time: it must not have outlived its time.
  const judgeLeft = (at: Instant, cloudlet: CloudletId, number: number, { latest }: Window): void => {
    judge.checks += 1;
    const late = clockOf(cloudlet).monotonic(at) - latest;
    if (late <= SLACK + (waitedAt[cloudlet] as number) || !stands(cloudlet, number) || isExcused(cloudlet, number))
      return;
    judge.violate(() => {
      const what = `${recordText(truth, number)} still stood at ${cloudletText(truth, cloudlet)} ${atTime(at)}`;
      return `${what}, ${late} us after its time was over there`;
    });
  };

  const judgeEnd = (at: Instant, end: number): void => {
    judge.checks += 1;
    const { prev, dot } = recordOf(end);
    const [number, ...others] = truth.overwritten.of(end);
    const put = number === undefined ? undefined : puts.get(number);
    const fault = (why: string): void => {
      judge.violate(() => `${recordText(truth, end)} ends what was not to last, but ${why}`);
    };
    if (number === undefined || others.length > 0 || prev.length !== 1) {
      fault("it does not replace exactly one version");
      return;
    }
    const what = recordText(truth, number);
    if (put === undefined) fault(`${what} was to last`);
    else if ((truth.originOf.data[number] as number) !== dot.origin) fault(`${what} is another cloudlet's`);
    else if (!stands(dot.origin, number)) fault(`${what} did not stand there any more`);
    else {
      const found = standing[dot.origin]?.get(number);
      const early = (found?.earliest ?? Infinity) - clockOf(dot.origin).monotonic(at);
      if (early > 0) fault(`${what} had ${early} us left`);
      if (found !== undefined) judgeLeft(at, dot.origin, number, found);
      standing[dot.origin]?.delete(number);
    }
  };

  // Where one version wins: what wins or loses against a put does so against its end.
  const judgeRank = (end: number, other: number): void => {
    const [number] = truth.overwritten.of(end);
    const resolver = truth.resolverOfKey[truth.keyOf.data[end] as number] ?? "lww-hlc";
    if (number === undefined || !returnsOne(resolver)) return;
    // Two lives may have ended one put.
    if (recordOf(other).ends === true && truth.overwritten.includes(other, number)) return;
    judge.checks += 1;
    const against = (version: number): boolean =>
      preference(resolver, recordOf(other), recordOf(version), truth.depthOf) > 0;
    if (against(number) === against(end)) return;
    judge.violate(() => {
      const won = against(end) ? "loses to" : "wins over";
      return `${recordText(truth, end)} ${won} ${recordText(truth, other)}, and what it ends does not: ${recordText(truth, number)}`;
    });
  };

  const applied: TruthListener["applied"] = (at, cloudlet, number) => {
    const own = standing[cloudlet];
    if (own !== undefined && own.size > 0) {
      for (const replaced of truth.overwritten.of(number)) {
        const window = own.get(replaced);
        if (window === undefined) continue;
        judgeLeft(at, cloudlet, replaced, window);
        own.delete(replaced);
      }
    }
    const put = puts.get(number);
    if (put !== undefined && truth.originOf.data[number] === (cloudlet as number)) {
      own?.set(number, windowOf(at, cloudlet, number, put));
    }
  };

  const met: TruthListener["met"] = (_at, _cloudlet, newcomer, resident) => {
    if (recordOf(newcomer).ends === true) judgeRank(newcomer, resident);
    if (recordOf(resident).ends === true) judgeRank(resident, newcomer);
  };

  return {
    name: "time-limits",
    started(at, cloudlet) {
      mute.delete(cloudlet);
      beganAt[cloudlet] = clockOf(cloudlet).monotonic(at);
      waitedAt[cloudlet] = 0;
      standing[cloudlet]?.clear();
    },
    crashed(at, cloudlet) {
      for (const [number, window] of standing[cloudlet] ?? []) judgeLeft(at, cloudlet, number, window);
      paused.delete(cloudlet);
      clockOf(cloudlet).setFrozen(at, false);
      standing[cloudlet]?.clear();
    },
    clockStepped(_at, cloudlet, by) {
      clockOf(cloudlet).step(by);
    },
    machineChanged(at, cloudlet, change) {
      if (change.kind === "drifted") clockOf(cloudlet).setDrift(at, change.driftPpm);
      if (change.kind === "paused") {
        paused.add(cloudlet);
        if (change.clock === "stands") clockOf(cloudlet).setFrozen(at, true);
      }
      if (change.kind !== "resumed") return;
      // What came due meanwhile is ended now.
      paused.delete(cloudlet);
      clockOf(cloudlet).setFrozen(at, false);
      const own = standing[cloudlet] ?? new Map<number, Window>();
      const monotonic = clockOf(cloudlet).monotonic(at);
      for (const [number, { earliest, latest }] of own) {
        own.set(number, { earliest, latest: Math.max(latest, monotonic) });
      }
    },
    served(_at, cloudlet, waited) {
      waitedAt[cloudlet] = waited;
    },
    quirked(at, cloudlet, quirk) {
      if (quirk === "standing-clock" && cloudlet !== null) stoodAt[cloudlet] = at;
    },
    planTold(at, cloudlet) {
      // What it takes part in again since now it learns of now.
      const again = standing[cloudlet] ?? new Map<number, Window>();
      const monotonic = clockOf(cloudlet).monotonic(at);
      for (const [number, { earliest, latest }] of again) {
        const { ttl } = puts.get(number) as LimitedPut;
        again.set(number, { earliest, latest: Math.max(latest, monotonic + ttl) });
      }
    },
    noticed(_at, cloudlet, event) {
      if (event.kind === "fenced") mute.add(cloudlet);
    },
    written(at, number) {
      const { ttl, dot, ends } = recordOf(number);
      if (ttl !== undefined) {
        const shown = clockOf(dot.origin).monotonic(at);
        const monotonic = stoodAt[dot.origin] === at ? shown - STANDING_MAX : shown;
        // Until there is one, nobody is to be told of what is applied.
        if (puts.size === 0) truth.tell({ applied, met });
        puts.set(number, { ttl, monotonic, wall: shown + clockOf(dot.origin).offset });
      }
      if (ends === true) judgeEnd(at, number);
    },
    finished(at) {
      for (const { id } of truth.topology.cloudlets) {
        if (truth.cores[id] === null) continue;
        for (const [number, window] of standing[id] ?? []) judgeLeft(at, id, number, window);
      }
    },
    verdict: () => judge.verdict(),
  };
}
