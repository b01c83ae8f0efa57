/**
 * The form of a `travel`: how the clients of a group, or a session of the script, move.
 *
 * Leaves out what fits together (resolve-travel.ts).
 */
import { list, map, quantity, text, variants, word } from "./pieces.ts";
import { site } from "./schema-sites.ts";

const rest = {
  repeat: quantity("duration", "after this time it all begins again (default: it does not)").optional(),
  past: word("carry (default): a session goes on where it comes; forgo: it drops what it has seen and begins anew", [
    "carry",
    "forgo",
  ]).optional(),
  bundle: quantity(
    "size",
    "the most that the records it takes along may weigh; 0B: it takes none (default 1MiB)",
  ).optional(),
};
/** Moves, or contacts. */
export const travel = variants(
  "a way",
  ["moves", "contacts"],
  [
    map("from cloudlet to cloudlet, one of which always serves it", {
      moves: list(
        "where to, in order of time",
        map("a move", {
          at: quantity("duration", "when"),
          to: site.meta({ description: "the cloudlet that serves it then" }),
        }),
      ).min(1, { error: "expected at least one move, found none" }),
      ...rest,
    }),
    map("in and out of reach of cloudlets", {
      contacts: list(
        "when which cloudlet is in reach, in order of time",
        map("a contact", {
          with: site.meta({ description: "the cloudlet that serves it" }),
          from: quantity("duration", "when it comes into reach"),
          until: quantity("duration", "when it is out of reach"),
        }),
      ).min(1, { error: "expected at least one contact, found none" }),
      ...rest,
    }),
  ],
);

/** A session of the script that moves. */
export const traveller = map("a session of the script that moves", {
  session: text("its name in the script"),
  at: site.optional().meta({ description: "the cloudlet where it begins; left out with contacts" }),
  travel: travel.meta({ description: "how it moves" }),
});
