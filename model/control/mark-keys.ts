// Under which keys the reports, marks and confirmations of cloudlets stand, beside the keys of operations (keys.ts):
//
//   ~results/c/report     what c tells of itself, written by c
//   ~results/c/seen       how its adjacent upper marks it, written by that
//   ~results/c/anew       lives of c that have begun with an empty disk, written by c (anew.ts)
//   ~results/c/confirmed  what somebody above c has confirmed of it; flows up from there
//   ~directives/c/confirmed  the same; flows down to c

import type { CloudletId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import { keysOf, type Keys } from "./keys.ts";

/** What a key holds. */
export type MarkKeyKind = "report" | "seen" | "anew" | "confirmed";

/** Such a key. */
export interface MarkKey {
  readonly kind: MarkKeyKind;
  readonly cloudlet: CloudletId;
}

/** The keys of one topology. */
export class MarkKeys {
  readonly #keys: Keys;
  readonly #byKey = new Map<string, MarkKey>();

  constructor(topology: Topology, keys: Keys) {
    this.#keys = keys;
    for (const { id: cloudlet } of topology.cloudlets) {
      for (const kind of ["report", "seen", "anew", "confirmed"] as const)
        this.#byKey.set(this.of(kind, cloudlet), { kind, cloudlet });
      this.#byKey.set(this.downwards(cloudlet), { kind: "confirmed", cloudlet });
    }
  }

  /** Where this stands of a cloudlet, among its results. */
  of(kind: MarkKeyKind, cloudlet: CloudletId): string {
    return `${this.#keys.prefix("results", cloudlet)}${kind}`;
  }

  /** Where what is confirmed of it stands among its directives. */
  downwards(cloudlet: CloudletId): string {
    return `${this.#keys.prefix("directives", cloudlet)}confirmed`;
  }

  /** Reads a key; null when it is none of these. */
  read(key: string): MarkKey | null {
    // Mostly it is asked about keys of operations, which end with a number.
    if (key.charCodeAt(key.length - 1) < 0x3a) return null;
    return this.#byKey.get(key) ?? null;
  }
}

const known = new WeakMap<Topology, MarkKeys>();

/** The keys of reports, marks and confirmations of this topology: the same for all its cloudlets. */
export function markKeysOf(topology: Topology): MarkKeys {
  const found = known.get(topology) ?? new MarkKeys(topology, keysOf(topology));
  known.set(topology, found);
  return found;
}
