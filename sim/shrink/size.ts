// How large a world is: what a person would count first, and which of two worlds is the smaller one. A shrink only ever goes from a
// world to a smaller one, so it ends.

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
  /** Changes of plan, decisions about members, and stops of sessions that move. */
  readonly turns: number;
}

/** Counts. */
export function sizeOf(scenario: Scenario): WorldSize {
  const { topology, clients, script, faults, plans = [], detachments = [], travellers = [] } = scenario;
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
    turns: plans.length + detachments.length + stops,
  };
}

/** Is the first world smaller? What comes first decides: cloudlets, then operations, faults and the rest; last the length of its text. */
export function isSmaller(one: Sized, other: Sized): boolean {
  const left = rankOf(one);
  const right = rankOf(other);
  for (const [index, value] of left.entries()) {
    const against = right[index] as number;
    if (value !== against) return value < against;
  }
  return false;
}

function rankOf({ size, text }: Sized): readonly number[] {
  const { cloudlets, operations, faults, turns, scopes, flows, links, sessions } = size;
  return [cloudlets, operations, faults + turns, scopes + flows + links + sessions, text.length];
}

/** A world with its size and its text. */
export interface Sized {
  readonly size: WorldSize;
  readonly text: string;
}
