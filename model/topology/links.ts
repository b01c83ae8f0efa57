// Physical links: ends that exist (T9), quantities that make sense (T12), and which link joins two sites. Links between
// horizontal sites are legal, as they exist in the world; that no flow uses them is routes.ts (D8, N11).

import type { CloudletId } from "../ids.ts";
import { type NameIndex, quoted } from "./names.ts";
import type { Refusals } from "./rules.ts";
import type { LinkDirectionSpec, LinkSpec } from "./spec.ts";
import type { Link, RouteHop } from "./topology.ts";

/** A whole, in parts per million. */
const MILLION = 1_000_000;

/** Links by their ends. */
export interface Links {
  /** Links that keep T9, in the order of the spec; `index` is the index in the spec. */
  readonly list: readonly Link[];
  /** Links at each cloudlet, in the order of the spec. */
  readonly at: readonly (readonly Link[])[];
  /** The link between two sites with the least delay there and back, of equals the first; null when there is none. */
  between(a: number, b: number): Link | null;
  /** The step over a link that begins at `from`. The same object every time. */
  hop(link: Link, from: number): RouteHop;
}

/** Checks T9 and T12 and indexes links by their ends. */
export function checkLinks(specs: readonly LinkSpec[], names: NameIndex, size: number, refusals: Refusals): Links {
  const list: Link[] = [];
  const at: Link[][] = Array.from({ length: size }, () => []);
  const best = new Map<number, Link>();
  const forwards: RouteHop[] = [];
  const backwards: RouteHop[] = [];
  for (const [index, spec] of specs.entries()) {
    checkDirection(spec, "forth", index, refusals);
    checkDirection(spec, "back", index, refusals);
    const a = names.find(spec.a);
    const b = names.find(spec.b);
    forwards.push({ link: index, forward: true });
    backwards.push({ link: index, forward: false });
    if (a === null) {
      refusals.add("T9", ["links", index, "a"], `${labelOf(spec)} begins nowhere: ${names.unknown(spec.a)}`);
    }
    if (b === null) {
      refusals.add("T9", ["links", index, "b"], `${labelOf(spec)} ends nowhere: ${names.unknown(spec.b)}`);
    }
    if (a === null || b === null) continue;
    if (a === b) {
      const remedy = "take it away, or name another end";
      refusals.add("T9", ["links", index], `${labelOf(spec)} joins a cloudlet with itself; ${remedy}`);
      continue;
    }
    const link: Link = {
      index,
      a: a as CloudletId,
      b: b as CloudletId,
      forth: spec.forth,
      back: spec.back ?? spec.forth,
    };
    list.push(link);
    at[a]!.push(link);
    at[b]!.push(link);
    const key = Math.min(a, b) * size + Math.max(a, b);
    const known = best.get(key);
    if (known === undefined || roundTrip(link) < roundTrip(known)) best.set(key, link);
  }
  return {
    list,
    at,
    between: (a, b) => best.get(Math.min(a, b) * size + Math.max(a, b)) ?? null,
    hop: (link, from) => (link.a === from ? forwards : backwards)[link.index]!,
  };
}

/** Delay there and back, whole microseconds: what "least latency" means for a route that serves both directions. */
export function roundTrip(link: Link): number {
  return link.forth.delay + link.back.delay;
}

/** The site at the other end of a link. */
export function otherEnd(link: Link, site: number): CloudletId {
  return link.a === site ? link.b : link.a;
}

function labelOf({ a, b }: LinkSpec): string {
  return `link ${quoted(a)} - ${quoted(b)}`;
}

/** What each property may be, and in which unit. */
const ranges = [
  ["delay", 0, Number.MAX_SAFE_INTEGER, "microseconds"],
  ["jitter", 0, Number.MAX_SAFE_INTEGER, "microseconds"],
  ["bandwidth", 1, Number.MAX_SAFE_INTEGER, "bits per second; leave it out for no limit"],
  ["queue", 0, Number.MAX_SAFE_INTEGER, "bytes; leave it out for no limit"],
  ["loss", 0, MILLION, "parts per million"],
  ["duplication", 0, MILLION, "parts per million"],
  ["corruption", 0, MILLION, "parts per million"],
  ["reordering", 0, MILLION, "parts per million"],
  ["reorderDelay", 0, Number.MAX_SAFE_INTEGER, "microseconds"],
] as const satisfies readonly (readonly [keyof LinkDirectionSpec, number, number, string])[];

function checkDirection(spec: LinkSpec, way: "forth" | "back", index: number, refusals: Refusals): void {
  const direction = spec[way];
  if (direction === undefined) return;
  for (const [name, min, max, unit] of ranges) {
    const value: number | undefined = direction[name];
    if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) continue;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    const message = `${labelOf(spec)} has ${name} ${value}; write a whole number ${range} (${unit})`;
    refusals.add("T12", ["links", index, way, name], message);
  }
}
