/**
 * Arrows between boxes: where they leave and enter, how they bend, and where along them a number has room.
 *
 * Arrows between rows are straight or bent to one side of their own direction, so that two in opposite directions keep apart; those
 * inside a row are straight between neighbours, else bows. Leaves out elements (picture.ts).
 */
import { coordinate } from "../markup.ts";

/** Pixels. */
export const BOX_HEIGHT = 42;
export const NUMBER_RADIUS = 9;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
}

/** An arrow's way. */
export interface Curve {
  readonly path: string;
  /** The point at a fraction of the way, 0 to 1. */
  readonly pointAt: (part: number) => Point;
}

/** Where an arrow leaves one box and enters another, and through which point it bends. */
function curve(from: Box, to: Box, bend: number): Curve {
  const isSameRow = from.y === to.y;
  const forward = from.x <= to.x;
  let begin: Point;
  let end: Point;
  let over: Point;
  if (isSameRow) {
    const isNext = forward && bend === 0;
    // Bows to the right go over the row, those to the left under it.
    const side = forward ? 0 : BOX_HEIGHT;
    begin = isNext
      ? { x: from.x + from.width, y: from.y + BOX_HEIGHT / 2 }
      : { x: from.x + from.width / 2, y: from.y + side };
    end = isNext ? { x: to.x, y: to.y + BOX_HEIGHT / 2 } : { x: to.x + to.width / 2, y: to.y + side };
    const lift = isNext ? 0 : Math.min(60, 34 + Math.abs(end.x - begin.x) / 12) * (forward ? 1 : -1);
    over = { x: (begin.x + end.x) / 2, y: (begin.y + end.y) / 2 - lift };
  } else {
    const down = from.y < to.y;
    begin = { x: from.x + from.width / 2, y: down ? from.y + BOX_HEIGHT : from.y };
    end = { x: to.x + to.width / 2, y: down ? to.y : to.y + BOX_HEIGHT };
    const length = Math.hypot(end.x - begin.x, end.y - begin.y) || 1;
    over = {
      x: (begin.x + end.x) / 2 - ((end.y - begin.y) / length) * bend,
      y: (begin.y + end.y) / 2 + ((end.x - begin.x) / length) * bend,
    };
  }
  const at = ({ x, y }: Point): string => `${coordinate(x)} ${coordinate(y)}`;
  return {
    path: `M${at(begin)}Q${at(over)} ${at(end)}`,
    pointAt: (part) => ({
      x: (1 - part) * (1 - part) * begin.x + 2 * (1 - part) * part * over.x + part * part * end.x,
      y: (1 - part) * (1 - part) * begin.y + 2 * (1 - part) * part * over.y + part * part * end.y,
    }),
  };
}

/** The first of several bends with which an arrow covers no box on its way; the first of all where each covers some. */
export function clearCurve(from: Box, to: Box, bends: readonly number[], boxes: ReadonlyMap<number, Box>): Curve {
  const parts = [0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85];
  const others = [...boxes.values()].filter((box) => box !== from && box !== to);
  const isClear = ({ pointAt }: Curve): boolean =>
    parts
      .map(pointAt)
      .every(({ x, y }) =>
        others.every((box) => x < box.x || x > box.x + box.width || y < box.y || y > box.y + BOX_HEIGHT),
      );
  const curves = bends.map((bend) => curve(from, to, bend));
  return curves.find(isClear) ?? curve(from, to, bends[0] ?? 0);
}

/** The first place along an arrow that covers no other number and no box. */
export function freeSpot({ pointAt }: Curve, taken: readonly Point[], boxes: ReadonlyMap<number, Box>): Point {
  const isFree = ({ x, y }: Point): boolean =>
    taken.every((other) => Math.hypot(x - other.x, y - other.y) >= 2 * NUMBER_RADIUS + 1) &&
    [...boxes.values()].every(
      (box) =>
        x < box.x - NUMBER_RADIUS / 2 ||
        x > box.x + box.width + NUMBER_RADIUS / 2 ||
        y < box.y - NUMBER_RADIUS / 2 ||
        y > box.y + BOX_HEIGHT + NUMBER_RADIUS / 2,
    );
  const parts = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.25, 0.75, 0.18, 0.82];
  return pointAt(parts.find((part) => isFree(pointAt(part))) ?? 0.5);
}

/** Whether nothing stands between two boxes of a row, so that a straight arrow crosses nothing. */
export function isNeighbour(begin: Box, end: Box, boxes: ReadonlyMap<number, Box>): boolean {
  if (begin.y !== end.y || end.x < begin.x) return false;
  return [...boxes.values()].every(({ x, y }) => y !== begin.y || x <= begin.x || x >= end.x);
}
