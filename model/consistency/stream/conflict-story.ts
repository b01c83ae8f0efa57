/**
 * How a decided conflict closes a cycle, told from the versions that are still there.
 *
 * The last decision is that `loser` comes before `winner`; earlier lines put `winner` before `loser`. The way between is looked for
 * among the versions that lie between them in the arbitration order: a step is a cause, or a conflict that a read decided and that
 * the winner remembers. Where a version on the way was forgotten, no such steps lead across; then the order of two versions that are
 * left is all that is known, and the story says so. Of all ways the one with the fewest such gaps is told, and of those a shortest.
 *
 * Looked for once per stream, when the violation is found. Leaves out finding that there is a cycle (arbitration.ts).
 */
import { hasIn } from "./arbitration.ts";
import type { Conflict, Session, Version } from "./stream-state.ts";
import type { StreamViolation } from "./stream-types.ts";
import { Telling } from "./telling.ts";

/** Versions on the way that are looked at; beyond it the way is told as a gap. */
const BETWEEN_MAX = 1_000;
/** What crossing a gap costs, in steps: more than any way has. */
const GAP = BETWEEN_MAX * 2;

/** The story of a conflict that closes a cycle. */
export function conflictStory(sessions: readonly Session[], conflict: Conflict, winner: Version): StreamViolation {
  const way = wayFrom(winner, conflict.loser, sessions);
  const story = new Telling();
  for (let at = 1; at < way.length; at += 1) {
    const [from, to] = [way[at - 1]!, way[at]!];
    const known = decided(from, to);
    if (hasIn(to.clock, from)) story.cause(from, to);
    else if (known === null) story.gap(from, to);
    else story.decided(known, to);
  }
  story.decided(conflict, winner);
  return {
    models: ["CCv"],
    pattern: "CyclicCF",
    operations: story.operations,
    edges: story.edges,
    note: `So line ${winner.step.line} comes before itself: no order of the writes that everybody shares explains all these reads.`,
  };
}

/** The versions from one to another that has it in its arbitration past, both included. */
function wayFrom(first: Version, last: Version, sessions: readonly Session[]): readonly Version[] {
  const between = sessions.flatMap(({ written }) =>
    written.filter(
      (version) =>
        version !== first && version !== last && hasIn(version.arbitration, first) && hasIn(last.arbitration, version),
    ),
  );
  const nodes = between.length > BETWEEN_MAX ? [first, last] : [first, ...between, last];
  const cost = nodes.map((_, at) => (at === 0 ? 0 : Infinity));
  const before = nodes.map(() => 0);
  const open = new Set(nodes.keys());
  for (;;) {
    let nearest = -1;
    for (const at of open) if (nearest === -1 || cost[at]! < cost[nearest]!) nearest = at;
    open.delete(nearest);
    if (nearest === nodes.length - 1) break;
    for (const at of open) {
      const reached = cost[nearest]! + lengthOf(nodes[nearest]!, nodes[at]!);
      if (reached >= cost[at]!) continue;
      cost[at] = reached;
      before[at] = nearest;
    }
  }
  const way: Version[] = [];
  for (let at = nodes.length - 1; at !== 0; at = before[at]!) way.push(nodes[at]!);
  return [first, ...way.reverse()];
}

function lengthOf(from: Version, to: Version): number {
  if (hasIn(to.clock, from) || decided(from, to) !== null) return 1;
  return hasIn(to.arbitration, from) ? GAP : Infinity;
}

/** The conflict that a version lost to another one, where that remembers it. */
function decided(loser: Version, winner: Version): Conflict | null {
  return winner.beaten?.find((conflict) => conflict.loser === loser) ?? null;
}
