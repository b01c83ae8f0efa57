/**
 * The form of `measured`: tables of what was measured, which a run replays (docs/measured.md).
 *
 * Leaves out what stands in them (workloads/measured), and what a run makes of it (resolve-measured.ts).
 */
import { map, text } from "./pieces.ts";

const table = (what: string) => text(`${what}; a CSV file, by its path from this file`).optional();

/** All of it. */
export const measured = map("tables of what was measured, replayed (docs/measured.md)", {
  begins: text(
    "which time the run begins at, such as 2026-03-29T00:00:00Z (default: the first one in any of the tables)",
  ).optional(),
  timeZone: text("the IANA name of the time zone of times without an offset, such as Europe/Prague").optional(),
  outages: table("when links are up and down: time, from, to, state"),
  delays: table("how long messages take on links: time, from, to, and rtt_ms (there and back) or delay_ms (one way)"),
  losses: table("how many messages links lose: time, from, to, and loss (0 to 1) or loss_percent"),
  operations: table(
    "what people asked for: time, site, session, verb (put, get, delete, append, scan), key, size_bytes",
  ),
  keys: text("what is put before every key of the operations, such as state/ (default: nothing)").optional(),
});
