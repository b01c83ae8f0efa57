/**
 * Checks one file on the disk: read in pieces, judged, explained. What a thread of its own does for each of many files.
 *
 * Leaves out finding files (find-files.ts) and telling what came of it (render.ts).
 */
import {
  check,
  type CheckOutcome,
  type CheckReport,
  type FormatName,
  type FormatProblem,
  type InitialValues,
  type ModelName,
} from "../../model/consistency/index.ts";
import { withPieces } from "./pieces.ts";

/** One file to check; crosses to a thread. */
export interface CheckJob {
  /** Absolute. */
  readonly path: string;
  /** As reports name it. */
  readonly file: string;
  readonly format: FormatName | null;
  readonly init: InitialValues | null;
  readonly zero: number | string | null;
  /** Null for all. */
  readonly models: readonly ModelName[] | null;
  /** Null for the one that fits the history. */
  readonly judged: ModelName | null;
  readonly shrink: boolean;
}

/** A file without a report: what is wrong in it, or why the system does not let it be read. */
export type Unread =
  | { readonly kind: "refused"; readonly problems: readonly FormatProblem[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** What a thread sends back: the report without the history. */
export type FileOutcome = { readonly kind: "checked"; readonly report: CheckReport } | Unread;

/** Checks, and keeps the history for who wants to draw it. */
export function checkFile({ path, file, format, init, zero, models, judged, shrink }: CheckJob): CheckOutcome | Unread {
  const outcome = withPieces(path, (pieces) =>
    check(pieces, {
      fileName: file,
      ...(format !== null && { format }),
      ...(init !== null && { init }),
      ...(zero !== null && { zero }),
      ...(models !== null && { models }),
      ...(judged !== null && { judged }),
      shrink,
    }),
  );
  return outcome.kind === "done" ? outcome.value : outcome;
}
