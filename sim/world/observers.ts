// Tells many observers as if they were one. Each kind of moment keeps the list of those who listen to it, so that a moment
// nobody listens to costs one comparison.

import type { Observer } from "../oracles/observer.ts";
import { unbound } from "../oracles/unbound.ts";

/** Every moment that can be told of; all methods present. What is `noticed` is part of what is `notified`. */
export type Audience = Required<Omit<Observer, "noticed">>;

type Moment = keyof Audience;
type Telling<M extends Moment> = Audience[M];
type Told = (...happened: unknown[]) => void;

/** Gathers observers; they are told in the order of the list. */
export function gatherObservers(observers: readonly Observer[]): Audience {
  return {
    started: tellingOf("started", observers),
    crashed: tellingOf("crashed", observers),
    diskFailed: tellingOf("diskFailed", observers),
    moved: tellingOf("moved", observers),
    waited: tellingOf("waited", observers),
    requested: tellingOf("requested", observers),
    wrote: tellingOf("wrote", observers),
    wroteUnasked: tellingOf("wroteUnasked", observers),
    replied: tellingOf("replied", observers),
    synced: tellingOf("synced", observers),
    storing: tellingOf("storing", observers),
    notified: tellingOfEvents(observers),
    sent: tellingOf("sent", observers),
    received: tellingOf("received", observers),
    dropped: tellingOf("dropped", observers),
    linkChanged: tellingOf("linkChanged", observers),
    clockStepped: tellingOf("clockStepped", observers),
    machineChanged: tellingOf("machineChanged", observers),
    served: tellingOf("served", observers),
    quirked: tellingOf("quirked", observers),
    troubled: tellingOf("troubled", observers),
    faultChanged: tellingOf("faultChanged", observers),
    planTold: tellingOf("planTold", observers),
    watching: tellingOf("watching", observers),
    healed: tellingOf("healed", observers),
    finished: tellingOf("finished", observers),
  };
}

// One function that calls the method of everyone who has it. Arguments are written out, as many as any moment has: gathered into a list
// for each call, they would take longer than most of what is called.
function tellingOf<M extends Moment>(moment: M, observers: readonly Observer[]): Telling<M> {
  const listeners = listenersTo([moment], observers);
  const [first, second] = listeners;
  if (first === undefined) return silent;
  if (second === undefined) return first;
  const tell = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): void => {
    for (let index = 0; index < listeners.length; index += 1) (listeners[index] as Told)(a, b, c, d, e, f);
  };
  return tell as unknown as Telling<M>;
}

// Nearly all events are records applied, which most listeners have no business with.
function tellingOfEvents(observers: readonly Observer[]): Telling<"notified"> {
  const ofAll = listenersTo(["notified"], observers);
  const ofOthers = listenersTo(["notified", "noticed"], observers);
  return (at, cloudlet, event) => {
    const listeners = event.kind === "applied" ? ofAll : ofOthers;
    for (let index = 0; index < listeners.length; index += 1) (listeners[index] as Told)(at, cloudlet, event);
  };
}

function listenersTo(moments: readonly (keyof Observer)[], observers: readonly Observer[]): readonly Told[] {
  const listeners: Told[] = [];
  for (const observer of observers) {
    for (const moment of moments) {
      if (observer[moment] !== undefined) listeners.push(unbound(observer, moment) as Told);
    }
  }
  return listeners;
}

function silent(): void {
  // Nobody listens to this moment.
}
