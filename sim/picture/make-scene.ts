/**
 * Makes a scene from the events of a run, within a window of time and for some cloudlets.
 *
 * Leaves out choosing window and lanes (window.ts).
 */
import type { OpId } from "../../model/ids.ts";
import { renderMicros } from "../cli/tables.ts";
import { episodesOf } from "../report/episodes.ts";
import {
  TRACE,
  TRACE_ANSWERS,
  TRACE_DISKS,
  TRACE_DROPS,
  TRACE_MARKS,
  TRACE_MESSAGES,
  TRACE_NOTES,
  TRACE_RESULTS,
} from "../trace/kinds.ts";
import { seconds } from "../trace/render.ts";
import type { TraceRow } from "../trace/trace.ts";
import type { RecordedRun } from "./record-run.ts";
import type { Arrow, Mark, MarkKind, Scene, Span, WatchedLane, Weight } from "./scene.ts";
import { shownCoarsely } from "./shown.ts";
import type { Window } from "./window.ts";
import { askedLabel, askedText, recordLabel } from "./words.ts";

/** What is known of a message while its rows are read. */
interface Flight {
  readonly message: (typeof TRACE_MESSAGES)[number];
  readonly number: number;
  readonly fromLane: number;
  readonly toLane: number;
  from: number | null;
  to: number | null;
  drop: string | null;
  readonly records: string[];
  weight: Weight;
}

/** Makes the scene. */
export function makeScene(run: RecordedRun, window: Window): Scene {
  return new SceneMaker(run, window).make();
}

class SceneMaker {
  readonly #run: RecordedRun;
  readonly #window: Window;
  readonly #laneOf = new Map<number, number>();
  readonly #marks: Mark[] = [];
  readonly #spans: Span[] = [];
  readonly #flights = new Map<number, Flight>();
  /** By lane: the message that came in last, and when. */
  readonly #arrived: (Flight | undefined)[] = [];
  /** By request: the mark of its asking. */
  readonly #open = new Map<number, number>();
  /** By lane: the mark of the crash after which nothing runs, or null when that lies before. */
  readonly #down = new Map<number, number | null>();
  readonly #weights = new Map<number, Weight>();
  /** By lane. */
  readonly #confirmations = new Map<number, WatchedLane["confirmations"][number][]>();

  constructor(run: RecordedRun, window: Window) {
    this.#run = run;
    this.#window = window;
    window.lanes.forEach((cloudlet, lane) => this.#laneOf.set(cloudlet, lane));
  }

  make(): Scene {
    const { rows, scenario, topology, breach, end, faults, absences, isWhole } = this.#run;
    const { detachments = [] } = scenario;
    const { from, until, lanes, isCoarse } = this.#window;
    for (let index = 0; index < rows.count; index += 1) {
      const row = rows.row(index);
      if (row.at > until) break;
      if (row.at < from) this.#before(row);
      else if (!isCoarse || shownCoarsely.has(row.kind)) this.#take(row);
    }
    for (const [lane, mark] of this.#down)
      this.#spans.push({ kind: "down", lane, from: mark, until: null, weight: "other" });
    for (const [op, mark] of this.#open) {
      this.#spans.push({
        kind: "request",
        lane: this.#marks[mark]!.lane,
        from: mark,
        until: null,
        weight: this.#weights.get(op) ?? "other",
      });
    }
    return {
      title: `${scenario.name}, seed ${scenario.seed}`,
      lanes: lanes.map((cloudlet) => nameOf(topology, cloudlet)),
      from,
      until,
      marks: this.#marks,
      arrows: [...this.#flights.values()].filter((flight) => flight.from !== null || flight.to !== null).map(arrowOf),
      spans: this.#spans,
      watched: this.#watched(),
      faults: episodesOf({ faults, absences, detachments, end }).filter(
        (fault) => fault.from <= until && fault.until >= from,
      ),
      faultsMissed: isWhole ? faults.missedCount : 0,
      breach:
        breach === null
          ? null
          : {
              property: breach.property,
              evidence: breach.evidence,
              at: breach.at,
              lane: breach.cloudlet === null ? null : (this.#laneOf.get(breach.cloudlet) ?? null),
            },
      lanesLeftOut: topology.cloudlets.length - lanes.length,
      isCoarse,
    };
  }

  #watched(): readonly WatchedLane[] {
    const { marked, topology } = this.#run;
    const names = new Map(marked.map((one) => [one.cloudlet, one]));
    return this.#window.lanes.flatMap((cloudlet, lane) => {
      const watched = names.get(nameOf(topology, cloudlet));
      return watched === undefined ? [] : [{ lane, watched, confirmations: this.#confirmations.get(lane) ?? [] }];
    });
  }

  /** What began before the window and reaches into it. */
  #before(row: TraceRow): void {
    const lane = this.#laneOf.get(row.cloudlet);
    if (lane === undefined) return;
    if (row.kind === TRACE.crashed) this.#down.set(lane, null);
    else if (row.kind === TRACE.started) this.#down.delete(lane);
    else if (row.kind === TRACE.sent) this.#send(row, lane, null);
    else if (row.kind === TRACE.received || row.kind === TRACE.dropped) this.#flights.delete(row.values[0]!);
  }

