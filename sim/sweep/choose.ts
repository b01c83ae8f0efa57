/**
 * Which points of a sweep's axes are tried: all of them, so many drawn evenly, or so many of a Latin hypercube (McKay, Beckman and
 * Conover, "A comparison of three methods for selecting values of input variables", Technometrics 21(2), 1979): each axis cut into as
 * many parts as there are points, and every part taken once.
 *
 * The first choice is among alternatives (topologies), each with axes of its own. Points are found by their number, without a list of
 * all. Leaves out what points become (read-sweep.ts).
 */
import { shuffled } from "../../model/random.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { Axis, AxisValue } from "./axes.ts";

/** What there is to choose from. */
export interface Space {
  /** Alternatives, at least one, each with axes that only it has. */
  readonly alternatives: readonly (readonly Axis[])[];
  /** Axes that all have. */
  readonly shared: readonly Axis[];
}

/** How points are chosen. */
export type Choose =
  | { readonly kind: "grid" }
  | { readonly kind: "random"; readonly points: number }
  | { readonly kind: "latin"; readonly points: number };

/** One point: a value on every axis of the chosen alternative, and on every shared one. */
export interface Point {
  readonly alternative: number;
  readonly own: readonly AxisValue[];
  readonly shared: readonly AxisValue[];
}

/** All points by their numbers. */
export interface Points {
  /** For a grid perhaps more than can be counted exactly. */
  readonly count: number;
  /** @param number 0 to count - 1 */
  readonly at: (number: number) => Point;
}

/** The axis that cannot be tried value by value, or null. */
export function endlessAxis({ alternatives, shared }: Space): Axis | null {
  return [...alternatives.flat(), ...shared].find(({ size }) => size === Infinity) ?? null;
}

/**
 * Chooses points.
 *
 * @param seed what samples are drawn from
 * @param space without an endless axis where all of a grid are wanted
 */
export function choosePoints(space: Space, choose: Choose, seed: string): Points {
  switch (choose.kind) {
    case "grid":
      return gridOf(space);
    case "random":
      return { count: choose.points, at: (number) => pointOf(space, evenShares(`${seed}/random/${number}`)) };
    case "latin":
      return latinOf(space, choose.points, seed);
  }
}

/** Where on an axis a point lies, 0 <= share < 1, by the axis' name. */
type Shares = (axis: string) => number;

function evenShares(name: string): Shares {
  const { stream } = new RngRoot(name);
  return (axis) => stream.fork(axis).double();
}

const ALTERNATIVE = "alternative";

function pointOf({ alternatives, shared }: Space, shares: Shares): Point {
  const alternative = Math.floor(shares(ALTERNATIVE) * alternatives.length);
  return {
    alternative,
    own: (alternatives[alternative] as readonly Axis[]).map((axis) => axis.shareAt(shares(`own/${axis.column.name}`))),
    shared: shared.map((axis) => axis.shareAt(shares(`shared/${axis.column.name}`))),
  };
}

/** The last axis turns fastest, as digits of a number do. */
function gridOf({ alternatives, shared }: Space): Points {
  const sizeOf = (axes: readonly Axis[]): number => axes.reduce((product, { size }) => product * size, 1);
  const perOwn = sizeOf(shared);
  const ends: number[] = [];
  for (const axes of alternatives) ends.push((ends.at(-1) ?? 0) + sizeOf(axes) * perOwn);
  return {
    count: ends.at(-1) ?? 0,
    at(number) {
      const alternative = ends.findIndex((end) => number < end);
      const axes = [...(alternatives[alternative] as readonly Axis[]), ...shared];
      let rest = number - (ends[alternative - 1] ?? 0);
      const values: AxisValue[] = [];
      for (const axis of axes.toReversed()) {
        values.push(axis.at(rest % axis.size));
        rest = Math.floor(rest / axis.size);
      }
      values.reverse();
      const ownCount = axes.length - shared.length;
      return { alternative, own: values.slice(0, ownCount), shared: values.slice(ownCount) };
    },
  };
}

/**
 * 1. Points are put into an order of their own on every axis, which is the number of their part there.
 * 2. Axes of an alternative are cut into as many parts as it has points: these are the points whose parts on the first axis lie within
 *    the alternative's share, and their order there is the order that the own axes put anew.
 */
function latinOf(space: Space, count: number, seed: string): Points {
  const { alternatives, shared } = space;
  const orders = new Map<string, Int32Array>();
  const orderOf = (name: string, size: number): Int32Array => {
    const known = orders.get(name);
    if (known !== undefined) return known;
    const { stream } = new RngRoot(`${seed}/latin`);
    const order = Int32Array.from(
      shuffled(
        stream.fork(name),
        Array.from({ length: size }, (_, part) => part),
      ),
    );
    orders.set(name, order);
    return order;
  };
  // Whole parts: alternative a has the parts from beginOf(a) up to beginOf(a + 1).
  const beginOf = (alternative: number): number => Math.ceil((alternative * count) / alternatives.length);
  return {
    count,
    at(number) {
      const within = evenShares(`${seed}/latin/${number}`);
      const part = orderOf(ALTERNATIVE, count)[number] as number;
      let alternative = Math.min(alternatives.length - 1, Math.floor((part * alternatives.length) / count));
      while (part < beginOf(alternative)) alternative -= 1;
      while (part >= beginOf(alternative + 1)) alternative += 1;
      const begin = beginOf(alternative);
      const size = beginOf(alternative + 1) - begin;
      const share = (name: string, from: number, parts: number): number =>
        ((orderOf(name, parts)[from] as number) + within(name)) / parts;
      return {
        alternative,
        own: (alternatives[alternative] as readonly Axis[]).map((axis) =>
          axis.shareAt(share(`${alternative}/${axis.column.name}`, part - begin, size)),
        ),
        shared: shared.map((axis) => axis.shareAt(share(`shared/${axis.column.name}`, number, count))),
      };
    },
  };
}
