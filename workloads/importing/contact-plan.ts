// A contact plan as a map: who has contact with whom is joined by an edge, and what is not a contact is a time in which it is down, in each
// direction by itself where these differ. What all tables and lists of contacts become (contact-table.ts, ion.ts).
//
// 1. Contacts of one direction that overlap or touch are one.
// 2. A direction that never has a contact is down until the load ends, as all are after their last contact.
// 3. Of a direction whose contacts have other rates, or whose distance changes, the greatest rate and the greatest delay count.

import { type Duration, micros } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";
import { type MapEdge, type MapNode, type MapWay, unknownWay } from "./map.ts";
import { beginning, type MapOutcome, refused } from "./outcome.ts";
import type { MapEvent } from "./schedule.ts";

/** A contact as a source has it: from one node to another, and not back. Microseconds from the beginning. */
export interface PlannedContact {
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
  /** Bits per second; null: not said. */
  readonly rate: number | null;
  /** Null: not said. */
  readonly delay: Duration | null;
}

interface Direction {
  readonly contacts: { start: number; end: number }[];
  readonly rate: number | null;
  readonly delay: Duration | null;
}

/** Makes the map. Nodes are those of contacts, in the order in which they first come up. */
export function mapOfContacts(planned: readonly PlannedContact[], fidelity: Fidelity): MapOutcome {
  if (planned.length === 0) return refused(beginning, "expected a contact between two nodes, found none; list some");
  const numbers = new Map<string, number>();
  for (const { from, to } of planned) {
    for (const id of [from, to]) if (!numbers.has(id)) numbers.set(id, numbers.size);
  }
  const nodes = [...numbers.keys()].map((id): MapNode => ({ id, label: id, place: null, upper: null }));
  const ways = new Map<string, PlannedContact[]>();
  for (const contact of planned) {
    const key = JSON.stringify([contact.from, contact.to]);
    const known = ways.get(key);
    if (known === undefined) ways.set(key, [contact]);
    else known.push(contact);
  }
  const edges: MapEdge[] = [];
  const events: MapEvent[] = [];
  const isDone = new Set<readonly PlannedContact[]>();
  for (const contacts of ways.values()) {
    const [{ from, to }] = contacts as [PlannedContact];
    const [a, b] = [numbers.get(from) as number, numbers.get(to) as number];
    const others = ways.get(JSON.stringify([to, from]));
    // Of two directions the one that comes up first makes the edge.
    isDone.add(contacts);
    if (others !== undefined && isDone.has(others)) continue;
    const forth = directionOf(contacts, fidelity);
    const back = others === undefined ? null : directionOf(others, fidelity);
    if (back === null) fidelity.note("read", "contacts of two nodes in one direction alone", `${from} to ${to}`);
    edges.push({ a, b, forth: wayOf(forth, back), back: wayOf(back ?? forth, forth), km: null });
    const [there, away] = [downs(forth.contacts), downs(back?.contacts ?? [])];
    if (JSON.stringify(there) === JSON.stringify(away)) {
      events.push(...there.map((span): MapEvent => ({ kind: "linkDown", a, b, ...span })));
      continue;
    }
    events.push(...there.map((span): MapEvent => ({ kind: "linkDown", a, b, isOneWay: true, ...span })));
    events.push(...away.map((span): MapEvent => ({ kind: "linkDown", a: b, b: a, isOneWay: true, ...span })));
  }
  fidelity.note("converted", "times between contacts, to faults: a link is down then", null, events.length);
  return { kind: "map", map: { name: null, nodes, edges, events } };
}

function directionOf(planned: readonly PlannedContact[], fidelity: Fidelity): Direction {
  const contacts: { start: number; end: number }[] = [];
  for (const { start, end, from, to } of planned.toSorted((one, other) => one.start - other.start)) {
    const last = contacts.at(-1);
    if (last === undefined || start > last.end) contacts.push({ start, end });
    else {
      if (start < last.end) fidelity.note("repaired", "contacts that overlap: they are one", `${from} to ${to}`);
      last.end = Math.max(last.end, end);
    }
  }
  const greatest = (values: readonly (number | null)[], what: string): number | null => {
    const known = values.filter((value) => value !== null);
    if (new Set(known).size > 1) fidelity.note("assumed", `${what} that changes: the greatest counts`);
    return known.length === 0 ? null : known.reduce((most, value) => Math.max(most, value));
  };
  const delay = greatest(
    planned.map((contact) => contact.delay),
    "a delay",
  );
  return {
    contacts,
    rate: greatest(
      planned.map(({ rate }) => rate),
      "a rate",
    ),
    delay: delay === null ? null : micros(delay),
  };
}

/** What one direction has; what nothing says of it is as in the other one. */
function wayOf({ rate, delay }: Direction, other: Direction | null): MapWay {
  return { ...unknownWay, bandwidth: rate ?? other?.rate ?? null, delay: delay ?? other?.delay ?? null };
}

function downs(
  contacts: readonly { readonly start: number; readonly end: number }[],
): readonly { readonly from: Duration; readonly until: Duration | null }[] {
  const spans: { from: Duration; until: Duration | null }[] = [];
  let down = 0;
  for (const { start, end } of contacts) {
    if (start > down) spans.push({ from: micros(down), until: micros(start) });
    down = end;
  }
  return [...spans, { from: micros(down), until: null }];
}
