// Tells many observers as if they were one. Each kind of moment keeps the list of those who listen to it, so that a moment
// nobody listens to costs one comparison.

import type { Observer } from "../oracles/observer.ts";

/** Every moment there is; all methods present. */
export type Audience = Required<Observer>;

type Moment = keyof Observer;
type Telling<M extends Moment> = Required<Observer>[M];

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
    notified: tellingOf("notified", observers),
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

function tellingOf<M extends Moment>(moment: M, observers: readonly Observer[]): Telling<M> {
  type Arguments = Parameters<Telling<M>>;
  const listeners: ((...happened: Arguments) => void)[] = [];
  for (const observer of observers) {
    const listener = observer[moment] as ((...happened: Arguments) => void) | undefined;
    if (listener !== undefined) listeners.push(listener.bind(observer));
  }
  const [first, second] = listeners;
  if (first === undefined) return silent;
  if (second === undefined) return first as Telling<M>;
  if (listeners.length === 2) {
    return ((...happened: Arguments) => {
      first(...happened);
      second(...happened);
    }) as Telling<M>;
  }
  return ((...happened: Arguments) => {
    for (const listener of listeners) listener(...happened);
  }) as Telling<M>;
}

function silent(): void {
  // Nobody listens to this moment.
}
