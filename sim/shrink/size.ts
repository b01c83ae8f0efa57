// How large a world is: what a person would count first, and which of two worlds is the smaller one. A shrink only ever goes from a
// world to a smaller one, so it ends.

import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** What is counted. */
export interface WorldSize {
  readonly cloudlets: number;
  /** Requests that the script asks; of clients that draw theirs, nobody knows before the run. */
  readonly operations: number;
  readonly faults: number;
  readonly scopes: number;
  readonly flows: number;
  readonly links: number;
  readonly sessions: number;
  /** How much is a matter of luck: imperfections of links that not every other message meets, the rarer the more. */
  readonly rarities: number;
  /** Changes of plan, decisions about members, what people say of cloudlets, and stops of sessions that move. */
  readonly turns: number;
}

/** Counts. */
export function sizeOf(scenario: Scenario): WorldSize {
  const { topology, clients, script, faults, plans = [], detachments = [], travellers = [], aliveness } = scenario;
  const drawn = clients.reduce((sum, { at, sessions }) => sum + at.length * sessions, 0);
  const stops = travellers.reduce((sum, { travel }) => sum + travel.stops.length, 0);
  return {
    cloudlets: topology.cloudlets.length,
    operations: script.length,
    faults: faults.length,
    scopes: topology.scopes.length,
    flows: topology.flows.length,
    links: topology.links.length,
    sessions: new Set(script.map(({ session }) => session)).size + drawn,
    rarities: topology.links.reduce((sum, { forth, back = forth }) => sum + raritiesOf(forth) + raritiesOf(back), 0),
    turns: plans.length + detachments.length + (aliveness?.confirmations.length ?? 0) + stops,
  };
}

/** 0 for what a link never does, or does to every other message; the rarer, the more. */
function raritiesOf({ loss, duplication, reordering, corruption }: LinkDirectionSpec): number {
  return [loss, duplication, reordering, corruption].reduce<number>((sum, share = 0) => {
    if (share === 0 || share >= 500_000) return sum;
    return sum + (share >= 100_000 ? 1 : share >= 10_000 ? 2 : 3);
  }, 0);
}

/** Is anything left to luck: a link that does something to some of its messages, but not to all? */
export function hasLuck({ topology, faults }: Scenario): boolean {
  const isLucky = (way: Pick<LinkDirectionSpec, "loss" | "duplication" | "reordering" | "corruption">): boolean =>
    [way.loss, way.duplication, way.reordering, way.corruption].some((share = 0) => share > 0 && share < CERTAIN);
  return (
    topology.links.some(({ forth, back = forth }) => isLucky(forth) || isLucky(back)) ||
    faults.some((fault) => fault.kind === "degrade" && (isLucky(fault.harm) || fault.harm.jitter > 0))
  );
}

const CERTAIN = 1_000_000;

/** Is the first world smaller? What comes first decides: cloudlets, luck, operations, faults, then the rest; last its text. */
export function isSmaller(one: Sized, other: Sized): boolean {
  const left = rankOf(one);
  const right = rankOf(other);
  for (const [index, value] of left.entries()) {
    const against = right[index] as number;
    if (value !== against) return value < against;
  }
  return one.text < other.text;
}

function rankOf({ scenario, size, text }: Sized): readonly number[] {
  const { cloudlets, rarities, operations, faults, turns, scopes, flows, links, sessions } = size;
  return [
    cloudlets,
    rarities,
    Number(hasLuck(scenario)),
    operations,
    faults + turns,
    scopes + flows + links + sessions,
    text.length,
  ];
}

/** A world with its size and its text. */
export interface Sized {
  readonly scenario: Scenario;
  readonly size: WorldSize;
  readonly text: string;
}
