// Delta debugging over a list (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 2002): the
// list is cut into parts, and parts are left out, large ones first, until no single element can be left out any more. Tests
// only what is left of a part taken out ("complements"), since what breaks a distributed run is mostly spread over the list.
// Leaves out what a test is, and remembering answers.

/**
 * The elements that are left: of these no single one can be left out.
 *
 * @param holds whether what is wanted can still be seen with these elements, in their order; true for the whole list. May
 *   throw to end the search.
 */
export async function ddmin<Item>(
  items: readonly Item[],
  holds: (kept: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  if (items.length === 0) return items;
  // Often nothing of it is needed at all.
  if (await holds([])) return [];
  let kept = items;
  for (let partCount = 2; kept.length > 1;) {
    const size = Math.ceil(kept.length / partCount);
    const before = kept.length;
    for (let from = 0; from < kept.length && kept.length > 1;) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      // The empty list was tried, and what is left of a list that shrank meanwhile may be one part.
      if (rest.length > 0 && (await holds(rest))) kept = rest;
      else from += size;
    }
    if (size > 1) partCount = Math.min(kept.length, 2 * Math.ceil(kept.length / size));
    else if (kept.length === before) break;
    else partCount = kept.length;
  }
  return kept;
}
