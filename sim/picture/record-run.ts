/**
 * Runs a scenario for a picture: its events, what clients asked for, what its faults did, and the first moment at which a property was
 * violated, with the records that the violation follows.
 *
 * The run ends where the picture does: some events after the violation, or at the instant that was asked for. Events before the
 * last 400 000 are not kept. Leaves out choosing what to show (window.ts) and drawing.
 */
import type { CloudletId, OpId } from "../../model/ids.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { type CausalRecord, dotName } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { OracleName } from "../oracles/names.ts";
import type { SessionTruth } from "../oracles/session-truth.ts";
import type { Truth } from "../oracles/truth.ts";
import type { AbsenceEvent, AlivenessReport, FaultTimelineReport } from "../run/report.ts";
import { Run, type RunOptions, type Watcher } from "../run/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { TraceRows } from "../trace/trace.ts";
import type { RecordText } from "./words.ts";

/** The first violation. */
export interface Breach {
  readonly property: OracleName;
  /** What the oracle said. */
  readonly evidence: string;
  /** Microseconds of true time. */
  readonly at: number;
  /** Where it showed; null where it is of no one place. */
  readonly cloudlet: CloudletId | null;
  /** Names of the records that it is about, as the truth names them (`dotName`). */
  readonly records: ReadonlySet<string>;
  /** Names of these and of all records that they follow. */
  readonly past: ReadonlySet<string>;
  /** Of what shows only in the end: when the record was asked for that is missing somewhere; null of what shows at once. */
  readonly since: number | null;
}

/** What a picture is made from. */
export interface RecordedRun {
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly rows: TraceRows;
  /** What each request asked for, by its number. */
  readonly asked: ReadonlyMap<OpId, ClientOp>;
  /** By their names. */
  readonly records: ReadonlyMap<string, RecordText>;
  readonly breach: Breach | null;
  /** What its faults did, as far as it went. */
  readonly faults: FaultTimelineReport;
  /** What became of members that were detached. */
  readonly absences: readonly AbsenceEvent[];
  /** How cloudlets were marked; nobody where nobody is watched. */
  readonly marked: AlivenessReport["marks"];
  /** When it ended, in microseconds. */
  readonly end: number;
  /** False when it was ended because the picture needs no more. */
  readonly isWhole: boolean;
}

/** What to follow. */
export interface RecordOptions extends RunOptions {
  /** Only violations of these properties are looked for. */
  readonly properties: ReadonlySet<OracleName>;
  /** The run ends here at the latest. */
  readonly until: number | null;
  /** Called between slices of events; may throw, which ends it. */
  readonly pause: () => Promise<void>;
}

/** Events that are kept. */
export const EVENTS_MAX = 400_000;

/** Events that a run goes on for after a violation: what was on its way then arrives, so that it can be seen. */
const EVENTS_AFTER = 40;
const SLICE = 4_096;

/** Runs it. */
export async function recordRun(
  scenario: Scenario,
  { properties, until, pause, ...options }: RecordOptions,
): Promise<RecordedRun> {
  const asked = new Map<OpId, ClientOp>();
  const watchers: BreachWatcher[] = [];
  // A run looks before there is one to ask.
  const made: Run[] = [];
  const run = new Run(scenario, {
    ...options,
    givesUpFrom: Infinity,
    trace: { keep: { last: EVENTS_MAX } },
    observers: [{ requested: (_at, _cloudlet, _session, id, op) => void asked.set(id, op) }],
    watch(_world, truth) {
      const watcher = new BreachWatcher(truth, properties, () => made[0]?.verdicts() ?? []);
      watchers.push(watcher);
      return watcher;
    },
  });
  made.push(run);
  const [watcher] = watchers as [BreachWatcher];
  let left = Infinity;
  let isOver = false;
  while (!isOver && left > 0 && (until === null || run.now <= until)) {
    // One by one where it matters which is the last.
    for (let slice = SLICE; slice > 0 && !isOver && left > 0 && (until === null || run.now <= until); slice -= 1) {
      isOver = !run.advance(1);
      if (watcher.breach !== null) left = Math.min(left, EVENTS_AFTER) - 1;
    }
    options.onProgress?.(run.fraction);
    await pause();
  }
  const end = run.now;
  // What must hold in the end shows only there.
  const finished = isOver ? run.finish() : null;
  if (finished !== null) watcher.lookAtEnd(end);
  return {
    scenario,
    topology: watcher.topology,
    rows: run.trace.rows(),
    asked,
    records: watcher.records(),
    breach: watcher.breach,
    faults: run.faults(),
    absences: run.absences(),
    marked: run.aliveness()?.marks ?? [],
    end,
    isWhole: isOver,
  };
}

