// The extended view (I6): what an upper knows of a cloudlet besides its mark. Six classes of data, each with a value, a number that says which
// observation of its class it is, and an age. Values are whole numbers, so that layers can join what they know of all below them:
// sums and maxima of whole numbers are the same in whatever order they are joined.
//
// Ages are lower bounds: what was on its way for a while is that much older, and no clock of another cloudlet is believed.
//
// Leaves out how a view travels (report.ts).

import { assert } from "../assert.ts";
import { isWellFormed } from "../replication/bytes.ts";

/** The classes, and how the values of several cloudlets join. */
export const viewClasses = [
  { name: "hardware", joins: "max", says: "State of the hardware: 0 well, 1 degraded, 2 failed." },
  { name: "power", joins: "sum", says: "Power drawn, watts." },
  { name: "states", joins: "sum", says: "Entries of the log of states." },
  { name: "alerts", joins: "sum", says: "Alerts that are open." },
  { name: "performance", joins: "max", says: "Utilisation of the busiest part, in thousandths." },
  { name: "metering", joins: "sum", says: "What tenants have used, in units of the meter." },
] as const satisfies readonly { readonly name: string; readonly joins: "sum" | "max"; readonly says: string }[];

/** A class. */
export type ViewClass = (typeof viewClasses)[number]["name"];

/** An observation as its cloudlet tells it. */
export interface Observation {
  /** Which one of its class this is, from 1, in all lives of the cloudlet. */
  readonly number: number;
  readonly value: number;
  /** Microseconds since it was made, at least. */
  readonly age: number;
  /** In words, such as the latest entry of a log; may be empty. */
  readonly text: string;
}

/** The latest observation of each class that there is one of. */
export type Observations = Readonly<Partial<Record<ViewClass, Observation>>>;

/** An observation as somebody keeps it: `madeAt` on the keeper's monotonic clock, at the latest. */
interface Kept {
  readonly number: number;
  readonly value: number;
  readonly text: string;
  readonly madeAt: number;
}

/** What is kept of one cloudlet. Immutable: each change makes another. */
export type KeptView = Readonly<Partial<Record<ViewClass, Kept>>>;

/** What all cloudlets of a part of the tree together come to, per class. */
export interface Joined {
  /** How many have told of it. */
  readonly count: number;
  readonly value: number;
  /** Of the oldest, at least. */
  readonly age: number;
}

/** Per class of which anybody has told. */
export type JoinedView = Readonly<Partial<Record<ViewClass, Joined>>>;

/** The next observation of a class, made here and now. */
export function observed(view: KeptView, of: ViewClass, value: number, text: string, now: number): KeptView {
  assert(Number.isSafeInteger(value) && value >= 0, "what is observed is a whole number");
  assert(isWellFormed(text), "what is said of it is a text");
  return { ...view, [of]: { number: (view[of]?.number ?? 0) + 1, value, text, madeAt: now } };
}

/**
 * A view with what was told of it. Of each class the later observation stays, so that reports that come twice, or one after another
 * that overtook it, take nothing back.
 */
export function told(view: KeptView, observations: Observations, now: number): KeptView {
  let result = view;
  for (const { name } of viewClasses) {
    const news = observations[name];
    const known = result[name];
    if (news === undefined || news.number < (known?.number ?? 0)) continue;
    const { number, value, text, age } = news;
    // Told of once more it may turn out to be older: the first report may have waited on its way.
    const madeAt = number === known?.number ? Math.min(known.madeAt, now - age) : now - age;
    result = { ...result, [name]: { number, value, text, madeAt } };
  }
  return result;
}

/** What is kept, with ages as of now. */
export function viewAt(view: KeptView, now: number): Observations {
  const result: Partial<Record<ViewClass, Observation>> = {};
  for (const { name } of viewClasses) {
    const kept = view[name];
    if (kept === undefined) continue;
    const { number, value, text, madeAt } = kept;
    result[name] = { number, value, age: now - madeAt, text };
  }
  return result;
}

/** The view of one cloudlet as a part of a joined one. */
export function joinedOf(observations: Observations): JoinedView {
  const result: Partial<Record<ViewClass, Joined>> = {};
  for (const { name } of viewClasses) {
    const one = observations[name];
    if (one !== undefined) result[name] = { count: 1, value: one.value, age: one.age };
  }
  return result;
}

/** Two parts of a tree that have no cloudlet in common, as one. */
export function join(a: JoinedView, b: JoinedView): JoinedView {
  const result: Partial<Record<ViewClass, Joined>> = { ...a };
  for (const { name, joins } of viewClasses) {
    const [x, y] = [a[name], b[name]];
    if (y === undefined) continue;
    if (x === undefined) result[name] = y;
    else {
      result[name] = {
        count: x.count + y.count,
        value: joins === "sum" ? x.value + y.value : Math.max(x.value, y.value),
        age: Math.max(x.age, y.age),
      };
    }
  }
  return result;
}
