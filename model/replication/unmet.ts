// What was held back and is let go before its writer has returned (held-back.ts): does it meet the delete that it has missed? Where
// it does not, whoever lets it go writes that delete anew itself, and applies this one first.
//
// 1. x stands everywhere. b deletes it by d; c is detached, and d goes without c. c has written v in place of x, which is held back.
// 2. c has written w in another stream, after v. Somebody there who knows nothing of v applies w, and writes something that follows it.
// 3. That comes to b, which has to apply w, and v before that, whether c ever returns or not. Nothing stands there that v could meet.
// 4. b writes a delete t, as c would if it returned (returning.ts). v waits until t is on the disk: then v stands beside t.
// 5. Each member does so that has called d ready without c, and lets v go. So nowhere does v stand alone, whatever comes first; and none
//    of these deletes goes, since its writer is not ready for it while v stands there.
// 6. c returns: at c, too, v stands beside a t, and is given one more.
//
// Who is away itself writes nothing now: it takes v for an orphan, and writes its t when it returns. Of what comes in a cut nothing is
// asked here: a cut is let in by the word of somebody who counts and has it, together with its t.

import type { CloudletId } from "../ids.ts";
import type { Absences } from "./absences.ts";
import type { Collector } from "./collector.ts";
import type { RecordIndex } from "./record-index.ts";
import { sameDot, type CausalRecord, type Dot } from "./record.ts";
import type { Anew } from "./returning.ts";
import type { VersionStore } from "./versions.ts";

/** What is asked about what stands at a cloudlet. */
interface Around {
  readonly versions: VersionStore;
  readonly index: RecordIndex;
  readonly absences: Absences;
  readonly collector: Collector | null;
  isDelta(record: CausalRecord): boolean;
}

interface Wanted {
  readonly record: CausalRecord;
  readonly deletes: readonly CausalRecord[];
  /** It is written, and on its way to the disk. */
  readonly isWritten: boolean;
}

/** Deletes that one cloudlet has to write anew before it may let something go. */
export class Unmet {
  readonly #around: Around;
  readonly #self: CloudletId;
  // By key. Null in nearly every replica.
  #wanted: Map<string, Wanted> | null;

  constructor(around: Around, self: CloudletId, like: Unmet | null) {
    this.#around = around;
    this.#self = self;
    this.#wanted = like === null || like.#wanted === null ? null : new Map(like.#wanted);
  }

  /**
   * Would this record, which nothing else keeps any longer, stand here without what it is to meet? Then a delete is ordered, to be written
   * now, for which it has to wait; returns whether it was.
   *
   * @param before what stands of its key, or stood there before it
   */
  orderIfLone(record: CausalRecord, before = this.#around.versions.of(record.key)): boolean {
    const deletes = this.#missedBy(record, before);
    if (deletes === null) return false;
    this.#wanted ??= new Map();
    if (!this.#wanted.has(record.key)) this.#wanted.set(record.key, { record, deletes, isWritten: false });
    return true;
  }

  /** The deletes to be written now, each with the record that waits for it. They are on their way to the disk then. */
  owed(): readonly { readonly stream: Dot["stream"]; readonly anew: Anew }[] {
    const owed: { readonly stream: Dot["stream"]; readonly anew: Anew }[] = [];
    for (const [key, wanted] of this.#wanted ?? []) {
      if (wanted.isWritten) continue;
      const { record, deletes } = wanted;
      this.#wanted?.set(key, { ...wanted, isWritten: true });
      // Where nothing tells when it was deleted what was deleted stays so.
      const above = deletes.length > 0 ? deletes.map(({ stamp }) => stamp) : [record.stamp];
      owed.push({ stream: record.dot.stream, anew: { key, deletes, above } });
    }
    return owed;
  }

  /** A record is applied. Is it a delete for which something may have waited? */
  applied({ kind, key, dot }: CausalRecord): boolean {
    if (this.#wanted === null || kind !== "delete") return false;
    // What is on its way is not written twice.
    if (this.#wanted.get(key)?.isWritten === true && dot.origin !== this.#self) return false;
    return this.#wanted.delete(key);
  }

  // The deletes that stand here and may go over this record; none where they have gone. Null where it meets something, or has missed none.
  #missedBy(record: CausalRecord, before: readonly CausalRecord[]): readonly CausalRecord[] | null {
    const { versions, index, absences, collector } = this.#around;
    const { kind, dot, key, prev } = record;
    if (kind === "delete" || kind === "notice" || prev.length === 0 || !absences.holds(dot)) return null;
    if (absences.isAway(dot.stream, this.#self) || this.#around.isDelta(record)) return null;
    const isReplaced = (one: Dot): boolean => prev.some((other) => sameDot(other, one));
    const beside = versions.of(key).filter((version) => version !== record && !isReplaced(version.dot));
    if (beside.some((version) => version.kind !== "delete" || collector?.hasCalledReady(version, dot.origin) !== true))
      return null;
    if (beside.length > 0) return beside;
    const isGone = (one: Dot): boolean =>
      !before.some((version) => sameDot(version.dot, one)) && index.find(one)?.kind !== "delete";
    return prev.some(isGone) ? beside : null;
  }
}
