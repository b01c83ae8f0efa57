// Draws what disks do that no disk should: what they lose was acknowledged. Leaves out the crashes of every day (generate.ts).

import { pick, shuffled, type Rng } from "../../model/random.ts";
import { instant, micros, millis, type Duration, type Instant } from "../../model/units.ts";
import type { Fault } from "../scenario/scenario.ts";

/** When processes may crash: after the partition that every drawn scenario has. */
export const CRASH_FROM = millis(2_600);
export const CRASH_UNTIL = millis(5_400);
const HALF = 500_000;

/** Disks that do not keep their word: what they lose was acknowledged. */
export function drawDiskFaults(names: readonly string[], has: ReadonlySet<string>, rng: Rng): readonly Fault[] {
  const faults: Fault[] = [];
  const at = (): Instant => instant(CRASH_FROM + rng.intInclusive(CRASH_UNTIL - CRASH_FROM));
  const after = (): Duration => micros(10_000 + rng.intInclusive(790_000));
  if (has.has("lying-disks")) {
    const cloudlet = pick(rng, names);
    const crashAt = at();
    const from = instant(crashAt - 50_000 - rng.intInclusive(950_000));
    faults.push({ kind: "lyingFsync", cloudlet, from, until: instant(crashAt + 50_000) });
    faults.push({ kind: "crash", cloudlet, at: crashAt, after: after(), disk: "keep" });
  }
  if (has.has("old-backups")) {
    const restoredAt = at();
    const of = instant(restoredAt - 50_000 - rng.intInclusive(2_450_000));
    const cloudlet = pick(rng, names);
    faults.push({ kind: "restoreBackup", cloudlet, of, at: restoredAt, after: after() });
    // Every other backup is older than the life that it ends.
    const between = instant(of + Math.floor((restoredAt - of) / 2));
    if (rng.chance(HALF)) faults.push({ kind: "crash", cloudlet, at: between, after: millis(20), disk: "keep" });
  }
  if (has.has("cloned-disks")) {
    const [source, cloudlet] = shuffled(rng, names) as [string, string];
    faults.push({ kind: "cloneDisk", source, cloudlet, at: at(), after: after() });
  }
  if (has.has("bit-rot")) {
    const cloudlet = pick(rng, names);
    const crashAt = at();
    const rotAt = instant(crashAt - 50_000 - rng.intInclusive(950_000));
    faults.push({ kind: "bitRot", cloudlet, at: rotAt, entries: 1 + rng.intInclusive(3) });
    faults.push({ kind: "crash", cloudlet, at: crashAt, after: after(), disk: "keep" });
  }
  return faults;
}
