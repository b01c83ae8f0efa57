/**
 * docs/quirks.md, generated from the table of quirks (sim/quirks/table.ts) and that of the planted bugs that only they show.
 */
import { LOOKED_IN, quirkPlants } from "../plants/quirk-plants.ts";
import { type QuirkGroup, type QuirkRow, quirkTable } from "../quirks/table.ts";
import { showQuantity } from "./quantity.ts";

const groups: readonly (readonly [QuirkGroup, string])[] = [
  ["disk", "Disks"],
  ["timers", "Timers"],
  ["network", "Network"],
  ["process", "Processes"],
  ["clock", "Clocks"],
  ["clients", "Clients"],
];

/** The page as Markdown. */
export function describeQuirks(): string {
  const parts = [introduction];
  for (const [group, title] of groups) {
    const rows: readonly QuirkRow[] = quirkTable.filter((row) => row.group === group);
    const head = ["quirk", "what its mark says", "why that is legal", "rate"];
    const cells = rows.map((row) => [
      code(row.name),
      row.says,
      row.legal + noteOf(row),
      showQuantity("share", row.rate),
    ]);
    parts.push(`## ${title}\n`, table(head, cells));
  }
  const head = ["planted bug", "what is wrong", "shows under", "seen by", "runs with quirks", "runs without"];
  const cells = quirkPlants.map(({ name, says, needs, catches, seen }) => [
    code(name),
    says,
    needs.map(code).join(", "),
    code(catches),
    String(seen.withQuirks),
    seen.without === null ? `not in ${LOOKED_IN}` : String(seen.without),
  ]);
  parts.push(proof, table(head, cells), closing);
  return parts.join("\n");
}

function noteOf({ needsShortLogs, suspends }: QuirkRow): string {
  const notes: string[] = [];
  if (needsShortLogs === true) notes.push("not together with what needs whole logs (`logs` of a scenario)");
  if (suspends !== undefined) notes.push(`suspends ${suspends.properties.map(code).join(", ")}: ${suspends.why}`);
  return notes.length === 0 ? "" : `; ${notes.join("; ")}`;
}

function table(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((words) => words[column]?.length ?? 0)));
  const line = (words: readonly string[]): string =>
    `| ${words.map((word, column) => word.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return `${[line(head), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n")}\n`;
}

function code(word: string): string {
  return `\`${word}\``;
}

const introduction = `# Quirks

<!-- Generated from sim/quirks/table.ts: npx tsx sim/scenario/docs.ts --write -->

What surrounds a core may do much that it hardly ever does: confirm one entry of ten, fire a timer late, hand in two messages at one
instant. A core that is wrong only then is wrong for years before anybody sees it. A quirk makes one such thing common. All of them are
legal, as the duties of a core's caller have it (\`model/replication/io.ts\`), so a core has to keep every promise under all of them;
a fault (see [faults.md](faults.md)) is what breaks, a quirk is what is allowed.

The idea is FoundationDB's, whose code calls it BUGGIFY: sites in the code that behave badly on purpose in simulation, each on or off
for a whole run, and acting with its own probability where it is on (Zhou et al., SIGMOD 2021, section 4). There the sites are in the
product itself; here they are in the simulator around the core, which is the very code that would be deployed.

A scenario names them, or has them drawn from its seed, where none is on in two of ten runs, and each in one of four otherwise:

\`\`\`yaml
quirks: [short-sync, { quirk: late-timer, rate: 50% }]
\`\`\`

\`\`\`yaml
quirks: drawn
\`\`\`

\`--swarm\` draws them beside its faults. Each that is on draws from a random stream of its own; none is on unless something says so, and a
run without quirks draws nothing for them. They rest from the healing on, so that the budget for convergence is that of a usual world.
What makes messages of its own (\`reconnect\`, \`impatient-client\`) rests for 50 ms at the cloudlet where it has acted; among more than 32 cloudlets
for longer, with the square of their number, or a large world would have far more to carry than its scenario asks for.
When one acts that is a mark of its name, in the report as any other and to be asked for under \`sometimes\`, and a row of the trace. A
failing run shrinks by leaving quirks out, too.
`;

const proof = `## What they are good for

Planted bugs that hardly anything but quirks shows, looked for in small drawn scenarios, one after another, with quirks drawn for each and without
(\`sim/quirks/plant-world.ts\`; \`causeway run --plant\` takes their names):
`;

const closing = `They have found two real bugs of the core, both in how a snapshot is sent: parts in flight were sent again after another snapshot had taken
the place of theirs, and a batch of records passed over what waits for a snapshot, so that its acknowledgement was taken for the
snapshot's. \`model/replication/cuts-in-flight.test.ts\` keeps both out.
`;
