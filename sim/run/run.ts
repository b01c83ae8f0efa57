// One run of a scenario, from its first event to its report: the world, its observers, and the question when it is over.
// A run is driven in pieces (`advance`), so that a progress bar, or a second run beside it, gets its turn.
//
// A run is over when, after the healing, everything has arrived that is due, or when the budget for that is used up.
// Leaves out expectations (verdict.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { protocolNamed } from "../../model/protocols/protocols.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import type { Rules } from "../../model/replication/rules.ts";
import { isCustomResolver } from "../../model/topology/resolvers.ts";
import type { Refusal } from "../../model/topology/rules.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { MachineBugs } from "../hosts/host.ts";
import type { OracleName } from "../oracles/names.ts";
import type { GivingUpBug } from "../oracles/giving-up.ts";
import { coreOf } from "../faults/core.ts";
import { createOracles, type OracleSet } from "../oracles/oracles.ts";
import type { TruthListener } from "../oracles/oracle.ts";
import type { Observer } from "../oracles/observer.ts";
import type { Truth } from "../oracles/truth.ts";
import { type MarkFigures, markFigures } from "../oracles/mark-figures.ts";
import { OperationFigures } from "../oracles/operation-figures.ts";
import { OperationMarks } from "../oracles/operation-marks.ts";
import { OperationTruth } from "../oracles/operation-truth.ts";
import { slackUnder } from "../oracles/timing-slack.ts";
import { builtPlans, builtWithOperations } from "../scenario/built-plans.ts";
import { isControlled } from "../scenario/control.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { withDeadline } from "../resolvers/deadline.ts";
import { Trace, type TraceOptions } from "../trace/trace.ts";
import { World } from "../world.ts";
import { cpuFigures, cpuMetrics, linkFigures, networkMetrics } from "./figures.ts";
import { FaultTimeline } from "./fault-timeline.ts";
import { GIVES_UP_FROM, givingUpOf } from "./giving-up.ts";
import { Redundancy } from "./redundancy.ts";
import type {
  AbsenceEvent,
  AlivenessReport,
  FaultTimelineReport,
  PropertyVerdict,
  RunEnd,
  RunReport,
} from "./report.ts";
import { judgeRun } from "./verdict.ts";

/** Follows a run as it goes: hears what the truth makes of events, and looks at the world every so often. */
export interface Watcher extends TruthListener {
  /** Looks, first before anything happened and then once the instant that it last returned has come. */
  look(now: Instant): Instant;
}

/** How a scenario is run. */
export interface RunOptions {
  /** Only these properties are watched; default: all. */
  readonly only?: readonly OracleName[];
  /** A planted bug: makes the deviating rules of one replica (sim/plants). It is a bug of the core, whatever the protocol. */
  readonly plant?: () => Partial<Rules>;
  /** Planted bugs of the machines. */
  readonly machineBugs?: MachineBugs;
  /** Planted bugs of the control layer, where there are operations. */
  readonly controlPlant?: () => Partial<ControlRules>;
  /** Another protocol in place of the scenario's; called once per start of a process. */
  readonly createCore?: (topology: Topology, self: CloudletId, scenario: Scenario) => ReplicationCore;
  /** Puts something between every core and its world (plants/leaks.ts). */
  readonly enclose?: (core: ReplicationCore) => ReplicationCore;
  /** The users' resolvers that the scenario's scopes name, as sim/resolvers loads them. */
  readonly resolvers?: MergeFunctions;
  /**
   * How many records the ground truth holds before it gives up those that can no longer matter; infinity: it keeps all. What
   * the run says is the same.
   */
  readonly givesUpFrom?: number;
  /** A planted bug: records are given up that still matter. */
  readonly givingUpBug?: GivingUpBug;
  /** Who else listens. */
  readonly observers?: readonly Observer[];
  /** Makes who follows the run; nothing may be changed from there. */
  readonly watch?: (world: World, truth: Truth, redundancy: Redundancy) => Watcher;
  /** What of the trace is kept, and who gets it; default: nothing, nobody. */
  readonly trace?: TraceOptions;
  /** True: events of the same instant happen in a drawn order; the digest is another then. */
  readonly shuffleTies?: boolean;
  /** What is asked for in the end, so that nothing else is measured: its report (`finish`, the default), or less (`end`). */
  readonly asks?: Asked;
  /** The engine's name, for the report. */
  readonly engine?: string;
  /** Told now and then how much of the run's longest possible time has passed, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** A run that is over: its report, and what it was made of, for tests that look inside. */
export interface RunOutcome {
  readonly report: RunReport;
  readonly topology: Topology;
  readonly world: World;
  readonly oracles: OracleSet;
  readonly trace: Trace;
}

/** How much of a run is asked for: how it ended, with its metrics or without any, or all that there is to tell. */
export type Asked = "report" | "metrics" | "end";

/** A run that is over, without its report. */
export interface EndedRun {
  readonly end: RunEnd;
  /** Empty where only the end was asked for, and nothing that bounds a metric is expected of it. */
  readonly metrics: RunReport["metrics"];
  readonly topology: Topology;
  readonly world: World;
  /** What a report says of flows and links, for who draws the run. Not where only the end was asked for. */
  figures(): Pick<RunReport, "flows" | "links">;
}

/** The scenario's topology breaks a rule: whoever reads scenarios refuses it first, so this is its last resort. */
export class TopologyRefused extends Error {
  override readonly name = "TopologyRefused";
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ message }) => message).join("; "));
    this.refusals = refusals;
  }
}

