// The part of a control layer that watches those below: the mark of each adjacent lower cloudlet, what everyone below has reported, and
// what is confirmed of them. A mark that changes is written down among the results of the cloudlet, so that it goes further up by
// ordinary flows.
//
// What waits is read off what can be seen here. Downwards: batches that are not acknowledged. Upwards: everything comes over one way in
// order, reports too, so a report that is late means that something waits before it; who was silent owes one.
//
// Leaves out the machine of marks (aliveness.ts) and the reports of this cloudlet itself (reporter.ts).

import { assert } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import type { Message } from "../replication/messages.ts";
import type { CausalRecord } from "../replication/record.ts";
import {
  beginWatch,
  evidenceAt,
  type KnownPlane,
  type Mark,
  marks,
  watchDue,
  watched,
  type Watch,
  type WatchEvent,
} from "./aliveness.ts";
import type { AlivenessSettings } from "./aliveness-settings.ts";
import type { Bench } from "./bench.ts";
import { confirmationRefusal, standing } from "./confirmations.ts";
import {
  evidenceInReports,
  evidenceInSchema,
  evidenceName,
  fences,
  type FencingEvidence,
  hasForgotten,
} from "./fencing.ts";
import { corrected, entered, type MarkHistory } from "./mark-history.ts";
import type { MarkKeys } from "./mark-keys.ts";
import { Outstanding } from "./outstanding.ts";
import type { Registry } from "./registry.ts";
import { readReport, type Report } from "./report.ts";
import { join, joinedOf, type JoinedView, type KeptView, type Observations, told, viewAt } from "./view.ts";

/** An adjacent lower cloudlet. */
interface Lower {
  watch: Watch;
  /** Its mark by what is seen, whatever is confirmed: what those further up are told. */
  seen: Mark;
  history: MarkHistory;
  readonly outstanding: Outstanding;
  /** When its latest report came, in this life; null: it owes one since it was last silent. */
  reportedAt: number | null;
  /** Since when it owes that. */
  owesSince: number;
}

/** What is known of any cloudlet below. */
interface Known {
  readonly report: Report | null;
  readonly view: KeptView;
  readonly receivedAt: number;
}

/** A cloudlet below, for people. */
export interface Sight {
  readonly cloudlet: CloudletId;
  /** Of who is adjacent: by what is seen here; of others: as their upper has told. */
  readonly mark: Mark;
  readonly history: MarkHistory;
  readonly control: KnownPlane;
  readonly management: KnownPlane;
  readonly view: Observations;
}

/** Watches those below one cloudlet. */
export class Lookout {
  readonly #bench: Bench;
  readonly #keys: MarkKeys;
  readonly #settings: AlivenessSettings;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #lowers: Map<CloudletId, Lower>;
  readonly #known: Map<CloudletId, Known>;
  readonly #relayed: Map<CloudletId, Mark>;
  readonly #registry: Registry;
  /** What this life has held against somebody: it takes a while to stand. */
  readonly #held: Set<string>;
  // Whom something has happened to since time was looked at last, and when something falls due at the earliest. Only these are looked
  // at in a step: there may be thousands of lowers.
  readonly #touched = new Set<CloudletId>();
  #dueAt = -Infinity;

