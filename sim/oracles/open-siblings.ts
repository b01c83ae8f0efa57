// The conflicts that nobody has ended when a run is over: in scopes whose siblings are kept for people to decide on, every
// key of which two versions or more stand at some cloudlet. Found in the shadow store, never in a core, so that a core that
// loses a sibling does not shorten the list.
//
// While the run goes on, only the instant is noted at which two versions of such a key first stood together anywhere; at
// the end only keys that had such a meeting are looked at. Leaves out losers that a resolver hides, which are settled and
// have a list of their own (hidden-losers.ts), and versions that only the declared limit excuses (shadow.ts), which are no
// conflict.

import { assert } from "../../model/assert.ts";
import type { OpenSiblings } from "../run/report.ts";
import type { TruthListener } from "./oracle.ts";
import { keepsSiblings } from "./resolution.ts";
import { scopeNameOf, siblingVersion } from "./sibling-version.ts";
import { NumberColumn, PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";

/** Who lists open conflicts. */
export interface OpenConflicts extends TruthListener {
  /** Those open now, the oldest first. */
  list(): readonly OpenSiblings[];
}

/** Follows the conflicts of scopes whose siblings are kept. */
export function openConflicts(truth: Truth): OpenConflicts {
  // Of each pair that met, its place in the column of instants; the later record first.
  let places = new PairMap();
  let instants = new NumberColumn();
  const keys = new Set<number>();

  const metAt = (one: number, other: number): number => {
    const place = places.get(Math.max(one, other), Math.min(one, other));
    assert(place >= 0, "two versions stand together that never met");
    return instants.data[place] as number;
  };

  const openOf = (key: number): OpenSiblings | null => {
    const versions = new Set<number>();
    let since = Infinity;
    let cloudlets = 0;
    truth.shadow.eachWithSiblings(key, (_cloudlet, { standing }) => {
      if (standing.length < 2) return;
      cloudlets += 1;
      for (const [index, one] of standing.entries()) {
        versions.add(one);
        for (const other of standing.slice(0, index)) since = Math.min(since, metAt(one, other));
      }
    });
    if (cloudlets === 0) return null;
    const described = [...versions].sort((a, b) => a - b).map((record) => siblingVersion(truth, record));
    const name = truth.keyNames[key] as string;
    return { key: name, scope: scopeNameOf(truth, key), since, cloudlets, versions: described };
  };

  return {
    met(at, _cloudlet, newcomer, resident) {
      const key = truth.keyOf.data[newcomer] as number;
      if (!keepsSiblings(truth.resolverOfKey[key] ?? "lww-hlc")) return;
      keys.add(key);
      places.set(Math.max(newcomer, resident), Math.min(newcomer, resident), instants.length);
      instants.push(at);
    },
    // A version that is given up stands nowhere: when it met another one is not asked again.
    renumbered(to) {
      const [oldPlaces, oldInstants] = [places, instants];
      places = new PairMap();
      instants = new NumberColumn();
      oldPlaces.forEach((later, earlier, place) => {
        const [one, other] = [to.of(later), to.of(earlier)];
        if (one < 0 || other < 0) return;
        places.set(one, other, instants.length);
        instants.push(oldInstants.data[place] as number);
      });
    },
    list() {
      const open = [...keys].map(openOf).filter((one) => one !== null);
      return open.sort((a, b) => a.since - b.since || (a.key < b.key ? -1 : 1));
    },
  };
}
