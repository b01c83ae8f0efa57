/**
 * A scenario as the text of a file that a person reads: a line for each short section, a line for each element of a list.
 *
 * Leaves out comments; what reading the text gives is the scenario again (form-of.ts).
 */
import { formOf } from "./form-of.ts";
import type { FormPart } from "./form-of-topology.ts";
import type { Scenario } from "./scenario.ts";

/** The text of a scenario file. */
export function writeScenario(scenario: Scenario): string {
  return renderForm(formOf(scenario));
}

/** A form as YAML. */
export function renderForm(form: FormPart): string {
  return Object.entries(form)
    .map(([key, value]) => `${renderSection(key, value)}\n`)
    .join("");
}

/** What a line may hold; a list that is longer gets a line for each element. */
const LINE_MAX = 100;

function renderSection(key: string, value: unknown): string {
  const line = `${key}: ${flow(value)}`;
  if (line.length <= LINE_MAX && !(Array.isArray(value) && value.length > 1)) return line;
  if (Array.isArray(value)) return [`${key}:`, ...value.map((item) => `  - ${flow(item)}`)].join("\n");
  if (typeof value !== "object" || value === null) return line;
  const inner = Object.entries(value).map(([name, of]) =>
    renderSection(name, of)
      .split("\n")
      .map((text) => `  ${text}`)
      .join("\n"),
  );
  return [`${key}:`, ...inner].join("\n");
}

// Scenario forms are a few levels deep (form-of-topology.ts bounds nested names).
function flow(value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  const entries = Object.entries(value as object).map(([key, of]) =>
    of === null ? `${scalar(key)}: null` : `${scalar(key)}: ${flow(of)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Texts that YAML takes for texts when they stand without quotes: words, and quantities with their units. */
const PLAIN = /^([A-Za-z_][\w./-]*|-?[0-9]+(\.[0-9]+)?(us|ms|s|min|h|d|B|kB|KiB|MB|MiB|GB|GiB|[kMG]?bit|%|ppm))$/;
/** Words that are no texts in some version of YAML. */
const RESERVED = /^(null|true|false|yes|no|on|off|y|n)$/i;

function scalar(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}
