// All states that single cloudlets were found in, each with a number, and where each input leads from each of them. A core is a
// function of its state, an input and its clock, so the real core takes every step of its own once: worlds that differ elsewhere
// look it up. What makes two states of a cloudlet one is `nameOf`.

import type { CloudletId } from "../../model/ids.ts";
import type { Input } from "../../model/replication/io.ts";
import { encodeEntry } from "../../model/replication/entry-bytes.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import { Contents, contentText } from "./content.ts";
import { Messages } from "./messages.ts";
import { clockAt, Process, type ProcessFrame } from "./process.ts";
import { inputKinds, type Outcome, type Site } from "./site.ts";

/** Who is told of each step of a core that was taken for the first time. */
export interface StepWatcher {
  takes(site: number, input: number, outcome: Outcome): void;
}

/** How closely it is watched what makes states one. */
export interface SitesOptions {
  /** Called with two states of one name: the number of the one that stays, and another that led there. */
  readonly onSame?: (kept: number, other: Site) => void;
}

const outcomesFirst = 1 << 12;

/** Interned states of cloudlets. */
export class Sites {
  readonly messages = new Messages();
  /** By number. */
  readonly contents = new Contents();
  watcher: StepWatcher | null = null;
  readonly #frame: ProcessFrame;
  readonly #options: SitesOptions;
  readonly #sites: Site[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #entryTexts = new WeakMap<StoredEntry, string>();
  // Open addressing: site, input and the number of the outcome plus 1, three numbers to a place.
  #places = new Int32Array(outcomesFirst * 4);
  #outcomes: Outcome[] = [];

  constructor(frame: ProcessFrame, options: SitesOptions = {}) {
    this.#frame = frame;
    this.#options = options;
  }

  /** How many there are. */
  get count(): number {
    return this.#sites.length;
  }

  /** How many steps the core has taken for all of them. */
  get stepCount(): number {
    return this.#outcomes.length;
  }

  /** The state of this number. */
  at(number: number): Site {
    return this.#sites[number] as Site;
  }

  /** A cloudlet whose first process starts, before any way is open. */
  begin(cloudlet: CloudletId): Outcome {
    const process = new Process(this.#frame, cloudlet, null);
    process.restart();
    return this.#outcomeOf(process, cloudlet);
  }

  /** Where this input leads from this state. */
  outcome(site: number, input: number): Outcome {
    const count = this.#outcomes.length;
    const outcome = this.alone(site, input);
    if (this.#outcomes.length > count) this.watcher?.takes(site, input, outcome);
    return outcome;
  }

  /** The same, of which nobody is told. */
  alone(site: number, input: number): Outcome {
    const places = this.#places;
    const mask = (places.length >>> 2) - 1;
    let at = mix(site, input) & mask;
    for (;;) {
      const place = at * 4;
      const known = places[place + 2] as number;
      if (known === 0) break;
      if (places[place] === site && places[place + 1] === input) return this.#outcomes[known - 1] as Outcome;
      at = (at + 1) & mask;
    }
    const outcome = this.stepped(this.at(site), input);
    this.#remember(site, input, outcome);
    return outcome;
  }

  /** The same, worked out anew from a state that need not be one of those that are kept. */
  stepped(site: Site, input: number): Outcome {
    const process = new Process(this.#frame, site.cloudlet, site);
    const about = Math.floor(input / 8);
    const kind = input % 8;
    if (kind === inputKinds.restart) process.restart();
    else if (kind === inputKinds.request) process.request(about);
    else if (kind === inputKinds.stored) process.store();
    else if (kind === inputKinds.fired) process.fire(about);
    else if (kind === inputKinds.adopt) process.adopt(about);
    else process.feed(this.#inputOf(kind, about));
    return this.#outcomeOf(process, site.cloudlet);
  }

  #inputOf(kind: number, about: number): Input {
    if (kind === inputKinds.receive) {
      const { from, message } = this.messages.at(about);
      return { kind: "receive", from, message };
    }
    return { kind: kind === inputKinds.linkUp ? "linkUp" : "linkDown", peer: about as CloudletId };
  }

  #outcomeOf(process: Process, cloudlet: CloudletId): Outcome {
    const sends = process.sends.map(({ to, message }) => this.messages.numberOf(cloudlet, to, message));
    return { next: this.#numberOf(process.site()), sends, events: process.events };
  }

  #numberOf(site: Site): number {
    const name = this.nameOf(site);
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      this.#options.onSame?.(known, site);
      return known;
    }
    const number = this.#sites.length;
    this.#sites.push(site);
    this.#numbers.set(name, number);
    this.contents.push(name);
    return number;
  }

  /** All that decides what this cloudlet does from now on. */
  nameOf(site: Site): string {
    // What is on a disk the core knows; the order only matters to a process that starts from it.
    const disk = `${this.#frame.restarts ? this.#entriesOf(site.durable) : ""}+${this.#entriesOf(site.unsynced)}`;
    const life = `${site.cloudlet}.${site.incarnation}.${site.plan}`;
    const state = site.core.fingerprint({ now: clockAt(site.firings) });
    return `${life}/${state}/${disk}/${site.armed.join()}`;
  }

  #entriesOf(entries: readonly StoredEntry[]): string {
    let text = "";
    for (const entry of entries) text += `${this.#textOf(entry)},`;
    return text;
  }

  #textOf(entry: StoredEntry): string {
    const known = this.#entryTexts.get(entry);
    if (known !== undefined) return known;
    const made = contentText(Buffer.from(encodeEntry(entry)).toString("latin1"));
    this.#entryTexts.set(entry, made);
    return made;
  }

  #remember(site: number, input: number, outcome: Outcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length * 2 > this.#places.length >>> 2) this.#grow();
    this.#place(site, input, this.#outcomes.length);
  }

  #place(site: number, input: number, known: number): void {
    const places = this.#places;
    const mask = (places.length >>> 2) - 1;
    let at = mix(site, input) & mask;
    while (places[at * 4 + 2] !== 0) at = (at + 1) & mask;
    places[at * 4] = site;
    places[at * 4 + 1] = input;
    places[at * 4 + 2] = known;
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 2] !== 0) this.#place(old[at] as number, old[at + 1] as number, old[at + 2] as number);
    }
  }
}

function mix(site: number, input: number): number {
  let hash = Math.imul(site ^ Math.imul(input, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
