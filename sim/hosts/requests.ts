// What a client of a group asks next: an action by weight, a key by popularity, a value of the stated size that no other
// write of the run has. Everything that does not change from draw to draw is made once per group. Leaves out when a client
// asks (client.ts).

import { assert, unreachable } from "../../model/assert.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Rng } from "../../model/random.ts";
import { uniformChooser, weightedChooser, zipfChooser, type Chooser } from "../kernel/zipf.ts";
import type { ClientAction, KeyChoice } from "../scenario/scenario.ts";

/** Draws requests for the clients of one group. */
export interface RequestSource {
  /**
   * @param self the name of the client's cloudlet, which stands for `{self}` in prefixes
   * @param serial unique among all requests of the run: what makes a value distinct
   */
  next(self: string, serial: number, rng: Rng): ClientOp;
}

const SELF = "{self}";

/** One string object per key, made when first drawn: maps find a known string faster than an equal one. */
interface KeyNames {
  readonly prefix: string;
  readonly names: string[];
}

/** What actions share: tables of popularity, of which one over many keys is large, and the names of keys. */
export class Popularities {
  readonly #choosers = new Map<string, Chooser>();
  readonly #names = new Map<string, KeyNames>();

  /** The names of keys with this prefix. */
  namesOf(prefix: string): KeyNames {
    let names = this.#names.get(prefix);
    if (names === undefined) {
      names = { prefix, names: [] };
      this.#names.set(prefix, names);
    }
    return names;
  }

  /** The chooser of keys 0 to `count` - 1. */
  of({ count, popularity }: KeyChoice): Chooser {
    const theta = popularity.kind === "zipf" ? popularity.thetaPercent : -1;
    const name = `${count}/${theta}`;
    let chooser = this.#choosers.get(name);
    if (chooser === undefined) {
      chooser = theta === -1 ? uniformChooser(count) : zipfChooser(count, theta);
      this.#choosers.set(name, chooser);
    }
    return chooser;
  }
}

/** Prepares the draws of one group. */
export function requestSource(mix: readonly ClientAction[], popularities: Popularities): RequestSource {
  assert(mix.length > 0, "clients that have nothing to ask");
  const which = weightedChooser(mix.map((action) => action.weight));
  const keys = mix.map((action) => (action.kind === "scan" ? null : keySource(action.keys, popularities)));
  return {
    next(self, serial, rng) {
      const index = mix.length === 1 ? 0 : which.choose(rng);
      const action = mix[index] as ClientAction;
      const key = keys[index];
      switch (action.kind) {
        case "put": {
          const value = distinctValue(serial, action.valueSize);
          if (action.ttl === undefined) return { kind: "put", key: key!(self, rng), value };
          return { kind: "put", key: key!(self, rng), value, ttl: action.ttl };
        }
        case "resolve":
          return { kind: "resolve", key: key!(self, rng), value: distinctValue(serial, action.valueSize) };
        case "add":
          return { kind: "add", key: key!(self, rng), amount: drawAmount(rng) };
        case "insert":
        case "remove":
          return { kind: action.kind, key: key!(self, rng), element: `e${rng.intInclusive(ELEMENT_COUNT - 1)}` };
        case "append":
          return { kind: "append", key: key!(self, rng), entry: distinctValue(serial, 0) };
        case "delete":
          return { kind: "delete", key: key!(self, rng) };
        case "get":
          return { kind: "get", key: key!(self, rng) };
        case "scan":
          return { kind: "scan", prefix: action.prefix.replaceAll(SELF, self), limit: action.limit };
        default:
          return unreachable(action);
      }
    },
  };
}

/** Few, so that removals find what they are to take. */
const ELEMENT_COUNT = 8;
const AMOUNT_MAX = 10;
const QUARTER = 250_000;

/** 1 to 10, every fourth time below zero. */
function drawAmount(rng: Rng): number {
  const amount = 1 + rng.intInclusive(AMOUNT_MAX - 1);
  return rng.chance(QUARTER) ? -amount : amount;
}

/** A text of `size` ASCII characters that contains the serial; longer only where the serial itself is. */
export function distinctValue(serial: number, size: number): string {
  return `v${serial}`.padEnd(size, ".");
}

/** The same request, what it writes filled up with dots to so many bytes where it is less. */
export function filledUp(op: ClientOp, size: number): ClientOp {
  const filled = (text: string): string => text.padEnd(text.length + size - Buffer.byteLength(text), ".");
  if (op.kind === "put") return { ...op, value: filled(op.value) };
  return op.kind === "append" ? { ...op, entry: filled(op.entry) } : op;
}

function keySource(choice: KeyChoice, popularities: Popularities): (self: string, rng: Rng) => string {
  const chooser = popularities.of(choice);
  const isOwn = choice.prefix.includes(SELF);
  const shared = isOwn ? null : popularities.namesOf(choice.prefix);
  // By cloudlet, where each has keys of its own.
  const namesOf = new Map<string, KeyNames>();
  return (self, rng) => {
    let names = shared ?? namesOf.get(self);
    if (names === undefined) {
      names = popularities.namesOf(choice.prefix.replaceAll(SELF, self));
      namesOf.set(self, names);
    }
    return nameOf(names, chooser.choose(rng));
  };
}

function nameOf({ prefix, names }: KeyNames, index: number): string {
  if (index >= NAMED_KEYS_MAX) return prefix + String(index);
  while (names.length <= index) names.push("");
  let name = names[index] as string;
  if (name === "") {
    name = prefix + String(index);
    names[index] = name;
  }
  return name;
}

/** Beyond this, keys are so many that each is drawn seldom; remembering them would only cost memory. */
const NAMED_KEYS_MAX = 65_536;
