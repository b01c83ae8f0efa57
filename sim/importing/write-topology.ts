// An imported topology as a scenario file that runs as it is: the tree and its links, one scope that goes everywhere, and a few people who
// write and read in it, for a person to go on from. Sweeps take its topology and links alone.

import type { ImportedTopology } from "../../workloads/importing/become-topology.ts";
import type { MapEvent } from "../../workloads/importing/schedule.ts";
import type { FidelityNote } from "../../workloads/importing/fidelity.ts";
import { type FormPart, topologyForm } from "../scenario/form-of-topology.ts";
import { showQuantity } from "../scenario/quantity.ts";
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
export function topologyFile(name: string, { cloudlets, links, events }: ImportedTopology, origin: Origin): string {
  const flows = cloudlets.flatMap(({ name: lower, upper }) =>
    upper === undefined ? [] : [{ scope: "state", upper, lower, direction: "both" as const }],
  );
  const duration = durationOf(events);
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
    ...(events.length > 0 && { faults: events.map((event) => faultForm(event, duration)) }),
    duration: time(duration),
    settle: "60s",
  };
  return `${header(origin)}${renderForm(form)}`;
}

/** Microseconds. So much load at least, and so much after the last event. */
const LOAD_MIN = 10_000_000;

function durationOf(events: readonly MapEvent<string>[]): number {
  return events.reduce((most, event) => {
    const last =
      event.kind === "crash" ? event.at + (event.after ?? 0) : Math.max(event.from, event.until ?? event.from);
    return Math.max(most, last + LOAD_MIN);
  }, LOAD_MIN);
}

function faultForm(event: MapEvent<string>, duration: number): FormPart {
  if (event.kind === "crash")
    return { crash: event.site, at: time(event.at), for: time(event.after ?? duration - event.at) };
  const span = { from: time(event.from), ...(event.until !== null && { until: time(event.until) }) };
  if (event.kind === "isolate") return { isolate: event.site, ...span };
  if (event.kind === "linkDown") {
    return { linkDown: [event.a, event.b], ...(event.isOneWay === true && { direction: "forth" }), ...span };
  }
  const { delay, jitter, bandwidth, loss } = event.worse;
  return {
    degrade: [event.a, event.b],
    direction: "forth",
    ...(delay !== null && { delay: time(delay) }),
    ...(jitter !== null && { jitter: time(jitter) }),
    ...(loss !== null && { loss: showQuantity("share", loss) }),
    ...(bandwidth !== null && { bandwidth: showQuantity("bandwidth", bandwidth) }),
    ...span,
  };
}

function time(micros: number): string {
  return showQuantity("duration", micros);
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
