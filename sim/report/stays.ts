// Where clients that move are to be by their schedule, on a timeline: a row for each cloudlet that a group comes to, a bar for
// each stay. Between bars they are out of reach, or elsewhere. Leaves out when a session was really let in, which is a matter
// of the run: a client leaves once its last request is answered, and waits where a process is down.

import type { Scenario, Travel } from "../scenario/scenario.ts";
import { renderMicros } from "../cli/tables.ts";
import { coordinate, element, escaped } from "./markup.ts";
import { across, field, nameOfBar, rowHeight, type Time, timelineSection } from "./plot.ts";

/** The stays of a group, or of a session of the script, at one cloudlet, in order, as far as they lie in the run. */
export interface Stays {
  readonly text: string;
  readonly spans: readonly (readonly [from: number, until: number])[];
}

/** Rows that are shown; more are left out, and counted. */
const ROWS_MAX = 40;

/** All groups that move, in their order, then such sessions of the script, and within each the cloudlets in the order in which it comes to them. */
export function staysOf({ clients, travellers = [], duration }: Scenario): readonly Stays[] {
  return [
    ...clients.flatMap(({ name, at, travel }) => (travel === undefined ? [] : staysOn(name, at, travel, duration))),
    ...travellers.flatMap(({ session, at, travel }) => staysOn(session, [at], travel, duration)),
  ];
}

function staysOn(name: string, at: readonly string[], travel: Travel, duration: number): readonly Stays[] {
  const spans = new Map<string, [number, number][]>();
  let place: string | null = at.join(", ");
  let since = 0;
  for (const { at: when, to } of [...travel.stops, { at: duration, to: null }]) {
    const until = Math.min(when, duration);
    if (place !== null && until > since) {
      const known = spans.get(place) ?? [];
      // A stop where it already is changes nothing.
      const last = known.at(-1);
      if (last?.[1] === since) last[1] = until;
      else known.push([since, until]);
      spans.set(place, known);
    }
    place = to;
    since = until;
  }
  return [...spans].map(([cloudlet, list]) => ({ text: `${name} at ${cloudlet}`, spans: list }));
}

/** The timeline; nothing where nobody moves. */
export function renderStays(scenario: Scenario, time: Time): string {
  const all = staysOf(scenario);
  if (all.length === 0) return "";
  const rows = all.slice(0, ROWS_MAX);
  const more = all.length > rows.length ? ` ${all.length - rows.length} more rows are left out.` : "";
  const x = across(time);
  const bottom = field.top + rows.length * rowHeight + 4;
  const drawn = rows.map(({ text, spans }, row) => {
    const top = field.top + row * rowHeight;
    const bars = spans.map(([from, until]) =>
      element(
        "rect",
        {
          class: "stay",
          x: coordinate(x(from)),
          y: top + 3,
          width: coordinate(Math.max(x(until) - x(from), 1)),
          height: rowHeight - 6,
        },
        element("title", {}, escaped(`${text}, ${renderMicros(from)} to ${renderMicros(until)}`)),
      ),
    );
    const [first] = spans as readonly [readonly [number, number]];
    return element("g", {}, ...bars, nameOfBar(text, x(first[0]), x(spans.at(-1)?.[1] ?? 0), top + 14));
  });
  const says = `Where sessions are to be by their schedule, until the load ends.${more}`;
  return timelineSection({ id: "stays", title: "Clients that move", says }, time, bottom, drawn);
}
