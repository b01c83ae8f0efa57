// What resolvers have settled without asking anybody, and what that hid, when a run is over: in scopes where one version wins,
// or where a function of a user's makes one value of all, every key of which two versions or more stand at some cloudlet.
// For each version: is it what reads return now, was it returned to anybody before, or never? A write that was answered and
// that nobody was ever shown is lost in silence, unless it is listed here.
//
// Found in the shadow store, with the resolver written a second time (resolution.ts), never in a core. Costs one set of keys
// and one bit per record while the run goes on. Leaves out what deltas merge, where nothing loses; losers that a later write
// has replaced; and versions that only the declared limit excuses (shadow.ts).

import type { HiddenLosers, LoserFate } from "../run/report.ts";
import { isCustomResolver } from "../../model/topology/resolvers.ts";
import type { TruthListener } from "./oracle.ts";
import { resolved, returnsOne } from "./resolution.ts";
import { scopeNameOf, siblingVersion } from "./sibling-version.ts";
import { BitRows } from "./bit-rows.ts";
import type { Truth } from "./truth.ts";

/** Who lists what resolvers hide. */
export interface Losers extends TruthListener {
  /** Those that stand now: keys with a version that nobody was ever shown first, then by name. */
  list(): readonly HiddenLosers[];
}

/** Follows the conflicts of scopes whose resolver chooses by itself. */
export function hiddenLosers(truth: Truth): Losers {
  const keys = new Set<number>();
  // One row: the records that some session was returned.
  const returnedOnce = new BitRows(1);

  const isFollowed = (key: number): boolean => {
    const resolver = truth.resolverOfKey[key] ?? "lww-hlc";
    return returnsOne(resolver) || isCustomResolver(resolver);
  };

  const hiddenOf = (key: number): HiddenLosers | null => {
    const resolver = truth.resolverOfKey[key] ?? "lww-hlc";
    const versions = new Set<number>();
    const returned = new Set<number>();
    let cloudlets = 0;
    truth.shadow.eachWithSiblings(key, (cloudlet, { standing, excused }) => {
      if (standing.length < 2) return;
      cloudlets += 1;
      for (const version of standing) versions.add(version);
      const visible = [...standing, ...excused];
      for (const winner of resolved(resolver, visible, truth.records, truth.depthAt(cloudlet))) returned.add(winner);
    });
    if (cloudlets === 0) return null;
    const fateOf = (record: number): LoserFate => {
      if (isCustomResolver(resolver)) return "merged";
      if (returned.has(record)) return "returned";
      return returnedOnce.has(0, record) ? "hidden" : "never-shown";
    };
    const described = [...versions].sort((a, b) => a - b);
    return {
      key: truth.keyNames[key] as string,
      scope: scopeNameOf(truth, key),
      resolver,
      cloudlets,
      versions: described.map((record) => ({ ...siblingVersion(truth, record), fate: fateOf(record) })),
    };
  };

  return {
    met(_at, _cloudlet, newcomer) {
      const key = truth.keyOf.data[newcomer] as number;
      if (isFollowed(key)) keys.add(key);
    },
    read(_at, _session, key, _answer, returned) {
      if (!isFollowed(key)) return;
      for (let index = 0; index < returned.length; index += 1) {
        const record = returned[index] as number;
        if (record >= 0) returnedOnce.add(0, record);
      }
    },
    renumbered: (to) => void returnedOnce.renumber(to, false, () => true),
    list() {
      const hidden = [...keys].map(hiddenOf).filter((one) => one !== null);
      const isSilent = ({ versions }: HiddenLosers): boolean => versions.some(({ fate }) => fate === "never-shown");
      return hidden.sort((a, b) => Number(isSilent(b)) - Number(isSilent(a)) || (a.key < b.key ? -1 : 1));
    },
  };
}
