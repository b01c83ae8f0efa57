// When an image is where, by theory alone: what the simulator's links, routes and replication are checked against, on maps that people have.
// Nothing of the simulator takes part; a table of these numbers beside the simulator's is `causeway distribute`.
//
// Relayed. Every site hands the whole image on to those below it, each over a link of its own (store and forward): a site has it when its
// upper had it, plus what the link takes to send it, plus what it takes to travel (Kurose and Ross, "Computer Networking", section 1.3.1).
//
// Direct. The root sends one copy for each site, all at once, along the tree, and links serve what comes in the order in which it comes: the
// first links are shared by all that go to the sites behind them. Copy m leaves link l at D(l,m) = max(A(l,m), D(l,m-1)) + size / bandwidth
// (Lindley, "The theory of queues with a single server", 1952), and arrives at the next one after the link's delay. In a tree copies never
// overtake each other, so the order is that of the root everywhere.
//
// Leaves out headers, acknowledgements and disks, which are small beside an image; `causeway distribute` says how much they make.

/** A link from an upper to its lower. */
export interface Hop {
  /** Microseconds. */
  readonly delay: number;
  /** Bits per second. */
  readonly bandwidth: number;
}

/** A tree with a link to each site but the root. */
export interface DistributionTree {
  /** By site, the upper of each; -1 for the root. An upper may come after its lowers. */
  readonly uppers: readonly number[];
  /** By site, the link from its upper; null for the root. */
  readonly hops: readonly (Hop | null)[];
}

/** How copies go: from site to site, or each from the root. */
export type DistributionWay = "relayed" | "direct";

const MICROBITS_PER_BYTE = 8_000_000;

/**
 * By site, microseconds from the moment at which the root begins to send until the whole image is there; 0 at the root.
 *
 * @param size bytes
 * @param order sites in the order in which the root sends their copies
 */
export function expectedTimes(
  tree: DistributionTree,
  size: number,
  way: DistributionWay,
  order: readonly number[],
): readonly number[] {
  return way === "relayed" ? relayed(tree, size) : direct(tree, size, order);
}

function relayed({ uppers, hops }: DistributionTree, size: number): readonly number[] {
  const times = new Array<number>(uppers.length).fill(0);
  for (const site of downwards(uppers)) {
    const hop = hops[site];
    if (hop === null || hop === undefined) continue;
    times[site] = (times[uppers[site] as number] as number) + sending(size, hop) + hop.delay;
  }
  return times;
}

function direct({ uppers, hops }: DistributionTree, size: number, order: readonly number[]): readonly number[] {
  const times = new Array<number>(uppers.length).fill(0);
  const freeAt = new Array<number>(uppers.length).fill(0);
  for (const site of order) {
    const way: number[] = [];
    for (let at = site; (uppers[at] as number) >= 0; at = uppers[at] as number) way.unshift(at);
    let now = 0;
    for (const lower of way) {
      const hop = hops[lower] as Hop;
      const left = Math.max(now, freeAt[lower] as number) + sending(size, hop);
      freeAt[lower] = left;
      now = left + hop.delay;
    }
    times[site] = now;
  }
  return times;
}

function sending(size: number, { bandwidth }: Hop): number {
  return (size * MICROBITS_PER_BYTE) / bandwidth;
}

// Uppers before their lowers.
function downwards(uppers: readonly number[]): readonly number[] {
  const lowers = uppers.map((): number[] => []);
  const sites: number[] = [];
  for (const [site, upper] of uppers.entries()) {
    if (upper < 0) sites.push(site);
    else (lowers[upper] as number[]).push(site);
  }
  for (const site of sites) sites.push(...(lowers[site] as number[]));
  return sites;
}
