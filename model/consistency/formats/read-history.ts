/**
 * Reads a recorded history from bytes in any of the known formats: the one way in.
 *
 * Leaves out files and pipes: the caller brings bytes, whole or in chunks. Whatever they hold, the answer is typed; nothing that a
 * file can contain throws.
 */
import type { History, InitialValues } from "../history.ts";
import { readDbcop } from "./dbcop.ts";
import { detectFormat } from "./detect.ts";
import { type FormatName, formatOf } from "./format.ts";
import { Input, type Source } from "./input.ts";
import { readAwdit } from "./awdit.ts";
import { readJepsenEdn, readJepsenJson, readPorcupineLog } from "./jepsen-files.ts";
import { readJsonl } from "./jsonl.ts";
import { readPlume } from "./plume.ts";
import { type FormatProblem, Refusal, shown } from "./problem.ts";
import { Reading } from "./reading.ts";
import { isBlank } from "./text.ts";

/** How to read. */
export interface ReadOptions {
  /** As messages name the file. */
  readonly fileName: string;
  /** Told from the content when absent. */
  readonly format?: FormatName;
  /** As the format has it when absent. */
  readonly init?: InitialValues;
  /** A value that means "as in the beginning", beside null; as the format or the file has it when absent. */
  readonly zero?: number | string;
  /** Longest line, or text of a file without lines, in bytes; 64 MiB when absent. */
  readonly itemSizeMax?: number;
}

/** By format: what reads it. */
const readers: Readonly<Record<FormatName, (reading: Reading) => void>> = {
  plume: readPlume,
  awdit: readAwdit,
  dbcop: readDbcop,
  "jepsen-edn": readJepsenEdn,
  "jepsen-json": readJepsenJson,
  porcupine: readPorcupineLog,
  jsonl: readJsonl,
};

/** Files that are not even text, as they often come. */
const beginnings = [
  { mark: [0x1f, 0x8b], found: "a compressed file (gzip)", remedy: "unpack it first" },
  { mark: [0x28, 0xb5, 0x2f, 0xfd], found: "a compressed file (zstd)", remedy: "unpack it first" },
  { mark: [0x50, 0x4b, 0x03, 0x04], found: "an archive (zip)", remedy: "unpack it first" },
  { mark: [0xff, 0xfe], found: "text in UTF-16", remedy: "save it as UTF-8" },
  { mark: [0xfe, 0xff], found: "text in UTF-16", remedy: "save it as UTF-8" },
] as const;

/** A file whose first bytes look like nothing known is not read any further. */
const DETECTION_SIZE_MAX = 65_536;

/** The history, or why there is none. */
export type ReadHistoryOutcome =
  | {
      readonly kind: "read";
      readonly history: History;
      readonly format: FormatName;
      readonly initialValues: InitialValues;
      /** What a reader of a report should know about how the file was read; sentences without a full stop. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "refused"; readonly problems: readonly FormatProblem[] };

/** Reads a history. Linear in its size; what chunks throw while they are fetched is passed on. */
export function readHistory(source: Source, options: ReadOptions): ReadHistoryOutcome {
  const problems: Refusal[] = [];
  try {
    return readOrThrow(source, options, problems);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused([...problems, error], options);
  }
}

function refused(problems: readonly Refusal[], { fileName: file }: ReadOptions): ReadHistoryOutcome {
  return {
    kind: "refused",
    problems: problems.map(({ line, column, expected, found, remedy }) => ({
      file,
      line,
      column,
      expected,
      found,
      remedy,
    })),
  };
}

/** @param problems filled with what is wrong with the file and did not keep it from being read further */
function readOrThrow(source: Source, options: ReadOptions, problems: Refusal[]): ReadHistoryOutcome {
  const input = new Input(source, options.itemSizeMax);
  skipBlankStart(input);
  const format = formatOf(options.format ?? detect(input));
  const reading = new Reading(input, format, options, problems);
  readers[format.name](reading);
  if (problems.length > 0) return refused(problems, options);
  const history = reading.build();
  if (history.operationCount === 0) {
    const remedy = "a history without operations would hold whatever one asks of it; record some";
    throw new Refusal(0, 0, "at least one operation", "none", remedy);
  }
  const { initialValues } = reading;
  return {
    kind: "read",
    history,
    format: format.name,
    initialValues,
    notes: [reading.initialNote(), ...reading.notes],
  };
}

/** Goes to the first byte that is not blank; detection then needs no more than what is there. */
function skipBlankStart(input: Input): void {
  for (;;) {
    const byte = input.bytes[input.at];
    if (byte === undefined) {
      if (!input.fill())
        throw input.refusal(
          input.at,
          "a history",
          "an empty file",
          "record some operations first, or name another file",
        );
    } else if (isBlank(byte)) {
      input.at += 1;
      if (byte === 0x0a) input.newline();
    } else return;
  }
}

/** Asks for more of the file until its format shows. */
function detect(input: Input): FormatName {
  for (;;) {
    const { bytes, at } = input;
    const name = detectFormat(bytes, at);
    if (name !== null) return name;
    if (bytes.length - at < DETECTION_SIZE_MAX && input.fill()) continue;
    const known = beginnings.find(({ mark }) => mark.every((byte, place) => bytes[at + place] === byte));
    const found = known?.found ?? shown(input.restOfLine(at));
    throw input.refusal(at, "a history in a known format", found, known?.remedy ?? "name the format with --format");
  }
}
