// Tells many observers as if they were one. Each kind of moment keeps the list of those who listen to it, so that a moment
// nobody listens to costs one comparison.
//
// A call from one place to whoever comes next in a list takes longer than most of what is called. So for the moments that come most
// often, each of the first few in the list is called from a place of its own: run after run it is the same function there, which is
// called directly then, or put in.

import type { Observer } from "../oracles/observer.ts";
import { enlist } from "../oracles/unbound.ts";

/** Every moment that can be told of; all methods present. What is `noticed`, say, is part of what is `notified`. */
export type Audience = Required<Omit<Observer, Part>>;

/** Parts of moments, for those who care for nothing else of them. */
type Part = "noticed" | "sentAck" | "sentBatch";

type Moment = keyof Audience;
type Telling<M extends Moment> = Audience[M];
type Told = (...happened: unknown[]) => void;
/** At least two. */
type Several<M extends Moment> = readonly [Telling<M>, Telling<M>, ...Telling<M>[]];
type Listeners = { readonly [M in keyof Observer]-?: Required<Observer>[M][] };

/** Gathers observers; they are told in the order of the list, those of parts of a moment after all others. */
export function gatherObservers(observers: readonly Observer[]): Audience {
  const listeners = nobody();
  for (const observer of observers) enlist(observer, listeners);
  return {
    started: tellingOf(listeners.started),
    crashed: tellingOf(listeners.crashed),
    diskFailed: tellingOf(listeners.diskFailed),
    moved: tellingOf(listeners.moved),
    waited: tellingOf(listeners.waited),
    requested: tellingOf(listeners.requested),
    wrote: tellingOf(listeners.wrote),
    wroteUnasked: tellingOf(listeners.wroteUnasked),
    replied: tellingOf(listeners.replied),
    synced: tellingOfSyncs(listeners.synced),
    storing: tellingOfStoring(listeners.storing),
    notified: tellingOfEvents(listeners),
    sent: tellingOfMessages(listeners),
    received: tellingOfArrivals(listeners.received),
    dropped: tellingOf(listeners.dropped),
    linkChanged: tellingOf(listeners.linkChanged),
    clockStepped: tellingOf(listeners.clockStepped),
    machineChanged: tellingOf(listeners.machineChanged),
    served: tellingOf(listeners.served),
    quirked: tellingOf(listeners.quirked),
    troubled: tellingOf(listeners.troubled),
    faultChanged: tellingOf(listeners.faultChanged),
    planTold: tellingOf(listeners.planTold),
    watching: tellingOf(listeners.watching),
    healed: tellingOf(listeners.healed),
    finished: tellingOf(listeners.finished),
  };
}

// One function that calls everyone. Arguments are written out, as many as any moment has: gathered into a list for each call, they would
// take longer than most of what is called.
function tellingOf<T extends Telling<Moment>>(listeners: readonly T[]): T {
  const [first, second] = listeners;
  if (first === undefined) return silent as unknown as T;
  if (second === undefined) return first;
  const tell = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): void => {
    for (let index = 0; index < listeners.length; index += 1) (listeners[index] as Told)(a, b, c, d, e, f);
  };
  return tell as unknown as T;
}

function tellingOfSyncs(listeners: readonly Telling<"synced">[]): Telling<"synced"> {
  if (listeners.length < 2) return tellingOf(listeners);
  const [first, second, ...others] = listeners as Several<"synced">;
  return (at, cloudlet, upTo) => {
    first(at, cloudlet, upTo);
    second(at, cloudlet, upTo);
    for (let index = 0; index < others.length; index += 1) (others[index] as Told)(at, cloudlet, upTo);
  };
}

function tellingOfStoring(listeners: readonly Telling<"storing">[]): Telling<"storing"> {
  if (listeners.length < 2) return tellingOf(listeners);
  const [first, second, ...others] = listeners as Several<"storing">;
  return (at, cloudlet, entries, upTo) => {
    first(at, cloudlet, entries, upTo);
    second(at, cloudlet, entries, upTo);
    for (let index = 0; index < others.length; index += 1) (others[index] as Told)(at, cloudlet, entries, upTo);
  };
}

function tellingOfArrivals(listeners: readonly Telling<"received">[]): Telling<"received"> {
  if (listeners.length < 2) return tellingOf(listeners);
  const [first, second, ...others] = listeners as Several<"received">;
  return (at, from, to, message, sentAt) => {
    first(at, from, to, message, sentAt);
    second(at, from, to, message, sentAt);
    for (let index = 0; index < others.length; index += 1) (others[index] as Told)(at, from, to, message, sentAt);
  };
}

// Nearly all events are records applied, which most listeners have no business with.
function tellingOfEvents({ notified, noticed }: Listeners): Telling<"notified"> {
  const ofAll = tellingOf(notified);
  if (noticed.length === 0) return ofAll;
  const ofOthers = tellingOf<Required<Observer>["noticed"]>(noticed);
  return (at, cloudlet, event) => {
    ofAll(at, cloudlet, event);
    if (event.kind !== "applied") ofOthers(at, cloudlet, event);
  };
}

// Half of all messages acknowledge the other half, and hardly anybody has business with both.
function tellingOfMessages({ sent, sentAck, sentBatch }: Listeners): Telling<"sent"> {
  if (sentAck.length + sentBatch.length === 0) return tellingOf(sent);
  const ofAll = tellingOf(sent);
  const ofAcks = tellingOf(sentAck);
  const ofBatches = tellingOf(sentBatch);
  return (at, from, to, message, size) => {
    ofAll(at, from, to, message, size);
    if (message.kind === "ack") ofAcks(at, from, to, message);
    else if (message.kind === "records" || message.kind === "snapshot") ofBatches(at, from, to, message);
  };
}

function nobody(): Listeners {
  return {
    started: [],
    crashed: [],
    diskFailed: [],
    moved: [],
    waited: [],
    requested: [],
    wrote: [],
    wroteUnasked: [],
    replied: [],
    synced: [],
    storing: [],
    notified: [],
    noticed: [],
    sent: [],
    sentAck: [],
    sentBatch: [],
    received: [],
    dropped: [],
    linkChanged: [],
    clockStepped: [],
    machineChanged: [],
    served: [],
    quirked: [],
    troubled: [],
    faultChanged: [],
    planTold: [],
    watching: [],
    healed: [],
    finished: [],
  };
}

function silent(): void {
  // Nobody listens to this moment.
}
