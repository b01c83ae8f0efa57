// What a member that was detached does about deletes that others may have dropped meanwhile, before it counts again. What it
// wrote in place of something deleted must neither win in silence nor vanish: it is to meet the delete, everywhere.
//
// 1. b replaces value x by a delete d. c was detached; d goes everywhere but at c, which still holds x.
// 2. c writes v in place of x. It comes back, and what it sends is held back (absences.ts).
// 3. c gets d, beside which v stands. It writes d anew: a delete t that replaces d, and has seen no more than d. Its stamp is the
//    next one above that of d, so whether v or the delete is newer stays as it was.
// 4. Or d goes at c, too, before it may write: everybody else has called it ready. v is an orphan from then on. c writes t as
//    before, but that there is nothing to replace.
// 5. Or c gets a cut that covers x and d and holds neither. v is an orphan, too, but nothing tells when x was deleted. c writes a
//    delete that is newer than v: where one version wins, what was deleted stays so.
// 6. Or that cut holds another version w of the key. If w stands at c now, or anything else that is no orphan, v meets that. If v has
//    replaced w, as it has x, then w tells nothing of what became of x: v is an orphan, unless w is known to be in place of x.
// 7. Or v is still on its way to the disk of c when d comes and goes there: nothing stands beside d then. Once v is applied, it finds x gone and
// stands alone. It is an orphan as in 5.
// 8. Everybody applies t before v. They stand side by side: a conflict, to be resolved as the scope resolves conflicts.
//
// A write that replaced nothing, or a delete, is a creation: it is no orphan. Where the way down to what a write replaced cannot be
// followed any more it may be one, and is taken for one.

import type { StreamId } from "../ids.ts";
import { Coverings, type Cut } from "./cut.ts";
import { isNotice } from "./notice.ts";
import type { RecordIndex } from "./record-index.ts";
import { dotName, sameDot, type CausalRecord, type Dot, type Stamp } from "./record.ts";
import type { VersionStore } from "./versions.ts";

/** A delete to be written. */
export interface Anew {
  readonly key: string;
  /** The deletes that it takes the place of; none where only an orphan shows that there was one. */
  readonly deletes: readonly CausalRecord[];
  /** What its stamp is above of. */
  readonly above: readonly Stamp[];
}

/** A live version beside which a delete is gone, and what a delete in its place has to be stamped above. */
export interface Orphan {
  readonly version: CausalRecord;
  readonly above: Stamp;
}

const none: readonly Orphan[] = [];
const nothing: readonly CausalRecord[] = [];

/** Orphans of one replica, until it returns. */
export class Orphans {
  readonly #versions: VersionStore;
  readonly #index: RecordIndex;
  readonly #meets: (stands: boolean) => boolean;
  #known: readonly Orphan[];

  /** @param meets the rule of that name */
  constructor(versions: VersionStore, index: RecordIndex, meets: (stands: boolean) => boolean, like: Orphans | null) {
    this.#versions = versions;
    this.#index = index;
    this.#meets = meets;
    this.#known = like === null ? none : like.#known;
  }

