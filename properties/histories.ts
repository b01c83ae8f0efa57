// Causal histories made by hand over a topology: sessions read and write through real contexts, records arrive where their
// past is there, and beside everything stands the full past as a bit mask. No replicas, links or disks: what is tested
// with it is contexts and coverage alone.

import type { CloudletId, Incarnation, StreamId } from "../model/ids.ts";
import type { Rng } from "../model/random.ts";
import { pick } from "../model/random.ts";
import { Context } from "../model/replication/context.ts";
import { Coverage } from "../model/replication/coverage.ts";
import { reachClasses } from "../model/replication/reach.ts";
import { RecordIndex } from "../model/replication/record-index.ts";
import { sameDot } from "../model/replication/record.ts";
import type { CausalRecord, Dot } from "../model/replication/record.ts";
import { recordSize } from "../model/replication/wire.ts";
import { WriterTable } from "../model/replication/writers.ts";
import type { Topology } from "../model/topology/topology.ts";

/** A record and the whole past of its writer, itself left out: bit i is record i. */
export interface Told {
  readonly record: CausalRecord;
  readonly past: bigint;
}

/** What one cloudlet holds. */
export interface Site {
  readonly id: CloudletId;
  readonly writers: WriterTable;
  readonly index: RecordIndex;
  readonly coverage: Coverage;
  /** Bit i: record i has arrived, its past that is due here before it. */
  held: bigint;
}

/** A session, its real context and its true past. */
export interface Session {
  readonly site: Site;
  readonly context: Context;
  past: bigint;
}

/** A history that grows step by step. */
export class History {
  readonly topology: Topology;
  readonly told: Told[] = [];
  readonly sites: readonly Site[];
  readonly sessions: readonly Session[];
  readonly #rng: Rng;
  readonly #sequences = new Map<string, number>();

  constructor(topology: Topology, rng: Rng, sessionsPerSite = 2) {
    this.topology = topology;
    this.#rng = rng;
    this.sites = topology.cloudlets.map(({ id }) => {
      const writers = new WriterTable();
      const index = new RecordIndex(writers);
      return { id, writers, index, coverage: new Coverage(index), held: 0n };
    });
    this.sessions = this.sites.flatMap((site) =>
      Array.from({ length: sessionsPerSite }, () => ({ site, context: new Context(), past: 0n })),
    );
  }

  /** Is record `at` in this past? */
  isIn(past: bigint, at: number): boolean {
    return ((past >> BigInt(at)) & 1n) === 1n;
  }

  /** The place of a dot. */
  placeOf(dot: Dot): number {
    return this.told.findIndex(({ record }) => sameDot(record.dot, dot));
  }

  /** One random thing: a read, a write or an arrival. Returns the session that did something, null for arrivals. */
  step(): Session | null {
    const die = this.#rng.intInclusive(9);
    if (die < 4) {
      this.#arrive();
      return null;
    }
    const session = pick(this.#rng, this.sessions);
    if (die < 7) this.#read(session);
    else this.#write(session);
    return session;
  }

  #arrive(): void {
    const site = pick(this.#rng, this.sites);
    for (const [at, { record, past }] of this.told.entries()) {
      if (this.isIn(site.held, at) || !this.topology.reaches(record.dot.stream, site.id)) continue;
      if (!this.#isDue(site, past) && this.#rng.chance(500_000)) this.#hold(site, at);
    }
  }

  // Is something of this past still to come here?
  #isDue(site: Site, past: bigint): boolean {
    return this.told.some(
      ({ record }, at) => this.isIn(past & ~site.held, at) && this.topology.reaches(record.dot.stream, site.id),
    );
  }

  #hold(site: Site, at: number): void {
    const { record } = this.told[at] as Told;
    site.held |= 1n << BigInt(at);
    site.index.add(site.writers.slotOf(record.dot), record);
  }

  #read(session: Session): void {
    const held = [...this.told.keys()].filter((at) => this.isIn(session.site.held, at));
    if (held.length === 0) return;
    this.#see(session, pick(this.#rng, held));
  }

  #see(session: Session, at: number): void {
    const { record, past } = this.told[at] as Told;
    session.context.observe(record, reachClasses(this.topology), session.site.coverage);
    session.past |= past | (1n << BigInt(at));
  }

  #write(session: Session): void {
    const { site, context } = session;
    const scopes = this.topology.scopes.filter(({ id }) => this.topology.streamOf(id, site.id) !== null);
    if (scopes.length === 0) return;
    const scope = pick(this.#rng, scopes).id;
    const stream = this.topology.streamOf(scope, site.id) as StreamId;
    // Half of the writes replace something of their scope that the session need not have seen.
    const inScope = [...this.told.entries()].flatMap(([at, { record }]) =>
      this.isIn(site.held, at) && this.topology.streams[record.dot.stream]?.scope === scope ? [at] : [],
    );
    const prev: Dot[] = [];
    if (inScope.length > 0 && this.#rng.chance(500_000)) {
      const at = pick(this.#rng, inScope);
      this.#see(session, at);
      prev.push((this.told[at] as Told).record.dot);
    }
    const name = `${stream} ${site.id}`;
    const sequence = (this.#sequences.get(name) ?? 0) + 1;
    this.#sequences.set(name, sequence);
    const content = {
      kind: "put",
      dot: { stream, origin: site.id, incarnation: 1 as Incarnation, sequence },
      key: "k",
      value: "",
      prev,
      deps: context.dots().filter((dot) => !prev.some((other) => sameDot(dot, other))),
      stamp: context.ceiling.above({ monotonic: 0, wall: 0 }),
    } as const;
    const record: CausalRecord = { ...content, size: recordSize(content) };
    this.told.push({ record, past: session.past });
    this.#hold(site, this.told.length - 1);
    context.replaceBy(record, reachClasses(this.topology));
    session.past |= 1n << BigInt(this.told.length - 1);
  }
}
