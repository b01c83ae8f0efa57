// Have all said that a delete may go? Each word says without whom it was given.

import type { CloudletId } from "../ids.ts";
import type { NoticeRecord } from "./notice.ts";

/** Words by member: the summaries that call one delete ready. */
export type Words = ReadonlyMap<CloudletId, readonly NoticeRecord[]>;

/**
 * Is there a set of members without whom all others have given their word, each of them detached by somebody outside of the set?
 * The least such set is looked for: who has not given a word that does without it so far belongs to it. So more words never
 * make less of an agreement, in whatever order they come.
 *
 * @param isDetachedBesides was this member ever detached by somebody who is none of these?
 */
export function isAgreed(
  members: readonly CloudletId[],
  words: Words,
  isDetachedBesides: (member: CloudletId, others: ReadonlySet<CloudletId>) => boolean,
): boolean {
  const without = new Set<CloudletId>();
  for (let size = -1; size !== without.size;) {
    size = without.size;
    for (const member of members) {
      if (without.has(member)) continue;
      const given = words.get(member) ?? [];
      if (!given.some(({ notice }) => isWithin(without, notice.members))) without.add(member);
    }
  }
  return without.size < members.length && [...without].every((member) => isDetachedBesides(member, without));
}

/** Are all of these in the list? */
export function isWithin(some: Iterable<CloudletId>, list: readonly CloudletId[]): boolean {
  for (const one of some) if (!list.includes(one)) return false;
  return true;
}
