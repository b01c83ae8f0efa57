// The clients: each at one cloudlet, one request open at a time. A closed client thinks, asks, waits for the answer,
// and again. An open client is asked for requests at a rate, whatever the answers do, and queues what it cannot send yet.
// A script is a client whose requests are written down.
//
// When the cloudlet's process dies, the open request stays unanswered and the session is over; the client begins a new
// session when the process is back, with none of the old guarantees. What an open client or a script had queued it still
// asks then. Clients that move (journey.ts) keep what they want to ask while no cloudlet serves them. Leaves out what is asked
// (requests.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId, SessionId } from "../../model/ids.ts";
import { listOf } from "../../model/lists.ts";
import type { ClientOp, ClientResult } from "../../model/replication/io.ts";
import type { Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Scenario, Travel } from "../scenario/scenario.ts";
import { EVENT_CLIENT_SENDS, EVENT_CLIENT_WAKES, EVENT_SCRIPT } from "../world/events.ts";
import type { Observer } from "../oracles/observer.ts";
import { Journey, type Stop } from "./journey.ts";
import { filledUp, Popularities, requestSource, type RequestSource } from "./requests.ts";

/** Sessions from here on are not of clients: they ask for operations, or are a control layer's. */
export const CLIENT_SESSIONS_END = 0x2000_0000;

/** What all clients of one group have in common. */
interface Group {
  readonly isOpen: boolean;
  readonly pause: Sampler;
  readonly requestCountMax: number;
  readonly starts: Instant;
  readonly source: RequestSource;
}

/** One client. */
interface Client {
  readonly index: number;
  /** Where it is, or was last. */
  cloudlet: CloudletId;
  /** Null for one that stays. */
  readonly journey: Journey | null;
  /** Null for a script. */
  readonly group: Group | null;
  /** Null for a script. */
  readonly rng: Rng | null;
  /** Requests of a script that are due and not sent. */
  readonly script: ClientOp[];
  session: SessionId;
  /** Counts the crashes of its cloudlet: what was planned before one is void after it. */
  life: number;
  isBusy: boolean;
  /** Requests that wait to be sent. */
  queuedCount: number;
  /** Requests that came up so far, sent or queued. */
  dueCount: number;
}

/** What clients need of the world. */
export interface ClientSurroundings {
  readonly queue: EventQueue;
  /** Whether a cloudlet's process runs. */
  isRunning(cloudlet: CloudletId): boolean;
  /** Hands a request to a running process. The answer comes through `answered`, possibly before this returns. */
  ask(cloudlet: CloudletId, session: SessionId, op: ClientOp): void;
  /** Hears of clients that move. */
  readonly audience: Pick<Required<Observer>, "moved" | "waited">;
}

/** All clients of a run. */
export class Clients {
  readonly #world: ClientSurroundings;
  readonly #names: readonly string[];
  readonly #script: Scenario["script"];
  readonly #clients: Client[] = [];
  /** Those that stay. */
  readonly #atCloudlet: Client[][];
  /** Those that move. */
  readonly #travellers: Client[] = [];
  /** By session. */
  readonly #clientOf: Client[] = [];
  /** By step of the script. */
  readonly #scripted: Client[] = [];
  #requestCount = 0;
  #isStopped = false;

  /** @param rng the clients' stream; each gets a fork named after its group and place in it */
  constructor(scenario: Scenario, topology: Topology, rng: Rng, world: ClientSurroundings) {
    this.#world = world;
    this.#names = listOf(topology.cloudlets, (cloudlet) => cloudlet.name);
    this.#script = scenario.script;
    this.#atCloudlet = listOf(this.#names, () => NOBODY);
    const named = (name: string): CloudletId => {
      const cloudlet = topology.cloudletNamed(name);
      assert(cloudlet !== null, "a client at a cloudlet that does not exist");
      return cloudlet;
    };

    const stopsOf = ({ stops }: Travel): Stop[] =>
      stops.map((stop) => ({ at: stop.at, to: stop.to === null ? null : named(stop.to) }));

    const popularities = new Popularities();
    for (const { name, at, sessions, loop, operations, starts, mix, travel } of scenario.clients) {
      const group: Group = {
        isOpen: loop.kind === "open",
        pause: samplerOf(loop.kind === "open" ? loop.interval : loop.think),
        requestCountMax: operations ?? Infinity,
        starts,
        source: requestSource(mix, popularities),
      };
      for (const [place, cloudlet] of at.entries()) {
        for (let session = 0; session < sessions; session += 1) {
          const stream = rng.fork(`${name}/${place}/${session}`);
          const start = named(cloudlet);
          const journey = travel === undefined ? null : new Journey(start, travel, stopsOf(travel));
          this.#pause(this.#add(start, group, stream, journey), starts);
        }
      }
    }

    const ways = new Map(scenario.travellers?.map(({ session, travel }) => [session, travel]));
    const bySession = new Map<string, Client>();
    for (const [step, { at, cloudlet, session }] of scenario.script.entries()) {
      let client = bySession.get(session);
      if (client === undefined) {
        const home = named(cloudlet);
        const travel = ways.get(session);
        const journey = travel === undefined ? null : new Journey(home, travel, stopsOf(travel));
        client = this.#add(home, null, null, journey);
        bySession.set(session, client);
      }
      assert(client.cloudlet === named(cloudlet), "a scripted session at two cloudlets");
      this.#scripted.push(client);
      world.queue.push(at, EVENT_SCRIPT, step, 0, 0, null);
    }
  }

