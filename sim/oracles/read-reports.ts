// Which report of those below each watcher has read last in its present life: the truth that its marks and its view are held against.
//
//   1. Cloudlet 1 reports that its plane is healthy, is upgraded, and reports in a form that cloudlet 0 cannot read.
//   2. Where the second report comes alone, cloudlet 0 keeps it, and goes by what it has read of the first.
//   3. Where both come together, the second stands in the place of the first before anybody has looked: neither is read.
//   4. Cloudlet 0 starts anew: of the first report nothing is left there, and the second one says nothing (docs/control.md, limits).
//
// Leaves out what reports say.

import type { MarkKeys } from "../../model/control/mark-keys.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { ReplicaEvent } from "../../model/replication/io.ts";
import { type CausalRecord, dotName } from "../../model/replication/record.ts";
import type { SpokenForms } from "./spoken-forms.ts";
import type { Truth } from "./truth.ts";

/** Follows the reports of one run. Those of a cloudlet are counted from 0 on, as they were written. */
export class ReadReports {
  readonly #truth: Pick<Truth, "numberOfRecord">;
  readonly #keys: Pick<MarkKeys, "read">;
  readonly #forms: Pick<SpokenForms, "reads">;
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<CloudletId, number>();
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

  /** A watcher starts anew; what is on its disk becomes visible next. */
  started(watcher: CloudletId): void {
    this.#read.get(watcher)?.clear();
  }

  /** Something became visible at a watcher, all at once. */
  notified(watcher: CloudletId, event: ReplicaEvent): void {
    if (event.kind !== "applied" && event.kind !== "installed") return;
    let last: Map<CloudletId, readonly [number: number, record: CausalRecord]> | null = null;
    for (const record of event.kind === "applied" ? event.records : event.versions) {
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
