// The names of records that were given up (giving-up.ts): writers number theirs without gaps, so that of each writer the highest
// such name says it all. Whoever asks for such a record by name, where it can no longer matter, must not take it for one that
// nobody wrote: the run stops there, and is repeated with everything kept (sim/run/runner.ts).

import { dotName, type Dot } from "../../model/replication/record.ts";
import { mixed } from "./tables.ts";

/** Thrown when what was given up matters after all: what comes of it, nobody can judge any more. */
export class GivenUpRecord extends Error {
  override readonly name = "GivenUpRecord";

  constructor(what: Dot | string) {
    const found = typeof what === "string" ? what : dotName(what);
    super(
      `${found} turned up after records were given up: repeat the run with all of them kept (givesUpFrom: Infinity)`,
    );
  }
}

interface Writer {
  readonly origin: number;
  readonly incarnation: number;
  readonly stream: number;
  highest: number;
}

/** Who has written records that were given up. */
export class GivenUp {
  readonly #isNotice: (dot: Dot) => boolean;
  // By a hash of the writer.
  readonly #writers = new Map<number, Writer[]>();

  /** @param isNotice whether this is the name of a notice, which the truth never keeps */
  constructor(isNotice: (dot: Dot) => boolean) {
    this.#isNotice = isNotice;
  }

  /** This record is given up. */
  add({ origin, incarnation, stream, sequence }: Dot): void {
    const writer = this.#find(origin, incarnation, stream);
    if (writer !== undefined) {
      writer.highest = Math.max(writer.highest, sequence);
      return;
    }
    const hash = hashOf(origin, incarnation, stream);
    const made = { origin, incarnation, stream, highest: sequence };
    const alike = this.#writers.get(hash);
    if (alike === undefined) this.#writers.set(hash, [made]);
    else alike.push(made);
  }

  /** Is this the name of a record that was given up? Ask only for what is not kept. */
  has(dot: Dot): boolean {
    const writer = this.#find(dot.origin, dot.incarnation, dot.stream);
    return writer !== undefined && dot.sequence <= writer.highest && !this.#isNotice(dot);
  }

  #find(origin: number, incarnation: number, stream: number): Writer | undefined {
    const alike = this.#writers.get(hashOf(origin, incarnation, stream));
    return alike?.find(
      (writer) => writer.origin === origin && writer.incarnation === incarnation && writer.stream === stream,
    );
  }
}

function hashOf(origin: number, incarnation: number, stream: number): number {
  return mixed(Math.imul(mixed(Math.imul(origin, 0x9e3779b1) ^ stream), 31) ^ incarnation);
}
