// What an import did with its source, for people who have to trust it: what was read, left out, assumed, repaired, and in which units.

/** How a note is meant. `read`: taken over as it stands. `converted`: taken over in other units. `dropped`: the source says it and the
 * topology does not. `assumed`: the topology says it and the source does not. `repaired`: the source is wrong, or cannot be used, there. */
export type NoteKind = "read" | "converted" | "dropped" | "assumed" | "repaired";

/** Something that was done, so many times. */
export interface FidelityNote {
  readonly kind: NoteKind;
  /** A sentence without a count: "an edge between two nodes that had one already: the first one counts". */
  readonly what: string;
  readonly count: number;
  /** A few places where. */
  readonly examples: readonly string[];
}

const EXAMPLES_MAX = 3;

/** All notes of one import, in the order in which each was first made. */
export class Fidelity {
  readonly #notes = new Map<
    string,
    { readonly kind: NoteKind; readonly what: string; count: number; examples: string[] }
  >();

  /** Notes it once, or so many times; `where`: one of them, for people. */
  note(kind: NoteKind, what: string, where: string | null = null, count = 1): void {
    if (count === 0) return;
    const name = `${kind} ${what}`;
    const note = this.#notes.get(name) ?? { kind, what, count: 0, examples: [] };
    note.count += count;
    if (where !== null && note.examples.length < EXAMPLES_MAX) note.examples.push(where);
    this.#notes.set(name, note);
  }

  /** All of them. */
  get notes(): readonly FidelityNote[] {
    return [...this.#notes.values()];
  }
}
