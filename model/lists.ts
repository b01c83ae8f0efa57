// Lists that are made once and looked into all the time. What `map` makes is one kind of list to V8 as long as the caller is not optimised, and
// another one, that may have gaps, from then on; all that was compiled for the one is thrown away then, and compiled for both. Those made
// here are of one kind throughout.
//
// Leaves out lists that live for a step: nothing is compiled for long that looks into them.

/** What `make` makes of each, in their order. */
export function listOf<Item, Made>(items: readonly Item[], make: (item: Item, index: number) => Made): Made[] {
  const made: Made[] = [];
  for (let index = 0; index < items.length; index += 1) made.push(make(items[index] as Item, index));
  return made;
}