type Verdicts = ReturnType<Run["verdicts"]>;

/** Waits for the first violation, and writes down what it is about while the truth still knows. */
class BreachWatcher implements Watcher {
  breach: Breach | null = null;
  readonly #truth: Truth;
  readonly #properties: ReadonlySet<OracleName>;
  readonly #verdicts: () => Verdicts;
  #last: { readonly cloudlet: CloudletId | null; readonly records: readonly number[] } = {
    cloudlet: null,
    records: [],
  };

  constructor(truth: Truth, properties: ReadonlySet<OracleName>, verdicts: () => Verdicts) {
    this.#truth = truth;
    this.#properties = properties;
    this.#verdicts = verdicts;
  }

  get topology(): Topology {
    return this.#truth.topology;
  }

  // Oracles have heard of these moments before, so that a violation that is new now is about this one.

  written(at: Instant, record: number, session: SessionTruth): void {
    this.#moment(at, session.cloudlet, [record]);
  }

  applied(at: Instant, cloudlet: CloudletId, record: number): void {
    this.#moment(at, cloudlet, [record]);
  }

  collected(at: Instant, cloudlet: CloudletId, record: number): void {
    this.#moment(at, cloudlet, [record]);
  }

  acknowledged(at: Instant, cloudlet: CloudletId, record: number): void {
    this.#moment(at, cloudlet, [record]);
  }

  answered(
    at: Instant,
    session: SessionTruth,
    _id: OpId,
    _op: ClientOp,
    _answers: readonly unknown[],
    returned: readonly number[],
  ): void {
    this.#moment(at, session.cloudlet, returned);
  }

  settled(at: Instant, cloudlet: CloudletId, key: number): void {
    this.#moment(at, cloudlet, [...this.#truth.shadow.visible(cloudlet, key)]);
  }

  /** Looks after every event: some oracles judge what they see of the world itself. */
  look(now: Instant): Instant {
    if (this.breach === null) this.#find(now, this.#last.cloudlet, this.#last.records);
    this.#last = { cloudlet: null, records: [] };
    return now;
  }

  /** Looks when the run is over. */
  lookAtEnd(now: number): void {
    if (this.breach !== null) return;
    const missing = this.#missing();
    if (missing === null) this.#find(now, null, []);
    else this.#find(now, missing.cloudlet, [missing.record], this.#truth.requestedAt.data[missing.record]);
  }

  // The first record that is not everywhere where it is to be.
  #missing(): { readonly record: number; readonly cloudlet: CloudletId } | null {
    const truth = this.#truth;
    for (let record = 0; record < truth.recordCount; record += 1) {
      for (const { id } of truth.topology.cloudlets) {
        if (truth.reaches(record, id) && !truth.isApplied(id, record)) return { record, cloudlet: id };
      }
    }
    return null;
  }

  /** What all records say. */
  records(): ReadonlyMap<string, RecordText> {
    const { records, keyOf, keyNames } = this.#truth;
    return new Map(
      records.map((record, number) => {
        const key = keyNames[keyOf.data[number] as number] ?? "";
        return [dotName(record.dot), { key, value: record.kind === "put" ? record.value : null }];
      }),
    );
  }

  #moment(at: Instant, cloudlet: CloudletId, records: readonly number[]): void {
    if (this.breach !== null) return;
    const known = records.filter((record) => record >= 0);
    this.#last = { cloudlet, records: known };
    this.#find(at, cloudlet, known);
  }

  #find(at: number, cloudlet: CloudletId | null, records: readonly number[], since: number | null = null): void {
    for (const [property, { violations, evidence }] of this.#verdicts()) {
      if (violations === 0 || !this.#properties.has(property)) continue;
      const truth = this.#truth;
      const name = (record: number): string => dotName((truth.records[record] as CausalRecord).dot);
      const past = new Set<string>();
      for (let other = 0; other < truth.recordCount; other += 1) {
        if (records.some((record) => truth.isAtOrBefore(other, record))) past.add(name(other));
      }
      const about = new Set(records.map(name));
      this.breach = { property, evidence: evidence[0] ?? "", at, cloudlet, records: about, past, since };
      return;
    }
  }
}
