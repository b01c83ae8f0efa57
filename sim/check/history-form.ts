/**
 * The form of a line of our own histories as a schema, for editors and for programs that record: schema/history.schema.json.
 *
 * Weaker than the reader on purpose: what lines must not say together (versions told apart in two ways, an end before its start) the
 * reader finds (model/consistency/formats/jsonl.ts).
 */
import * as z from "zod";

const name = z.union([z.string(), z.number()]);
const value = z.union([z.string(), z.number(), z.null()]);
const note = z.unknown().optional().meta({ description: "anything; no reader looks at it" });

const header = z
  .strictObject({
    "causeway-history": z.literal(1).meta({ description: "version of this format" }),
    timeUnit: z
      .enum(["ns", "us", "ms", "s", "steps"])
      .optional()
      .meta({ description: "unit of start and end; us when absent. steps: only their order means something" }),
    init: z
      .enum(["implicit", "explicit", "none"])
      .optional()
      .meta({ description: "where first values come from; implicit when absent" }),
    zero: value.optional().meta({ description: "a value that means 'as in the beginning', beside null" }),
    replaces: z
      .boolean()
      .optional()
      .meta({ description: "whether writes say all that they replace; those that say nothing then replace nothing" }),
    note,
  })
  .meta({ description: "the first line; may be absent" });

const common = {
  session: name.meta({ description: "who asked; lines of a session stand in its order" }),
  key: name,
  outcome: z
    .enum(["ok", "failed", "unknown"])
    .optional()
    .meta({ description: "ok when absent; failed did not happen, unknown may have" }),
  start: z.number().optional().meta({ description: "when the session asked, in true time" }),
  end: z.number().optional().meta({ description: "when it was answered; absent where it may still run" }),
  replica: name.optional().meta({ description: "who answered" }),
  transaction: name.optional().meta({ description: "lines of one session with the same name, side by side" }),
  seen: z
    .string()
    .optional()
    .meta({ description: "a mark of what the replica had applied; equal marks say equal sets of updates" }),
  final: z.boolean().optional().meta({ description: "made after everything was delivered" }),
  note,
};
const version = z.string().meta({ description: "a name of its own for what is written, where values repeat" });
const replaces = z
  .array(z.union([z.string(), z.number(), z.null()]))
  .optional()
  .meta({ description: "names of the versions that this write replaces; values where versions have no names" });

const read = z.strictObject({
  ...common,
  op: z.literal("read"),
  value: value.optional().meta({ description: "what was read; null for nothing" }),
  version: z
    .union([version, z.null()])
    .optional()
    .meta({ description: "the name of the version that was read; null for what was there in the beginning" }),
  values: z
    .array(value)
    .optional()
    .meta({ description: "all that was read: siblings, or elements of a list in order" }),
  versions: z.array(version).optional().meta({ description: "as many as values" }),
});
const write = z.strictObject({ ...common, op: z.literal("write"), value, version: version.optional(), replaces });
const append = z.strictObject({
  ...common,
  op: z.literal("append"),
  value: value.meta({ description: "the element that is added" }),
  version: version.optional(),
  replaces,
});
const remove = z.strictObject({
  ...common,
  op: z.literal("delete"),
  value: z.null().optional(),
  version,
  replaces,
});

/** One line: the header, or an operation. */
export const historyLineForm = z
  .union([header, read, write, append, remove])
  .meta({ description: "one line of a history as causeway writes it" });
