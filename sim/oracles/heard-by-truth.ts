// The ground truth as an observer: what it hears, each as a closure, which is called directly where a bound method is not (unbound.ts).

import type { Observer } from "./observer.ts";
import type { Truth } from "./truth.ts";

/** All that the truth hears: types see to it that nothing is left out here. */
type Heard = Required<Pick<Observer, keyof Observer & keyof Truth>>;

/** An observer that hands everything to the truth. */
export function heardBy(truth: Truth): Heard {
  return {
    started: (at, cloudlet, incarnation, core, image, diskLost) => {
      truth.started(at, cloudlet, incarnation, core, image, diskLost);
    },
    crashed: (at, cloudlet, unsynced) => void truth.crashed(at, cloudlet, unsynced),
    planTold: (at, cloudlet, former, plan) => void truth.planTold(at, cloudlet, former, plan),
    moved: (at, cloudlet, session, former) => void truth.moved(at, cloudlet, session, former),
    requested: (at, cloudlet, session, id, op, askedAt) => {
      truth.requested(at, cloudlet, session, id, op, askedAt);
    },
    wrote: (at, cloudlet, session, id, record) => void truth.wrote(at, cloudlet, session, id, record),
    wroteUnasked: (at, cloudlet, record) => void truth.wroteUnasked(at, cloudlet, record),
    replied: (at, cloudlet, session, id, result) => void truth.replied(at, cloudlet, session, id, result),
    storing: (at, cloudlet, entries) => void truth.storing(at, cloudlet, entries),
    synced: (at, cloudlet) => void truth.synced(at, cloudlet),
    notified: (at, cloudlet, event) => void truth.notified(at, cloudlet, event),
    received: (at, from, to, message, sentAt) => void truth.received(at, from, to, message, sentAt),
    linkChanged: () => void truth.linkChanged(),
    healed: () => void truth.healed(),
    finished: (at) => void truth.finished(at),
  };
}
