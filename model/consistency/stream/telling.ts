/**
 * Puts a story about a stream together: its lines, each once, and what connects them.
 *
 * What a version remembers of its readers tells how a session came to know it; where it does not, the way led through other
 * sessions, and the check has forgotten it. Leaves out what the stories say (stories.ts, conflict-story.ts).
 */
import { type Conflict, type Session, stepOf, type Version } from "./stream-state.ts";
import type { StreamEdge, StreamStep } from "./stream-types.ts";

/** A line of a session, as the end of a way. */
interface End {
  readonly session: Session;
  readonly step: StreamStep;
}

/** Collects lines and edges in the order in which they are told. */
export class Telling {
  readonly operations: StreamStep[] = [];
  readonly edges: StreamEdge[] = [];

  /** The place of a line among those told. */
  place(step: StreamStep): number {
    const known = this.operations.findIndex(({ line }) => line === step.line);
    return known === -1 ? this.operations.push(step) - 1 : known;
  }

  /** A write comes causally before a line: through its session, through a read of the line's session, or in a way unknown. */
  cause(from: Version, { session, step }: End): void {
    if (from.session === session) {
      this.#add(from.step, step, "session");
      return;
    }
    const read = this.#firstRead(from, session, step);
    if (read === null) this.#add(from.step, step, "causal");
    else {
      this.#add(from.step, read, "reads-from");
      if (read.line !== step.line) this.#add(read, step, "session");
    }
  }

  /** A read decided that one write lost against another one. */
  decided({ loser, reader, read }: Conflict, winner: Version): void {
    const step = stepOf(read);
    const seen = loser.session === reader ? null : this.#firstRead(loser, reader, step);
    const from = this.place(loser.step);
    const at = seen === null ? null : this.place(seen);
    const by = this.place(step);
    this.edges.push({ from, to: this.place(winner.step), kind: "hidden-by", by, seen: at });
  }

  /** Earlier reads put one write before another one, and what they returned was forgotten. */
  gap(from: Version, to: Version): void {
    this.#add(from.step, to.step, "forgotten");
  }

  #add(from: StreamStep, to: StreamStep, kind: "session" | "reads-from" | "causal" | "forgotten"): void {
    this.edges.push({ from: this.place(from), to: this.place(to), kind });
  }

  /** Where a session first read a version, if that was no later than a line. */
  #firstRead({ text, readBy }: Version, session: Session, step: StreamStep): StreamStep | null {
    const line = readBy?.get(session);
    return line === undefined || line > step.line ? null : { line, session: session.name, text: `read ${text}` };
  }
}