/**
 * The topology that a scenario begins with, as all its plans together make it.
 *
 * @throws TopologyRefused when one of them breaks a rule
 */
export function firstPlanOf(scenario: Scenario): Topology {
  const later = (scenario.plans ?? []).map((change) => change.topology);
  const build = isControlled(scenario) ? builtWithOperations : builtPlans;
  const built = build(scenario.topology, later);
  if (built.kind === "refused") throw new TopologyRefused(built.refusals);
  return built.plans[0] as Topology;
}

function itself(core: ReplicationCore): ReplicationCore {
  return core;
}

/** Asked after the healing: first soon, then ever more seldom, since most runs converge at once and some hardly. */
const JUDGE_FIRST = 20_000;
const JUDGE_GROWTH = 1.25;
/** A number that no number of reports keeps step with. */
const JUDGES_PER_PERIOD = 7;

/** Events between two questions whether records are to be given up. */
const GIVE_UP_EVENTS = 64;

/** A run under way. */
export class Run {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #asks: Asked;
  readonly #topology: Topology;
  readonly #world: World;
  readonly #oracles: OracleSet;
  readonly #trace: Trace;
  readonly #redundancy: Redundancy;
  /** Null where there are no operations. */
  readonly #operations: OperationTruth | null;
  /** Null where nobody is watched. */
  readonly #markFigures: MarkFigures | null;
  readonly #operationFigures: OperationFigures | null;
  readonly #watcher: Watcher | null;
  readonly #timeline: FaultTimeline | null;
  /** Who is healed in the end; null: everybody. */
  readonly #core: ReadonlySet<CloudletId> | null;
  #lookAt = Infinity;
  #isOver = false;
  #digest = "";
  #judgePause = JUDGE_FIRST;

