// Lists that stay short. A list that begins by being pushed to takes room for many, and most lists of a step have one thing in them:
// they are made as they are.

/** What such lists begin with. Never written to. */
export const nothing: never[] = [];

/** Adds to a list, and returns it: one that was empty is made anew, so that all may begin with the same. */
export function adding<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
