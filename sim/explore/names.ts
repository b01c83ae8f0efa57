// The names of everything an exploration can say: properties that it judges, situations that it meets, ways to name them in files.

/** What exploration judges: properties of the simulator's oracles by their names, and some that only it asks. */
export const exploredProperties = [
  { name: "causal-delivery", says: "A record is applied only after all of its past that reaches this cloudlet." },
  { name: "applied-once", says: "No process applies a record twice." },
  { name: "exact-conflicts", says: "What stands of a key is what was applied and not replaced, exactly." },
  { name: "reads-resolve", says: "Every read is what the resolver makes of the versions that stand." },
  { name: "read-your-writes", says: "What a session has written or read is applied where it is answered." },
  { name: "local-wait", says: "A request is answered as soon as the local disk has what it needs." },
  { name: "durability", says: "What was answered is on the disk, and applied by whoever starts from it." },
  { name: "direction", says: "Nobody speaks to a cloudlet that is no neighbour, or applies what does not lead there." },
  { name: "unique-dots", says: "No two writes have one name, and nothing is applied that nobody wrote." },
  { name: "understood", says: "No cloudlet refuses what another one says." },
  {
    name: "convergence",
    says: "Where nothing moves any more, and faults have ended, everything is everywhere it leads.",
  },
] as const;

/** The name of one. */
export type ExploredProperty = (typeof exploredProperties)[number]["name"];

/** Situations that may be met: an exploration that never met a conflict has shown nothing about conflicts. */
export const exploredMarks = [
  { name: "conflict", says: "Two versions of a key stand side by side at a cloudlet." },
  { name: "pending", says: "A record has come in and waits for its past." },
  { name: "unstored", says: "A disk has not got yet what it was given." },
  { name: "fired", says: "A timer has fired." },
  { name: "lost", says: "A message was lost." },
  { name: "duplicated", says: "A message has come twice, or may yet." },
  { name: "crashed", says: "A process has died and another one has started." },
  { name: "cut", says: "A way is closed." },
  { name: "reparented", says: "Two cloudlets go by different plans." },
] as const;

/** The name of one. */
export type ExploredMark = (typeof exploredMarks)[number]["name"];
