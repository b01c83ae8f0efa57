// Under which keys operations and their results stand. A root has nobody above it: what it tells itself, and what comes of
// that, stands in the scope that nobody else receives.

import type { CloudletId } from "../ids.ts";
import { lastPartOf } from "../last-part.ts";
import type { Cloudlet, Topology } from "../topology/topology.ts";
import { isOperationId, type OperationId } from "./operation.ts";
import { carriers, localPrefix, scopeName, scopePrefix, type Carrier } from "./scopes.ts";

/** What a key of the control layer is about. */
export interface ControlKey {
  readonly carrier: Carrier;
  /** The target; of custody: whose turn it is; of the results of whoever has taken custody: that cloudlet. */
  readonly cloudlet: CloudletId;
  readonly operation: OperationId;
}

type Place = Pick<ControlKey, "carrier" | "cloudlet">;

/** The keys of one topology's control layer. */
export class Keys {
  readonly #prefixes: readonly (readonly string[])[];
  readonly #byPrefix = new Map<string, Place>();
  // The one that was read last.
  #lastPrefix = "";
  #lastPlace: Place = { carrier: "results", cloudlet: 0 as CloudletId };
  // The one that was made last, and what it is about: of one operation it is asked several times in a row.
  #made = "";
  #madeOf: ControlKey | null = null;

  constructor(topology: Topology) {
    this.#prefixes = topology.cloudlets.map(({ id, name }) =>
      carriers.map((carrier) => {
        const isGoverned = carrier !== "held" && topology.scopeNamed(scopeName(carrier, name)) !== null;
        const prefix = isGoverned ? scopePrefix(carrier, name) : `${localPrefix}${carrier}/${name}/`;
        this.#byPrefix.set(prefix, { carrier, cloudlet: id });
        return prefix;
      }),
    );
  }

  /** Where an operation stands that is on its way to this cloudlet, or what has come of it. */
  of(carrier: Carrier, cloudlet: CloudletId, operation: OperationId): string {
    const made = this.#madeOf;
    const isSame = made?.operation === operation && made.cloudlet === cloudlet && made.carrier === carrier;
    if (isSame) return this.#made;
    this.#madeOf = { carrier, cloudlet, operation };
    this.#made = `${this.prefix(carrier, cloudlet)}${operation}`;
    return this.#made;
  }

  /** What all keys of this kind begin with. */
  prefix(carrier: Carrier, cloudlet: CloudletId): string {
    return (this.#prefixes[cloudlet] as readonly string[])[carriers.indexOf(carrier)] as string;
  }

  /** Reads a key; null when it is no operation's. */
  read(key: string): ControlKey | null {
    if (key === this.#made && this.#madeOf !== null) return this.#madeOf;
    if (key.charCodeAt(0) !== tilde) return null;
    const end = lastPartOf(key);
    // Mostly it is one of many that begin alike.
    if (end !== this.#lastPrefix.length || !key.startsWith(this.#lastPrefix)) {
      const prefix = key.slice(0, end);
      const found = this.#byPrefix.get(prefix);
      if (found === undefined) return null;
      [this.#lastPrefix, this.#lastPlace] = [prefix, found];
    }
    const place = this.#lastPlace;
    const operation = key.slice(end);
    return isOperationId(operation) ? { carrier: place.carrier, cloudlet: place.cloudlet, operation } : null;
  }
}

const tilde = 0x7e;

const known = new WeakMap<Topology, Keys>();

/** The keys of this topology's control layer: the same for all its cloudlets, since there are three per cloudlet. */
export function keysOf(topology: Topology): Keys {
  const found = known.get(topology) ?? new Keys(topology);
  known.set(topology, found);
  return found;
}

/** Has this topology the scopes that operations need? */
export function hasOperations(topology: Topology): boolean {
  return topology.scopeNamed("local") !== null && topology.scopeOf(localPrefix) === topology.scopeNamed("local");
}

/** The name of a cloudlet, for people. */
export function nameOf(topology: Topology, cloudlet: CloudletId): string {
  return (topology.cloudlets[cloudlet] as Cloudlet).name;
}
