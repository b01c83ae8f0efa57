// What may be exchanged in a world (exchange.ts), and what everything becomes by it: a state of a cloudlet, a message, a dot. Nothing is
// renamed inside a core. What exchanging makes of the first state of a cloudlet is the first state of the one that takes its place, and
// what it makes of any other is where the exchanged input leads from there: the core itself takes that step. Each step is thus taken
// for all members of an orbit, and they are held against each other. The first that does not fit is told, and nothing is exchanged from
// then on: whatever in the core hangs on numbers or names shows here, if it shows at all (docs/exploration.md).

import type { Topology } from "../../model/topology/topology.ts";
import type { Dots } from "./dots.ts";
import { exchangedTimer, exchangesOf, type Exchange } from "./exchange.ts";
import { Images } from "./images.ts";
import type { Program } from "./program.ts";
import { inputKinds, inputOf, type Outcome, type Site, type SiteEvent } from "./site.ts";
import type { Sites } from "./sites.ts";
import type { Ways } from "./ways.ts";

/** What it is about. */
export interface SymmetryOf {
  readonly topology: Topology;
  readonly program: Program;
  readonly ways: Ways;
  readonly sites: Sites;
  readonly dots: Dots;
}

/** For tests: exchanges that are believed in, whatever the cores do. */
export interface Believed {
  readonly exchanges: readonly Exchange[];
}

/** The exchanges of one world. */
export class Symmetry {
  readonly exchanges: readonly Exchange[];
  readonly sites: Images;
  readonly messages: Images;
  readonly dots: Images;
  /** Why nothing may be exchanged though it looked alike; null as long as all fits. */
  refusal: string | null = null;
  readonly #of: SymmetryOf;
  readonly #isBelieved: boolean;

  constructor(of: SymmetryOf, isAsked: boolean, believed?: Believed) {
    this.#of = of;
    this.#isBelieved = believed !== undefined;
    const all = believed?.exchanges ?? exchangesOf(of.topology, of.program, of.ways);
    this.exchanges = isAsked ? all : all.slice(0, 1);
    const products = productsOf(this.exchanges);
    this.sites = new Images(products);
    this.messages = new Images(products);
    this.dots = new Images(products);
    // No dot is always none.
    this.dots.join(products.map(() => 0));
  }

  /** How many exchanges there are, with the one that exchanges nothing: 1 where nothing is alike, or did not prove so. */
  get order(): number {
    return this.refusal === null ? this.exchanges.length : 1;
  }

  /** The cloudlets that may be exchanged, by name, and else the sessions; empty where there are none. */
  get says(): string {
    if (this.order === 1) return "";
    const { topology, program } = this.#of;
    const moved = (count: number, list: (exchange: Exchange) => readonly number[]): readonly number[] =>
      Array.from({ length: count }, (_, at) => at).filter((at) => this.exchanges.some((one) => list(one)[at] !== at));
    const cloudlets = moved(topology.cloudlets.length, (exchange) => exchange.cloudlets);
    if (cloudlets.length > 0) return listed(cloudlets.map((at) => topology.cloudlets[at]?.name ?? ""));
    const sessions = moved(program.sessions.length, (exchange) => exchange.sessions);
    return listed(sessions.map((at) => program.sessions[at]?.name ?? ""));
  }

  /** All cloudlets have started: `outcomes` by cloudlet. */
  begins(outcomes: readonly Outcome[]): void {
    for (const [cloudlet, outcome] of outcomes.entries()) {
      this.#joins(outcome, (by) => outcomes[this.#exchange(by).cloudlets[cloudlet] as number] as Outcome);
    }
  }

