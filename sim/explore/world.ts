// The explored world: which actions may happen in a state, and which state each leads to. States are numbers in a row
// (vector.ts); what single cloudlets do in a step is looked up (sites.ts), what is true of it is held against the properties
// (truth.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import { Telling } from "../../model/testing/telling.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { ExploreSetting, Scenario } from "../scenario/scenario.ts";
import { aboutOf, actionKinds, actionOf, cloudletOf, kindOf, pairOf, smallOf } from "./actions.ts";
import { BudgetLayout, type CountedFault } from "./budget.ts";
import { Dots } from "./dots.ts";
import { Flight } from "./flight.ts";
import { programOf, type Program, type ProgramRequest } from "./program.ts";
import { Greets } from "./greets.ts";
import { inputKinds, inputOf, type Outcome, type Site } from "./site.ts";
import { unreduced, type Reductions } from "./reduce.ts";
import { Sites, type SitesOptions } from "./sites.ts";
import { StateNames } from "./state-name.ts";
import { Symmetry, type Believed } from "./symmetry.ts";
import { isIdle, provedRule, type Mailroom, type SpentRule } from "./spent.ts";
import { Truth, type Violation } from "./truth.ts";
import { layoutOf, type VectorLayout } from "./vector.ts";
import { Ways } from "./ways.ts";

/** How an explored world is made. */
export interface ExploredWorldOptions {
  readonly scenario: Pick<Scenario, "script" | "clocks">;
  /** With all plans; the first is the one to begin with. */
  readonly topology: Topology;
  readonly bounds: ExploreSetting;
  readonly createCore: (cloudlet: CloudletId, topology: Topology) => ReplicationCore;
  /** Left out: none. */
  readonly reductions?: Reductions;
  /** For tests: which messages are spent. */
  readonly spentRule?: SpentRule;
  /** For tests: exchanges that are not held against what the cores do. */
  readonly believed?: Believed;
  /** For tests. */
  readonly sites?: SitesOptions;
}

// Of a state's room for messages: a step adds few, and a longer one is a bug.
const roomForMessages = 512;

// By kind of action: what is used up by it.
const faultOf: Readonly<Record<number, CountedFault>> = {
  [actionKinds.lose]: "losses",
  [actionKinds.duplicate]: "duplicates",
  [actionKinds.crash]: "crashes",
  [actionKinds.cut]: "cuts",
};

/** A world and its states. One state is in the making at a time: the first `length` numbers of `state`. */
export class ExploredWorld {
  readonly topology: Topology;
  readonly program: Program;
  readonly bounds: ExploreSetting;
  readonly reductions: Reductions;
  readonly layout: VectorLayout;
  readonly sites: Sites;
  readonly ways: Ways;
  readonly dots = new Dots();
  readonly telling: Telling;
  /** What may be exchanged. */
  readonly symmetry: Symmetry;
  readonly names: StateNames;
  /** What is used up of the bounds is no part of a state's name: it fits into one number, and stands beside it. */
  readonly isUsedBeside: boolean;
  /** The state that was made last. */
  readonly state: Int32Array;
  readonly #truth: Truth;
  readonly #flight: Flight;
  readonly #greetsAtOnce: boolean;
  // A step is being taken, and not everything that is on its way delivered.
  #isInStep = false;
  readonly #budget: BudgetLayout;
  readonly #greets: Greets;
  readonly #room: Mailroom;
  readonly #spentRule: SpentRule;

