// What Enos and EnosLib write as texts: delays in ms, rates in kbit, mbit and gbit, losses in per cent, and names that stand for several groups.
// Leaves out where these stand (enos.ts).

import { type Duration, micros } from "../../model/units.ts";

/** A value, or what is wrong with it, in words. */
export type Said<Value> =
  { readonly kind: "value"; readonly value: Value } | { readonly kind: "flaw"; readonly message: string };

/** Of a loss: everything. */
export const ALL_LOST = 1_000_000;

/** A name may stand for so many groups. */
const RANGE_MAX = 300;
const DELAY_MAX_MS = 3_600_000;
const RATE_MAX = 1e15;
const bitsPer: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** `10ms`, one way. */
export function readDelay(value: unknown): Said<Duration> {
  const [, number = ""] = typeof value === "string" ? (/^(\d+(?:\.\d+)?)ms$/u.exec(value) ?? []) : [];
  if (number === "" || Number(number) > DELAY_MAX_MS) {
    return flaw(`expected a delay from 0ms to ${DELAY_MAX_MS}ms, found ${shown(value)}; write it in ms, such as 10ms`);
  }
  return { kind: "value", value: micros(Math.round(Number(number) * 1_000)) };
}

/** `100mbit`, to bits per second. */
export function readRate(value: unknown): Said<number> {
  const [, number = "", unit = ""] =
    typeof value === "string" ? (/^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/u.exec(value) ?? []) : [];
  const bits = Math.round(Number(number) * (bitsPer[unit] ?? 0));
  if (bits < 1 || bits > RATE_MAX) {
    return flaw(
      `expected a rate above nothing in kbit, mbit or gbit, found ${shown(value)}; write it such as 100mbit or 1gbit`,
    );
  }
  return { kind: "value", value: bits };
}

/** `0.1%`, to parts per million; 0 and null lose nothing. */
export function readLoss(value: unknown): Said<number> {
  if (value === null || value === 0 || value === "0") return { kind: "value", value: 0 };
  const [, number = ""] = typeof value === "string" ? (/^(\d+\.?\d*|\.\d+)%$/u.exec(value) ?? []) : [];
  if (number === "" || Number(number) > 100) {
    return flaw(`expected a loss from 0% to 100%, found ${shown(value)}; write it in per cent, such as 0.1%`);
  }
  return { kind: "value", value: Math.round(Number(number) * 10_000) };
}

/** The groups that a name stands for: `grp[2-4]` for three, any other for itself. */
export function expandRange(name: string): Said<readonly string[]> {
  if (!/[[\]]/u.test(name)) return { kind: "value", value: [name] };
  const found = /^([^[\]]*)\[(\d{1,9})-(\d{1,9})\]([^[\]]*)$/u.exec(name);
  if (found === null) {
    return flaw(`expected a range such as grp[2-4], found ${shown(name)}; write two whole numbers, or no brackets`);
  }
  const [, before = "", from = "", to = "", after = ""] = found;
  const [first, last] = [Number(from), Number(to)];
  if (first > last) {
    return flaw(
      `expected a range that ends after it begins, found ${shown(name)}; write [${last}-${first}] if that is meant`,
    );
  }
  if (last - first >= RANGE_MAX) {
    return flaw(`expected a range of at most ${RANGE_MAX} groups, found ${shown(name)}; name fewer`);
  }
  return {
    kind: "value",
    value: Array.from({ length: last - first + 1 }, (_, at) => `${before}${first + at}${after}`),
  };
}

/** As it stands in messages. */
export function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function flaw(message: string): { readonly kind: "flaw"; readonly message: string } {
  return { kind: "flaw", message };
}
