// The byte form in a small world: which cloudlet knows which versions, messages as bytes where any of this is asked for, and
// what a record must look like where it is held: sealed where its version is unknown, as it was written elsewhere.

import type { CloudletId } from "../model/ids.ts";
import type { Rng } from "../model/random.ts";
import type { Input, ReplicaEvent } from "../model/replication/io.ts";
import type { Message } from "../model/replication/messages.ts";
import { dotName } from "../model/replication/record.ts";
import type { CausalRecord } from "../model/replication/record.ts";
import type { WireConfig } from "../model/replication/wire-config.ts";
import { encode, wireVersion } from "../model/replication/wire.ts";

/** A message on its way, as an object or as bytes. */
type Mail = Message | Uint8Array;

/** What a way carries. */
export interface Flying {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Mail;
}

const HALF = 500_000;

/** Versions of all cloudlets of a world. */
export class WireTruth {
  #sealed = 0;
  #upgrades = 0;
  readonly #configs: (WireConfig | null)[];

  constructor(cloudlets: readonly { readonly id: CloudletId }[], wire?: (cloudlet: CloudletId) => WireConfig) {
    this.#configs = cloudlets.map(({ id }) => wire?.(id) ?? null);
  }

  /** What a replica is made with: nothing where versions play no part. */
  configOf(id: CloudletId): { readonly wire?: WireConfig } {
    const wire = this.#configs[id] ?? null;
    return wire === null ? {} : { wire };
  }

  /** Half of the old cloudlets that crash come back with newer software. */
  mayUpgrade(id: CloudletId, rng: Rng): void {
    const wire = this.#configs[id] ?? null;
    if (wire === null || wire.most === wireVersion || !rng.chance(HALF)) return;
    this.#configs[id] = { least: 1, most: wireVersion, writes: wireVersion };
    this.#upgrades += 1;
  }

  /** What is put on the way. */
  mail(id: CloudletId, message: Message, version: number | undefined): Mail {
    return this.#configs[id] === null ? message : encode(message, version);
  }

  /** What arrives. */
  input(from: CloudletId, mail: Mail): Input {
    if (mail instanceof Uint8Array) return { kind: "receiveBytes", from, bytes: mail };
    return { kind: "receive", from, message: mail };
  }

  /** Records that were applied where they could not be read, and upgrades. */
  counts(): { readonly sealed: number; readonly upgrades: number } {
    return { sealed: this.#sealed, upgrades: this.#upgrades };
  }

  /** Can this cloudlet tell that this is a delete? */
  isDelete(id: CloudletId, { kind, version = 1 }: CausalRecord): boolean {
    return kind === "delete" && version <= (this.#configs[id]?.most ?? 1);
  }

  /** What is wrong with the form in which a cloudlet applies a record. */
  flaws(id: CloudletId, name: string, record: CausalRecord, written: CausalRecord): readonly string[] {
    const { version = 1 } = record;
    const isSealed = version > (this.#configs[id]?.most ?? 1);
    if (isSealed) this.#sealed += 1;
    if (isSealed === (record.kind === "sealed") && (isSealed || record.value === written.value)) return [];
    return [`wire: ${name} applied ${dotName(record.dot)} of version ${version} as ${record.kind}`];
  }
}

/** What was refused, which in a world without harm is nothing. */
export function refusalsIn(event: ReplicaEvent, name: string): readonly string[] {
  return event.kind === "messageRefused" ? [`wire: ${name} refused a message: ${JSON.stringify(event.why)}`] : [];
}