  /** @throws TopologyRefused */
  constructor(scenario: Scenario, options: RunOptions = {}) {
    this.#scenario = scenario;
    this.#options = options;
    this.#asks = options.asks ?? "report";
    const topology = firstPlanOf(scenario);
    this.#topology = topology;
    const { only, resolvers = new Map() } = options;
    for (const { resolver } of topology.scopes) {
      assert(!isCustomResolver(resolver) || resolvers.has(resolver), "a run without the code of a scope's resolver");
    }
    const { clockBound, logs, causality, clocks, detachments = [] } = scenario;
    // What stands of an operation is asked for as long as it is open.
    const givesUpFrom = !isControlled(scenario) ? (options.givesUpFrom ?? GIVES_UP_FROM) : Infinity;
    const givingUp = givingUpOf(scenario, topology, givesUpFrom, options.givingUpBug ?? null);
    this.#core = coreOf(scenario, topology);
    this.#operations = isControlled(scenario)
      ? new OperationTruth(topology, this.#core, scenario.wire.versions, scenario.operations?.oneWay)
      : null;
    this.#markFigures = scenario.aliveness === undefined ? null : markFigures(topology);
    const { operations: setting } = scenario;
    const isJudged = setting !== undefined && this.#operations !== null;
    const operations = isJudged ? { truth: this.#operations, caps: setting.caps } : null;
    const horizon = scenario.duration + scenario.settle;
    this.#operationFigures = isJudged ? new OperationFigures(this.#operations, setting, horizon) : null;
    const isMeasured = this.#isMeasured();
    const watched = {
      operations,
      isMeasured,
      isReported: this.#asks === "report",
      core: this.#core,
      resolvers,
      causality,
      clocks,
      forms: scenario.wire.versions,
      slack: slackUnder(scenario.quirks),
      givingUp,
      detachments,
      ...(only !== undefined && { only }),
      ...(scenario.aliveness !== undefined && { aliveness: scenario.aliveness.settings }),
    };
    this.#oracles = createOracles(topology, watched);
    const { marks } = this.#oracles;
    const cases = isJudged ? new OperationMarks(this.#operations, setting, (name) => void marks.mark(name)) : null;
    this.#trace = new Trace(options.trace);
    const isTimed = this.#asks === "report" && scenario.faults.length > 0;
    this.#timeline = isTimed ? new FaultTimeline(scenario.faults, topology) : null;
    const { createCore, plant, enclose = itself } = options;
    const shared = {
      clockBound,
      causality,
      resolvers,
      ...(logs.retain !== null && { retain: { records: logs.retain } }),
    };
    this.#world = new World({
      scenario,
      topology,
      createCore: (self, plan, wire, limits) =>
        enclose(
          createCore?.(plan, self, scenario) ??
            (plant === undefined
              ? protocolNamed(scenario.protocol).createCore({ topology: plan, self, wire, ...shared, ...limits })
              : createReplica({ topology: plan, self, wire, plant, ...shared, ...limits })),
        ),
      observers: [
        this.#oracles.observer,
        ...(this.#timeline === null ? [] : [this.#timeline]),
        ...(this.#markFigures === null ? [] : [this.#markFigures]),
        ...(cases === null ? [] : [cases]),
        ...(this.#operationFigures === null ? [] : [this.#operationFigures]),
        ...(options.observers ?? []),
      ],
      trace: this.#trace,
      shuffleTies: options.shuffleTies ?? false,
      machineBugs: options.machineBugs ?? {},
      operations: this.#operations,
      controlPlant: options.controlPlant,
    });
    this.#redundancy = new Redundancy(this.#oracles.truth, this.#world.ways);
    if (isMeasured) this.#oracles.truth.tell(this.#redundancy);
    this.#watcher = options.watch?.(this.#world, this.#oracles.truth, this.#redundancy) ?? null;
    if (this.#watcher !== null) {
      this.#oracles.truth.tell(this.#watcher);
      this.#lookAt = this.#watcher.look(0 as Instant);
    }
    this.#world.boot();
  }

  /** The trace, as far as it goes. */
  get trace(): Trace {
    return this.#trace;
  }

  /** True time as far as it went. */
  get now(): Instant {
    return this.#world.now;
  }

  /** What its properties have come to so far; what must hold in the end is judged only when it is over. */
  verdicts(): readonly (readonly [OracleName, PropertyVerdict])[] {
    return this.#oracles.verdicts();
  }

  /** What its faults have done so far. */
  faults(): FaultTimelineReport {
    return this.#timeline?.report() ?? { events: [], moreCount: 0, missedCount: 0 };
  }

  /** What has become so far of members that were detached. */
  absences(): readonly AbsenceEvent[] {
    return this.#oracles.absences();
  }

  /** How cloudlets were marked, as far as it went; undefined where nobody is watched. */
  aliveness(): AlivenessReport | undefined {
    return this.#markFigures?.report();
  }

  /** How much of its longest possible time has passed, from 0 to 1. */
  get fraction(): number {
    return this.#isOver ? 1 : this.#world.now / (this.#scenario.duration + this.#scenario.settle);
  }

  /**
   * Handles up to so many events. Returns false when the run is over.
   *
   * @throws ResolverFailed when a user's function does not return
   */
  advance(eventCount: number): boolean {
    if (this.#options.resolvers === undefined || this.#options.resolvers.size === 0) this.#advance(eventCount);
    else withDeadline(() => void this.#advance(eventCount));
    return !this.#isOver;
  }

  #advance(eventCount: number): void {
    for (let left = eventCount; left > 0 && !this.#isOver; left -= 1) {
      const advanced = this.#world.advance();
      if (this.#watcher !== null) this.#letLook(this.#watcher);
      if (this.#world.steps % GIVE_UP_EVENTS === 0) this.#oracles.truth.giveUp(this.#world.now);
      if (advanced === "nothing-left") this.#isOver = true;
      else if (advanced === "judgement-due") this.#judge();
    }
  }

  /** Ends the run and says how, without a report. Call once, after `advance` returned false: this or `finish`. */
  end(): EndedRun {
    this.#close();
    const metrics = this.#isMeasured() ? this.#measured() : [];
    const end = this.#judged(metrics);
    return { end, metrics, topology: this.#topology, world: this.#world, figures: () => this.#figures() };
  }

  /** Ends the run and reports. Call once, after `advance` returned false. */
  finish(): RunOutcome {
    assert(this.#asks === "report", "a report of a run of which less was to be asked for");
    const world = this.#world;
    const oracles = this.#oracles;
    this.#close();
    const metrics = this.#measured();
    const { scenario, verdict, seed, digest, steps, properties, marks, unmet } = this.#judged(metrics);
    const operations = this.#operationFigures?.report();
    const report: RunReport = {
      scenario,
      protocol: this.#scenario.protocol,
      verdict,
      seed,
      engine: this.#options.engine ?? "unnamed",
      digest,
      steps,
      properties,
      marks,
      metrics,
      unmet,
      pending: [...oracles.pending(), ...this.#unserved()],
      ...this.#figures(),
      cpus: cpuFigures(world),
      faults: this.faults(),
      absences: this.absences(),
      ...(operations !== undefined && { operations }),
      ...(this.#markFigures !== null && { aliveness: this.#markFigures.report() }),
      openSiblings: oracles.openSiblings(),
      hiddenLosers: oracles.hiddenLosers(),
      notes: [...oracles.notes(), ...(operations?.exempt ?? [])],
    };
    return { report, topology: this.#topology, world, oracles, trace: this.#trace };
  }

  // What is expected may be bounds on metrics.
  #isMeasured(): boolean {
    return this.#asks !== "end" || this.#scenario.expectations.bounds.length > 0;
  }

  #figures(): Pick<RunReport, "flows" | "links"> {
    assert(this.#asks !== "end", "figures of a run of which only the end was to be asked for");
    return { flows: this.#oracles.metrics.flows(), links: linkFigures(this.#world, this.#redundancy) };
  }

  #close(): void {
    assert(this.#isOver, "a run finished before it is over");
    this.#world.finish();
    this.#digest = this.#trace.close((visit) => this.#world.rng.forEachState(visit));
  }

  #measured(): RunReport["metrics"] {
    return [
      ...this.#oracles.measured(),
      ...(this.#operationFigures?.values() ?? []),
      ...networkMetrics(this.#world, this.#redundancy),
      ...cpuMetrics(this.#world),
    ];
  }

  #judged(metrics: RunReport["metrics"]): RunEnd {
    const { name, seed, expectations } = this.#scenario;
    const found = { properties: this.#oracles.verdicts(), marks: this.#oracles.marks.counts() };
    const { verdict, unmet } = judgeRun(expectations, {
      ...found,
      metrics,
      unserved: this.#unserved(),
    });
    return { scenario: name, verdict, seed, digest: this.#digest, steps: this.#world.steps, ...found, unmet };
  }

  #letLook(watcher: Watcher): void {
    const { now } = this.#world;
    if (now >= this.#lookAt) this.#lookAt = watcher.look(now);
  }

  // 1. A processor is so slow that a request waits for it until the load is over. 2. Stores are equal then, but what the request
  // would write has not even begun. So it is waited for as long as the budget allows. One sentence per cloudlet that is healed.
  #unserved(): readonly string[] {
    return this.#world.unservedRequests().flatMap((count, cloudlet) => {
      if (count === 0 || this.#core?.has(cloudlet as CloudletId) === false) return [];
      const name = this.#topology.cloudlets[cloudlet]?.name ?? "";
      return [`the processor of ${name} had not finished ${count} request${count === 1 ? "" : "s"} of its clients`];
    });
  }

  #isAtRest(): boolean {
    return this.#operations?.isSettled !== false;
  }

  #judge(): void {
    const { duration, settle } = this.#scenario;
    const budgetEnds = duration + settle;
    const { now } = this.#world;
    if (now >= budgetEnds || (this.#isAtRest() && this.#oracles.converged() && this.#unserved().length === 0)) {
      this.#isOver = true;
      return;
    }
    this.#world.judgeAt(Math.min(now + this.#judgePause, budgetEnds) as Instant);
    // Where cloudlets report, something is always on its way somewhere: whoever asks seldom never finds it all there.
    const pauseMax = (this.#scenario.aliveness?.settings.reporting.period ?? Infinity) / JUDGES_PER_PERIOD;
    this.#judgePause = Math.min(
      Math.round(this.#judgePause * JUDGE_GROWTH),
      Math.max(JUDGE_FIRST, Math.round(pauseMax)),
    );
  }
}