  /** How many requests were made so far. */
  get requestCount(): number {
    return this.#requestCount;
  }

  /** Handles EVENT_CLIENT_WAKES. */
  wake(index: number, life: number): void {
    const client = this.#clients[index] as Client;
    if (this.#isStopped || client.life !== life) return;
    const group = client.group as Group;
    if (client.dueCount >= group.requestCountMax) return;
    client.dueCount += 1;
    client.queuedCount += 1;
    client.journey?.waitingSince.push(this.#world.queue.at);
    if (group.isOpen) this.#pause(client, this.#world.queue.at);
    this.#send(client);
  }

  /** Handles EVENT_CLIENT_SENDS. */
  send(index: number, life: number): void {
    const client = this.#clients[index] as Client;
    if (!this.#isStopped && client.life === life) this.#send(client);
  }

  /** Handles EVENT_SCRIPT. */
  due(step: number): void {
    if (this.#isStopped) return;
    const client = this.#scripted[step] as Client;
    const { op, size } = this.#script[step] as Scenario["script"][number];
    client.script.push(size === undefined ? op : filledUp(op, size));
    client.queuedCount += 1;
    client.journey?.waitingSince.push(this.#world.queue.at);
    this.#send(client);
  }

  /**
   * Whose session this is: clients of groups come first, group by group and in each cloudlet by cloudlet, then the sessions of
   * the script in the order of their first steps. Numbered from 0.
   */
  clientOf(session: SessionId): number {
    return this.#clientOf[session]?.index ?? -1;
  }

  /** A session got its answer. */
  answered(session: SessionId, result: ClientResult): void {
    if (session >= CLIENT_SESSIONS_END) return;
    const client = this.#clientOf[session] as Client;
    assert(client.isBusy && client.session === session, "an answer to a session that asked nothing");
    client.isBusy = false;
    const { journey } = client;
    if (journey !== null && journey.phase !== "settled") {
      journey.answered(client.cloudlet, session, result);
      if (!this.#isStopped) this.#pushSend(client);
      return;
    }
    if (this.#isStopped) return;
    const isLeaving = journey !== null && journey.goal !== client.cloudlet;
    if (client.queuedCount > 0 || isLeaving) this.#pushSend(client);
    if (client.queuedCount === 0 && client.group?.isOpen === false) this.#pause(client, this.#world.queue.at);
  }

  /** A process died: its sessions are over. */
  crashed(cloudlet: CloudletId): void {
    for (const client of this.#atCloudlet[cloudlet] as Client[]) {
      client.isBusy = false;
      // An open client's requests keep coming up while its cloudlet is down, so its plan stays.
      if (client.group?.isOpen === false) {
        client.life += 1;
        client.queuedCount = 0;
      }
    }
    for (const client of this.#travellers) {
      if (client.cloudlet === cloudlet) this.#crashedOn(client, client.journey as Journey);
    }
  }

  // What a client that moves wanted to ask, it asks elsewhere; its plan stays.
  #crashedOn(client: Client, journey: Journey): void {
    if (journey.phase === "between") return;
    const wasAsking = client.isBusy && journey.phase === "settled";
    client.isBusy = false;
    if (journey.losesSession()) this.#beginSession(client);
    if (this.#isStopped) return;
    if (wasAsking && client.queuedCount === 0 && client.group?.isOpen === false)
      this.#pause(client, this.#world.queue.at);
    this.#pushSend(client);
  }

  /** Is some client of this cloudlet thinking? */
  isThinking(cloudlet: CloudletId): boolean {
    return this.#thinkerAt(cloudlet) !== undefined;
  }

  /** A client of this cloudlet that is thinking asks now. */
  hurry(cloudlet: CloudletId): void {
    const client = this.#thinkerAt(cloudlet);
    if (client === undefined) return;
    client.life += 1;
    this.#world.queue.push(this.#world.queue.at, EVENT_CLIENT_WAKES, client.index, client.life, 0, null);
  }

  // Of clients that stay: one that moves has more to do than to think.
  #thinkerAt(cloudlet: CloudletId): Client | undefined {
    const now = this.#world.queue.at;
    if (this.#isStopped) return undefined;
    return (this.#atCloudlet[cloudlet] as Client[]).find(
      ({ group, isBusy, queuedCount, dueCount }) =>
        group?.isOpen === false &&
        !isBusy &&
        queuedCount === 0 &&
        dueCount < group.requestCountMax &&
        now >= group.starts,
    );
  }

  /** A process is back: its clients begin new sessions. */
  restarted(cloudlet: CloudletId): void {
    const now = this.#world.queue.at;
    for (const client of this.#atCloudlet[cloudlet] as Client[]) {
      this.#beginSession(client);
      if (this.#isStopped) continue;
      if (client.queuedCount > 0) this.#pushSend(client);
      else if (client.group?.isOpen === false) this.#pause(client, Math.max(now, client.group.starts) as Instant);
    }
    if (this.#isStopped) return;
    for (const client of this.#travellers) if (client.cloudlet === cloudlet) this.#pushSend(client);
  }

  /** The load is over: nothing is asked any more. Answers still come. */
  stop(): void {
    this.#isStopped = true;
    for (const { journey, session } of this.#travellers) {
      for (const since of (journey as Journey).waitingSince) this.#tellWait(session, since, false);
    }
  }

  #add(cloudlet: CloudletId, group: Group | null, rng: Rng | null, journey: Journey | null): Client {
    const client: Client = {
      index: this.#clients.length,
      cloudlet,
      journey,
      group,
      rng,
      script: group === null ? [] : NOTHING,
      session: -1 as SessionId,
      life: 0,
      isBusy: false,
      queuedCount: 0,
      dueCount: 0,
    };
    this.#clients.push(client);
    this.#beginSession(client);
    if (journey !== null) {
      this.#travellers.push(client);
      this.#planTurn(client, journey);
      return client;
    }
    if (this.#atCloudlet[cloudlet] === NOBODY) this.#atCloudlet[cloudlet] = [];
    (this.#atCloudlet[cloudlet] as Client[]).push(client);
    return client;
  }

  #beginSession(client: Client): void {
    client.session = this.#clientOf.length as SessionId;
    this.#clientOf.push(client);
  }

  /** Plans the next request after a pause that begins at `from`. */
  #pause(client: Client, from: Instant): void {
    const at = later(from, (client.group as Group).pause(client.rng as Rng));
    this.#world.queue.push(at, EVENT_CLIENT_WAKES, client.index, client.life, 0, null);
  }

  #pushSend(client: Client): void {
    this.#world.queue.push(this.#world.queue.at, EVENT_CLIENT_SENDS, client.index, client.life, 0, null);
  }

  #planTurn(client: Client, journey: Journey): void {
    const at = journey.turnsAt;
    if (at !== null) this.#world.queue.push(at, EVENT_CLIENT_SENDS, client.index, client.life, 0, null);
  }

  #tellWait(session: SessionId, since: Instant, isAsked: boolean): void {
    this.#world.audience.waited(this.#world.queue.at, session, since, isAsked);
  }

  #send(client: Client): void {
    const { journey } = client;
    if (journey !== null && journey.turnsAt !== null && journey.turnsAt <= this.#world.queue.at) {
      journey.turn();
      this.#planTurn(client, journey);
    }
    if (client.isBusy) return;
    if (journey !== null && !this.#isServed(client, journey)) return;
    if (client.queuedCount === 0 || !this.#world.isRunning(client.cloudlet)) return;
    client.queuedCount -= 1;
    client.isBusy = true;
    this.#requestCount += 1;
    const since = journey?.waitingSince.shift();
    if (since !== undefined) this.#tellWait(client.session, since, true);
    this.#world.ask(client.cloudlet, client.session, this.#nextOp(client));
  }

  /** Is the client where it is to be, with its session there? If not, it does what can be done about it. */
  #isServed(client: Client, journey: Journey): boolean {
    if (journey.phase === "settled") {
      if (journey.goal === client.cloudlet) return true;
      if (this.#world.isRunning(client.cloudlet)) {
        this.#askToMove(client, journey.leave(client.cloudlet));
        return false;
      }
      // Its session was over when the process died.
      journey.phase = "between";
    }
    if (journey.goal === null) return false;
    client.cloudlet = journey.goal;
    if (!this.#world.isRunning(client.cloudlet)) return false;
    const former = journey.carries;
    if (former === null) {
      journey.phase = "settled";
      return true;
    }
    if (journey.isForgoing) this.#beginSession(client);
    this.#world.audience.moved(this.#world.queue.at, client.cloudlet, client.session, former);
    this.#askToMove(client, journey.arrive());
    return false;
  }

  #askToMove(client: Client, op: ClientOp): void {
    client.isBusy = true;
    this.#world.ask(client.cloudlet, client.session, op);
  }

  #nextOp(client: Client): ClientOp {
    if (client.group === null) return client.script.shift() as ClientOp;
    return client.group.source.next(this.#names[client.cloudlet] as string, this.#requestCount, client.rng as Rng);
  }
}

/** Clients of a cloudlet that has none: one list for all of them. */
const NOBODY: Client[] = [];
/** The script of a client that has none. */
const NOTHING: ClientOp[] = [];
