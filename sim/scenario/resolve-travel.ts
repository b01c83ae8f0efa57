/**
 * How clients move, from the form to the scenario: moves and contacts become stops of one list, repeated until the load ends.
 *
 * A schedule that contradicts itself is a mistake of the scenario: two places at one time, or a time that never comes. Leaves out
 * whether the cloudlets hold what is asked for there (resolve-load.ts).
 */
import { bytes, type Duration, type Instant, instant } from "../../model/units.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList, type SiteNames } from "./resolving.ts";
import type { Scenario, Travel, TravelStop } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

type TravelForm = NonNullable<NonNullable<ScenarioForm["clients"]>[number]["travel"]>;
type MoveForm = Extract<TravelForm, { moves: unknown }>["moves"][number];
type ContactForm = Extract<TravelForm, { contacts: unknown }>["contacts"][number];

/** What a way is judged against. */
export interface TravelContext {
  readonly sites: SiteNames;
  readonly duration: Duration;
  readonly problems: ProblemList;
}

const BUNDLE_DEFAULT = "1MiB";
/** More turns of one client than any run needs. */
const STOPS_MAX = 100_000;

/** The way of a group. */
export function resolveTravel(form: TravelForm, path: FormPath, context: TravelContext): Travel {
  const once =
    "moves" in form ? stopsOfMoves(form.moves, path, context) : stopsOfContacts(form.contacts, path, context);
  const bundle = checkedQuantity("size", form.bundle ?? BUNDLE_DEFAULT);
  return {
    stops: form.repeat === undefined ? once : repeated(once, form.repeat, path, context),
    policy: form.past ?? "carry",
    bundle: bundle === 0 ? null : bytes(bundle),
  };
}

function stopsOfMoves(
  moves: readonly MoveForm[],
  path: FormPath,
  { sites, duration, problems }: TravelContext,
): TravelStop[] {
  let last = 0;
  return moves.map(({ at: written, to }, index) => {
    const place = [...path, "moves", index];
    sites.check(to, [...place, "to"]);
    const at = checkedQuantity("duration", written);
    if (at >= duration) {
      const remedy = "make one of them fit";
      problems.add([...place, "at"], `expected a time before the load ends (duration), found ${written}; ${remedy}`);
    } else if (at <= last) {
      const than = index === 0 ? "0s, where `at` says that they are" : "the move before";
      problems.add([...place, "at"], `expected a time after ${than}, found ${written}; list moves in order of time`);
    }
    last = at;
    return { at: instant(at), to };
  });
}

function stopsOfContacts(
  contacts: readonly ContactForm[],
  path: FormPath,
  { sites, duration, problems }: TravelContext,
): TravelStop[] {
  const stops: TravelStop[] = [];
  let end = -1;
  for (const [index, { with: to, from: writtenFrom, until: writtenUntil }] of contacts.entries()) {
    const place = [...path, "contacts", index];
    sites.check(to, [...place, "with"]);
    const from = checkedQuantity("duration", writtenFrom);
    const until = checkedQuantity("duration", writtenUntil);
    if (from >= duration) {
      const remedy = "make one of them fit";
      problems.add(
        [...place, "from"],
        `expected a time before the load ends (duration), found ${writtenFrom}; ${remedy}`,
      );
    } else if (from < end) {
      const before = contacts[index - 1] as ContactForm;
      const remedy = "a client is at one cloudlet at a time: let one end before the next begins";
      problems.add(
        [...place, "from"],
        `expected a time not before ${before.until}, when the contact with ${before.with} ends, found ${writtenFrom}; ${remedy}`,
      );
    }
    if (until <= from) {
      problems.add(
        [...place, "until"],
        `expected a time after from (${writtenFrom}), found ${writtenUntil}; let it last a while`,
      );
    }
    if (index === 0 && from > 0) stops.push({ at: instant(0), to: null });
    // A contact that begins when another one ends takes its place.
    if (from === end) stops.pop();
    stops.push({ at: instant(from), to }, { at: instant(until), to: null });
    end = until;
  }
  return stops;
}

/** The same again and again, as long as the load lasts. */
function repeated(
  once: readonly TravelStop[],
  repeat: string,
  path: FormPath,
  { duration, problems }: TravelContext,
): TravelStop[] {
  const period = checkedQuantity("duration", repeat);
  const last = once.at(-1)?.at ?? 0;
  const place = [...path, "repeat"];
  if (period < last || period === 0) {
    problems.add(
      place,
      `expected a time not before the last one (${last / 1_000_000}s), found ${repeat}; repeat later`,
    );
    return [...once];
  }
  if (Math.ceil(duration / period) * once.length > STOPS_MAX) {
    const remedy = "repeat later, or shorten the load";
    problems.add(place, `expected at most ${STOPS_MAX} turns in all, found more with ${repeat}; ${remedy}`);
    return [...once];
  }
  const stops: TravelStop[] = [];
  for (let begins = 0; begins < duration; begins += period) {
    for (const stop of once) {
      const at = begins + stop.at;
      if (at >= duration) break;
      // One round ends where the next begins.
      if (stops.at(-1)?.at === at) stops.pop();
      stops.push({ at: at as Instant, to: stop.to });
    }
  }
  return stops;
}

/**
 * What sessions that move are not combined with yet (docs/model.md, declared limits): each is a mistake of the scenario, at the
 * part that is easiest to leave out.
 */
export function checkTravel(scenario: Scenario, problems: ProblemList): void {
  const index = scenario.clients.findIndex(({ travel }) => travel !== undefined);
  if (index < 0 && scenario.travellers === undefined) return;
  const who = index < 0 ? "travellers" : `clients[${index}]`;
  const refuse = (path: FormPath, expected: string, found: string): void => {
    const remedy = "leave one of the two out";
    problems.add(path, `expected ${expected} where clients travel (${who}), found ${found}; ${remedy}`);
  };
  const { protocol, causality, plans, logs, detachments = [] } = scenario;
  if (protocol !== "causeway") refuse(["protocol"], "causeway, whose sessions can move,", protocol);
  if (causality !== "session") refuse(["causality"], "an order of each session", `one of each ${causality}`);
  if (plans !== undefined) refuse(["plans"], "one plan", `${plans.length + 1}`);
  if (detachments.length > 0) refuse(["detachments"], "nobody who is detached or closed", `${detachments.length}`);
  if (logs.retain !== null) refuse(["logs", "retain"], "logs that retain what they have", `${logs.retain}`);
  if (logs.checkpoint !== null)
    refuse(["logs", "checkpoint"], "no checkpoints", `one after ${logs.checkpoint} entries`);
  const collecting = scenario.topology.scopes.find(({ collect }) => collect !== undefined);
  if (collecting !== undefined)
    refuse(["scopes"], "scopes that keep their deletes", `${collecting.name}, which collects`);
}
