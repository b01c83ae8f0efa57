// An imported topology as a scenario file that runs as it is: the tree and its links, one scope that goes everywhere, and a few people who
// write and read in it, for a person to go on from. Sweeps take its topology and links alone.

import type { ImportedTopology } from "../../workloads/importing/become-topology.ts";
import type { FidelityNote } from "../../workloads/importing/fidelity.ts";
import { topologyForm } from "../scenario/form-of-topology.ts";
import { renderForm } from "../scenario/write.ts";

/** What stands above the sections, so that a reader knows what he has. */
export interface Origin {
  /** The document, as it was named. */
  readonly source: string;
  readonly format: string;
  readonly notes: readonly FidelityNote[];
}

/** So many cloudlets have people: the root, and others spread over the list. */
const PEOPLE_MAX = 5;

/** The text of the file. */
export function topologyFile(name: string, { cloudlets, links }: ImportedTopology, origin: Origin): string {
  const flows = cloudlets.flatMap(({ name: lower, upper }) =>
    upper === undefined ? [] : [{ scope: "state", upper, lower, direction: "both" as const }],
  );
  const form = {
    causeway: 1,
    name,
    seed: 1,
    ...topologyForm({ cloudlets, scopes: [{ name: "state", prefix: "state/" }], flows, links }, []),
    clients: [
      {
        name: "people",
        at: spread(cloudlets.map((cloudlet) => cloudlet.name)),
        think: "250ms",
        mix: [
          { put: "state/", keys: 20 },
          { get: "state/", keys: 20, weight: 3 },
        ],
      },
    ],
    duration: "10s",
    settle: "60s",
  };
  return `${header(origin)}${renderForm(form)}`;
}

/** What was done, a line each: for the head of the file, and for people who import. */
export function noteLines(notes: readonly FidelityNote[]): readonly string[] {
  return notes.map(({ kind, what, count, examples }) => {
    const where =
      examples.length === 0 ? "" : ` (${examples.join("; ")}${count > examples.length ? "; and so on" : ""})`;
    return `${kind}, ${count === 1 ? "once" : `${count} times`}: ${what}${where}`;
  });
}

function header({ source, format, notes }: Origin): string {
  const lines = [`Imported from ${source}, read as ${format}.`, "", ...noteLines(notes)];
  // A name may hold what ends a comment line.
  const shown = lines.map((line) => `# ${line.replace(/[\r\n\u0085\u2028\u2029]/gu, " ")}`.trimEnd());
  return `${shown.join("\n")}\n\n`;
}

function spread(names: readonly string[]): readonly string[] {
  const count = Math.min(PEOPLE_MAX, names.length);
  return Array.from(
    { length: count },
    (_, at) => names[count === 1 ? 0 : Math.round((at * (names.length - 1)) / (count - 1))] as string,
  );
}
