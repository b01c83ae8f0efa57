// Which changes of marks there are, and what each can be made by: the machine of aliveness.ts, written down as a table. What is not here
// does not happen: nobody is connected who was not synchronizing before, unless a record that stood in between is taken back.
//
// Leaves out why a mark is what it is (aliveness.ts).

import type { Mark, WatchEvent } from "./aliveness.ts";

/** One change that there can be. */
export interface Transition {
  readonly from: Mark;
  readonly to: Mark;
  readonly by: readonly WatchEvent["kind"][];
  readonly says: string;
}

const seen = ["unknown", "autonomous", "synchronizing", "connected"] as const;
const confirmed = ["failed", "disconnected", "fenced"] as const;

const bySight: readonly Transition[] = [
  { from: "unknown", to: "synchronizing", by: ["heard"], says: "It was heard for the first time, or again." },
  {
    from: "unknown",
    to: "autonomous",
    by: ["plane", "passed"],
    says: "It is silent, and a report that came some other way, or before this upper started, tells of a healthy plane.",
  },
  { from: "autonomous", to: "synchronizing", by: ["heard"], says: "It is back." },
  {
    from: "autonomous",
    to: "unknown",
    by: ["plane"],
    says: "It is silent, and its plane is not healthy, as was learned now.",
  },
  {
    from: "synchronizing",
    to: "connected",
    by: ["passed"],
    says: "It was heard, and nothing has waited, for long enough.",
  },
  { from: "synchronizing", to: "autonomous", by: ["passed"], says: "It fell silent, and its plane was healthy." },
  {
    from: "synchronizing",
    to: "unknown",
    by: ["passed"],
    says: "It fell silent, and nobody knows of a healthy plane.",
  },
  { from: "connected", to: "synchronizing", by: ["backlog"], says: "Something has waited too long." },
  { from: "connected", to: "autonomous", by: ["passed"], says: "It fell silent, and its plane was healthy." },
  { from: "connected", to: "unknown", by: ["passed"], says: "It fell silent, and nobody knows of a healthy plane." },
];

const byRecord: readonly Transition[] = [
  ...seen.flatMap((from) =>
    confirmed.map((to): Transition => ({ from, to, by: ["record"], says: `Somebody above has confirmed it ${to}.` })),
  ),
  ...confirmed.flatMap((from) =>
    confirmed
      .filter((to) => to !== from)
      .map((to): Transition => ({ from, to, by: ["record"], says: `What stands now says ${to}.` })),
  ),
  ...confirmed.flatMap((from) =>
    seen.map((to): Transition => ({ from, to, by: ["record"], says: "It was taken back; what is seen counts again." })),
  ),
];

/** All changes that there are. */
export const transitions: readonly Transition[] = [...bySight, ...byRecord];
