// How large a search will be, before it begins. The search itself goes a little way: what it finds to the end is exact. Behind that:
//
// 1. How far the farthest state is, a narrow search finds that goes on from a few states of each layer only.
// 2. How much larger each layer is than the one before falls from where the first search stopped to nothing behind the farthest
//    layer, faster at first: what may happen in any order becomes less with every step. So the rest is a sum.
//
// Where there were up to twenty times as many states as were searched, the estimate lay between half and three times what there was;
// where there are more, it is the more likely too many.

import { search, unlessRefused } from "./search.ts";
import { Seen } from "./seen.ts";
import type { ExploredWorld } from "./world.ts";

/** What a search is expected to take. */
export interface Estimate {
  readonly states: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  readonly bytes: number;
  /** Every state was seen: these are no guesses. */
  readonly isExact: boolean;
}

/** States that are searched before anything is guessed. */
const searchedMax = 100_000;
/** States of a layer that the narrow search goes on from. */
const narrow = 100;
const depthMax = 10_000;
/** How the growth of layers falls: with this power of the way that is left. */
const fall = 1.5;

/** The size of the search through this world, `depth` steps far at most; exact up to `searched` states. */
export function estimate(world: ExploredWorld, depth: number | null, searched = searchedMax): Estimate {
  const begun = search(world, { memory: Infinity, depth, states: searched });
  const isExact = begun.ended !== "states";
  const reach = isExact
    ? { depth: begun.depth, length: world.layout.messages }
    : unlessRefused(world, () => reachOf(world, depth ?? depthMax));
  const layers = isExact ? begun.layers : goneOn(begun.layers, reach.depth);
  let [states, widest] = [0, 0];
  for (const [at, size] of layers.entries()) {
    states += size;
    widest = Math.max(widest, size + (layers[at + 1] ?? 0));
  }
  return {
    states: Math.round(states),
    depth: layers.length - 1,
    bytes: bytesOf(states, widest * reach.length),
    isExact,
  };
}

// Layers as they go on behind the last one that is whole, to that depth.
function goneOn(whole: readonly number[], depth: number): readonly number[] {
  const last = whole.length - 1;
  const size = whole[last] as number;
  // Over two steps: the last one alone says little where layers are small.
  const back = Math.min(2, last);
  const growth = powerOf(size / (whole[last - back] as number), 1 / back);
  const layers = whole.slice();
  for (let at = last; at < depth; at += 1) {
    const left = (depth - at) / (depth - last + (back + 1) / 2);
    layers.push((layers[at] as number) * growth * powerOf(left, fall));
  }
  return layers;
}

// How far the farthest state is, and how long states are there, by a search that leaves out nearly all.
function reachOf(world: ExploredWorld, most: number): { readonly depth: number; readonly length: number } {
  const seen = new Seen(world);
  const list: number[] = [];
  world.begin();
  let layer = [{ state: world.state.slice(0, world.length), rank: 0 }];
  let length = world.length;
  for (let depth = 0; ; depth += 1) {
    const found: typeof layer = [];
    for (const { state } of layer) {
      world.load(state, state.length);
      const count = world.actions(list);
      for (let at = 0; at < count; at += 1) {
        world.load(state, state.length);
        world.take(list[at] as number);
        if (!seen.add()) continue;
        found.push({ state: world.state.slice(0, world.length), rank: seen.chance });
        length = Math.max(length, world.length);
      }
    }
    if (found.length === 0 || depth >= most) return { depth, length };
    layer = found.sort((a, b) => a.rank - b.rank).slice(0, narrow);
  }
}

// Only a guess comes of it: that its last bits may differ between machines does not matter.
function powerOf(base: number, exponent: number): number {
  return Math.exp(exponent * Math.log(base));
}

function bytesOf(states: number, numbers: number): number {
  // The table doubles while the old one is still there, of 12 bytes a place (fingerprint-table.ts); two columns.
  let places = 1 << 16;
  while (places * 0.6875 < states) places *= 2;
  return Math.round(places * 12 * 1.5 + states * 8 + numbers * 4);
}
