// Which record a request to write became: the world tells its observers, and a core says it only by what it stores.

import type { Effect } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Host } from "../hosts/host.ts";

/** The record that a write request became: the one of this process with the request's key that its step stores. */
export function ownRecord(effects: readonly Effect[], host: Host, key: string): CausalRecord | null {
  for (const effect of effects) {
    if (effect.kind !== "store") continue;
    for (const record of effect.entries) {
      if (record.kind === "cut") continue;
      const { origin, incarnation } = record.dot;
      if (record.key === key && origin === host.id && incarnation === host.incarnation) return record;
    }
  }
  return null;
}
