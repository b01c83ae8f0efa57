// Contact plans, as tables and as ION has them: what becomes of them, moment by moment, and what is refused at which place.

import fc from "fast-check";
import { expect, test } from "vitest";
import { micros } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { mapOfContacts, type PlannedContact } from "../../workloads/importing/contact-plan.ts";
import { Fidelity } from "../../workloads/importing/fidelity.ts";
import type { MapEvent } from "../../workloads/importing/schedule.ts";
import { importText } from "./import-text.ts";
import { topologyFile } from "./write-topology.ts";

function imported(text: string) {
  const outcome = importText(text);
  if (outcome.kind === "refused") throw new Error(JSON.stringify(outcome.problems));
  expect(outcome.format).toBe("contacts");
  return outcome;
}

function said(text: string): readonly string[] {
  const outcome = importText(text, { format: "contacts" });
  return outcome.kind === "imported"
    ? ["imported"]
    : outcome.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

test("a table of contacts: what is no contact is a fault, in both directions", () => {
  const { topology, notes } = imported(
    "from,to,start_s,end_s,rate_bps,delay_ms,who\nbase,drone,0,20,2000000,2,me\ndrone,field,35,45.5,,,\nbase,drone,60,80,1000000,2,me\n",
  );
  expect(topology.cloudlets).toEqual([
    { name: "drone" },
    { name: "base", upper: "drone" },
    { name: "field", upper: "drone" },
  ]);
  expect(topology.links).toEqual([
    { a: "drone", b: "base", forth: { delay: 2_000, bandwidth: 2_000_000 } },
    { a: "drone", b: "field", forth: { delay: 5_000 } },
  ]);
  const text = topologyFile("plan", topology, { source: "plan.csv", format: "contacts", notes });
  expect(text.match(/linkDown.*/g)).toEqual([
    "linkDown: [base, drone], from: 20s, until: 1min }",
    "linkDown: [base, drone], from: 80s }",
    "linkDown: [drone, field], from: 0us, until: 35s }",
    "linkDown: [drone, field], from: 45500ms }",
  ]);
  expect(notes.map(({ kind, what }) => `${kind} ${what}`)).toEqual(
    expect.arrayContaining([
      "dropped a column that contacts do not have",
      "assumed a rate that changes: the greatest counts",
    ]),
  );
});

test("a plan of ION: contacts lead one way, and ranges count for the way back from the lesser number", () => {
  const { topology, notes } = imported(
    [
      "1 1 ''",
      "s",
      "# the orbiter",
      "a contact +1 +360 1 1 100000",
      "a contact +10 +20 1 2 125000 0.9",
      "a contact +10 +20 2 1 125000",
      "@ +100",
      "a contact +5 +30 2 3 1000",
      "a range +1 +360 1 2 1",
      "a range +1 +360 2 3 0.25",
    ].join("\n"),
  );
  expect(topology.links).toEqual([
    { a: "site-2", b: "site-1", forth: { delay: 1_000_000, bandwidth: 1_000_000 } },
    { a: "site-2", b: "site-3", forth: { delay: 250_000, bandwidth: 8_000 } },
  ]);
  const text = topologyFile("plan", topology, { source: "plan.ionrc", format: "contacts", notes });
  expect(text.match(/linkDown.*/g)).toEqual([
    "linkDown: [site-1, site-2], from: 0us, until: 10s }",
    "linkDown: [site-1, site-2], from: 20s }",
    "linkDown: [site-2, site-3], direction: forth, from: 0us, until: 105s }",
    "linkDown: [site-2, site-3], direction: forth, from: 130s }",
    "linkDown: [site-3, site-2], direction: forth, from: 0us }",
  ]);
  expect(notes.filter(({ kind }) => kind === "dropped").map(({ what, count }) => `${count} ${what}`)).toEqual([
    "2 a command that says nothing of contacts",
    "1 a contact of a node with itself, or one of which nothing is known",
    "1 how sure a contact is: all take place",
  ]);
});

test.each([
  [
    "from,to,start_s\na,b,1\n",
    ["1:1: expected the columns from, to, start_s, end_s, found no end_s; is this a table of contacts?"],
  ],
  ["from,to,start_s,end_s\n", ["1:1: expected a contact between two nodes, found none; list some"]],
  [
    "from,to,start_s,end_s\na,a,1,2\na,,1,2\na,b,5,5\na,b,-1,2\na,b,0,1h\n",
    [
      "2:3: expected another node than a, found it again; name the other one",
      "3:3: expected the name of a node, found nothing; name one",
      "4:7: expected a time after start_s (5), found 5; let it end later",
      '5:5: expected seconds from 0 up to a year, without a unit, found "-1"; mend it',
      '6:7: expected seconds from 0 up to a year, without a unit, found "1h"; mend it',
    ],
  ],
  [
    "from,to,start_s,end_s,rate_bps\na,b,1,2,0\na,b,3,4,5,\na,b,1,5,2,5\n",
    [
      "4:11: expected no more cells than the 5 of the first line, found 6; put cells with a comma in quotes, and write decimals with a point",
      '2:9: expected bits per second from 1 up, without a unit, found "0"; mend it',
    ],
  ],
  [
    "a contact +5 +5 1 2 1000\na contact 2026/11/27-10:00:00 +9 1 2 1\na contact +1 +2 1\nd contact +1 1 2\na range +0 +9 1 2 far",
    [
      "1:14: expected a time after +5, found +5; let it end later",
      "2:11: expected a time such as +3600, in seconds, found the date 2026/11/27-10:00:00; count from when the plan begins",
      "3:1: expected a contact START STOP FROM TO RATE, found 3 of these five; add the others",
      '4:1: expected commands that add, found "d contact"; list what holds in the end',
      '5:19: expected seconds that light takes, from 0 up, found "far"; mend it',
    ],
  ],
])("what makes no plan is refused, each with its place: %j", (text, problems) => {
  expect(said(text)).toEqual(problems);
});

const names = ["a", "b", "c"] as const;
const plans = fc.array(
  fc
    .tuple(fc.nat(2), fc.integer({ min: 1, max: 2 }), fc.nat(9), fc.integer({ min: 1, max: 6 }))
    .map(([from, more, start, long]): PlannedContact => {
      return {
        from: names[from]!,
        to: names[(from + more) % 3]!,
        start,
        end: start + long,
        rate: null,
        delay: micros(1),
      };
    }),
  { minLength: 1, maxLength: 12 },
);

/** Whether a message gets from one node to another at this moment, by the faults. */
function isUp(events: readonly MapEvent[], from: number, to: number, moment: number): boolean {
  return !events.some((event) => {
    if (event.kind !== "linkDown") throw new Error(`found ${event.kind}`);
    const isOfThem =
      (event.a === from && event.b === to) || (event.isOneWay !== true && event.a === to && event.b === from);
    return isOfThem && event.from <= moment && moment < (event.until ?? Infinity);
  });
}

/** Whether at every moment just those get through who have contact. */
function isRight(planned: readonly PlannedContact[], change: (event: MapEvent) => readonly MapEvent[]): boolean {
  const outcome = mapOfContacts(planned, new Fidelity());
  if (outcome.kind === "refused") return false;
  const { nodes, edges, events = [] } = outcome.map;
  const numberOf = (name: string): number => nodes.findIndex(({ id }) => id === name);
  const changed = events.flatMap(change);
  return edges.every(({ a, b }) =>
    [[a, b] as const, [b, a] as const].every(([from, to]) =>
      Array.from({ length: 17 }, (_, moment) => moment).every((moment) => {
        const has = planned.some((contact) => {
          const isOfThem = numberOf(contact.from) === from && numberOf(contact.to) === to;
          return isOfThem && contact.start <= moment && moment < contact.end;
        });
        return isUp(changed, from, to, moment) === has;
      }),
    ),
  );
}

prop("at every moment just those get through to each other who have contact", plans, (planned) => {
  expect(isRight(planned, (event) => [event])).toBe(true);
});

test("a direction that is taken to be like the other one would be noticed", () => {
  const one: readonly PlannedContact[] = [{ from: "a", to: "b", start: 2, end: 4, rate: null, delay: null }];
  expect(isRight(one, (event) => [event])).toBe(true);
  const alike = (event: MapEvent): readonly MapEvent[] =>
    event.kind === "linkDown" && event.a === 0 ? [{ ...event, isOneWay: undefined } as never] : [];
  expect(isRight(one, alike)).toBe(false);
});
