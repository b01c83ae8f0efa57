/**
 * Checks a stream of our JSON lines while it comes in, and stops reading at the first violation.
 *
 * Whole lines go on as soon as they have come, whatever the pieces in which a pipe delivers them. Leaves out what is certain when
 * (model/consistency/stream), and initial values that the history writes itself: a piece does not tell what comes first.
 */
import {
  type CheckReport,
  type FormatProblem,
  type InitialValues,
  type ModelName,
  readHistory,
  reportStream,
  StreamChecker,
  StreamFacts,
  streamOperations,
  watchedFor,
} from "../../model/consistency/index.ts";
import type { Unread } from "./check-file.ts";

/** How to check. */
export interface StreamOptions {
  /** As reports name it. */
  readonly file: string;
  readonly init: InitialValues | null;
  /** The model that is judged; null for whatever can be violated. */
  readonly judged: ModelName | null;
}

const NEWLINE = 0x0a;
const BLANK = 0x20;
/** Longest line in bytes, as in files. */
const LINE_MAX = 64 * 1024 * 1024;

/** Checks until the end of the stream or the first violation that is asked for. */
export async function checkStream(
  chunks: AsyncIterable<Uint8Array>,
  options: StreamOptions,
): Promise<{ readonly kind: "checked"; readonly report: CheckReport } | Unread> {
  const stream = new LineStream(options);
  for await (const chunk of chunks) {
    const problems = stream.take(chunk);
    if (problems !== null) return { kind: "refused", problems };
    if (stream.isOver) break;
  }
  const problems = stream.isOver ? null : stream.close();
  return problems === null ? { kind: "checked", report: stream.report() } : { kind: "refused", problems };
}

/** Cuts a stream after its lines. */
class LineStream {
  readonly #options: StreamOptions;
  readonly #checker: StreamChecker;
  /** What came after the last line feed. */
  #rest: Uint8Array[] = [];
  #restSize = 0;
  /** Lines handed on. */
  #lines = 0;
  /** The first line, where it says how all others are to be read. */
  #header: Uint8Array | null = null;
  readonly #facts = new StreamFacts();

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#checker = new StreamChecker(watchedFor(options.judged));
  }

  get isOver(): boolean {
    return this.#checker.isOver;
  }

  take(chunk: Uint8Array): readonly FormatProblem[] | null {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#rest.push(chunk);
      this.#restSize += chunk.length;
      return this.#restSize > LINE_MAX ? [this.#tooLong()] : null;
    }
    const lines = joined([...this.#rest, chunk.subarray(0, end + 1)]);
    // A copy, since pipes use their memory again.
    this.#rest = [chunk.slice(end + 1)];
    this.#restSize = chunk.length - end - 1;
    return this.#check(lines);
  }

  /** A last line need not have an end. */
  close(): readonly FormatProblem[] | null {
    const problems = this.#check(joined(this.#rest));
    if (problems !== null || this.#facts.piece !== null) return problems;
    if (this.#header !== null) return this.#read(this.#header, 0);
    const found = "an empty stream";
    const remedy = "record some operations first";
    return [{ file: this.#options.file, line: 0, column: 0, expected: "a history", found, remedy }];
  }

  report(): CheckReport {
    return reportStream(this.#checker, this.#options.file, this.#facts);
  }

  #check(lines: Uint8Array): readonly FormatProblem[] | null {
    const before = this.#lines;
    this.#lines += countLines(lines);
    if (isBlank(lines)) return null;
    if (this.#header !== null) return this.#read(joined([this.#header, lines]), before - 1);
    if (this.#facts.piece !== null) return this.#read(lines, before);
    this.#header = headerOf(lines);
    // A header alone waits for the first operation.
    const rest = this.#header === null ? lines : lines.subarray(lines.indexOf(NEWLINE, firstOf(lines)) + 1);
    return isBlank(rest) ? null : this.#read(lines, before);
  }

  /** Reads a piece like a small file; so many lines of the stream came before its first one. */
  #read(piece: Uint8Array, before: number): readonly FormatProblem[] | null {
    const { file, init } = this.#options;
    if (this.#lookForBeginnings()) return [this.#explicit()];
    const read = readHistory(piece, { fileName: file, format: "jsonl", ...(init !== null && { init }) });
    if (read.kind === "refused") {
      return read.problems.map((problem) => ({ ...problem, line: problem.line === 0 ? 0 : problem.line + before }));
    }
    this.#facts.take(read.history, before);
    for (const operation of streamOperations(read.history, before)) {
      this.#checker.add(operation);
      if (this.#checker.isOver) break;
    }
    return null;
  }

  /** Whether writes of the stream may be the beginnings of their keys: which ones, only the whole of it can tell. */
  #lookForBeginnings(): boolean {
    const { init } = this.#options;
    if (init !== null || this.#header === null) return init === "explicit";
    return /"init"\s*:\s*"explicit"/.test(new TextDecoder().decode(this.#header));
  }

  #explicit(): FormatProblem {
    return {
      file: this.#options.file,
      line: 0,
      column: 0,
      expected: "initial values that are not looked for in the whole history: implicit or none",
      found: "explicit",
      remedy: "record a file and check that, or choose with --init",
    };
  }

  #tooLong(): FormatProblem {
    return {
      file: this.#options.file,
      line: this.#lines + 1,
      column: 1,
      expected: `lines of at most ${LINE_MAX} bytes`,
      found: "a longer one",
      remedy: "put every operation on a line of its own",
    };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count += 1;
  return count;
}

function firstOf(bytes: Uint8Array): number {
  return bytes.findIndex((byte) => byte > BLANK);
}

function isBlank(bytes: Uint8Array): boolean {
  return firstOf(bytes) < 0;
}

/** The first line with its end, if it is a header. */
function headerOf(lines: Uint8Array): Uint8Array | null {
  const start = firstOf(lines);
  const end = lines.indexOf(NEWLINE, start);
  if (end < 0) return null;
  const line = lines.slice(start, end + 1);
  return /^\{\s*"causeway-history"/.test(new TextDecoder().decode(line)) ? line : null;
}
