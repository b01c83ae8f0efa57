/**
 * Writes a history in one of the formats: the one way out, for other people's checkers and for keeping.
 *
 * What a format cannot say at all is refused before anything is written; what it says less well is told by notes. Leaves out files:
 * the caller takes the pieces one after the other.
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import { jsonValue } from "../literals.ts";
import { type FormatName, formatOf } from "./format.ts";
import { firstOfKind } from "./numbering.ts";
import { needsTransactions, writeJepsen } from "./write-jepsen.ts";
import { writeJsonl } from "./write-jsonl.ts";
import { writeDbcop, writePlume } from "./write-texts.ts";

/** Formats that can be written. */
export const writtenFormats = [
  "jepsen-edn",
  "jepsen-json",
  "plume",
  "dbcop",
  "jsonl",
] as const satisfies readonly FormatName[];

/** Name of one of them. */
export type WrittenFormatName = (typeof writtenFormats)[number];

/** The text piece by piece, or why there is none. */
export type WriteHistoryOutcome =
  | {
      readonly kind: "written";
      /** To be taken once. */
      readonly pieces: Iterable<string>;
      /** What the file does not say, or says otherwise; sentences without a full stop. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "refused";
      /** Line of the file the history was read from; 0 where there is none. */
      readonly line: number;
      readonly expected: string;
      readonly found: string;
      readonly remedy: string;
    };

/** Writes a history. Linear in its size, but for the order of events. */
export function writeHistory(history: History, format: WrittenFormatName): WriteHistoryOutcome {
  const notes: string[] = [];
  const { title } = formatOf(format);
  const refusedAt = (
    operation: number,
    expected: string,
    found: string,
    remedy: string,
  ): WriteHistoryOutcome | null => {
    if (operation < 0) return null;
    const key = jsonValue(history.keys.raw(history.key[operation]!));
    return {
      kind: "refused",
      line: history.line[operation]!,
      expected: `${expected}, as ${title} has them`,
      found: `${found} at key ${key}`,
      remedy,
    };
  };
  const refused = (kind: number, expected: string, found: string): WriteHistoryOutcome | null =>
    refusedAt(firstOfKind(history, kind), expected, found, "write jsonl or jepsen-edn, which know them");
  const withoutBeginning = (): WriteHistoryOutcome | null =>
    refusedAt(
      firstNothing(history),
      "keys that hold nothing in the beginning",
      "nothing where there is no beginning",
      "write jsonl, or plume or dbcop, which number values",
    );
  switch (format) {
    case "jsonl":
      return { kind: "written", pieces: writeJsonl(history), notes };
    case "jepsen-edn":
      return withoutBeginning() ?? { kind: "written", pieces: writeJepsen(history, false, notes), notes };
    case "jepsen-json": {
      // An array is a list inside a transaction, and anywhere else what a set is written as.
      const sets = needsTransactions(history)
        ? refused(keyKind.siblings, "no sets in transactions", "reads of several values")
        : null;
      return sets ?? withoutBeginning() ?? { kind: "written", pieces: writeJepsen(history, true, notes), notes };
    }
    case "plume":
    case "dbcop": {
      const others =
        refused(keyKind.siblings, "reads of single values", "reads of several values") ??
        refused(keyKind.list, "reads of single values", "reads of lists");
      const again =
        format === "plume"
          ? null
          : refusedAt(
              firstWriteOfBeginning(history),
              "writes of values that no key begins with",
              "a write of the initial value",
              "write jsonl, jepsen-edn or plume, which know it",
            );
      if (others !== null || again !== null) return others ?? again!;
      const pieces = format === "plume" ? writePlume(history, notes) : writeDbcop(history, notes);
      return { kind: "written", pieces, notes };
    }
  }
}

/**
 * The first operation with a value of nothing that is not what its key begins with: a format that has implicit beginnings alone would
 * take it for that. ABSENT where there is none, or values are written by numbers.
 */
function firstNothing(history: History): number {
  const { operationCount, initialValues, kind, version, listStart, listed, values, versionNames } = history;
  if (initialValues === "implicit" || versionNames !== null) return ABSENT;
  const isNothing = (each: number): boolean => each !== INITIAL && values.raw(each) === null;
  for (let operation = 0; operation < operationCount; operation += 1) {
    if (kind[operation] !== operationKind.read && isNothing(version[operation]!)) return operation;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1)
      if (isNothing(listed[at]!)) return operation;
  }
  return ABSENT;
}

/** The first write of what its key begins with; ABSENT where there is none. */
function firstWriteOfBeginning({ operationCount, kind, version }: History): number {
  for (let operation = 0; operation < operationCount; operation += 1)
    if (kind[operation] !== operationKind.read && version[operation] === INITIAL) return operation;
  return ABSENT;
}