  /**
   * A cut is being joined, and what it covers and does not hold stands here no longer: the live writes that it knows nothing of,
   * in place of what is gone there, and that meet nothing of what it holds.
   *
   * @param hasApplied was this applied here before?
   */
  among({ applied, versions }: Cut, hasApplied: (dot: Dot) => boolean): readonly CausalRecord[] {
    const covered = new Coverings([applied]);
    const held = byKey(versions);
    const bereft = new Set<CausalRecord>();
    for (const version of this.#versions.all()) {
      if (version.kind === "delete" || covered.covers(version.dot)) continue;
      if (this.#replacesWithin(version, covered, held.get(version.key) ?? nothing)) bereft.add(version);
    }
    return [...bereft].filter(({ key }) => {
      const there = held.get(key);
      if (there === undefined) return true;
      const isNew = there.some(({ dot }) => !hasApplied(dot));
      return !this.#meets(isNew || this.#versions.of(key).some((version) => !bereft.has(version)));
    });
  }

  /** These are orphans. */
  add(orphans: readonly Orphan[]): void {
    if (orphans.length > 0) this.#known = [...this.#known, ...orphans];
  }

  /** A delete has gone: the values that stood beside it are orphans. */
  leftBy({ key, stamp }: CausalRecord): void {
    const beside = this.#versions.of(key).filter(({ kind }) => kind !== "delete");
    this.add(beside.map((version) => ({ version, above: stamp })));
  }

  /**
   * A version takes the place of others. Where one of them was an orphan it is one, too, unless it deletes: whoever wrote it
   * here could not see the delete any more.
   */
  succeed(record: CausalRecord): void {
    if (this.#known.length === 0 || record.kind === "delete") return;
    const succeeded = this.#known.filter(({ version }) => record.prev.some((dot) => sameDot(dot, version.dot)));
    this.add(succeeded.map(({ above }) => ({ version: record, above })));
  }

  /**
   * Something that this cloudlet wrote while it was away is applied, which may have taken its disk a while; or what another one wrote that
   * is away, too: did what it is in place of go meanwhile, and what replaced that, too?
   *
   * @param before what stood of its key before
   */
  settled(record: CausalRecord, before: readonly CausalRecord[]): void {
    if (record.kind === "delete" || this.#versions.of(record.key).length !== 1) return;
    const isGone = record.prev.some((dot) => {
      return !before.some((version) => sameDot(version.dot, dot)) && this.#index.find(dot)?.kind !== "delete";
    });
    if (isGone) this.add([{ version: record, above: record.stamp }]);
  }

  /** Those that stand. */
  standing(): readonly Orphan[] {
    if (this.#known.length > 0) {
      this.#known = this.#known.filter(({ version }) =>
        this.#versions.of(version.key).some(({ dot }) => sameDot(dot, version.dot)),
      );
    }
    return this.#known;
  }

  /** Those that a snapshot names, of the versions that came with it. */
  restore(named: readonly Orphan[]): void {
    for (const { version, above } of named) {
      const held = this.#versions.of(version.key).find(({ dot }) => sameDot(dot, version.dot));
      if (held !== undefined) this.add([{ version: held, above }]);
    }
  }

  /** This cloudlet has returned: what stands beside nothing from now on is no orphan. */
  clear(stream: StreamId): void {
    this.#known = this.#known.filter(({ version }) => version.dot.stream !== stream);
  }

  /** The deletes to be written now into a stream, for these that stand beside values and for orphans. */
  anew(stream: StreamId, deletes: readonly CausalRecord[]): readonly Anew[] {
    const orphans = this.standing().filter(({ version }) => version.dot.stream === stream);
    const keys = new Set([...deletes.map(({ key }) => key), ...orphans.map(({ version }) => version.key)]);
    return [...keys].flatMap((key) => {
      const live = this.#versions.of(key);
      const standing = deletes.filter((record) => live.includes(record));
      const lone = orphans.filter(({ version }) => version.key === key);
      const isBeside = standing.length > 0 && live.some(({ kind }) => kind !== "delete");
      const above = [...standing.map(({ stamp }) => stamp), ...lone.map((orphan) => orphan.above)];
      return isBeside || lone.length > 0 ? [{ key, deletes: standing, above }] : [];
    });
  }

  // Does a chain of writes that the cut has not seen begin in place of a value that it has seen, and is not known to have replaced by
  // what it holds? Where the chain cannot be followed any more: if it holds nothing of the key.
  #replacesWithin(version: CausalRecord, covered: Coverings, held: readonly CausalRecord[]): boolean {
    const left = this.#line(held);
    const visited = new Set([version]);
    for (const { prev } of visited) {
      for (const dot of prev) {
        const replaced = this.#index.find(dot);
        if (covered.covers(dot)) {
          if (replaced?.kind !== "delete" && !left.has(dotName(dot))) return true;
        } else if (replaced !== null) visited.add(replaced);
        else if (held.length === 0) return true;
      }
    }
    return false;
  }

  // Names of these versions, and of what they have replaced one after the other, as far as that is held here.
  #line(versions: readonly CausalRecord[]): ReadonlySet<string> {
    const names = new Set(versions.map(({ dot }) => dotName(dot)));
    const visited = new Set(versions);
    for (const { prev } of visited) {
      for (const dot of prev) {
        names.add(dotName(dot));
        const replaced = this.#index.find(dot);
        if (replaced !== null) visited.add(replaced);
      }
    }
    return names;
  }
}

function byKey(versions: readonly CausalRecord[]): ReadonlyMap<string, readonly CausalRecord[]> {
  const found = new Map<string, CausalRecord[]>();
  for (const version of versions) {
    if (isNotice(version)) continue;
    const ofKey = found.get(version.key);
    if (ofKey === undefined) found.set(version.key, [version]);
    else ofKey.push(version);
  }
  return found;
}
