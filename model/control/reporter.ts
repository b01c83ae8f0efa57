// The part of a control layer that tells those above how its own cloudlet is: reports, which are heartbeats where nothing else is said.
// A root has nobody to tell.
//
// Leaves out what is in a report (report.ts), and when one is due (reporting.ts).

import type { CloudletId } from "../ids.ts";
import type { AlivenessSettings } from "./aliveness-settings.ts";
import type { Bench } from "./bench.ts";
import type { MarkKeys } from "./mark-keys.ts";
import type { PlaneState } from "./planes.ts";
import { type PlaneSpan, readReport, reportText, spansMax } from "./report.ts";
import { beginReporting, reachable, reportDue, reported, type Reporting } from "./reporting.ts";
import { schemaOf } from "./software.ts";
import { type JoinedView, type KeptView, observed, told, viewAt, type ViewClass } from "./view.ts";

/** A stretch of the control plane in this life. */
interface Stretch {
  readonly plane: PlaneState;
  readonly since: number;
}

/** Writes the reports of one cloudlet. */
export class Reporter {
  readonly #bench: Bench;
  readonly #keys: MarkKeys;
  readonly #settings: AlivenessSettings;
  #reporting: Reporting;
  #number = 0;
  #base = 0;
  #stretches: readonly Stretch[] = [];
  #view: KeptView = {};
  #upperHeardAt: number | null = null;
  #wasReachable = false;
  /** Whom it reports to, under the plan in force. */
  #reportsTo: CloudletId | null;
  #dueAfter: Reporting | null = null;
  #dueAt = Infinity;

  constructor(bench: Bench, keys: MarkKeys, settings: AlivenessSettings, like: Reporter | null = null) {
    this.#bench = bench;
    this.#keys = keys;
    this.#settings = settings;
    this.#reportsTo = like === null ? this.#upper() : like.#reportsTo;
    this.#reporting = like === null ? beginReporting(settings.reporting) : like.#reporting;
    if (like === null) return;
    this.#number = like.#number;
    this.#base = like.#base;
    this.#stretches = like.#stretches;
    this.#view = like.#view;
    this.#upperHeardAt = like.#upperHeardAt;
    this.#wasReachable = like.#wasReachable;
  }

  /** The process has started: it goes on counting from the report that its disk kept. */
  started(values: readonly string[]): void {
    const { monotonic } = this.#bench.now();
    for (const value of values) {
      const report = readReport(value);
      if (report === null) continue;
      this.#number = Math.max(this.#number, report.number);
      this.#view = told(this.#view, report.view, monotonic);
    }
    this.#base = this.#number;
    this.planes(this.#bench.planes().control);
  }

  /** The control plane is this from now on. */
  planes(plane: PlaneState): void {
    if (this.#stretches[0]?.plane === plane) return;
    this.#stretches = [{ plane, since: this.#bench.now().monotonic }, ...this.#stretches].slice(0, spansMax);
    this.#reporting = reachable(this.#reporting, this.#settings.reporting);
  }

  /** Something of a class was observed here. */
  observe(of: ViewClass, value: number, text: string): void {
    this.#view = observed(this.#view, of, value, text, this.#bench.now().monotonic);
  }

  /** Another plan is in force: a new upper has not been heard yet, and is told at once when it is. */
  adopt(): void {
    const upper = this.#upper();
    if (upper === this.#reportsTo) return;
    this.#reportsTo = upper;
    this.#upperHeardAt = null;
    this.#wasReachable = false;
    this.#reporting = reachable(this.#reporting, this.#settings.reporting);
  }

  /** The adjacent upper was heard. */
  heardUpper(): void {
    this.#upperHeardAt = this.#bench.now().monotonic;
  }

  /** What is observed here, with ages as of now. */
  view(): ReturnType<typeof viewAt> {
    return viewAt(this.#view, this.#bench.now().monotonic);
  }

  /** Writes a report if one is due. `below`: what is known of those below. */
  advance(below: () => JoinedView): void {
    const isReachable = this.#isReachable();
    if (isReachable && !this.#wasReachable) this.#reporting = reachable(this.#reporting, this.#settings.reporting);
    this.#wasReachable = isReachable;
    const { monotonic } = this.#bench.now();
    if (this.#upper() === null || monotonic < this.#due()) return;
    this.#reporting = reported(this.#reporting, isReachable, monotonic, this.#settings.reporting);
    this.#number += 1;
    const value = reportText({
      number: this.#number,
      incarnation: this.#bench.incarnation(),
      base: this.#base,
      inReach: isReachable,
      schema: schemaOf(this.#bench),
      control: this.#spans(monotonic),
      management: this.#bench.planes().management,
      view: this.#bench.rules.tells(viewAt(this.#view, monotonic)),
      below: below(),
    });
    this.#bench.write(this.#keys.of("report", this.#bench.self), value, []);
  }

  /** When the next report is due; infinity for a root. */
  nextDue(): number {
    return this.#upper() === null ? Infinity : this.#due();
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    return JSON.stringify([
      this.#reporting,
      this.#number,
      this.#base,
      this.#stretches,
      this.#view,
      this.#upperHeardAt,
      this.#wasReachable,
    ]);
  }

  // An open way over which nothing comes back counts as closed.
  #isReachable(): boolean {
    if (!this.#bench.isUpperReachable() || this.#upperHeardAt === null) return false;
    return this.#bench.now().monotonic - this.#upperHeardAt < this.#settings.watch.silentAfter;
  }

  // It is asked in every step, and another one only after something was reported.
  #due(): number {
    const reporting = this.#reporting;
    if (this.#dueAfter !== reporting) {
      this.#dueAfter = reporting;
      this.#dueAt = reportDue({ ...reporting, pause: this.#bench.rules.reportsAfter(reporting.pause) });
    }
    return this.#dueAt;
  }

  #upper(): CloudletId | null {
    return this.#bench.topology().cloudlets[this.#bench.self]?.upper ?? null;
  }

  #spans(now: number): readonly PlaneSpan[] {
    let until = now;
    return this.#stretches.map(({ plane, since }) => {
      const lasted = until - since;
      until = since;
      return { plane, lasted };
    });
  }
}