  /** An input has led from a state of a cloudlet to this outcome, for the first time. */
  takes(site: number, input: number, outcome: Outcome): void {
    this.#joins(outcome, (by) => {
      const exchanged = this.#inputOf(by, site, input);
      return this.#of.sites.alone(this.sites.of(by, site), exchanged);
    });
  }

  /** Nothing is exchanged from now on. */
  refuse(why: string): void {
    if (!this.#isBelieved) this.refusal ??= why;
  }

  #exchange(by: number): Exchange {
    return this.exchanges[by] as Exchange;
  }

  #inputOf(by: number, site: number, input: number): number {
    const exchange = this.#exchange(by);
    const about = Math.floor(input / 8);
    const kind = input % 8;
    switch (kind) {
      case inputKinds.receive:
        return inputOf(kind, this.messages.of(by, about));
      case inputKinds.request:
        return inputOf(kind, exchange.requests[about] as number);
      case inputKinds.fired:
        return inputOf(kind, exchangedTimer(this.#of.ways, exchange, this.#of.sites.at(site).cloudlet, about));
      case inputKinds.linkUp:
      case inputKinds.linkDown:
        return inputOf(kind, exchange.cloudlets[about] as number);
      default:
        return input;
    }
  }

  // Everything that came of a step is what came of the exchanged one, exchanged.
  #joins(outcome: Outcome, exchanged: (by: number) => Outcome): void {
    if (this.order === 1) return;
    const others: Outcome[] = [outcome];
    for (let by = 1; by < this.exchanges.length; by += 1) others.push(exchanged(by));
    this.#joinDots(outcome.events, others);
    this.#joinSends(outcome, others);
    for (let by = 1; by < others.length && !this.#isBelieved; by += 1) {
      const other = others[by] as Outcome;
      const why =
        this.#eventsDiffer(by, outcome.events, other.events) ?? this.#siteDiffers(by, outcome.next, other.next);
      if (why !== null) this.#refuseAt(by, outcome, why);
    }
    this.#join(this.sites, others, (other) => other.next, outcome, "comes to another state");
  }

  // A dot that is new is told by who wrote it.
  #joinDots(events: readonly SiteEvent[], others: readonly Outcome[]): void {
    for (const [at, event] of events.entries()) {
      if (event.kind !== "wrote") continue;
      const dotOf = ({ events: list }: Outcome): number => {
        const like = list[at];
        return like?.kind === "wrote" ? like.dot : -1;
      };
      this.#join(this.dots, others, dotOf, others[0] as Outcome, "writes something else");
    }
  }

  // Of what is sent only the order in one direction makes a difference.
  #joinSends(outcome: Outcome, others: readonly Outcome[]): void {
    const { messages } = this.#of.sites;
    const isAs = others.every((other) => other.sends.length === outcome.sends.length);
    if (!isAs && !this.#isBelieved) this.#refuseAt(1, outcome, "sends something else");
    for (const [at, sent] of outcome.sends.entries()) {
      const { to, isAcknowledgement, isGreeting, recordsOf } = messages.at(sent);
      const place = outcome.sends.slice(0, at).filter((other) => messages.at(other).to === to).length;
      const likeOf = (by: number): number => {
        const receiver = this.#exchange(by).cloudlets[to];
        const like = others[by]?.sends.filter((other) => messages.at(other).to === receiver)[place];
        if (like === undefined) return -1;
        const mail = messages.at(like);
        const isLike =
          mail.isAcknowledgement === isAcknowledgement &&
          mail.isGreeting === isGreeting &&
          mail.recordsOf === recordsOf;
        return isLike || this.#isBelieved ? like : -1;
      };
      this.#join(this.messages, others, (_, by) => likeOf(by), outcome, "sends something else");
    }
  }

  #join(
    images: Images,
    others: readonly Outcome[],
    memberOf: (other: Outcome, by: number) => number,
    outcome: Outcome,
    what: string,
  ): void {
    const members = others.map(memberOf);
    const none = members.indexOf(-1);
    if (this.#isBelieved) images.join(members.map((member) => (member < 0 ? (members[0] as number) : member)));
    else if (none >= 0 || !images.join(members)) this.#refuseAt(Math.max(1, none), outcome, what);
  }

  #eventsDiffer(by: number, events: readonly SiteEvent[], others: readonly SiteEvent[]): string | null {
    if (events.length !== others.length) return "does something else";
    for (const [at, event] of events.entries()) {
      const other = others[at] as SiteEvent;
      if (!this.#isLike(by, event, other)) return whatDiffers[event.kind];
    }
    return null;
  }

  #isLike(by: number, event: SiteEvent, other: SiteEvent): boolean {
    const { requests } = this.#exchange(by);
    switch (event.kind) {
      case "wrote":
        return other.kind === "wrote";
      case "applied":
        return other.kind === "applied" && this.#areDots(by, event.dots, other.dots, true);
      case "written":
        return (
          other.kind === "written" &&
          other.request === requests[event.request] &&
          other.isDurable === event.isDurable &&
          this.#areDots(by, [event.dot], [other.dot], true)
        );
      case "read":
        return (
          other.kind === "read" &&
          other.request === requests[event.request] &&
          this.#areDots(by, event.dots, other.dots, false)
        );
      case "refused":
        return other.kind === "refused" && other.request === requests[event.request];
      case "fault":
        return other.kind === "fault" && other.property === event.property;
    }
  }

  // All that the world asks of a state of a cloudlet.
  #siteDiffers(by: number, site: number, other: number): string | null {
    const { sites, ways } = this.#of;
    const exchange = this.#exchange(by);
    const [own, like] = [sites.at(site), sites.at(other)];
    const armed = own.armed.map((timer) => exchangedTimer(ways, exchange, own.cloudlet, timer)).sort((a, b) => a - b);
    if (like.cloudlet !== exchange.cloudlets[own.cloudlet] || like.incarnation !== own.incarnation)
      return "comes to another state";
    if (like.plan !== own.plan || like.isWaiting !== own.isWaiting || like.unsynced.length !== own.unsynced.length)
      return "comes to another state";
    if (armed.join() !== like.armed.join()) return "arms other timers";
    return this.#holdsLike(by, own, like) ? null : "holds something else";
  }

  #holdsLike(by: number, own: Site, like: Site): boolean {
    const { keys } = this.#exchange(by);
    return own.versions.every((versions, key) => {
      const others = like.versions[keys[key] as number] ?? null;
      if (versions === null || others === null) return versions === others;
      return this.#areDots(by, versions, others, false);
    });
  }

  #areDots(by: number, dots: readonly number[], others: readonly number[], inOrder: boolean): boolean {
    if (dots.length !== others.length) return false;
    return dots.every((dot, at) => {
      const like = this.dots.of(by, dot);
      return inOrder ? others[at] === like : others.includes(like);
    });
  }

  #refuseAt(by: number, { next }: Outcome, what: string): void {
    const { topology, sites } = this.#of;
    const name = (cloudlet: number): string => topology.cloudlets[cloudlet]?.name ?? "";
    const { cloudlet } = sites.at(next);
    const like = this.exchanges[by]?.cloudlets[cloudlet] ?? cloudlet;
    const who = like === cloudlet ? name(cloudlet) : `${name(like)}, in the place of ${name(cloudlet)},`;
    this.refuse(`${who} ${what} when ${this.says} are exchanged`);
  }
}

const whatDiffers: Readonly<Record<SiteEvent["kind"], string>> = {
  wrote: "writes something else",
  applied: "applies something else",
  written: "answers otherwise",
  refused: "answers otherwise",
  read: "reads something else",
  fault: "breaks something else",
};

// By two exchanges: which one is the first of them after the second.
function productsOf(exchanges: readonly Exchange[]): readonly (readonly number[])[] {
  const nameOf = (cloudlets: readonly number[], sessions: readonly number[]): string =>
    `${cloudlets.join()}/${sessions.join()}`;
  const names = exchanges.map(({ cloudlets, sessions }) => nameOf(cloudlets, sessions));
  return exchanges.map((last) =>
    exchanges.map((first) => {
      const cloudlets = first.cloudlets.map((at) => last.cloudlets[at] as number);
      return names.indexOf(
        nameOf(
          cloudlets,
          first.sessions.map((at) => last.sessions[at] as number),
        ),
      );
    }),
  );
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
