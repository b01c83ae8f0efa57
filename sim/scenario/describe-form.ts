/**
 * docs/scenario.md, generated from the form: every section with its keys, what they hold and what they mean.
 *
 * Leaves out why one would write a scenario; the text around the tables is what the form itself cannot say.
 */
import { starterScenario } from "../cli/starter.ts";
import { scenarioJsonSchema } from "./json-schema.ts";
import { describeQuantity, type QuantityKind, quantityUnits } from "./quantity.ts";
import { spreadForms } from "./spread.ts";

/** The parts of JSON Schema that forms use. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

const kinds: readonly QuantityKind[] = ["duration", "offset", "size", "bandwidth", "share", "drift"];

/** The page as Markdown. */
export function describeForm(): string {
  const parts = [introduction, ...describeSections(scenarioJsonSchema(), "##")];
  parts.push(quantities(), closing, `\`\`\`yaml\n${starterScenario("example").trimEnd()}\n\`\`\`\n`);
  return parts.join("\n");
}

/** A table of a form's sections, and one for each section that has keys. */
export function describeSections(form: Schema, heading: string): string[] {
  const parts = [`${heading} Sections\n`, renderKeys(form, true)];
  for (const [name, section] of Object.entries(form.properties ?? {})) {
    const body = renderSection(section);
    if (body !== "") parts.push(`${heading} ${name}\n`, `${sentence(section.description ?? "")}\n`, body);
  }
  return parts;
}

const introduction = `# Scenario files

<!-- Generated from sim/scenario/schema.ts: npx tsx sim/scenario/docs.ts --write -->

A scenario is a YAML file that says what exists, what it is asked to do, what breaks, and what is expected.
\`causeway new NAME\` writes one to start from, \`causeway validate FILE\` checks one, \`causeway run FILE\` runs it.
Files above 4 MiB are refused. Editors that know the YAML language server complete and check a file whose first line is

\`\`\`yaml
# yaml-language-server: $schema=../schema/scenario.schema.json
\`\`\`
`;

const closing = `## Selections, templates, draws, settings

Where cloudlets are selected (\`at\`), \`all\`, \`roots\` and \`leaves\` stand for many; a cloudlet of that name wins.

A scope with \`{cloudlet}\` in its name and prefix is a template: one scope for each cloudlet that \`at\` selects. A flow
names it with the hole in it and is made for each of them; \`between: ancestors\` leads it edge by edge to the root,
\`between: upper\` to its upper alone. In
the keys of clients \`{cloudlet}\` is the client's own cloudlet.

A path leads to one value: keys and indices, or names of list elements, joined by dots. \`draw\` fills paths from the seed,
\`--set path=value\` from the command line; a value that is set is not drawn. Keys with dots go into brackets:
\`expectations.bounds["visibility.p99"]\`.

\`\`\`yaml
draw:
  links.defaults.loss: { from: 0%, to: 5% }
  scopes.users.resolver: { oneOf: [lww-hlc, return-them-all] }
\`\`\`

Aliases (\`*name\`) work as in YAML; merge keys (\`<<\`) and keys that are plain numbers are refused.

## An example
`;

function quantities(): string {
  const rows = kinds.map((kind) => [kind, quantityUnits(kind).join(", "), describeQuantity(kind)]);
  const text = `Every quantity has a unit, and is read exactly: what is not a whole number of microseconds, bytes, bits per second
or parts per million is refused. Where a distribution may stand: ${spreadForms}.
`;
  return ["## Quantities\n", text, markdownTable(["kind", "units", "is"], rows)].join("\n");
}

/** A section's keys; empty for one that is a single value. */
function renderSection(schema: Schema): string {
  const item = schema.items ?? schema;
  const variants = (item.anyOf ?? [item]).filter((variant) => variant.properties !== undefined);
  const values = valuesOf(schema);
  const of = schema.items !== undefined && variants.length > 0 ? "Each element is a map.\n\n" : "";
  if (variants.length > 1) {
    return variants.map((variant) => `**${sentence(variant.description ?? "")}**\n\n${renderKeys(variant)}`).join("\n");
  }
  const only = variants[0];
  if (only !== undefined) return of + renderKeys(only);
  return values === null ? "" : renderSection(values);
}

function valuesOf({ additionalProperties }: Schema): Schema | null {
  return typeof additionalProperties === "object" ? additionalProperties : null;
}

/** A table of a map's keys, and below it the tables of maps inside. */
function renderKeys(schema: Schema, isForm = false): string {
  const rows: string[][] = [];
  const inner: string[] = [];
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const needed = schema.required?.includes(key) === true ? "yes" : "";
    rows.push([`\`${key}\``, renderType(value), needed, value.description ?? ""]);
    const nested = value.items ?? value;
    // Sections have headings of their own, and what has a title is described elsewhere.
    if (isForm || value.title !== undefined) continue;
    if (nested.properties !== undefined) inner.push(`Keys of \`${key}\`:\n\n${renderKeys(nested)}`);
    else if (nested.anyOf?.every(({ properties }) => properties !== undefined) === true) {
      for (const variant of nested.anyOf) {
        inner.push(`An element of \`${key}\` that ${variant.description ?? ""}:\n\n${renderKeys(variant)}`);
      }
    }
  }
  return [markdownTable(["key", "holds", "needed", "meaning"], rows), ...inner].join("\n");
}

function renderType(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.$ref !== undefined) return "map";
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    const words = schema.enum.map((word) => `\`${String(word)}\``);
    return words.length > 6 ? "name" : words.join(", ");
  }
  if (schema.prefixItems !== undefined) return "two names";
  if (schema.items !== undefined) return `list of ${plural(schema.items)}`;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(renderType))].join(" or ");
  const { type } = schema;
  if (typeof type === "object") return type.map((one) => renderType({ type: one })).join(" or ");
  switch (type) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "`true`, `false`";
    case "object":
      return "map";
    default:
      return "anything";
  }
}

function plural(schema: Schema): string {
  const type = renderType(schema);
  if (type.startsWith("`")) return type;
  if (type.startsWith("list of ")) return type.replace("list of", "lists of");
  return type === "anything" ? "anything" : `${type}s`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A table as prettier would align it. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((name, column) => Math.max(name.length, ...escaped.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...escaped.map(line)].map((text) => `${text}\n`).join("");
}
