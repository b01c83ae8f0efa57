// What should have arrived and has not, worked out from what is applied where: the liveness half of a small world's
// judgement. Exact also where disks were lost.

import type { CloudletId } from "../model/ids.ts";
import { dotName } from "../model/replication/record.ts";
import type { CausalRecord, Dot } from "../model/replication/record.ts";
import type { Stream, Topology } from "../model/topology/topology.ts";

/** A cloudlet's own record that no flow leads back to it: lost with its disk, it never comes back. */
export function cannotReturn(topology: Topology, id: CloudletId, { origin, stream }: Dot): boolean {
  if (origin !== id) return false;
  const { scope } = topology.streams[stream] as Stream;
  return !topology.neighbours(id).some((way) => way.in.includes(scope) && topology.reaches(stream, way.peer));
}

/**
 * Sentences about records that could still move: applied somewhere, carried on from there by a flow, and with a past that
 * is applied here or could come too. With all disks intact this is everything everywhere; what a lost disk took along
 * blocks what depends on it, and what would have been relayed by those who wait.
 *
 * @param told every record with its past; bit i is record i
 * @param applied what each cloudlet has applied, by its index
 * @param waitsInCuts what records wait for at a cloudlet besides their past, because a cut brought them that waits
 */
export function undelivered(
  topology: Topology,
  told: readonly { readonly record: CausalRecord; readonly past: bigint }[],
  applied: readonly bigint[],
  waitsInCuts: (id: CloudletId) => ReadonlyMap<number, bigint>,
): string[] {
  const sentences: string[] = [];
  const reached = applied.slice();
  const due = topology.cloudlets.map(({ id }) =>
    told.reduce((mask, { record: { dot } }, index) => {
      const isDue = topology.reaches(dot.stream, id) && !cannotReturn(topology, id, dot);
      return isDue ? mask | (1n << BigInt(index)) : mask;
    }, 0n),
  );
  const waits = topology.cloudlets.map(({ id }) => waitsInCuts(id));
  for (let moved = true; moved;) {
    moved = false;
    for (const { id, name } of topology.cloudlets) {
      for (const [index, { record, past }] of told.entries()) {
        const bit = 1n << BigInt(index);
        const here = reached[id] as bigint;
        const before = (past & (due[id] as bigint)) | (waits[id]?.get(index) ?? 0n);
        if ((here & bit) > 0n || (before & ~here) > 0n) continue;
        // Under several plans somebody may hold what can go no further: who leaves a scope leaves its records where they are.
        if (!topology.reaches(record.dot.stream, id)) continue;
        const { scope } = topology.streams[record.dot.stream] as Stream;
        const isBrought = topology
          .neighbours(id)
          .some((way) => way.in.includes(scope) && ((reached[way.peer] as bigint) & bit) > 0n);
        if (!isBrought) continue;
        reached[id] = here | bit;
        moved = true;
        sentences.push(`${dotName(record.dot)} is not applied at ${name}`);
      }
    }
  }
  return sentences;
}
