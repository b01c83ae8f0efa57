// All oracles of a run over one ground truth, told as one observer. For each moment there is a flat list of those who
// listen, the truth first, so that an oracle that is not asked for, or does not listen, costs nothing.

import type { AlivenessSettings } from "../../model/control/aliveness-settings.ts";
import type { Caps } from "../../model/control/queue.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import type { Causality } from "../../model/replication/standing.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { ClockSetting, Detachment } from "../scenario/scenario.ts";
import type { AbsenceEvent, HiddenLosers, OpenSiblings, PropertyVerdict } from "../run/report.ts";
import { absenceFigures } from "./absences.ts";
import { acceptsWhateverMarks } from "./accepts-whatever-marks.ts";
import { arrears } from "./arrears.ts";
import { causalDelivery } from "./causal-delivery.ts";
import { collection } from "./collection.ts";
import { convergence } from "./convergence.ts";
import { direction } from "./direction.ts";
import { durability } from "./durability.ts";
import { exactConflicts } from "./exact-conflicts.ts";
import { hiddenLosers } from "./hidden-losers.ts";
import type { GivingUp } from "./giving-up.ts";
import { localWait } from "./local-wait.ts";
import { markRules } from "./mark-rules.ts";
import { type Marks, marks } from "./marks.ts";
import { type Metrics, metrics } from "./metrics.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { monotonicWrites } from "./monotonic-writes.ts";
import { type MarkName, type markOracles, operationOracles, type OracleName, oracleTable } from "./names.ts";
import { type Audience, gatherObservers } from "../world/observers.ts";
import { openConflicts } from "./open-siblings.ts";
import { operationAnswers } from "./operation-answers.ts";
import { operationAuthority } from "./operation-authority.ts";
import { atMostOneEffect } from "./operation-effects.ts";
import { operationEnds, operationsOver } from "./operation-ends.ts";
import { operationOrder } from "./operation-order.ts";
import type { OperationOracle, OperationTruth } from "./operation-truth.ts";
import type { Listener, Oracle } from "./oracle.ts";
import { queueCaps } from "./queue-caps.ts";
import { readYourWrites } from "./read-your-writes.ts";
import { readsResolve } from "./reads-resolve.ts";
import { revived } from "./revived.ts";
import { rtcArb } from "./rtc-arb.ts";
import { rtc } from "./rtc.ts";
import { sessionMoves } from "./session-moves.ts";
import { streamOpening } from "./stream-opening.ts";
import { timeLimits } from "./time-limits.ts";
import type { TimingSlack } from "./timing-slack.ts";
import { travelFigures } from "./travel.ts";
import { Truth } from "./truth.ts";
import { uncollectedNote } from "./uncollected.ts";
import { uniqueDots } from "./unique-dots.ts";
import type { FormsAtFirst } from "./spoken-forms.ts";
import { viewAge } from "./view-age.ts";
import { counted } from "./words.ts";
import { writesFollowReads } from "./writes-follow-reads.ts";

/** What to watch. */
export interface OracleOptions {
  /** Only these judge; all when absent. Truth, marks and metrics are always there. */
  readonly only?: readonly OracleName[];
  /** The users' resolvers that scopes name. */
  readonly resolvers?: MergeFunctions;
  /** When records are given up; default: never. */
  readonly givingUp?: GivingUp;
  /** What cloudlets promise of the order of their operations; default: the order of sessions. */
  readonly causality?: Causality;
  /** Clocks that are not right; all are when absent. */
  readonly clocks?: readonly ClockSetting[];
  /** Cloudlets that begin with other versions of the byte form than the first alone; none when absent. */
  readonly forms?: FormsAtFirst;
  /** How late things may be; next to nothing when absent. */
  readonly slack?: TimingSlack;
  /** How cloudlets watch those below them; nobody does when absent. */
  readonly aliveness?: AlivenessSettings;
  /** Who is detached, as the scenario declares it; nobody when absent. */
  readonly detachments?: readonly Detachment[];
  /** Of whom convergence is asked; null or absent: of everybody. */
  readonly core?: ReadonlySet<CloudletId> | null;
  /** False: nobody will ask for what was measured; default: somebody may. */
  readonly isMeasured?: boolean;
  /** False: nobody will ask for conflicts that are open or settled; default: somebody may, where things are measured. */
  readonly isReported?: boolean;
  /** The truth about operations, and what queues hold at most; null or absent: there are none, and nothing is judged of them. */
  readonly operations?: { readonly truth: OperationTruth; readonly caps: Caps } | null;
}

