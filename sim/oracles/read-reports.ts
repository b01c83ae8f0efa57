// Which report of those below each watcher has read last in its present life: the truth that its marks and its view are held against.
//
//   1. Cloudlet 1 reports that its plane is healthy, is upgraded, and reports in a form that cloudlet 0 cannot read.
//   2. Where the second report comes alone, cloudlet 0 keeps it, and goes by what it has read of the first.
//   3. Where both come together, the second stands in the place of the first before anybody has looked: neither is read.
//   4. Cloudlet 0 starts anew: of the first report nothing is left there, and the second one says nothing (docs/control.md, limits).
//      Its disk tells of both, one after the other, before anybody looks: what comes at the moment of its start comes together.
//      What is in a checkpoint becomes visible without a word of it.
//
// Leaves out what reports say.

import type { MarkKeys } from "../../model/control/mark-keys.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { DiskImage, ReplicaEvent } from "../../model/replication/io.ts";
import { type CausalRecord, type Dot, dotName } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { SpokenForms } from "./spoken-forms.ts";
import type { Truth } from "./truth.ts";

/** Follows the reports of one run. Those of a cloudlet are counted from 0 on, as they were written. */
export class ReadReports {
  readonly #truth: Pick<Truth, "numberOfRecord">;
  readonly #keys: Pick<MarkKeys, "read">;
  readonly #forms: Pick<SpokenForms, "reads">;
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<CloudletId, number>();
  /** By watcher: when its present life began. */
  readonly #startedAt = new Map<CloudletId, Instant>();
  /** By watcher. */
  readonly #read = new Map<CloudletId, Map<CloudletId, number>>();

  constructor(truth: Pick<Truth, "numberOfRecord">, keys: Pick<MarkKeys, "read">, forms: Pick<SpokenForms, "reads">) {
    this.#truth = truth;
    this.#keys = keys;
    this.#forms = forms;
  }

  /** A cloudlet has written a report of itself. */
  written(cloudlet: CloudletId, { dot }: CausalRecord): void {
    const number = this.#counts.get(cloudlet) ?? 0;
    this.#counts.set(cloudlet, number + 1);
    this.#numbers.set(dotName(dot), number);
  }

  /** A watcher starts anew with that on its disk, which becomes visible next. */
  started(at: Instant, watcher: CloudletId, { checkpoint }: Pick<DiskImage, "checkpoint">): void {
    this.#startedAt.set(watcher, at);
    this.#read.get(watcher)?.clear();
    const versions = checkpoint?.cut.versions ?? [];
    this.#together(
      watcher,
      versions.filter((version) => version.kind !== "sealed"),
    );
    for (const version of versions) if (version.kind === "sealed") this.#sealed(watcher, version.dot);
  }

  /** Something became visible at a watcher, all at once. */
  notified(at: Instant, watcher: CloudletId, event: ReplicaEvent): void {
    if (event.kind === "sealedRecord" && at === this.#startedAt.get(watcher)) this.#sealed(watcher, event.dot);
    if (event.kind === "applied") this.#together(watcher, event.records);
    if (event.kind === "installed") this.#together(watcher, event.versions);
  }

  // It cannot be read; who has just begun had read nothing that it replaces.
  #sealed(watcher: CloudletId, dot: Dot): void {
    const number = this.#numbers.get(dotName(dot)) ?? -1;
    if (number > this.latest(watcher, dot.origin)) this.#read.get(watcher)?.delete(dot.origin);
  }

  #together(watcher: CloudletId, records: readonly CausalRecord[]): void {
    let last: Map<CloudletId, readonly [number: number, record: CausalRecord]> | null = null;
    for (const record of records) {
      const key = record.key.startsWith("~") ? this.#keys.read(record.key) : null;
      const number = key?.kind === "report" ? this.#numbers.get(dotName(record.dot)) : undefined;
      if (key === null || number === undefined) continue;
      last ??= new Map();
      if ((last.get(key.cloudlet)?.[0] ?? -1) < number) last.set(key.cloudlet, [number, record]);
    }
    for (const [about, [number, record]] of last ?? []) this.#take(watcher, about, number, record);
  }

  /** The number of the report of that cloudlet that it goes by; -1: it has read none. */
  latest(watcher: CloudletId, about: CloudletId): number {
    return this.#read.get(watcher)?.get(about) ?? -1;
  }

  #take(watcher: CloudletId, about: CloudletId, number: number, record: CausalRecord): void {
    if (!this.#forms.reads(watcher, this.#truth.numberOfRecord(record)) || number < this.latest(watcher, about)) return;
    const read = this.#read.get(watcher) ?? new Map<CloudletId, number>();
    this.#read.set(watcher, read.set(about, number));
  }
}
