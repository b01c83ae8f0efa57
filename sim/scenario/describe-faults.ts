/**
 * docs/faults.md, generated from the table of faults (sim/faults/table.ts) and from the form, which knows the parameters.
 */
import { type FaultGroup, type FaultRow, faultTable } from "../faults/table.ts";
import { scenarioJsonSchema } from "./json-schema.ts";

/** The parts of JSON Schema that a fault's form uses. */
interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const groups: readonly (readonly [FaultGroup, string])[] = [
  ["network", "Network"],
  ["disk", "Disks"],
  ["process", "Processes"],
  ["clock", "Clocks"],
  ["membership", "Membership"],
];

/** The page as Markdown. */
export function describeFaults(): string {
  const form = scenarioJsonSchema() as Schema;
  const variants = form.properties?.["faults"]?.items?.anyOf ?? [];
  const parts = [introduction];
  for (const [group, title] of groups) {
    const rows: readonly FaultRow[] = faultTable.filter((row) => row.group === group);
    parts.push(`## ${title}\n`, table(rows, variants));
  }
  parts.push(closing);
  return parts.join("\n");
}

function table(rows: readonly FaultRow[], variants: readonly Schema[]): string {
  const head = ["fault", "parameters", "what it models", "what breaks first", "suspends", "seen by the mark"];
  const cells = rows.map((row) => {
    const variant = variants.find(({ properties }) => properties?.[row.name] !== undefined);
    const becomes = row.becomes === undefined ? "" : `; written out as ${row.becomes.map(code).join(" or ")}`;
    return [
      `${code(row.name)}: ${row.says}${becomes}`,
      parameters(variant ?? {}),
      row.models,
      row.threatens.map(code).join(", "),
      (row.suspends?.properties ?? []).map(code).join(", "),
      row.marks.map(code).join(", "),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((words) => words[column]?.length ?? 0)));
  const line = (words: readonly string[]): string =>
    `| ${words.map((word, column) => word.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return `${[line(head), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n")}\n`;
}

function parameters({ properties = {}, required = [] }: Schema): string {
  return Object.entries(properties)
    .filter(([name]) => !common.has(name))
    .map(([name, schema]) => {
      const isFree = required.includes(name) ? "" : ", may be left out";
      return `${code(name)} (${holds(schema)}${isFree}): ${schema.description ?? ""}`;
    })
    .join("; ");
}

// Said once for all of them, above the tables.
const common: ReadonlySet<string> = new Set(["from", "until", "direction"]);

function holds(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.map(String).join(" or ");
  if (schema.prefixItems !== undefined) return "two names";
  if (schema.anyOf !== undefined) return "a name, a list, all, roots or leaves";
  if (schema.items?.items !== undefined) return "lists of names";
  if (schema.items !== undefined) return "list of names";
  return schema.type === "string" ? "name" : (schema.type ?? "");
}

function code(text: string): string {
  return `\`${text}\``;
}

const introduction = `# Faults

<!-- Generated from sim/faults/table.ts and sim/scenario/schema-faults.ts: npx tsx sim/scenario/docs.ts --write -->

What a scenario can break: every kind with its parameters, what it stands for outside of simulators, the properties that break
first where a core does not cope (they hold in every run of this repository that does not plant a bug), and the mark that shows in a
report that it really happened. Faults are a list in the scenario, each with its times, so that a run's faults can be read,
committed and taken away one by one. Times lie within the load; what still goes on when it ends is healed then.

What lasts begins at \`from\` and ends at \`until\`, or with the load where that is left out. A fault of a link takes a \`direction\`:
\`both\` (default), \`forth\` (from the first end to the second) or \`back\`. Some kinds make a promise impossible to keep: it is suspended, and the run says so. For \`durability\` that are exactly the records
that a disk lost (a \`crash\` only with \`disk: lose\`); \`rtc\` and \`rtc-arb\` are not expected where clocks are wrong unless the scenario
asks for them. Quantities have units, and ranges that [scenario.md](scenario.md) names. Faults overlap freely unless both cannot be true: a link
is up when the last fault that holds it down is over, delays and drifts add up, and of shares, losses and bandwidths the worst counts.
Two pauses of one process and two speeds of one disk at once are refused.

Some kinds are written out as others when the scenario is read. What they leave open is drawn from the scenario's seed, from a stream
that the fault's place in the list names, so that one fault more does not change what another one draws.
`;

const closing = `## What is broken elsewhere in a scenario

- Links that always lose, double, hold back or damage messages: \`links\`.
- Clocks that are wrong from the beginning: \`clocks\`. Slow disks and processors: \`disks\`, \`cpus\`.
- A cloudlet that gets another upper while records are on their way: \`plans\`.
- Members that somebody decides to leave behind: \`detachments\`.
- Clients that move and are out of reach: \`travel\`.

## What no fault does

No fault changes a message into another valid one, no disk returns an entry that was never written to it, and no process does
anything but what its core says: there are no traitors.
`;
