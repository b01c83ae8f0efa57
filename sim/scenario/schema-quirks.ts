/**
 * The form of the quirks that are on. What each does is said by the table of quirks (sim/quirks/table.ts).
 */
import * as z from "zod";
import { type QuirkName, quirkNames } from "../quirks/table.ts";
import { list, map, nameOr, quantity, word } from "./pieces.ts";
import { describeFound } from "./quantity.ts";

const names = quirkNames as readonly [QuirkName, ...QuirkName[]];

const quirk = nameOr(
  "a quirk, with its usual rate or another one",
  { thing: "quirks", noun: "a quirk", words: names },
  map("a quirk with a rate of its own", {
    quirk: word("which", names),
    rate: quantity("share", "how often it acts, of all occasions"),
  }),
);

/** All of them. */
export const quirks = z
  .union([z.literal("drawn"), list("quirks that are on", quirk)], {
    error: ({ input }) =>
      `expected drawn, or a list of quirks (see \`causeway list quirks\`), found ${describeFound(input)}`,
  })
  .meta({
    description:
      "rare but legal behaviour of what surrounds a core that is common in this run (docs/quirks.md); drawn: each by a coin of the seed (default: none)",
  });
