/**
 * Questions to the causal order once a history is known to be wrong somewhere: is this operation before that one; is this list in
 * an order that contradicts causes?
 *
 * One walk per block of sessions, as in visibility.ts. Leaves out finding what to ask.
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { ClockBlock, readWrites } from "./clock-block.ts";
import type { EdgeLists } from "./edge-lists.ts";

/** A list that its reader got in an order against causes: `later` stands behind `earlier` and is causally before it. */
export interface Inversion {
  readonly read: number;
  readonly earlier: number;
  readonly later: number;
}

/** Answers of one walk. */
export interface Precedence {
  /** The edges asked about whose end is causally before their beginning. */
  readonly contradicted: readonly number[];
  readonly inversions: readonly Inversion[];
}

const KEPT = 1_000;

/**
 * @param order all operations in causal order
 * @param asked numbers of edges: those for which the end may be causally before the beginning
 * @param lists whether to look at lists as well
 */
export function precedence(
  history: History,
  reads: ReadsFrom,
  order: Uint32Array,
  edges: EdgeLists,
  asked: readonly number[],
  lists: boolean,
): Precedence {
  const { kind, key, session, sessionCount, listStart, listed, keyKind: kinds } = history;
  const { slotOf, writes: slotWrites } = readWrites(history, reads, order);
  const block = new ClockBlock(sessionCount, slotWrites.length);
  const { width, sessions, writes } = block;
  const firstAsked = new Uint32Array(history.operationCount);
  const nextAsked = new Uint32Array(asked.length);
  asked.forEach((edge, at) => {
    nextAsked[at] = firstAsked[edges.from(edge)]!;
    firstAsked[edges.from(edge)] = at + 1;
  });
  const contradicted: number[] = [];
  const inversions: Inversion[] = [];
  const joined = new Uint32Array(width);
  const joinedBy = new Uint32Array(width);

  /** Elements in their order: is one of them in the past of one that stands before it? */
  const judgeList = (read: number): void => {
    joined.fill(0);
    for (let at = listStart[read]!; at < listStart[read + 1]!; at += 1) {
      const version = listed[at]!;
      const writer = version === INITIAL ? ABSENT : reads.writerOf[version]!;
      if (writer === ABSENT) continue;
      const of = session[writer]!;
      if (of >= block.first && of < block.end && joined[of - block.first]! > writer && inversions.length < KEPT)
        inversions.push({ read, earlier: joinedBy[of - block.first]!, later: writer });
      for (let entry = 0; entry < width; entry += 1) {
        if (writes[slotOf[writer]! * width + entry]! <= joined[entry]!) continue;
        joined[entry] = writes[slotOf[writer]! * width + entry]!;
        joinedBy[entry] = writer;
      }
    }
  };

  for (let first = 0; first < sessionCount; first += width) {
    block.begin(first, sessionCount);
    for (const operation of order) {
      const of = session[operation]!;
      if (reads.counts[operation] === 1 && kind[operation] === operationKind.read) {
        for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
          const version = listed[at]!;
          const writer = version === INITIAL ? ABSENT : reads.writerOf[version]!;
          if (writer !== ABSENT) block.learn(of, slotOf[writer]!);
        }
        block.reach(of, operation);
        if (lists && kinds[key[operation]!] === keyKind.list) judgeList(operation);
        continue;
      }
      block.reach(of, operation);
      if (slotOf[operation] !== ABSENT) block.keep(of, slotOf[operation]!);
      for (let at = firstAsked[operation]!; at !== 0; at = nextAsked[at - 1]!) {
        const edge = asked[at - 1]!;
        const other = session[edges.to(edge)]!;
        if (other < block.first || other >= block.end || contradicted.length === KEPT) continue;
        if (sessions[of * width + other - block.first]! > edges.to(edge)) contradicted.push(edge);
      }
    }
  }
  return { contradicted, inversions };
}
