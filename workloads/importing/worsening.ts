// What a link has over time as the best that it ever has, and how much worse it does meanwhile: faults only make links worse.

import { micros } from "../../model/units.ts";
import type { MapWay } from "./map.ts";
import type { Worsening } from "./schedule.ts";

/** Of each property the best that any of them has. */
export function bestOf(ways: readonly MapWay[]): MapWay {
  return ways.reduce((one, other) => ({
    delay: least(one.delay, other.delay),
    jitter: least(one.jitter, other.jitter),
    bandwidth: one.bandwidth === null || other.bandwidth === null ? null : Math.max(one.bandwidth, other.bandwidth),
    loss: least(one.loss, other.loss),
  }));
}

function least<Value extends number>(one: Value | null, other: Value | null): Value | null {
  return one === null || other === null ? null : one < other ? one : other;
}

/** How much worse one does than the best: null where it is as good. What is lost is lost of what the link itself has not lost. */
export function worseThan(best: MapWay, way: MapWay): Worsening | null {
  const [delay, jitter] = [(way.delay ?? 0) - (best.delay ?? 0), (way.jitter ?? 0) - (best.jitter ?? 0)];
  const [loss, lossNow] = [best.loss ?? 0, way.loss ?? 0];
  const worse: Worsening = {
    delay: delay > 0 ? micros(delay) : null,
    jitter: jitter > 0 ? micros(jitter) : null,
    loss: lossNow > loss ? Math.round(((lossNow - loss) * 1_000_000) / (1_000_000 - loss)) : null,
    bandwidth: way.bandwidth !== null && way.bandwidth !== best.bandwidth ? way.bandwidth : null,
  };
  return Object.values(worse).every((value) => value === null) ? null : worse;
}
