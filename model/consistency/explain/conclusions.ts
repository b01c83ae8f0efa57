/**
 * The closing sentence of an explanation: what follows from the edges together, and why that cannot be.
 *
 * Where the operations of an evidence play parts that can be found again (the read, what it returned, what it should have
 * returned), the sentence names them; else it says what the pattern says. Leaves out the edges (reasons.ts).
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Evidence } from "../verdict.ts";
import { keyText, type References, valueText } from "./words.ts";

/** The sentence, with its full stop. */
export function conclusionOf(history: History, readsFrom: ReadsFrom, evidence: Evidence, refs: References): string {
  const { pattern, edges } = evidence;
  const part = partsOf(history, readsFrom, evidence);
  const read = part.read === ABSENT ? "the read" : refs.of(part.read);
  const returned = part.returned === ABSENT ? "another write" : refs.of(part.returned);
  const ignored = part.ignored === ABSENT ? "a later write" : refs.of(part.ignored);
  const first = edges[0] === undefined || edges[0].from === ABSENT ? "an operation" : refs.of(edges[0].from);
  const what = part.read === ABSENT ? "a value" : answered(history, part.read);
  switch (pattern) {
    case "ThinAirRead":
      return `No operation of this history writes ${what}, so ${read} cannot have returned it, unless the history is incomplete.`;
    case "AbortedRead":
      return `A write that failed did not happen, so ${read} cannot have returned ${what}.`;
    case "FutureRead":
      return `${capital(read)} returned a value before it was written.`;
    case "NotMyOwnWrite":
    case "NotMyLastWrite":
      return `A transaction sees its own last write of a key, so ${read} had to return the value of ${ignored}.`;
    case "IntermediateRead":
      return `Others see of a transaction only what it leaves behind, so ${read} cannot have returned ${what}.`;
    case "NonRepeatableRead":
      return `Inside one transaction a key does not change unless the transaction changes it.`;
    case "NonMonotonicRead":
      return `What ${read} returned had been replaced by what its reader had seen before: it went back.`;
    case "FracturedRead":
      return `A transaction takes effect as a whole: who sees one of its writes cannot miss ${ignored}.`;
    case "WriteCOInitRead":
      return `So ${ignored} comes causally before ${read}, which still found what was there before it.`;
    case "WriteCORead":
      return `So ${ignored} replaced the value of ${returned} before ${read}, which must not return it any more.`;
    case "WriteHBInitRead":
      return `So in the sequence that explains what this session read, a write stands before ${read}, which still found the initial value.`;
    case "CyclicCO":
      return `So ${first} comes before itself: an effect would come before its own cause.`;
    case "CyclicHB":
      return `So in the one sequence that explains what this session read, ${first} comes before itself.`;
    case "CyclicCF":
      return `So ${first} comes before itself: no order of the writes that everybody shares explains all these reads.`;
    case "CyclicVersions":
      return `So one version would be older than itself: no order of versions keeps what was promised.`;
    case "CyclicRealTime":
      return `So ${first} comes before itself, or happened before something that had already ended.`;
    case "ReadFromFuture":
      return `Nobody can return what has not begun to be written.`;
    case "MissingSibling":
      return `Nothing that ${read} could see replaced the value of ${ignored}, so it had to be among what was returned.`;
    case "ReplacedSibling":
      return `What is replaced in a reader's past must not be returned beside, or instead of, what replaced it.`;
    case "MissingElement":
      return `Lists only grow, so what came causally before ${read} had to be in the list that it returned.`;
    case "RepeatedElement":
      return `One append puts an element there once, so ${read} cannot have returned it twice.`;
    case "IncompatibleOrder":
      if (evidence.cyclic) return `So ${first} comes before itself: no order of appends gives what was read.`;
      return `Neither list is the beginning of the other, though a list grows only at its end.`;
    case "Diverged":
      return `Equal updates must lead to equal answers, whatever way they took.`;
    case "NoOrder":
      return `Every order of these operations that keeps what must be kept gives some read another answer than it got.`;
  }
}

/** Who plays which part in an evidence; ABSENT where nobody does. */
interface Parts {
  /** The read that is wrong. */
  readonly read: number;
  /** Who wrote what it returned. */
  readonly returned: number;
  /** The write of the same key that it ignored. */
  readonly ignored: number;
}

/** The read of an evidence is the last one told whose answer somebody else's write of the same key speaks against. */
function partsOf(history: History, { writerOf }: ReadsFrom, { operations }: Evidence): Parts {
  let fallback: Parts = { read: ABSENT, returned: ABSENT, ignored: ABSENT };
  for (const read of [...operations].reverse()) {
    if (history.kind[read] !== operationKind.read) continue;
    const versions = history.listed.subarray(history.listStart[read], history.listStart[read + 1]);
    const writers = Array.from(versions, (version) => (version === INITIAL ? ABSENT : writerOf[version]!));
    const returned = writers.find((writer) => operations.includes(writer)) ?? writers[0] ?? ABSENT;
    const ignored = operations.find(
      (operation) =>
        history.kind[operation] !== operationKind.read &&
        history.key[operation] === history.key[read] &&
        !writers.includes(operation),
    );
    if (ignored !== undefined) return { read, returned, ignored };
    if (fallback.read === ABSENT) fallback = { read, returned, ignored: ABSENT };
  }
  return fallback;
}

function answered(history: History, read: number): string {
  const key = keyText(history, history.key[read]!);
  const from = history.listStart[read]!;
  if (history.listStart[read + 1]! !== from + 1) return `what it returned of ${key}`;
  return `${key} = ${valueText(history, history.listed[from]!)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
