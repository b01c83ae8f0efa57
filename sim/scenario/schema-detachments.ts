/**
 * The form of a decision about a member that is away.
 *
 * Leaves out what fits together (resolve-detachments.ts).
 */
import { map, quantity, variants } from "./pieces.ts";
import { site } from "./schema-sites.ts";

/** Detaches, or closes. */
export const detachment = variants(
  "a decision",
  ["detach", "close"],
  [
    map("a member is away, and deletes wait for it no longer; what it writes is held back until it has returned", {
      at: quantity("duration", "when it is decided"),
      decides: site.meta({ description: "who is told: the highest member of a stream that collects" }),
      detach: site.meta({ description: "who is away" }),
    }),
    map("a member is gone for good: the same, and what it alone had is waited for no longer", {
      at: quantity("duration", "when it is decided"),
      decides: site.meta({ description: "who is told: that member, or one that receives what the lost one wrote" }),
      close: site.meta({ description: "who is gone" }),
    }),
  ],
);