  #take(row: TraceRow): void {
    const lane = this.#laneOf.get(row.cloudlet);
    if (lane === undefined) return;
    const [a = 0, b = 0, c = 0] = row.values;
    switch (row.kind) {
      case TRACE.requested: {
        const op = this.#run.asked.get(b as OpId);
        this.#open.set(
          b,
          this.#mark("asked", row, lane, askedLabel(this.#run.topology, op), `session ${a} asks: ${askedText(op)}`),
        );
        return;
      }
      case TRACE.replied:
        this.#reply(row, lane);
        return;
      case TRACE.wrote:
        this.#wrote(a, this.#recordOf(row, 1), ` #${row.values[4]!}`);
        return;
      case TRACE.returned:
        this.#wrote(a, this.#recordOf(row, 1), "");
        return;
      case TRACE.unasked:
      case TRACE.applied:
        this.#applied(row, lane);
        return;
      case TRACE.installed:
        this.#mark(
          "installed",
          row,
          lane,
          `${a} at once`,
          `a cut became visible: ${a} records known, ${b} of them live`,
        );
        return;
      case TRACE.sent:
        this.#send(row, lane, this.#mark("sent", row, lane, "", ""));
        return;
      case TRACE.received: {
        const flight = this.#flights.get(a);
        const mark = this.#mark("received", row, lane, "", "");
        this.#arrived[lane] = flight;
        if (flight !== undefined) flight.to = mark;
        return;
      }
      case TRACE.dropped: {
        // The row stands where the message was; its end is where it was to go.
        const flight = this.#flights.get(a);
        if (flight !== undefined) flight.drop = TRACE_DROPS[c] ?? "dropped";
        return;
      }
      case TRACE.crashed:
        this.#down.set(
          lane,
          this.#mark("crashed", row, lane, "crash", `the process dies; ${a} unsynced records are lost`),
        );
        return;
      case TRACE.started: {
        const isEmpty = TRACE_ANSWERS[c] === "yes";
        const title = `a process begins, incarnation ${a}, with ${b} records of its disk${isEmpty ? ", which is another, empty one" : ""}`;
        const mark = this.#mark("started", row, lane, isEmpty ? "start, empty disk" : "start", title);
        const crash = this.#down.get(lane);
        if (crash !== undefined) this.#spans.push({ kind: "down", lane, from: crash, until: mark, weight: "other" });
        this.#down.delete(lane);
        return;
      }
      case TRACE.clockStepped:
        this.#mark(
          "clock",
          row,
          lane,
          `clock ${a < 0 ? "-" : "+"}${renderMicros(Math.abs(a))}`,
          "the wall clock jumps",
        );
        return;
      case TRACE.diskFailed:
        this.#mark(
          "disk",
          row,
          lane,
          `disk ${TRACE_DISKS[a] ?? ""}`,
          `${b} durable or confirmed records are gone, ${c} unconfirmed ones are there`,
        );
        return;
      case TRACE.noted:
        this.#mark("noted", row, lane, TRACE_NOTES[a] ?? "", `the core reports: ${TRACE_NOTES[a] ?? ""}`);
        return;
      case TRACE.wayChanged: {
        const isUp = TRACE_ANSWERS[a] === "yes";
        const peer = nameOf(this.#run.topology, row.peer);
        this.#mark(isUp ? "way-up" : "way-down", row, lane, "", `the way to ${peer} ${isUp ? "opens" : "closes"}`);
        return;
      }
      case TRACE.marked: {
        const [former, now] = [TRACE_MARKS[a] ?? "", TRACE_MARKS[b] ?? ""];
        const about = nameOf(this.#run.topology, row.peer);
        this.#mark("marked", row, lane, "", `${about} is marked ${now}; it was ${former}`);
        return;
      }
      case TRACE.confirmed:
        this.#confirmed(row, lane, TRACE_MARKS[a] ?? "");
        return;
      default:
    }
  }

  #confirmed(row: TraceRow, lane: number, says: string): void {
    const about = nameOf(this.#run.topology, row.peer);
    const by = nameOf(this.#run.topology, row.cloudlet);
    this.#mark("confirmed", row, lane, `${about}: ${says}`, `somebody says here of ${about}: ${says}`);
    const its = this.#laneOf.get(row.peer);
    if (its === undefined) return;
    const title = `${by} says of ${about}: ${says}, at ${seconds(row.at)} s`;
    const known = this.#confirmations.get(its) ?? [];
    this.#confirmations.set(its, [...known, { at: row.at, says, title }]);
  }

  #mark(
    kind: MarkKind,
    { at }: TraceRow,
    lane: number,
    label: string,
    title: string,
    weight: Weight = "other",
  ): number {
    const when = `${seconds(at)} s`;
    const where = nameOf(this.#run.topology, this.#window.lanes[lane]!);
    this.#marks.push({ kind, at, lane, label, title: title === "" ? "" : `${title}\nat ${where}, ${when}`, weight });
    return this.#marks.length - 1;
  }

  #send(row: TraceRow, fromLane: number, from: number | null): void {
    const [number = 0, kind = 0] = row.values;
    const toLane = this.#laneOf.get(row.peer);
    if (toLane === undefined) return;
    const message = TRACE_MESSAGES[kind] ?? "records";
    this.#flights.set(number, {
      message,
      number,
      fromLane,
      toLane,
      from,
      to: null,
      drop: null,
      records: [],
      weight: "other",
    });
  }

  #reply(row: TraceRow, lane: number): void {
    const [, op = 0, result = 0] = row.values;
    const asked = this.#open.get(op);
    this.#open.delete(op);
    const mark = this.#mark("answered", row, lane, "", `answered: ${TRACE_RESULTS[result] ?? ""}`);
    this.#spans.push({
      kind: "request",
      lane,
      from: asked ?? null,
      until: mark,
      weight: this.#weights.get(op) ?? "other",
    });
  }

  /** A request became a record, or returned it. */
  #wrote(op: number, record: string, label: string): void {
    const weight = this.#weightOf(record);
    if (weight === "breach" || (weight === "past" && this.#weights.get(op) === undefined))
      this.#weights.set(op, weight);
    const mark = this.#open.get(op);
    if (mark === undefined) return;
    const asked = this.#marks[mark]!;
    this.#marks[mark] = {
      ...asked,
      label: asked.label + label,
      title: `${asked.title}\n${record}`,
      weight: this.#weights.get(op) ?? "other",
    };
  }

  #applied(row: TraceRow, lane: number): void {
    const record = this.#recordOf(row, 0);
    const weight = this.#weightOf(record);
    const text = this.#run.records.get(record);
    const by = row.peer < 0 ? "" : `, brought by ${nameOf(this.#run.topology, row.peer)}`;
    const label = row.peer < 0 ? "" : `${recordLabel(this.#run.topology, text)} #${row.values[3]!}`;
    this.#mark(
      "applied",
      row,
      lane,
      label,
      `${record} of ${JSON.stringify(text?.key ?? "")} becomes visible${by}`,
      weight,
    );
    const flight = this.#arrived[lane];
    if (flight === undefined || this.#window.lanes[flight.fromLane] !== row.peer) return;
    flight.records.push(record);
    if (weight === "breach" || flight.weight === "other") flight.weight = weight;
  }

  #weightOf(record: string): Weight {
    const { breach } = this.#run;
    if (breach === null) return "other";
    return breach.records.has(record) ? "breach" : breach.past.has(record) ? "past" : "other";
  }

  #recordOf(row: TraceRow, from: number): string {
    const [origin, incarnation, stream, sequence] = row.values.slice(from);
    return `c${origin!}.${incarnation!}/t${stream!}#${sequence!}`;
  }
}

function arrowOf(flight: Flight): Arrow {
  const { message, number, from, to, fromLane, toLane, drop, records, weight } = flight;
  const lost = drop === null ? "" : `, lost (${drop})`;
  const brings = records.length === 0 ? "" : `\nbrings ${records.join(", ")}`;
  return {
    message,
    from,
    to,
    fromLane,
    toLane,
    isDropped: drop !== null,
    title: `${message} ${number}${lost}${brings}`,
    weight,
  };
}

function nameOf(topology: RecordedRun["topology"], cloudlet: number): string {
  return topology.cloudlets[cloudlet]?.name ?? `c${cloudlet}`;
}