  constructor(
    bench: Bench,
    keys: MarkKeys,
    settings: AlivenessSettings,
    versions: (key: string) => readonly CausalRecord[],
    registry: Registry,
    like: Lookout | null = null,
  ) {
    assert(settings.reporting.period < settings.watch.silentAfter, "who reports in time is not silent");
    this.#bench = bench;
    this.#keys = keys;
    this.#settings = settings;
    this.#versions = versions;
    this.#registry = registry;
    this.#lowers = new Map(
      [...(like === null ? [] : like.#lowers)].map(([id, lower]) => [
        id,
        { ...lower, outstanding: new Outstanding(lower.outstanding) },
      ]),
    );
    this.#known = new Map(like === null ? null : like.#known);
    this.#relayed = new Map(like === null ? null : like.#relayed);
    this.#held = new Set(like === null ? null : like.#held);
    if (like === null) return;
    this.#dueAt = like.#dueAt;
  }

  /**
   * The plan in force says who is right below: new ones are watched from now on, others no more; and of who is not below at all
   * nothing is kept but records. They are read again with the next plan that brings it back.
   */
  adopt(): void {
    const { self, rules } = this.#bench;
    const topology = this.#bench.topology();
    const below = new Set(topology.cloudlets[self]?.lowers);
    for (const id of this.#lowers.keys()) if (!below.has(id) && rules.forgets()) this.#lowers.delete(id);
    const isLower = (id: CloudletId): boolean => topology.relation(self, id) === "lower";
    for (const id of this.#known.keys()) if (!isLower(id) && rules.forgets()) this.#known.delete(id);
    for (const id of this.#relayed.keys()) if (!isLower(id) || below.has(id)) this.#relayed.delete(id);
    const now = this.#now();
    for (const id of below) {
      if (this.#lowers.has(id)) continue;
      const watch = beginWatch(now, this.#planeOf(id), standing(this.#registry.heeded(id)), this.#judge);
      this.#lowers.set(id, {
        watch,
        // 1. A former upper has told those further up that it is connected. 2. It is never heard here. 3. So they are told.
        seen: topology.plan === 0 ? "unknown" : this.#saidFurtherUp(id),
        history: entered([], watch.mark, now),
        outstanding: new Outstanding(),
        reportedAt: null,
        owesSince: now,
      });
      if (watch.mark !== "unknown") {
        this.#bench.emit({ kind: "marked", cloudlet: id, from: "unknown", to: watch.mark });
      }
      this.#touched.add(id);
    }
  }

  /** Something came from a neighbour; `message` where it can be told what. */
  received(from: CloudletId, message: Message | null): void {
    const lower = this.#lowers.get(from);
    if (lower === undefined) return;
    if (message !== null) lower.outstanding.received(message);
    this.#see(from, lower, { kind: "heard" });
  }

  /** A message goes to a neighbour. */
  sent(to: CloudletId, message: Message): void {
    const lower = this.#lowers.get(to);
    if (lower === undefined) return;
    lower.outstanding.sent(message, this.#now());
    this.#touched.add(to);
  }

  /** The way to a neighbour closed. */
  closed(peer: CloudletId): void {
    const lower = this.#lowers.get(peer);
    if (lower === undefined) return;
    lower.outstanding.closed();
    this.#touched.add(peer);
  }

  /** What stands at a report's key has changed. */
  reported(cloudlet: CloudletId): void {
    const now = this.#now();
    if (!this.#isKept(cloudlet)) return;
    const reports = latestFirst(this.#versions(this.#keys.of("report", cloudlet)));
    for (const report of reports) {
      const before = this.#known.get(cloudlet) ?? { report: null, view: {}, receivedAt: now };
      const { incarnation, number } = report;
      const last = before.report;
      const back = last === null ? null : evidenceInReports(cloudlet, last, report);
      const schema = evidenceInSchema(cloudlet, report.schema, this.#settings.fencing);
      for (const evidence of [back, schema]) if (evidence !== null) this.evidence(evidence);
      const isNews =
        last === null || incarnation > last.incarnation || (incarnation === last.incarnation && number > last.number);
      if (!isNews) continue;
      // A life that has lost what an earlier one wrote counts anew, also one on an empty disk, which is no evidence of anything. And so
      // does a later life of that one: each report takes the place of all that its cloudlet knows of, so what stands beside it is lost.
      const isOfAnother = last !== null && last.incarnation !== incarnation;
      const countsAnew = isOfAnother && (hasForgotten(last, report) || reports.length > 1);
      const view = told(countsAnew ? {} : before.view, report.view, now);
      this.#known.set(cloudlet, { report, view, receivedAt: now });
      this.#heed(cloudlet, report, now);
    }
  }

  #heed(cloudlet: CloudletId, { control, inReach }: Report, now: number): void {
    const lower = this.#lowers.get(cloudlet);
    if (lower === undefined) return;
    if (inReach || this.#bench.rules.trustsLate()) {
      lower.reportedAt = now;
      lower.history = corrected(lower.history, control, now);
    }
    this.#see(cloudlet, lower, { kind: "plane", plane: this.#planeOf(cloudlet) });
  }

  /** What is confirmed of a cloudlet has changed, or what another upper sees of it. */
  told(cloudlet: CloudletId): void {
    const confirmed = standing(this.#registry.heeded(cloudlet));
    const lower = this.#lowers.get(cloudlet);
    if (lower !== undefined) {
      this.#see(cloudlet, lower, { kind: "record", confirmed });
      return;
    }
    if (this.#bench.topology().relation(this.#bench.self, cloudlet) !== "lower") return;
    const mark = confirmed ?? this.#relayedMark(cloudlet);
    const before = this.#relayed.get(cloudlet) ?? "unknown";
    if (mark === before) return;
    this.#relayed.set(cloudlet, mark);
    this.#bench.emit({ kind: "marked", cloudlet, from: before, to: mark });
  }

  /** Something speaks against a cloudlet: it is fenced where that is heeded, and where this cloudlet is above it. */
  evidence(evidence: FencingEvidence): void {
    const { cloudlet } = evidence;
    if (confirmationRefusal(this.#bench.topology(), this.#bench.self, cloudlet) !== null) return;
    const key = `${cloudlet} ${evidenceName(evidence)}`;
    if (this.#held.has(key) || !fences(evidence, this.#registry.of(cloudlet), this.#settings.fencing)) return;
    this.#held.add(key);
    this.#registry.write(cloudlet, { says: "fenced", why: evidence.why, about: [evidenceName(evidence)], detail: "" });
  }

  /** Looks at time, and at what waits. */
  advance(): void {
    const now = this.#now();
    const isDue = now >= this.#dueAt;
    if (isDue) this.#dueAt = Infinity;
    for (const id of isDue ? [...this.#lowers.keys()] : this.#touched) {
      const lower = this.#lowers.get(id);
      if (lower === undefined) continue;
      this.#see(id, lower, { kind: "passed" });
      const behindAt = this.#behindAt(lower);
      const isBehind = behindAt <= now;
      if (isBehind !== lower.watch.isBehind) this.#see(id, lower, { kind: "backlog", isBehind });
      const due = watchDue(lower.watch, now, this.#settings.watch);
      this.#dueAt = Math.min(this.#dueAt, due, isBehind ? Infinity : behindAt);
    }
    this.#touched.clear();
  }

  /** When time alone may change something, at the earliest. */
  nextDue(): number {
    return this.#dueAt;
  }

  /** How a cloudlet is marked; null where it is not below this one. */
  markOf(cloudlet: CloudletId): Mark | null {
    if (this.#bench.topology().relation(this.#bench.self, cloudlet) !== "lower") return null;
    return this.#lowers.get(cloudlet)?.watch.mark ?? this.#relayed.get(cloudlet) ?? "unknown";
  }

  /** Everyone below, ascending, with ages as of then: monotonic microseconds. */
  sights(now: number): readonly Sight[] {
    return this.#bench
      .topology()
      .descendants(this.#bench.self)
      .map((cloudlet) => this.sight(cloudlet, now));
  }

  /** One that is below, the same way. */
  sight(cloudlet: CloudletId, now: number): Sight {
    const lower = this.#lowers.get(cloudlet);
    const known = this.#known.get(cloudlet);
    return {
      cloudlet,
      mark: this.markOf(cloudlet) ?? "unknown",
      history: lower?.history ?? [],
      control: this.#planeOf(cloudlet),
      management: known?.report?.management ?? "unknown",
      view: viewAt(known?.view ?? {}, now),
    };
  }

  /** Everyone below as one. */
  below(): JoinedView {
    return this.sights(this.#now()).reduce<JoinedView>((joined, { view }) => join(joined, joinedOf(view)), {});
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    const lowers = [...this.#lowers].map(([id, lower]) => [
      id,
      lower.watch,
      lower.seen,
      lower.outstanding.since,
      lower.reportedAt,
      lower.owesSince,
    ]);
    return JSON.stringify([lowers, [...this.#known], [...this.#relayed], this.#registry.state, [...this.#held]]);
  }

  // --- one cloudlet ---

  readonly #judge = (evidence: Parameters<Bench["rules"]["marks"]>[0]): Mark => this.#bench.rules.marks(evidence);

  #see(cloudlet: CloudletId, lower: Lower, event: WatchEvent): void {
    const now = this.#now();
    const { heardAt } = lower.watch;
    this.#touched.add(cloudlet);
    if (event.kind === "heard" && (heardAt === null || now - heardAt >= this.#settings.watch.silentAfter)) {
      // Whatever waited while it was silent comes before the report that it owes now.
      lower.reportedAt = null;
      lower.owesSince = now - this.#patience();
      this.#watch(cloudlet, lower, { kind: "backlog", isBehind: true }, now);
    }
    this.#watch(cloudlet, lower, event, now);
    const seen = this.#judge({ ...evidenceAt(lower.watch, now, this.#settings.watch), confirmed: null });
    if (seen === lower.seen) return;
    lower.seen = seen;
    const isRoot = this.#bench.topology().cloudlets[this.#bench.self]?.upper === null;
    if (isRoot || !this.#bench.rules.relays()) return;
    this.#bench.write(this.#keys.of("seen", cloudlet), `seen ${seen}`, []);
  }

  // 1. A process is paused, and a cloudlet below is silent meanwhile. 2. When it goes on it hears that one again before its own timer has
  // fired. 3. So what falls due between two looks is told with whatever comes first.
  #watch(cloudlet: CloudletId, lower: Lower, event: WatchEvent, now: number): void {
    const { watch, changes } = watched(lower.watch, event, now, this.#settings.watch, this.#judge);
    lower.watch = watch;
    for (const { from, to } of changes) {
      lower.history = entered(lower.history, to, now);
      this.#bench.emit({ kind: "marked", cloudlet, from, to });
    }
  }

  // From when on something counts as having waited too long; in the past: it does.
  #behindAt({ outstanding, reportedAt, owesSince }: Lower): number {
    const down = outstanding.since === null ? Infinity : outstanding.since + this.#settings.backlogAge;
    return Math.min(down, (reportedAt ?? owesSince) + this.#patience());
  }

  #patience(): number {
    return this.#settings.reporting.period + this.#settings.backlogAge;
  }

  #planeOf(cloudlet: CloudletId): KnownPlane {
    return this.#known.get(cloudlet)?.report?.control[0]?.plane ?? "unknown";
  }

  // Under other plans than the first there may be reports of somebody who is not below: of those nothing is shown.
  #isKept(cloudlet: CloudletId): boolean {
    const topology = this.#bench.topology();
    if (cloudlet === this.#bench.self) return false;
    return (
      topology.plan === 0 || topology.relation(this.#bench.self, cloudlet) === "lower" || !this.#bench.rules.forgets()
    );
  }

  // What its upper sees, under the plan in force: what a former one saw may stand beside it for good.
  #relayedMark(cloudlet: CloudletId): Mark {
    const { upper = null } = this.#bench.topology().cloudlets[cloudlet] ?? {};
    return this.#said(cloudlet, (record) => record.dot.origin === upper);
  }

  #saidFurtherUp(cloudlet: CloudletId): Mark {
    return this.#said(cloudlet, () => true);
  }

  #said(cloudlet: CloudletId, counts: (record: CausalRecord) => boolean): Mark {
    const said = this.#versions(this.#keys.of("seen", cloudlet)).flatMap((record) =>
      record.kind === "put" && counts(record) ? marks.filter((mark) => record.value === `seen ${mark}`) : [],
    );
    return said.at(-1) ?? "unknown";
  }

  #now(): number {
    return this.#bench.now().monotonic;
  }
}

// What can be read of the reports that stand, the one of the latest life first: where an upper begins with several, it is taken alone.
function latestFirst(versions: readonly CausalRecord[]): readonly Report[] {
  const reports = versions.flatMap((record) => (record.kind === "put" ? (readReport(record.value) ?? []) : []));
  return reports.sort((a, b) => b.incarnation - a.incarnation || b.number - a.number);
}
