/**
 * The form of aliveness: how cloudlets watch those below them, what is observed, and what people say.
 *
 * Leaves out what fits together (resolve-aliveness.ts).
 */
import { viewClasses } from "../../model/control/view.ts";
import { count, list, map, quantity, spread, text, word } from "./pieces.ts";
import { site, sites } from "./schema-sites.ts";

type Names = [(typeof viewClasses)[number]["name"], ...(typeof viewClasses)[number]["name"][]];
const classNames = viewClasses.map(({ name }) => name) as unknown as Names;

/** Values are whole numbers up to this. */
const VALUE_MAX = 1e9;

const source = map("what is observed of some cloudlets, each class of each of them by itself", {
  at: sites,
  classes: list("classes of the extended view (default: all six)", word("a class of the extended view", classNames))
    .min(1, { error: "expected at least one class, found none; leave it out for all six" })
    .optional(),
  every: spread("how long from one observation to the next"),
  least: count("the least value (default 0)", 0, VALUE_MAX).optional(),
  most: count("the largest value (default 100)", 0, VALUE_MAX).optional(),
});

const confirmation = map("what a person says of a cloudlet below", {
  at: quantity("duration", "when it is said; where its process is down, once it has started again"),
  by: site.meta({ description: "where it is said: a cloudlet above the one that it is about" }),
  about: site.meta({ description: "whom it is about" }),
  says: word("what; clear takes back all that is known of it there", ["failed", "disconnected", "fenced", "clear"]),
  why: text("why, in words").optional(),
});

/** The section `aliveness`. */
export const aliveness = map("marks of who is alive, and the extended view (docs/control.md#marks)", {
  period: quantity("duration", "how often a cloudlet reports while its upper can be reached (default 10s)").optional(),
  slowest: quantity("duration", "how seldom it reports where that lasts out of reach (default 1h)").optional(),
  silentAfter: quantity("duration", "nothing heard for so long is silence (default 30s)").optional(),
  calmFor: quantity("duration", "nothing that has waited for so long is calm (default 5s)").optional(),
  backlogAge: quantity("duration", "what waits for longer is a backlog (default 5s)").optional(),
  fencing: map("what fences a cloudlet by itself", {
    on: list(
      "which evidence (default: all four)",
      word("a kind of evidence", ["cloned", "wentBack", "wireRefused", "policy"]),
    ).optional(),
    schemaMin: count("software with an older operation schema is fenced (default: none is)", 1, 1_000_000).optional(),
  }).optional(),
  observe: list("what is observed", source).optional(),
  confirmations: list("what people say", confirmation).optional(),
});
