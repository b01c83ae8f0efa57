/**
 * Tables of what was measured, as what a run replays: which time it begins at, how links do, who asks for what.
 *
 * What is wrong with a table is told with the table's own line and column. Leaves out reading files (attached.ts), what the cells hold
 * (workloads/measured), and what becomes of links (measured-links.ts) and requests (measured-load.ts).
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Duration } from "../../model/units.ts";
import { Fidelity, type FidelityNote } from "../../workloads/importing/fidelity.ts";
import type { TextRow } from "../../workloads/importing/table.ts";
import type { ImportProblem } from "../../workloads/importing/outcome.ts";
import { showCivilTime } from "../../workloads/measured/civil-time.ts";
import { dayTimes, type Zone } from "../../workloads/measured/moments.ts";
import { readLog } from "../../workloads/measured/log.ts";
import { readSeries, type SeriesKind } from "../../workloads/measured/series.ts";
import type { Table, TableKey, Tables } from "./attached.ts";
import type { ExpandedTopology } from "./expand-topology.ts";
import { checkLink, joinedBy } from "./fault-places.ts";
import { type PlacedSeries, replayLinks } from "./measured-links.ts";
import { replayLoad, type ReplayedLoad } from "./measured-load.ts";
import { ProblemList, SiteNames } from "./resolving.ts";
import type { Fault } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";
import { timeZoneNamed } from "./time-zones.ts";

/** What was done with a table. */
export interface ReplayedTable {
  readonly file: string;
  readonly notes: readonly FidelityNote[];
}

/** What a run replays. */
export interface Measured {
  readonly faults: readonly Fault[];
  readonly replayed: readonly ReplayedTable[];
  /** The topology that it was resolved for, with links as they are at their best. */
  bettered(expanded: ExpandedTopology): ExpandedTopology;
  /** What is asked for in the topology that was built of it. The first time problems go to the list. */
  load(topology: Topology): ReplayedLoad;
}

