// Planted bugs that hardly anything but quirks shows: cores that trust their surroundings to behave as they nearly always do. Each sits between a
// right core and its world, as the code would that embeds one, and is right as long as nothing rare happens.
//
// Leaves out planted bugs of the core, which show in any world (plants.ts). They are not in the matrix, whose worlds have no quirks.

import type { CloudletId } from "../../model/ids.ts";
import type { Effect, ReplicationCore } from "../../model/replication/io.ts";
import type { OracleName } from "../oracles/names.ts";
import type { QuirkName } from "../quirks/table.ts";
import { Enclosed, type Surroundings } from "./enclosed.ts";

/** One of them. */
export interface QuirkPlant {
  readonly name: string;
  /** The bug in one sentence. */
  readonly says: string;
  /** Quirks under each of which it shows. */
  readonly needs: readonly QuirkName[];
  /** The oracle that sees it. */
  readonly catches: OracleName;
  /** Measured: runs until it was seen where quirks are drawn, and without any; null: not in `LOOKED_IN` runs. */
  readonly seen: { readonly withQuirks: number; readonly without: number | null };
  readonly enclose: (core: ReplicationCore) => ReplicationCore;
}

/** Runs without quirks in which each was looked for. */
export const LOOKED_IN = 600;

/** All of them. */
export const quirkPlants: readonly QuirkPlant[] = [
  {
    name: "sync-takes-all",
    says: "A sync that ends is taken to have made everything durable that was handed out before it began.",
    needs: ["short-sync"],
    catches: "local-wait",
    seen: { withQuirks: 45, without: null },
    enclose: (core) => new Enclosed(core, takenWhole()),
  },
  {
    name: "idle-disk",
    says: "A disk that confirms nothing new is taken to have nothing left to do.",
    needs: ["repeated-sync"],
    catches: "local-wait",
    seen: { withQuirks: 16, without: null },
    enclose: (core) => new Enclosed(core, takenForIdle()),
  },
  {
    name: "one-batch-an-instant",
    says: "Of two batches that one neighbour brings at one instant the second is acknowledged and dropped.",
    needs: ["same-instant", "smallest-batch"],
    catches: "convergence",
    seen: { withQuirks: 2, without: 455 },
    enclose: (core) => new Enclosed(core, firstOfInstant()),
  },
];

// What has been handed to the disk, as positions.
function handedOutIn(effects: readonly Effect[], before: number): number {
  return effects.reduce((most, effect) => (effect.kind === "store" ? Math.max(most, effect.upTo) : most), before);
}

// A sync begins when there is something to do and none is under way, and covers all that there is then.
function takenWhole(): Surroundings {
  let handedOut = 0;
  let syncing = 0;
  let claimed = 0;
  let told = 0;
  return {
    hear(input) {
      if (input.kind !== "stored" || input.upTo === told) return input;
      told = input.upTo;
      claimed = Math.max(claimed, syncing, told);
      syncing = handedOut;
      return { kind: "stored", upTo: claimed };
    },
    want(effects) {
      handedOut = handedOutIn(effects, handedOut);
      if (syncing <= claimed) syncing = handedOut;
      return effects;
    },
  };
}

function takenForIdle(): Surroundings {
  let handedOut = 0;
  let claimed = 0;
  let told = 0;
  return {
    hear(input) {
      if (input.kind !== "stored") return input;
      claimed = Math.max(claimed, input.upTo === told ? handedOut : input.upTo);
      told = input.upTo;
      return { kind: "stored", upTo: claimed };
    },
    want(effects) {
      handedOut = handedOutIn(effects, handedOut);
      return effects;
    },
  };
}

function firstOfInstant(): Surroundings {
  const last = new Map<CloudletId, number>();
  return {
    hear(input, { monotonic }) {
      if (input.kind !== "receive" || input.message.kind !== "records") return input;
      const isSecond = last.get(input.from) === monotonic;
      last.set(input.from, monotonic);
      return isSecond ? { ...input, message: { ...input.message, records: [] } } : input;
    },
  };
}
