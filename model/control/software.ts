// Which version of the operation schema a cloudlet has: the one that its process was started with, and one more for each major upgrade
// that it has carried out. That is read off its own results, so that a restart does not take it back: results stand for good.
//
// Leaves out versions of messages and records (replication/wire-versions.ts), which come with the process.

import type { Bench } from "./bench.ts";

/** The version of the operation schema that this cloudlet has now. */
export function schemaOf({ settings, book }: Pick<Bench, "settings" | "book">): number {
  return settings.schema + book.upgrades.size;
}