/** The oracles of one run. */
export interface OracleSet {
  /** Hand this to the world. */
  readonly observer: Audience;
  readonly truth: Truth;
  readonly marks: Marks;
  readonly metrics: Metrics;
  /** Verdicts in the order of the table; of those that were asked for. Call it after `finished`. */
  verdicts(): readonly (readonly [OracleName, PropertyVerdict])[];
  /** Metrics of all kinds, `rtc.inversion` and `rtc.headroom` among them. */
  measured(): readonly (readonly [string, number])[];
  /** What became of members that were detached, in order of time. */
  absences(): readonly AbsenceEvent[];
  /** Conflicts that were left to people and that nobody has ended, the oldest first. Call it after `finished`. */
  openSiblings(): readonly OpenSiblings[];
  /** Conflicts that resolvers have settled by themselves, and whose losers still stand. Call it after `finished`. */
  hiddenLosers(): readonly HiddenLosers[];
  /** Declared, not violations: one sentence each. */
  notes(): readonly string[];
  /** Has everything arrived that is due? Cheap enough to ask often. */
  converged(): boolean;
  /** What is missing where, and why: one sentence each; empty when nothing is. */
  pending(): readonly string[];
}

/** Makes the oracles of one run. */
export function createOracles(topology: Topology, options: OracleOptions = {}): OracleSet {
  const truth = new Truth(topology, options.causality, options.givingUp, options.detachments);
  const arbitration = rtcArb(truth);
  const lasting = durability(truth);
  const arriving = convergence(truth, options.core ?? null);
  const naming = uniqueDots(truth);
  const order = causalDelivery(truth);
  const returning = revived(truth);
  const operations = options.operations ?? null;
  const reached = marks(truth);
  const { aliveness = null } = options;
  const byName: Readonly<Record<Exclude<OracleName, OperationOracleName | (typeof markOracles)[number]>, Oracle>> = {
    "causal-delivery": order,
    "exact-conflicts": exactConflicts(truth),
    "reads-resolve": readsResolve(truth, options.resolvers),
    "read-your-writes": readYourWrites(truth),
    "monotonic-reads": monotonicReads(truth),
    "monotonic-writes": monotonicWrites(truth),
    "writes-follow-reads": writesFollowReads(truth),
    rtc: rtc(truth),
    "rtc-arb": arbitration,
    "local-wait": localWait(truth),
    direction: direction(truth),
    durability: lasting,
    "unique-dots": naming,
    "stream-opening": streamOpening(truth),
    collection: collection(truth),
    revived: returning,
    "session-moves": sessionMoves(truth),
    "time-limits": timeLimits(truth, options.clocks),
    convergence: arriving,
  };
  const mark = (name: MarkName): void => void reached.mark(name);
  const ofAliveness: Partial<Record<OracleName, Oracle>> =
    aliveness === null
      ? {}
      : {
          "mark-rules": markRules(truth, aliveness, options, mark),
          "view-age": viewAge(truth, aliveness, options),
          "accepts-whatever-marks": acceptsWhateverMarks(truth, mark),
        };
  const ofOperations = operations === null ? {} : operationJudges(operations.truth, operations.caps);
  const all: Partial<Record<OracleName, Oracle>> = { ...byName, ...ofOperations, ...ofAliveness };
  const { only } = options;
  const judging = oracleTable
    .flatMap(({ name }) => all[name] ?? [])
    .filter(({ name }) => only === undefined || only.includes(name));
  if (operations !== null) {
    for (const oracle of judging) if (isOfOperations(oracle)) operations.truth.tell(oracle);
  }
  const measures = metrics(truth);
  const travel = travelFigures(truth, reached);
  const away = absenceFigures(truth, reached);
  const behind = arrears(truth);
  const measuring = options.isMeasured === false ? [] : [measures, behind];
  const listeners: Listener[] = [...judging, reached, travel, away, ...measuring];
  // The world may ask whether it has converged, whatever is judged.
  if (!judging.includes(arriving)) listeners.push(arriving);
  for (const listener of listeners) truth.tell(listener);
  const open = openConflicts(truth);
  const losers = hiddenLosers(truth);
  const isReported = options.isMeasured !== false && options.isReported !== false;
  if (isReported) for (const listener of [open, losers]) truth.tell(listener);

  return {
    observer: gatherObservers([truth, ...(operations === null ? [] : [operations.truth]), ...listeners]),
    truth,
    marks: reached,
    metrics: measures,
    verdicts: () => judging.map((oracle) => [oracle.name, oracle.verdict()] as const),
    measured() {
      const headroom = arbitration.headroom();
      const values = [
        ...measures.values(),
        ...travel.values(),
        ...away.values(),
        ...behind.values(arriving.verdict().verdict === "holds"),
        ["rtc.inversion", arbitration.inversion()] as const,
      ];
      return headroom === null ? values : [...values, ["rtc.headroom", headroom] as const];
    },
    absences: () => away.list(),
    openSiblings: () => open.list(),
    hiddenLosers: () => losers.list(),
    notes() {
      const notes: string[] = [];
      if (truth.unreachedCount > 0) {
        notes.push(
          `${times(truth.unreachedCount)} a version stood beside a later one whose writer's cloudlet it never reaches`,
        );
      }
      if (truth.forgetting.unproven.count > 0) {
        const what = "a version stood beside a later one since a cloudlet had lost for good what lay between the two";
        notes.push(`${times(truth.forgetting.unproven.count)} ${what}`);
      }
      if (truth.forgetting.count > 0) {
        notes.push(
          `${times(truth.forgetting.count)} a write left a version standing that is in its session's past: its cloudlet's log no longer showed it`,
        );
      }
      if (lasting.lostFromMemory() > 0) {
        const lost = counted(lasting.lostFromMemory(), "acknowledged record");
        notes.push(`crashes took ${lost} of scopes kept in memory`);
      }
      notes.push(...lasting.losses(), ...naming.fenced());
      if (options.core) {
        const names = [...options.core].map((id) => topology.cloudlets[id]?.name ?? "").join(", ");
        const rest = counted(topology.cloudlets.length - options.core.size, "other");
        notes.push(
          `convergence was asked of a core alone (${names}), and suspended for ${rest}: what is broken there stays so`,
        );
      }
      if (arriving.excusedCount() > 0) {
        const waiting = counted(arriving.excusedCount(), "missing record");
        notes.push(`${waiting} would have to wait for others that crashes took from whoever could send them`);
      }
      if (arriving.heldCount() > 0) {
        const held = counted(arriving.heldCount(), "missing record");
        notes.push(`${held} would have to wait for members that were detached and have not returned`);
      }
      if (arriving.unvouchedCount() > 0) {
        const held = counted(arriving.unvouchedCount(), "missing record");
        notes.push(
          `${held} stayed held back: their writers lost their disks while they were detached, and could not vouch for them`,
        );
      }
      if (returning.copiedCount() > 0) {
        const what = "a value stood alone whose delete has gone: a copy of a detached member's disk had brought it";
        notes.push(`revived was suspended ${times(returning.copiedCount())}: ${what}`);
      }
      if (order.releasedCount() > 0) {
        const released = counted(order.releasedCount(), "time");
        notes.push(`${released} a record was let go without what it follows, which is lost with a closed member`);
      }
      notes.push(...away.notes());
      const uncollected = uncollectedNote(topology);
      if (uncollected !== null) notes.push(uncollected);
      return notes;
    },
    converged: () => arriving.converged(),
    pending: () => arriving.pending(),
  };
}

type OperationOracleName = (typeof operationOracles)[number];

function operationJudges(truth: OperationTruth, caps: Caps): Readonly<Record<OperationOracleName, OperationOracle>> {
  return {
    "operation-answers": operationAnswers(truth, caps),
    "operation-authority": operationAuthority(truth),
    "operation-ends": operationEnds(truth),
    "at-most-one-effect": atMostOneEffect(truth),
    "operation-order": operationOrder(truth),
    "queue-caps": queueCaps(truth, caps),
    "operations-over": operationsOver(truth),
  };
}

function isOfOperations(oracle: Oracle): oracle is OperationOracle {
  return (operationOracles as readonly OracleName[]).includes(oracle.name);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
