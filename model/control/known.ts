// What an issuer says it knows of a target that has come back without its disk (anew.ts): to which of its lives it answers, which operations had
// begun there, and which are over, by their numbers, since these are many.
//
//   known 2,5 begun=0.1.4,0.1.9 over=1.1-3,1.5-8,2.1
//
// A span may hold numbers of operations for other targets: nobody asks for them there.

import { compareIds, isOperationId, numberOf, type OperationId } from "./operation.ts";

/** Operations of one life of their issuer, by number, both ends included. */
export interface Span {
  readonly incarnation: number;
  readonly first: number;
  readonly last: number;
}

/** An answer. */
export interface Known {
  /** Lives of the target that it answers to. */
  readonly lives: ReadonlySet<number>;
  readonly begun: ReadonlySet<OperationId>;
  readonly over: readonly Span[];
}

/** No answer yet. */
export const nothingKnown: Known = { lives: new Set(), begun: new Set(), over: [] };

/** The value of the record that carries it. */
export function knownText({ lives, begun, over }: Known): string {
  const words = ["known", [...lives].join(",")];
  if (begun.size > 0) words.push(`begun=${[...begun].join(",")}`);
  if (over.length > 0) words.push(`over=${over.map(spanText).join(",")}`);
  return words.join(" ");
}

/** Reads it; a text that is none says nothing. */
export function readKnown(text: string): Known {
  const [, lives, begun = "", over = ""] = /^known (\d+(?:,\d+)*)(?: begun=(\S+))?(?: over=(\S+))?$/.exec(text) ?? [];
  if (lives === undefined) return nothingKnown;
  return {
    lives: new Set(lives.split(",").map(Number)),
    begun: new Set(begun.split(",").filter(isOperationId)),
    over: over.split(",").flatMap((span) => {
      const [, incarnation, first, last = first] = /^(\d+)\.(\d+)(?:-(\d+))?$/.exec(span) ?? [];
      return incarnation === undefined ? [] : [{ incarnation: +incarnation, first: Number(first), last: Number(last) }];
    }),
  };
}

/** Both together: an issuer that has forgotten what it said says it beside that. */
export function joinKnown(a: Known, b: Known): Known {
  return {
    lives: new Set([...a.lives, ...b.lives]),
    begun: new Set([...a.begun, ...b.begun]),
    over: [...a.over, ...b.over],
  };
}

/** Is an operation of that issuer among those that are over? */
export function isNamedOver({ over }: Known, id: OperationId): boolean {
  if (over.length === 0) return false;
  const { incarnation, number } = numberOf(id);
  return over.some((span) => span.incarnation === incarnation && span.first <= number && number <= span.last);
}

/**
 * The operations that are over, as few spans.
 *
 * @param issued all that their issuer knows to have issued: `elsewhere` for other targets
 */
export function spansOf(issued: ReadonlyMap<OperationId, "elsewhere" | "open" | "begun" | "over">): readonly Span[] {
  const spans: { incarnation: number; first: number; last: number; isOver: boolean }[] = [];
  for (const id of [...issued.keys()].sort(compareIds)) {
    const state = issued.get(id);
    if (state === "open" || state === "begun") continue;
    const { incarnation, number } = numberOf(id);
    const last = spans.at(-1);
    const isNext = last?.incarnation === incarnation && last.last + 1 === number;
    const span = isNext ? last : { incarnation, first: number, last: number, isOver: false };
    if (!isNext) spans.push(span);
    span.last = number;
    span.isOver ||= state === "over";
  }
  return spans.filter(({ isOver }) => isOver);
}

function spanText({ incarnation, first, last }: Span): string {
  return first === last ? `${incarnation}.${first}` : `${incarnation}.${first}-${last}`;
}
