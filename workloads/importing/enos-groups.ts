// The groups of a testbed as Enos describes them: group -> cluster -> role -> number of machines, with ranges in the names of groups.
// Leaves out what is between them (enos.ts).

import { expandRange, shown } from "./enos-values.ts";
import type { Fidelity } from "./fidelity.ts";
import type { TextPlace } from "./outcome.ts";

/** A map of a document. */
export type Fields = Readonly<Record<string, unknown>>;
/** Keys and indices from the root of a document. */
export type Path = readonly (string | number)[];

/** Where a text says what, and what is wrong with it. */
export interface EnosText {
  /** Where the value at this path stands. */
  placeOf(path: Path): TextPlace;
  /** Where the key that this path ends in stands. */
  placeOfKey(path: Path): TextPlace;
  /** Something is wrong there. */
  refuse(place: TextPlace, message: string): void;
}

/** So many groups: each pair of them is an edge. */
const GROUPS_MAX = 300;

/** The names of groups, in the order of the document. */
export function groupsOf(topology: unknown, text: EnosText, fidelity: Fidelity): readonly string[] {
  if (!isFields(topology) || Object.keys(topology).length === 0) {
    text.refuse(
      text.placeOf(["topology"]),
      "expected a map of groups at topology, each with clusters, roles and numbers of machines, found none; write at least two",
    );
    return [];
  }
  const groups = new Set<string>();
  let inGroups = 0;
  for (const [name, clusters] of Object.entries(topology)) {
    const path = ["topology", name];
    const expanded = expandRange(name);
    if (expanded.kind === "flaw") {
      text.refuse(text.placeOfKey(path), expanded.message);
      continue;
    }
    const machines = machinesIn(clusters, path, text);
    for (const group of expanded.value) {
      if (groups.has(group)) {
        text.refuse(
          text.placeOfKey(path),
          `expected a group that is described once, found ${group} again; leave one of them out`,
        );
      }
      groups.add(group);
      if (machines > 1) inGroups += 1;
    }
  }
  if (groups.size > GROUPS_MAX) {
    text.refuse(
      text.placeOf(["topology"]),
      `expected at most ${GROUPS_MAX} groups, found ${groups.size}; import fewer of them`,
    );
    return [];
  }
  fidelity.note(
    "converted",
    "a group with several machines, to one cloudlet that stands for all of them",
    null,
    inGroups,
  );
  return [...groups];
}

/** How many a group has; 0 where that is refused. */
function machinesIn(clusters: unknown, path: Path, text: EnosText): number {
  if (!isFields(clusters)) {
    text.refuse(
      text.placeOf(path),
      `expected clusters with roles, such as { paravance: { compute: 1 } }, found ${shown(clusters)}; write some`,
    );
    return 0;
  }
  let sum = 0;
  let isSound = true;
  for (const [cluster, roles] of Object.entries(clusters)) {
    if (!isFields(roles)) {
      text.refuse(
        text.placeOf([...path, cluster]),
        `expected roles with numbers of machines, such as { compute: 1 }, found ${shown(roles)}; write some`,
      );
      isSound = false;
      continue;
    }
    for (const [role, count] of Object.entries(roles)) {
      if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) {
        sum += count;
        continue;
      }
      text.refuse(
        text.placeOf([...path, cluster, role]),
        `expected a whole number of machines from 0 up, found ${shown(count)}; write one`,
      );
      isSound = false;
    }
  }
  if (sum === 0 && isSound) {
    text.refuse(
      text.placeOfKey(path),
      "expected at least one machine in this group, found none; give it some, or leave it out",
    );
  }
  return sum;
}

/** Is it a map? */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
