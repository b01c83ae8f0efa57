/**
 * What the pieces of a stream say about the models that it is not checked against: which of these do not apply to it.
 *
 * As far as the stream was read: a stream that has no times so far is one without times. Leaves out values written twice, and what
 * only matters for models that are checked (stream-checker.ts).
 */
import { type History, keyKind, outcome } from "../history.ts";
import type { ModelName } from "../models.ts";

const NO_TIMES = "operations have no times";

/** Takes pieces in their order. */
export class StreamFacts {
  #last: History | null = null;
  #hasTimes = false;
  /** Why the times cannot be real time; null where they can. */
  #unreal: string | null = null;
  /** Why they do not say when each operation of a session ran; null where they do. */
  #unclear: string | null = null;
  #hasMarks = false;
  #hasSets = false;
  #hasValues = false;
  #hasTransactions = false;
  #hasRegistersOnly = true;
  /** By session: when its last operation ended. */
  readonly #ends = new Map<number | string, number>();

  /** The newest piece, for what it says of initial values; null where nothing came. */
  get piece(): History | null {
    return this.#last;
  }

  /** @param linesBefore how many lines of the stream came before the first one of the piece */
  take(piece: History, linesBefore: number): void {
    this.#last = piece;
    this.#hasMarks ||= piece.final !== null || piece.seen !== null;
    this.#hasSets ||= piece.keyKind.includes(keyKind.siblings);
    this.#hasValues ||= piece.keyKind.some((kind) => kind !== keyKind.siblings);
    this.#hasRegistersOnly &&= piece.keyKind.every((kind) => kind === keyKind.register);
    this.#hasTransactions ||= piece.namesTransactions;
    if (piece.start === null || piece.end === null) return;
    this.#hasTimes = true;
    this.#takeTimes(piece, piece.start, piece.end, linesBefore);
  }

  /** Whether every operation is a transaction of its own on a key that holds one value: then TCC asks what CCv does. */
  get isPlain(): boolean {
    return this.#hasRegistersOnly && !this.#hasTransactions;
  }

  /** Why a model says nothing about the stream; null where it does, or where only the whole history tells. */
  whyNotApplicable(model: ModelName): string | null {
    switch (model) {
      case "RTC":
      case "RTC-arb":
        return this.#hasTimes ? this.#unreal : NO_TIMES;
      case "LIN":
        if (this.#hasTransactions) return "transactions are judged by SER";
        if (this.#hasSets) return "reads of siblings return what no linear order has side by side";
        return this.#hasTimes ? this.#unclear : NO_TIMES;
      case "SER":
        return this.#hasSets ? "reads of siblings return what no serial order has side by side" : null;
      case "RC":
      case "RA":
      case "TCC":
        return this.#hasSets && !this.#hasValues ? "all reads return sets of siblings, none a single value" : null;
      case "MV":
        return this.#hasSets ? null : "no reads of sets";
      case "SEC":
        return this.#hasMarks ? null : "no read is marked as final, and none says what its replica had applied";
      default:
        return null;
    }
  }

  #takeTimes(piece: History, start: Float64Array, end: Float64Array, linesBefore: number): void {
    for (let operation = 0; operation < piece.operationCount; operation += 1) {
      if (piece.outcome[operation] === outcome.failed) continue;
      const session = piece.sessions.raw(piece.session[operation]!);
      const before = this.#ends.get(session) ?? Number.NEGATIVE_INFINITY;
      const [from, to] = [start[operation]!, end[operation]!];
      const line = linesBefore + piece.line[operation]!;
      if (to < from) this.#unreal ??= `the operation on line ${line} ends before it begins`;
      // One whose outcome nobody told may run beside what its session did next.
      const isUnanswered = piece.outcome[operation] === outcome.unknown;
      if (!(from <= to && (isUnanswered || from >= before)))
        this.#unclear ??= `the operation on line ${line} has no times, or runs beside another one of its session`;
      if (!isUnanswered) this.#ends.set(session, to);
    }
  }
}