  constructor(options: ExploredWorldOptions) {
    const { scenario, topology, bounds, createCore, reductions = unreduced } = options;
    this.topology = topology;
    this.bounds = bounds;
    this.reductions = reductions;
    this.program = programOf(scenario, topology);
    this.telling = new Telling(topology);
    this.ways = new Ways(topology);
    // Two timers per neighbour (model/replication/replica.ts).
    const timers = topology.cloudlets.map(({ id }) => 2 * this.ways.ends.filter((ends) => ends.includes(id)).length);
    this.#budget = new BudgetLayout(timers, bounds);
    const { writes, sessions } = this.program;
    this.layout = layoutOf(topology.cloudlets.length, writes.length, sessions.length, this.#budget.words);
    const offsets = topology.cloudlets.map(
      ({ name }) => scenario.clocks.find(({ cloudlet }) => cloudlet === name)?.offset ?? 0,
    );
    const isPrompt = bounds.disks === "prompt";
    const { dots, telling, program } = this;
    const restarts = bounds.crashes > 0;
    const frame = { topology, program, dots, telling, createCore, isPrompt, restarts, offsets };
    this.sites = new Sites(frame, options.sites);
    const { ways, sites, layout } = this;
    this.isUsedBeside = reductions.budgets && this.#budget.words === 1;
    this.symmetry = new Symmetry({ topology, program, ways, sites, dots }, reductions.symmetry, options.believed);
    this.names = new StateNames({
      layout,
      sites,
      dots,
      ways,
      budget: this.#budget,
      symmetry: this.symmetry,
      isOrdered: bounds.order === "kept",
      isUsedBeside: this.isUsedBeside,
    });
    if (this.symmetry.order > 1) sites.watcher = this.symmetry;
    this.#truth = new Truth(this.layout, program, topology, { dots, telling });
    this.#flight = new Flight(this.layout, this.sites.messages, this.ways, bounds);
    this.#greets = new Greets({
      sites,
      flight: this.#flight,
      truth: this.#truth,
      symmetry: this.symmetry,
      step: (cloudlet, input) => this.#step(cloudlet, input),
    });
    this.#greetsAtOnce = bounds.greetings === "prompt";
    this.state = this.#flight.state;
    this.#spentRule = options.spentRule ?? provedRule;
    this.#room = { state: this.state, layout: this.layout, sites: this.sites, flight: this.#flight, bounds };
    assert(this.layout.messages + roomForMessages === this.state.length, "a state has room for its messages");
  }

  /** How long the state is that was made last. */
  get length(): number {
    return this.#flight.length;
  }

  /** What was wrong with the step that was taken last; null when nothing was. */
  get violation(): Violation | null {
    return this.#truth.violation;
  }

  /** Makes the first state: every process has started, and where ways are open from the beginning, greetings are over. */
  begin(): void {
    const { state, layout, bounds } = this;
    this.#truth.violation = null;
    state.fill(0, 0, layout.messages);
    this.#flight.length = layout.messages;
    const begun = this.topology.cloudlets.map(({ id }) => this.sites.begin(id));
    this.symmetry.begins(begun);
    for (const [cloudlet, outcome] of begun.entries()) this.#take(cloudlet, outcome, null);
    state[layout.ways] = (1 << this.ways.ends.length) - 1;
    if (bounds.start === "connected") {
      for (let way = 0; way < this.ways.ends.length; way += 1) this.#open(way);
      this.deliverAll();
    }
    if (!this.names.isAlone(state, this.length)) this.symmetry.refuse("they do not begin alike");
  }

  /** Takes a state in, to go on from it. */
  load(state: Int32Array, length: number): void {
    for (let at = 0; at < length; at += 1) this.state[at] = state[at] as number;
    this.#flight.length = length;
  }

  /**
   * Writes what may happen in the state that is loaded to the list, and returns how many there are.
   *
   * @returns the number of actions
   */
  actions(list: number[]): number {
    list.length = 0;
    const { state, layout, program } = this;
    for (let session = 0; session < program.sessions.length; session += 1) {
      if (this.#nextRequest(session) !== null) list.push(actionOf(actionKinds.request, session));
    }
    this.#flight.each(list, actionKinds.deliver);
    for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1) {
      const site = this.sites.at(state[cloudlet] as number);
      if (site.unsynced.length > 0) list.push(actionOf(actionKinds.store, cloudlet));
      for (let at = 0; at < site.armed.length; at += 1) {
        const timer = site.armed[at] as number;
        if (this.#leftOf(this.#budget.timer(cloudlet, timer)) === 0) continue;
        list.push(actionOf(actionKinds.fire, pairOf(cloudlet, timer)));
      }
    }
    for (let way = 0; way < this.ways.ends.length; way += 1) {
      if (!this.#isOpen(way)) list.push(actionOf(actionKinds.heal, way));
    }
    for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1) {
      const { plan } = this.sites.at(state[cloudlet] as number);
      if (plan + 1 < this.topology.plans.length) list.push(actionOf(actionKinds.adopt, pairOf(cloudlet, plan + 1)));
    }
    if (!this.reductions.late && this.left("losses") > 0) this.#flight.each(list, actionKinds.lose);
    if (this.left("duplicates") > 0) this.#flight.each(list, actionKinds.duplicate);
    if (this.left("crashes") > 0) {
      for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1)
        list.push(actionOf(actionKinds.crash, cloudlet));
    }
    if (this.left("cuts") > 0) {
      for (let way = 0; way < this.ways.ends.length; way += 1) {
        if (this.#isOpen(way)) list.push(actionOf(actionKinds.cut, way));
      }
    }
    return list.length;
  }

  /** How many of these faults may still happen in the state that is loaded. */
  left(fault: CountedFault): number {
    return this.#leftOf(this.#budget.fault(fault));
  }

  /** Has any timer fired on the way to the state that is loaded? */
  hasFired(): boolean {
    return this.#budget.anyFired(this.state, this.layout.budget);
  }

  /** Nothing but a fault or a timer can happen in the state that is loaded, if what is on its way is `lost` (reduce.ts). */
  isQuiet(): boolean {
    const { state, layout, program, topology } = this;
    const lost = this.reductions.late ? this.left("losses") : 0;
    if (state[layout.ways] !== 0 || this.#flight.arriving > lost) return false;
    for (let session = 0; session < program.sessions.length; session += 1) {
      if (this.#nextRequest(session) !== null) return false;
    }
    for (let cloudlet = 0; cloudlet < layout.cloudlets; cloudlet += 1) {
      const { unsynced, plan } = this.siteOf(cloudlet);
      if (unsynced.length > 0 || plan + 1 < topology.plans.length) return false;
    }
    return true;
  }

  /** Messages that may arrive next in the state that is loaded, equal ones each. */
  arrivals(): readonly number[] {
    return this.#flight.arrivals();
  }

  #leftOf(counter: number): number {
    return this.#budget.left(this.state, this.layout.budget, counter);
  }

  /** Takes a step from the state that is loaded. */
  take(action: number): void {
    this.#truth.violation = null;
    this.#isInStep = true;
    const kind = kindOf(action);
    const about = aboutOf(action);
    const fault = faultOf[kind];
    if (fault !== undefined) this.#use(this.#budget.fault(fault));
    if (kind === actionKinds.fire) this.#use(this.#budget.timer(cloudletOf(about), smallOf(about)));
    switch (kind) {
      case actionKinds.request:
        this.#ask(about);
        break;
      case actionKinds.deliver:
        this.#deliver(about);
        break;
      case actionKinds.store:
        this.#step(about, inputOf(inputKinds.stored, 0));
        break;
      case actionKinds.fire:
        this.#step(cloudletOf(about), inputOf(inputKinds.fired, smallOf(about)));
        break;
      case actionKinds.heal:
        this.#open(about);
        break;
      case actionKinds.adopt:
        this.#adopt(cloudletOf(about), smallOf(about));
        break;
      case actionKinds.lose:
        this.#flight.take(about);
        break;
      case actionKinds.duplicate:
        this.#flight.put(about);
        break;
      case actionKinds.crash:
        this.#crash(about);
        break;
      case actionKinds.cut:
        this.#close(about);
        break;
      default:
        assert(false, "every kind of action is handled");
    }
    this.#greets.arrive();
    this.#isInStep = false;
    if (this.reductions.spent) this.#discard();
  }

  /** Delivers everything on its way, and what comes of it, in order; disks have everything at once. */
  deliverAll(): void {
    for (;;) {
      for (let cloudlet = 0; cloudlet < this.layout.cloudlets; cloudlet += 1) {
        if (this.siteOf(cloudlet).unsynced.length > 0) this.#step(cloudlet, inputOf(inputKinds.stored, 0));
      }
      const next = this.#flight.first();
      if (next < 0) return;
      this.#flight.take(next);
      this.#step(this.sites.messages.at(next).to, inputOf(inputKinds.receive, next));
    }
  }

  /** What the cloudlet is in, in the state that is loaded. */
  siteOf(cloudlet: number): Site {
    return this.sites.at(this.state[cloudlet] as number);
  }

  /** The request that a session would make next in the state that is loaded; null when it waits, or has no more. */
  #nextRequest(session: number): ProgramRequest | null {
    const progress = this.state[this.layout.progress + session] as number;
    if ((progress & 1) === 1) return null;
    return this.program.sessions[session]?.requests[progress >>> 1] ?? null;
  }

  /** Everything that is applied somewhere and not where it leads, in the state that is loaded. */
  missing(): readonly string[] {
    return this.#truth.missing(this.state, (cloudlet) => this.siteOf(cloudlet));
  }

  #use(counter: number): void {
    this.#budget.use(this.state, this.layout.budget, counter);
  }

  #ask(session: number): void {
    const request = this.#nextRequest(session);
    assert(request !== null, "a session asks when it may");
    this.#truth.begins(this.state, session);
    this.#step(request.cloudlet, inputOf(inputKinds.request, request.number), request);
  }

  // An acknowledgement that rides goes along with the next message the same way that tells anything, just before it.
  #deliver(message: number): void {
    const { from, to } = this.sites.messages.at(message);
    const input = inputOf(inputKinds.receive, message);
    const riding = isIdle(this.sites, this.state[to] as number, message) ? -1 : this.#flight.takeRiding(from, to);
    this.#flight.take(message);
    if (riding >= 0) this.#step(to, inputOf(inputKinds.receive, riding));
    this.#step(to, input);
  }

  // Takes spent messages from their way. None is while a process may still die, and forget what it was told. Acknowledgements first:
  // whether one is spent does not hang on what else is on its way, and whether records are hangs on nothing but these.
  #discard(): void {
    if (this.left("crashes") > 0) return;
    this.#discardOf(true);
    this.#discardOf(false);
  }

  #discardOf(isAcknowledgement: boolean): void {
    const { layout, state } = this;
    for (let at = this.length - 1; at >= layout.messages; at -= 1) {
      const message = state[at] as number;
      if (this.sites.messages.at(message).isAcknowledgement !== isAcknowledgement) continue;
      const isAnother = at > layout.messages && state[at - 1] === message;
      if (this.#spentRule(this.#room, message, isAnother)) this.#flight.take(message);
    }
  }

  #adopt(cloudlet: CloudletId | number, plan: number): void {
    this.#truth.adopts(this.state, cloudlet as CloudletId);
    this.#step(cloudlet, inputOf(inputKinds.adopt, plan));
    for (const { peer } of (this.topology.plans[plan] as Topology).neighbours(cloudlet as CloudletId)) {
      if (this.#isOpen(this.ways.between(cloudlet, peer))) this.#step(cloudlet, inputOf(inputKinds.linkUp, peer));
    }
  }

  // Neighbours see their way to it close and open again; what is on its way stays there.
  #crash(cloudlet: number): void {
    const open = this.ways.ends.flatMap(([a, b], way) => {
      return (a === cloudlet || b === cloudlet) && this.#isOpen(way) ? [a === cloudlet ? b : a] : [];
    });
    for (const peer of open) this.#tell(peer, cloudlet, inputKinds.linkDown);
    this.#truth.dies(this.state, cloudlet as CloudletId);
    this.#step(cloudlet, inputOf(inputKinds.restart, 0));
    this.#truth.hasRestarted(this.state, cloudlet as CloudletId);
    for (const peer of open) {
      this.#tell(cloudlet, peer, inputKinds.linkUp);
      this.#tell(peer, cloudlet, inputKinds.linkUp);
    }
  }

  #open(way: number): void {
    const [a, b] = this.ways.ends[way] as readonly [CloudletId, CloudletId];
    this.state[this.layout.ways] = (this.state[this.layout.ways] as number) & ~(1 << way);
    this.#tell(a, b, inputKinds.linkUp);
    this.#tell(b, a, inputKinds.linkUp);
  }

  #close(way: number): void {
    const [a, b] = this.ways.ends[way] as readonly [CloudletId, CloudletId];
    this.#flight.clear(way);
    this.state[this.layout.ways] = (this.state[this.layout.ways] as number) | (1 << way);
    this.#tell(a, b, inputKinds.linkDown);
    this.#tell(b, a, inputKinds.linkDown);
  }

  // A way to somebody who is no neighbour under its own plan is told to nobody.
  #tell(cloudlet: number, peer: number, kind: number): void {
    const { plan } = this.siteOf(cloudlet);
    const topology = this.topology.plans[plan] as Topology;
    if (topology.routeBetween(cloudlet as CloudletId, peer as CloudletId) === null) return;
    this.#step(cloudlet, inputOf(kind, peer));
  }

  #isOpen(way: number): boolean {
    return ((this.state[this.layout.ways] as number) & (1 << way)) === 0;
  }

  #step(cloudlet: number, input: number, request: ProgramRequest | null = null): void {
    this.#take(cloudlet, this.sites.outcome(this.state[cloudlet] as number, input), request);
  }

  #take(cloudlet: number, outcome: Outcome, request: ProgramRequest | null): void {
    const { state } = this;
    state[cloudlet] = outcome.next;
    const site = this.sites.at(outcome.next);
    for (let at = 0; at < outcome.sends.length; at += 1) {
      const message = outcome.sends[at] as number;
      const { to, isGreeting } = this.sites.messages.at(message);
      if (!this.#isOpen(this.ways.between(cloudlet, to))) continue;
      if (isGreeting && this.#isInStep && this.#greetsAtOnce) this.#greets.send(message);
      else this.#flight.put(message);
    }
    if (outcome.events.length > 0) this.#truth.takes(state, site, outcome.events, request);
    this.#truth.judges(state, site);
  }
}
