// What a scenario breaks, as episodes on a timeline: when each begins and ends within the run, in a few words. Kinds of
// faults are not known here one by one: a fault that begins says `from` or `at`, one that lasts says `until` or `after`, and
// the rest of its fields are its words. A member that was detached is away from then on until it has returned.

import { renderMicros } from "../cli/tables.ts";
import type { AbsenceEvent } from "../run/report.ts";
import type { Detachment, Fault, Scenario } from "../scenario/scenario.ts";

/** Something broken for a time, in microseconds of true time. `until` equals `from` for what has no length. */
export interface Episode {
  readonly text: string;
  readonly from: number;
  readonly until: number;
}

/** Episodes that are shown; more are counted in a last one. */
const EPISODES_MAX = 60;

/** The scenario's faults and detachments in the order in which they begin, as far as they lie in the run. */
export function episodesOf(
  { faults, detachments = [], duration }: Scenario,
  end: number,
  absences: readonly AbsenceEvent[] = [],
): readonly Episode[] {
  const all = [
    ...faults.map((fault) => episodeOf(fault, duration)),
    ...detachments.map((detachment) => absenceOf(detachment, end, absences)),
  ]
    .filter(({ from }) => from <= end)
    .map(({ text, from, until }) => ({ text, from, until: Math.min(until, end) }))
    .sort((a, b) => a.from - b.from || a.until - b.until);
  if (all.length <= EPISODES_MAX) return all;
  const rest = all.slice(EPISODES_MAX - 1);
  const until = rest.reduce((latest, episode) => Math.max(latest, episode.until), 0);
  const last = { text: `${rest.length} more faults`, from: (rest[0] as Episode).from, until };
  return [...all.slice(0, EPISODES_MAX - 1), last];
}

function episodeOf(fault: Fault, duration: number): Episode {
  const fields = new Map<string, unknown>(Object.entries(fault));
  const numberOf = (name: string): number | null => {
    const found = fields.get(name);
    return typeof found === "number" ? found : null;
  };
  const from = numberOf("from") ?? numberOf("at") ?? 0;
  const lasting = numberOf("after");
  // What says `until` and does not know when lasts until everything is healed.
  const until = fields.has("until") ? (numberOf("until") ?? duration) : lasting === null ? from : from + lasting;
  return { text: wordsOf(fields), from, until };
}

function absenceOf({ at, kind, decides, member }: Detachment, end: number, absences: readonly AbsenceEvent[]): Episode {
  const isRefused = absences.some(
    (event) => event.kind === "refused" && event.cloudlet === decides && event.member === member && event.at === at,
  );
  const back = absences.find((event) => event.kind === "returned" && event.member === member && event.at >= at);
  const text = `${decides} ${kind === "detach" ? "detaches" : "closes"} ${member}`;
  return { text: isRefused ? `${text} (refused)` : text, from: at, until: isRefused ? at : (back?.at ?? end) };
}

/** When, and what goes without saying. */
const unsaid: ReadonlySet<unknown> = new Set(["from", "until", "at", "after", null, "both", "keep"]);
const plain: ReadonlySet<string> = new Set(["a", "b", "cloudlet", "groups"]);

function wordsOf(fields: ReadonlyMap<string, unknown>): string {
  const words: string[] = [];
  for (const [name, value] of fields) {
    if (name === "kind") words.push(kindText(String(value)));
    else if (unsaid.has(name) || unsaid.has(value)) continue;
    else if (name === "entries") words.push(`(${String(value)} ${value === 1 ? "entry" : "entries"})`);
    else if (name === "by") words.push(`by ${valueText(value)}`);
    else words.push(plain.has(name) ? valueText(value) : `(${name}: ${valueText(value)})`);
  }
  return words.join(" ");
}

function valueText(value: unknown): string {
  // Every other number of a fault is a time.
  if (typeof value === "number") return `${value < 0 ? "-" : ""}${renderMicros(Math.abs(value))}`;
  if (!Array.isArray(value)) return typeof value === "string" ? value : JSON.stringify(value);
  const isNested = value.some((item) => Array.isArray(item));
  return value.map((item: unknown) => valueText(item)).join(isNested ? " | " : ", ");
}

/** `clockStep` as `clock step`. */
function kindText(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
