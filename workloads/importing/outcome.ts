// What comes of reading a document: a map, or why not, at which place.

import type { SourceMap } from "./map.ts";

/** A place in a text, both counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Why a document is not taken: what was expected, what was found, what to do. */
export interface ImportProblem extends TextPlace {
  readonly message: string;
}

/** A map that was read, or what is wrong with its document. */
export type MapOutcome =
  | { readonly kind: "map"; readonly map: SourceMap }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

/** A document that is not taken, for one reason. */
export function refused(place: TextPlace, message: string): MapOutcome {
  return { kind: "refused", problems: [{ line: place.line, column: place.column, message }] };
}

/** What is wrong at a place. */
export function problemAt({ line, column }: TextPlace, message: string): ImportProblem {
  return { line, column, message };
}

/** The beginning of a text. */
export const beginning: TextPlace = { line: 1, column: 1 };
