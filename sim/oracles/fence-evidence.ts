// What there is to hold against cloudlets, as it really happened: whoever is fenced without a person is fenced for one of these. Silence
// is none, nor is a crash that takes what nobody had been told of.
//
// Leaves out which words are said of whom (told-words.ts).

import type { FencingPolicy } from "../../model/control/fencing.ts";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import type { ReplicaEvent } from "../../model/replication/io.ts";
import type { DiskFailure } from "./observer.ts";
import type { Word } from "./told-words.ts";
import type { Truth } from "./truth.ts";

/** Follows what there is. */
export interface Evidence {
  started(cloudlet: CloudletId, life: Incarnation): void;
  diskFailed(cloudlet: CloudletId, failure: DiskFailure): void;
  notified(cloudlet: CloudletId, event: ReplicaEvent): void;
  /** What is wrong with a word that no person said; null: nothing. */
  flawOf(word: Word): string | null;
}

/** Begins with none. */
export function evidenceAgainst({ topology }: Truth, { on, schemaMin }: FencingPolicy): Evidence {
  const wentBack = new Set<CloudletId>();
  const lives = new Set<string>();
  const cloned = new Set<CloudletId>();
  const refused = new Set<string>();
  return {
    started(cloudlet, life) {
      const name = `${cloudlet}.${life}`;
      if (lives.has(name)) cloned.add(cloudlet);
      lives.add(name);
    },
    diskFailed(cloudlet, failure) {
      const isLess = failure.kind !== "torn" && failure.lost.length > 0;
      if (isLess) wentBack.add(cloudlet);
    },
    notified(cloudlet, event) {
      if (event.kind === "noCommonVersion") refused.add(`${cloudlet} ${event.peer}`);
    },
    flawOf({ by, about, says, claims }) {
      const name = topology.cloudlets[about]?.name ?? "";
      if (says !== "fenced") return "nobody but a person says that";
      if (claims === null || claims === "operator") return "no person did";
      if (!on.includes(claims)) return `nobody is to be fenced for that (${claims})`;
      switch (claims) {
        case "wentBack":
          return wentBack.has(about) ? null : `the disk of ${name} had not gone back`;
        case "cloned":
          return cloned.has(about) ? null : `no life of ${name} was handed out twice`;
        case "wireRefused":
          return refused.has(`${by} ${about}`) ? null : `it spoke a version of ${name}`;
        case "policy":
          return schemaMin === null ? "no software was too old" : null;
      }
    },
  };
}
