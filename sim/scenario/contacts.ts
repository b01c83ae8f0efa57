/**
 * Contacts of links: when a link can be used, once or again and again. Between contacts it is down, and so it becomes faults of the kind
 * `linkDown`; when the load ends all links are up, as after any other fault.
 *
 * Leaves out contacts of clients that travel (resolve-travel.ts).
 */
import { type Duration, instant } from "../../model/units.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList } from "./resolving.ts";
import type { Fault } from "./scenario.ts";

/** A time in which a link is up, from the beginning or from that of a round, in microseconds. */
export interface Contact {
  readonly from: number;
  readonly until: number;
}

/** When a link is up. */
export interface LinkContacts {
  readonly a: string;
  readonly b: string;
  /** In order of time; none overlaps another one. */
  readonly contacts: readonly Contact[];
  /** After this time all begins again; null: it does not. */
  readonly round: Duration | null;
  /** Where the form says it. */
  readonly path: FormPath;
}

interface ContactForm {
  readonly from: string;
  readonly until: string;
}

/** More turns of all links together than a run is well served with. */
const TURNS_MAX = 100_000;

/** Contacts of a link as the form has them, at this path of it. */
export function resolveContacts(
  forms: readonly ContactForm[],
  repeat: string | undefined,
  path: FormPath,
  problems: ProblemList,
): Pick<LinkContacts, "contacts" | "round"> {
  let end = 0;
  const contacts = forms.map((form, index): Contact => {
    const place = [...path, "contacts", index];
    const [from, until] = [checkedQuantity("duration", form.from), checkedQuantity("duration", form.until)];
    if (from < end) {
      const remedy = "list contacts in order of time, and let one end before the next begins";
      const before = forms[index - 1]?.until ?? "0s";
      problems.add([...place, "from"], `expected a time not before ${before}, found ${form.from}; ${remedy}`);
    }
    if (until <= from) {
      const remedy = "let it last a while";
      problems.add([...place, "until"], `expected a time after from (${form.from}), found ${form.until}; ${remedy}`);
    }
    end = until;
    return { from, until };
  });
  if (repeat === undefined) return { contacts, round: null };
  const round = checkedQuantity("duration", repeat);
  if (round < end || round === 0) {
    const last = forms.at(-1)?.until ?? "0s";
    const message = `expected a time not before the end of the last contact (${last}), found ${repeat}; repeat later`;
    problems.add([...path, "repeat"], message);
    return { contacts, round: null };
  }
  return { contacts, round: round as Duration };
}

/** The times between contacts as faults, as long as the load lasts. Contacts after it change nothing. */
export function contactFaults(
  all: readonly LinkContacts[],
  duration: Duration,
  problems: ProblemList,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { a, b, contacts, round, path } of all) {
    const rounds = round === null ? 1 : Math.ceil(duration / round);
    if (faults.length + rounds * contacts.length > TURNS_MAX) {
      const most = `expected at most ${TURNS_MAX} contacts of all links before the load ends`;
      problems.add(path, `${most}, found more; let a round take longer, or the load end earlier`);
      return [];
    }
    const add = (from: number, until: number | null): void => {
      if (from >= duration || from === until) return;
      const isOpen = until === null || until >= duration;
      faults.push({
        kind: "linkDown",
        a,
        b,
        direction: "both",
        from: instant(from),
        until: isOpen ? null : instant(until),
      });
    };
    let down = 0;
    for (let turn = 0; turn < rounds; turn += 1) {
      for (const { from, until } of contacts) {
        const begin = turn * (round ?? 0);
        add(down, begin + from);
        down = begin + until;
      }
    }
    add(down, null);
  }
  return faults;
}
