// Contact plans of ION, NASA's implementation of delay-tolerant networking, as its ionadmin reads them (ionrc): a command per line, of which
//
//   a contact START STOP FROM TO RATE [CONFIDENCE]   contact in one direction, bytes per second
//   a range START STOP ONE OTHER SECONDS             how long light takes; also for the way back where ONE is less than OTHER and nobody
//                                                    says another one for it
//   @ TIME                                           what later times are counted from
//
// are read, and other ones that configure a node are dropped. Times are +seconds; those of calendars are refused, since nothing says when the
// plan begins. Commands that change or delete what was said before are refused, too: a list of what holds in the end is wanted.

import { micros } from "../../model/units.ts";
import { mapOfContacts, type PlannedContact } from "./contact-plan.ts";
import type { Fidelity } from "./fidelity.ts";
import { BANDWIDTH_MAX, DELAY_MAX, measureIn, type MeasureRule, notMeasured } from "./measures.ts";
import { type ImportProblem, type MapOutcome } from "./outcome.ts";

const MILLION = 1_000_000;
const bare = (says: string, factor: number, most: number): MeasureRule => {
  return { says, units: new Map(), bare: factor, least: 0, most };
};
const timeRule = bare("a time such as +3600, in seconds", MILLION, DELAY_MAX);
const rateRule = bare("bytes per second from 0 up", 8, BANDWIDTH_MAX);
const farRule = bare("seconds that light takes, from 0 up", MILLION, DELAY_MAX);

interface Word {
  readonly text: string;
  readonly column: number;
}

/** Does a line of it add a contact? */
export function looksLikeIon(text: string): boolean {
  return /^[ \t]*a[ \t]+contact[ \t]/mu.test(text);
}

/** Reads it. */
export function readIon(text: string, fidelity: Fidelity): MapOutcome {
  const problems: ImportProblem[] = [];
  const contacts: PlannedContact[] = [];
  const ranges = new Map<string, number>();
  let begins = 0;
  for (const [at, line] of text.split(/\r?\n/u).entries()) {
    const words = [...line.matchAll(/\S+/gu)].map((found): Word => ({ text: found[0], column: found.index + 1 }));
    const refuse = ({ column }: Word, message: string): void => {
      problems.push({ line: at + 1, column, message });
    };
    const number = (word: Word, rule: MeasureRule): number => {
      const value = measureIn(word.text, rule);
      if (value === null) refuse(word, notMeasured(word.text, rule));
      return value ?? Number.NaN;
    };
    const time = (word: Word): number => {
      if (/^\d{4}\/\d{1,2}\/\d{1,2}-/u.test(word.text)) {
        refuse(word, `expected ${timeRule.says}, found the date ${word.text}; count from when the plan begins`);
        return Number.NaN;
      }
      return begins + Math.round(number(word, timeRule));
    };
    const [command, what, ...rest] = words;
    if (command === undefined || command.text.startsWith("#")) continue;
    const kind = `${command.text} ${what?.text ?? ""}`;
    if (command.text === "@" && what !== undefined) {
      begins = time(what);
    } else if (/^[cd] (?:contact|range)$/u.test(kind)) {
      refuse(command, `expected commands that add, found "${kind}"; list what holds in the end`);
    } else if (kind !== "a contact" && kind !== "a range") {
      fidelity.note("dropped", "a command that says nothing of contacts", command.text);
    } else if (rest.length < 5) {
      const form = kind === "a contact" ? "START STOP FROM TO RATE" : "START STOP ONE OTHER SECONDS";
      refuse(command, `expected ${kind} ${form}, found ${rest.length} of these five; add the others`);
    } else {
      const [from, until, one, other, last] = rest as [Word, Word, Word, Word, Word];
      if (kind === "a range") {
        const far = Math.round(number(last, farRule));
        const key = JSON.stringify([one.text, other.text]);
        if (ranges.has(key) && ranges.get(key) !== far)
          fidelity.note("assumed", "a delay that changes: the greatest counts");
        ranges.set(key, Math.max(ranges.get(key) ?? 0, far));
        time(from);
        time(until);
      } else if (one.text === other.text || from.text === "-1" || until.text === "0") {
        fidelity.note(
          "dropped",
          "a contact of a node with itself, or one of which nothing is known",
          `${one.text} to ${other.text}`,
        );
      } else {
        const [start, end] = [time(from), time(until)];
        if (end <= start) refuse(until, `expected a time after ${from.text}, found ${until.text}; let it end later`);
        const rate = Math.round(number(last, rateRule));
        if (rate === 0)
          fidelity.note("assumed", "a rate of 0 says nothing: there is no limit", `${one.text} to ${other.text}`);
        contacts.push({ from: one.text, to: other.text, start, end, rate: rate === 0 ? null : rate, delay: null });
        if (rest.length > 5) fidelity.note("dropped", "how sure a contact is: all take place");
      }
    }
  }
  if (problems.length > 0) return { kind: "refused", problems };
  fidelity.note("converted", "bytes per second, to bits per second", null, contacts.length);
  fidelity.note("converted", "seconds that light takes, to microseconds", null, ranges.size);
  return mapOfContacts(
    contacts.map((contact) => {
      const far = farOf(contact, ranges);
      return far === null ? contact : { ...contact, delay: micros(far) };
    }),
    fidelity,
  );
}

function farOf({ from, to }: PlannedContact, ranges: ReadonlyMap<string, number>): number | null {
  const own = ranges.get(JSON.stringify([from, to]));
  if (own !== undefined) return own;
  // A range counts for the way back only where it is said from the lesser number.
  return Number(to) < Number(from) ? (ranges.get(JSON.stringify([to, from])) ?? null) : null;
}