/** What tables are judged against. */
export interface MeasuredContext {
  readonly tables: Tables;
  readonly spec: TopologySpec;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

type MeasuredForm = NonNullable<ScenarioForm["measured"]>;

interface ReadTable<What> {
  readonly table: Table;
  readonly fidelity: Fidelity;
  readonly read: What;
}

const seriesKinds: readonly SeriesKind[] = ["outages", "delays", "losses"];

/** Nobody asks for anything. */
export const nothingAsked: ReplayedLoad = { script: [], travellers: [] };

/** A scenario without tables. */
export const nothingMeasured: Measured = {
  faults: [],
  replayed: [],
  bettered: (expanded) => expanded,
  load: () => nothingAsked,
};

/** What the tables of a scenario come to. Problems go to the list. */
export function resolveMeasured(whole: ScenarioForm, form: MeasuredForm, context: MeasuredContext): Measured {
  const { spec, duration, problems } = context;
  const zone = zoneOf(form, problems);
  const begins = form.begins === undefined ? null : beginningOf(form.begins, zone, problems);
  if (!problems.isEmpty) return nothingMeasured;
  const series = seriesKinds.flatMap((kind) =>
    readTable(form, kind, context, (rows, found, fidelity) => readSeries(kind, rows, zone, found, fidelity)),
  );
  const [log = null] = readTable(form, "operations", context, (rows, found, fidelity) =>
    readLog(rows, zone, found, fidelity),
  );
  const all = [...series, ...(log === null ? [] : [log])];
  const first = firstOf(all.map(({ read }) => read));
  if (begins === null && first !== null) {
    for (const { read, fidelity } of all) {
      const what = `the run begins at the first time in any of its tables, ${showCivilTime(first)}; measured.begins would say another one`;
      if (read.isAbsolute) fidelity.note("assumed", what);
    }
  }
  const originOf = ({ isAbsolute }: { readonly isAbsolute: boolean }): number =>
    isAbsolute ? (begins ?? first ?? 0) : 0;
  const refuseAt = ({ file }: Table, line: number, column: number, message: string): void =>
    void problems.elsewhere.push({ file, line, column, message });
  const linkFlaw = linkJudge(spec);
  const placed = series.map(({ table, read, fidelity }): PlacedSeries => ({
    series: read,
    fidelity,
    origin: originOf(read),
    refuse({ line, column, endsColumn, from, to }, message) {
      const flaw = message === null ? linkFlaw(from, to) : message;
      if (flaw !== null) refuseAt(table, line, message === null ? endsColumn : column, flaw);
    },
  }));
  const { faults, links } = replayLinks(placed, spec.links, duration);
  let asked: ReplayedLoad | null = log === null ? nothingAsked : null;
  return {
    faults,
    get replayed() {
      return all.map(({ table, fidelity }) => ({ file: table.file, notes: fidelity.notes }));
    },
    bettered(expanded) {
      if (links.every((link, at) => link === spec.links[at])) return expanded;
      const plans = expanded.plans.map((plan) => ({ ...plan, links }));
      return { ...expanded, spec: { ...expanded.spec, links }, plans };
    },
    load(topology) {
      if (asked !== null || log === null) return asked ?? nothingAsked;
      const { table, read, fidelity } = log;
      asked = replayLoad({
        log: read,
        fidelity,
        topology,
        duration,
        origin: originOf(read),
        prefix: form.keys ?? "",
        scripted: new Set((whole.script ?? []).map(({ session }) => session)),
        refuse: ({ line, column }, message) => {
          refuseAt(table, line, column, message);
        },
      });
      return asked;
    },
  };
}

function zoneOf({ timeZone }: MeasuredForm, problems: ProblemList): Zone | null {
  if (timeZone === undefined) return null;
  const zone = timeZoneNamed(timeZone);
  if (zone !== null) return zone;
  const remedy = "write it as the IANA database does";
  problems.add(
    ["measured", "timeZone"],
    `expected the name of a time zone such as Europe/Prague, found "${timeZone}"; ${remedy}`,
  );
  return null;
}

// Of a time that is twice it is the first.
function beginningOf(text: string, zone: Zone | null, problems: ProblemList): number | null {
  const times = dayTimes(text, zone, new Fidelity());
  if (typeof times !== "string") return times[0] ?? null;
  problems.add(["measured", "begins"], times);
  return null;
}

function readTable<What>(
  form: MeasuredForm,
  key: TableKey,
  { tables, problems }: MeasuredContext,
  read: (rows: readonly TextRow[], found: ImportProblem[], fidelity: Fidelity) => What | null,
): readonly ReadTable<What>[] {
  const name = form[key];
  if (name === undefined) return [];
  const table = tables.get(name);
  if (table === undefined) {
    const why = `expected a table that the scenario's file names, since those are read together with it, found "${name}"`;
    problems.add(["measured", key], `${why}; name it there`);
    return [];
  }
  const found: ImportProblem[] = [];
  const fidelity = new Fidelity();
  if (table.csv.kind === "refused") found.push(...table.csv.problems);
  const what = table.csv.kind === "rows" ? read(table.csv.rows, found, fidelity) : null;
  problems.elsewhere.push(...found.map((problem) => ({ file: table.file, ...problem })));
  return what === null ? [] : [{ table, fidelity, read: what }];
}

interface Timed {
  readonly isAbsolute: boolean;
  readonly lines: readonly { readonly time: number }[];
}

function firstOf(all: readonly Timed[]): number | null {
  const times = all.flatMap(({ isAbsolute, lines }) => (isAbsolute ? lines.slice(0, 1) : []));
  return times.reduce<number | null>((least, { time }) => (least === null || time < least ? time : least), null);
}

// What is wrong with two ends that are none of a link; each pair is told once.
function linkJudge(spec: TopologySpec): (from: string, to: string) => string | null {
  const joined = joinedBy(spec);
  const told = new Set<string>();
  return (from, to) => {
    const pair = JSON.stringify([from, to]);
    if (told.has(pair)) return null;
    told.add(pair);
    const problems = new ProblemList();
    checkLink([from, to], [], { spec, joined, problems, sites: SiteNames.of(spec.cloudlets, problems) });
    return problems.problems.map(({ message }) => message).join("; ");
  };
}
