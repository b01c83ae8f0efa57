/**
 * The form of one fault. What each kind means is said by the table of faults (sim/faults/table.ts); what must fit together is
 * checked in resolve-faults.ts, and composites are turned into others in expand-faults.ts.
 */
import { wireVersion } from "../../model/replication/wire.ts";
import * as z from "zod";
import { faultNames, faultSays } from "../faults/table.ts";
import { count, list, map, quantity, spread, variants, word } from "./pieces.ts";
import { describeFound } from "./quantity.ts";
import { site, sites } from "./schema-sites.ts";

const from = quantity("duration", "when it begins");
const at = quantity("duration", "when");
const span = { from, until: quantity("duration", "when it ends (default: with the load)").optional() };
const back = quantity("duration", "how long until it starts again");

const link = z
  .tuple([site, site], {
    error: ({ input }) => `expected the link's ends as [name, name], found ${describeFound(input)}`,
  })
  .meta({ description: "the link's two ends" });
const direction = word("both (default), or only forth (first end to second) or back", [
  "both",
  "forth",
  "back",
]).optional();
const version = count("the highest version of the byte form that it knows from then on", 1, wireVersion);
const how = word("crash: their processes die and start again with their disks; cut (default): their links are down", [
  "crash",
  "cut",
]).optional();

/** One fault. */
export const fault = variants("a fault", faultNames, [
  map(faultSays("linkDown"), { linkDown: link, direction, ...span }),
  map(faultSays("partition"), {
    partition: list("groups of cloudlets; those in no group form one more", list("a group", site)),
    ...span,
  }),
  map(faultSays("isolate"), { isolate: site, ...span }),
  map(faultSays("cutSubtree"), { cutSubtree: site, ...span }),
  map(faultSays("ring"), { ring: list("cloudlets in the order of the ring, at least three", site), ...span }),
  map(faultSays("bridge"), {
    bridge: site.meta({ description: "the cloudlet between them" }),
    between: list("the two groups", list("a group", site)),
    ...span,
  }),
  map(faultSays("flapping"), {
    flapping: link,
    down: spread("how long it is down each time"),
    up: spread("how long it is up in between"),
    direction,
    ...span,
  }),
  map(faultSays("swizzle"), {
    swizzle: sites,
    from,
    until: quantity("duration", "when the last one is back; by half of that time all are cut off"),
  }),
  map(faultSays("degrade"), {
    degrade: link,
    direction,
    loss: quantity("share", "messages that are lost on top").optional(),
    duplication: quantity("share", "messages that arrive twice on top").optional(),
    reordering: quantity("share", "messages held back on top").optional(),
    reorderDelay: quantity("duration", "how long those are held back").optional(),
    corruption: quantity("share", "messages that arrive with flipped bits on top").optional(),
    delay: quantity("duration", "added to the latency of every message").optional(),
    jitter: quantity("duration", "added as well, drawn evenly from zero to this").optional(),
    bandwidth: quantity("bandwidth", "bits per second at most").optional(),
    ...span,
  }),
  map(faultSays("clog"), { clog: link, direction, ...span }),
  map(faultSays("lyingFsync"), { lyingFsync: site, ...span }),
  map(faultSays("bitRot"), {
    bitRot: site,
    at,
    entries: count("how many entries are damaged, a checkpoint counted as one (default 1)", 1, 1e6).optional(),
  }),
  map(faultSays("slowDisk"), { slowDisk: site, sync: spread("how long until written data is durable"), ...span }),
  map(faultSays("fullDisk"), { fullDisk: site, ...span }),
  map(faultSays("restoreBackup"), {
    restoreBackup: site,
    of: quantity("duration", "when that backup was taken"),
    at: quantity("duration", "when the process dies"),
    for: back,
  }),
  map(faultSays("cloneDisk"), {
    cloneDisk: site.meta({ description: "whose disk is copied, at that moment" }),
    to: site.meta({ description: "whose process comes back with the copy" }),
    at: quantity("duration", "when the process dies"),
    for: back,
  }),
  map(faultSays("crash"), {
    crash: site,
    at,
    for: back,
    disk: word(
      "keep (default): what was synced; torn: that, and as much of the rest as the disk had written; lose: nothing",
      ["keep", "lose", "torn"],
    ).optional(),
    when: word("writesPending: not at that moment but at the first one after it at which a write is not durable yet", [
      "writesPending",
    ]).optional(),
    version: count(
      "other software: the highest version of the byte form that it knows from then on",
      1,
      wireVersion,
    ).optional(),
  }),
  map(faultSays("pause"), {
    pause: site,
    clock: word("whether the machine's clocks go on meanwhile (default: runs)", ["runs", "stands"]).optional(),
    ...span,
  }),
  map(faultSays("upgrade"), { upgrade: site, version, at, for: back }),
  map(faultSays("downgrade"), { downgrade: site, version, at, for: back }),
  map(faultSays("clockStep"), { clockStep: site, at, by: quantity("offset", "how far, may be negative") }),
  map(faultSays("clockDrift"), {
    clockDrift: site,
    by: quantity("drift", "how much faster than usual, may be negative; what overlaps adds up"),
    ...span,
  }),
  map(faultSays("clockSlew"), {
    clockSlew: site,
    at,
    by: quantity("offset", "how far it is brought, may be negative"),
    rate: quantity("drift", "how much too fast or too slow it runs meanwhile (default 500ppm)").optional(),
  }),
  map(faultSays("clockStrobe"), {
    clockStrobe: site,
    by: quantity("offset", "how far there, and then back"),
    every: quantity("duration", "how long from one jump to the next"),
    ...span,
  }),
  map(faultSays("farFuture"), {
    farFuture: site,
    at,
    by: quantity("duration", "how far, more than the clock bound (default 1d)").optional(),
    for: quantity("duration", "after how long it jumps back (default: never)").optional(),
  }),
  map(faultSays("churn"), {
    churn: sites,
    up: spread("how long each is there"),
    down: spread("how long each is away"),
    how,
    ...span,
  }),
  map(faultSays("massReturn"), { massReturn: sites, how, ...span }),
  map(faultSays("cascade"), {
    cascade: site.meta({ description: "the highest cloudlet that fails; layers are counted from it" }),
    every: quantity("duration", "how long from one layer to the next"),
    for: quantity("duration", "how long each layer is away"),
    first: word("which layer goes first (default: bottom)", ["bottom", "top"]).optional(),
    how,
    from,
  }),
]);
