// Axes: from values to places, and where a person expects the marks to stand. Leaves out drawing.

/** A mark on an axis. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** From values to places between 0 and 1, and the marks. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
}

const steps = [1, 2, 5, 10];

/**
 * Evenly from 0 to at least `max`, with at most about so many marks on whole steps: 1, 2 or 5 times a power of ten, of bytes
 * of KiB or MiB where there are that many.
 */
export function linearScale(
  max: number,
  tickCount: number,
  textOf: (value: number) => string,
  counts: "things" | "bytes" = "things",
): Scale {
  const top = Math.max(1, max);
  let unit = 1;
  if (counts === "bytes") while (unit * 1_024 <= top) unit *= 1_024;
  while (unit * tickCount * 10 <= top) unit *= 10;
  // Of bytes a bit more than one unit is cut into parts of it.
  if (counts === "bytes" && unit >= 1_024 && unit * tickCount > top * 2) unit /= 4;
  const step = unit * (steps.find((times) => unit * times * tickCount >= top) ?? 10);
  const count = Math.ceil(top / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({ at: index * step, text: textOf(index * step) }));
  const end = count * step;
  return { place: (value) => value / end, ticks };
}

/** By powers of ten from at most `min`, above 0, to at least `max`. */
export function logScale(min: number, max: number, textOf: (value: number) => string): Scale {
  let low = 1;
  while (low * 10 <= Math.max(1, min)) low *= 10;
  const ticks = [{ at: low, text: textOf(low) }];
  let high = low;
  do {
    high *= 10;
    ticks.push({ at: high, text: textOf(high) });
  } while (high < max);
  const span = Math.log(high) - Math.log(low);
  return { place: (value) => Math.max(0, (Math.log(Math.max(1, value)) - Math.log(low)) / span), ticks };
}

/** True time from 0 to `end`, exactly, with marks on round times. */
export function timeScale(end: number, tickCount: number, textOf: (value: number) => string): Scale {
  const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((times) => [times, times * 1_000]);
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map(
    (value) => value * 1_000_000,
  );
  const days = [2, 5, 7, 14, 30, 60, 90, 180, 365].map((value) => value * 86_400_000_000);
  const all = [...rounds, ...seconds, ...days].sort((a, b) => a - b);
  const step = all.find((value) => value * tickCount >= end) ?? Math.ceil(end / tickCount);
  const ticks: Tick[] = [];
  for (let at = 0; at <= end; at += step) ticks.push({ at, text: textOf(at) });
  return { place: (value) => value / Math.max(1, end), ticks };
}
