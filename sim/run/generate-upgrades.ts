// Draws scenarios with upgrades: those with operations (generate-operations.ts), and above all cloudlets somebody who upgrades them and
// somebody whose operations need the version after that, or the one after that. Some planes fail at upgrades, so what needs them does
// not wait for ever.
//
// Leaves out short queues, which are drawn there.

import { bytes, millis, seconds } from "../../model/units.ts";
import { pick } from "../../model/random.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { OperationIssuer } from "../scenario/operations.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { generateOperations, type Ground } from "./generate-operations.ts";

/** Draws a scenario from a seed; its tree, too, where none is given. */
export function generateUpgrades(seed: string, ground: Ground | null = null): Scenario {
  const rng = new RngRoot(`${seed}/upgrades`).stream;
  const drawn = generateOperations(seed, ground);
  const { operations } = drawn;
  if (operations === undefined) return drawn;
  const issuer = (given: Pick<OperationIssuer, "name" | "kinds" | "expiry"> & Partial<OperationIssuer>) => ({
    at: [ground?.names[0] ?? "top"],
    targets: null,
    interval: { kind: "exponential" as const, mean: pick(rng, [millis(500), seconds(2)]) },
    objects: 2,
    actor: "owner" as const,
    priorities: [0],
    payload: bytes(0),
    count: null,
    after: null,
    takesBack: null,
    intrudes: false,
    ...given,
  });
  const issuers: readonly OperationIssuer[] = [
    ...operations.issuers,
    issuer({ name: "upgrader", kinds: ["cloud.majorUpgrade"], expiry: null, count: 4 }),
    issuer({ name: "newer", kinds: ["vm.create", "user.create"], expiry: seconds(20), needs: pick(rng, [2, 3]) }),
  ];
  const caps = { records: 1_000, bytes: bytes(1_000_000) };
  return { ...drawn, name: `upgrades-${seed}`, shows: ["I5"], operations: { ...operations, caps, issuers } };
}
