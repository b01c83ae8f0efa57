/**
 * The scenario's form as JSON Schema (draft 2020-12), for editors: completion, hovers, and underlined mistakes.
 *
 * Weaker than the reader on purpose: it knows forms, not ranges or names.
 */
import * as z from "zod";
import { scenarioForm } from "./schema.ts";

/** JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema that editors read; deterministic. */
export function scenarioJsonSchema(): JsonSchema {
  return { title: "A scenario of causeway", ...toJsonSchema(scenarioForm) };
}

/** Any of our schemas as JSON Schema of what is written, not of what it is read into. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  // Checks in code have no JSON form; their metadata carries type and pattern.
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
