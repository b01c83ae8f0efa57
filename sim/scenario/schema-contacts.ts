/**
 * The form of contacts of a link: when it is up. Leaves out what fits together (contacts.ts).
 */
import { list, map, quantity } from "./pieces.ts";

/** Keys of a link in `links.list`. */
export const linkContacts = {
  contacts: list(
    "when it is up, in order of time; at all other times it is down, until the load ends (default: it is always up)",
    map("a contact", {
      from: quantity("duration", "when it comes up"),
      until: quantity("duration", "when it is down again"),
    }),
  ).optional(),
  repeat: quantity("duration", "after this time its contacts begin again (default: they do not)").optional(),
};
