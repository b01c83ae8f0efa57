// Who can read whom: the versions of the byte form that each process knows and writes. What is written in a newer form than its reader
// knows is kept and passed on, and says nothing there until the reader is upgraded: an operation does not begin, and an end is not told.
//
// Who is upgraded reads from then on what it has kept. And whoever starts with a copy of another machine's disk reads what that one
// could read, in whatever form it was written.

import type { CloudletId } from "../../model/ids.ts";
import type { DiskImage } from "../../model/replication/io.ts";
import type { Dot } from "../../model/replication/record.ts";
import { firstVersionAlone, type WireConfig } from "../../model/replication/wire-config.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { MachineChange } from "./observer.ts";

/** The cloudlets, by name, that begin with other versions than the first alone. */
export type FormsAtFirst = readonly (WireConfig & { readonly cloudlet: string })[];

/** Follows the software of all processes of one run. */
export class SpokenForms {
  readonly #forms: WireConfig[];
  /** Of records, as the truth numbers them, that were not written in the first form. */
  readonly #writtenIn = new Map<number, number>();
  /** By cloudlet: of these, what its disk had in the clear when its process started. */
  readonly #clear = new Map<CloudletId, ReadonlySet<number>>();

  constructor({ cloudlets }: Topology, atFirst: FormsAtFirst) {
    this.#forms = cloudlets.map(({ name }) => atFirst.find(({ cloudlet }) => cloudlet === name) ?? firstVersionAlone);
  }

  /** A machine has changed. Software that is installed writes what it knows from its first moment. */
  changed(cloudlet: CloudletId, change: MachineChange): void {
    if (change.kind !== "versionChanged") return;
    this.#forms[cloudlet] = { least: 1, most: change.version, writes: change.version };
  }

  /** A record was written there. */
  wrote(origin: CloudletId, record: number): void {
    const { writes } = this.#forms[origin] as WireConfig;
    if (writes > 1) this.#writtenIn.set(record, writes);
  }

  /** A process starts with this disk; `numberOf`: of records, as the truth numbers them. */
  found(cloudlet: CloudletId, { checkpoint, entries }: DiskImage, numberOf: (dot: Dot) => number): void {
    if (this.#writtenIn.size === 0) return;
    const records = [...(checkpoint?.cut.versions ?? []), ...(checkpoint?.waiting ?? []), ...entries].flatMap((one) =>
      one.kind === "cut" ? one.versions : [one],
    );
    const clear = records.filter(({ kind }) => kind !== "sealed").map(({ dot }) => numberOf(dot));
    this.#clear.set(cloudlet, new Set(clear.filter((record) => this.#writtenIn.has(record))));
  }

  /** Can a record be read there that has come? */
  reads(cloudlet: CloudletId, record: number): boolean {
    const isKnown = (this.#writtenIn.get(record) ?? 1) <= (this.#forms[cloudlet] as WireConfig).most;
    return isKnown || this.#clear.get(cloudlet)?.has(record) === true;
  }

  /** One of these who writes what another one of them cannot read, and that one; null where all read all. */
  unreadAmong(cloudlets: readonly CloudletId[]): { readonly writer: CloudletId; readonly reader: CloudletId } | null {
    for (const writer of cloudlets) {
      const { writes } = this.#forms[writer] as WireConfig;
      const reader = cloudlets.find((cloudlet) => (this.#forms[cloudlet] as WireConfig).most < writes);
      if (reader !== undefined) return { writer, reader };
    }
    return null;
  }
}
