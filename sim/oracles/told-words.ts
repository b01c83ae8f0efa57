// What stands of what was confirmed of cloudlets, cloudlet by cloudlet, as the truth has it: who really said what, and which records of
// it have really come where. Whatever somebody says takes the place of all that he has: 1. b says something, and a, whose form c cannot
// read, says something else in its place. 2. Both have come to c, which knows of neither any more. 3. c takes everything back: not what b
// had said, which still stands with whoever has heard of it alone. What records say of
// themselves is looked at for their names alone, and for what a fence without a person claims.
//
// Leaves out judging marks by it (mark-rules.ts).

import { type ConfirmationKind, confirmationKinds, readConfirmation } from "../../model/control/confirmations.ts";
import type { Confirmation } from "../../model/control/confirmations.ts";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { PlansInForce } from "./plans-in-force.ts";
import type { SpokenForms } from "./spoken-forms.ts";
import type { Truth } from "./truth.ts";

/** Something that somebody said of a cloudlet. */
export interface Word {
  readonly by: CloudletId;
  readonly life: Incarnation;
  readonly about: CloudletId;
  readonly says: Confirmation["says"];
  /** Whether a person said so; where none did, why it claims to be said. */
  readonly isPersons: boolean;
  readonly claims: Confirmation["why"] | null;
  readonly evidence: readonly string[];
  /** The records that carry it, as the truth numbers them. */
  readonly records: number[];
  /** What stood at its writer and could be read there, and what that took the place of. */
  readonly replaces: ReadonlySet<Word>;
}

interface Said {
  readonly about: CloudletId;
  readonly says: Confirmation["says"];
}

/** All words of a run. */
export class ToldWords {
  readonly #truth: Truth;
  readonly #forms: SpokenForms;
  readonly #plans: PlansInForce;
  readonly #of = new Map<CloudletId, Word[]>();
  readonly #byText = new Map<string, Word>();
  /** What people have said and nothing was written of yet. */
  readonly #said: Said[][];

  /**
   * @param forms whoever cannot read a word has not been told
   * @param plans the word of somebody who is not above the cloudlet any more counts for nothing; what it took the place of does not come back
   */
  constructor(truth: Truth, forms: SpokenForms, plans: PlansInForce) {
    this.#truth = truth;
    this.#forms = forms;
    this.#plans = plans;
    this.#said = truth.topology.cloudlets.map(() => []);
  }

  /** A person says something there. */
  said(by: CloudletId, said: Said): void {
    this.#said[by]?.push(said);
  }

  /** A process begins: what its last life had not written it never will. */
  started(cloudlet: CloudletId): void {
    this.#said[cloudlet] = [];
  }

  /** A record of a confirmation was written. Returns the word if it is a new one. */
  written(record: number, about: CloudletId): Word | null {
    const { dot, ...rest } = this.#truth.records[record] as CausalRecord;
    const text = rest.kind === "put" ? rest.value : "";
    const known = this.#byText.get(text);
    if (known !== undefined) {
      known.records.push(record);
      return null;
    }
    const by = dot.origin;
    const said = this.#said[by] ?? [];
    const index = said.findIndex((one) => one.about === about);
    const [person] = index < 0 ? [] : said.splice(index, 1);
    const claim = readConfirmation(text);
    // What it had said in former lives it takes back in any case, also what its disk has lost.
    const own = (this.#of.get(about) ?? []).filter((word) => word.by === by && word.life < dot.incarnation);
    const replaces = new Set<Word>(own);
    for (const word of this.#stand(by, about)) {
      replaces.add(word);
      for (const earlier of word.replaces) replaces.add(earlier);
    }
    const word: Word = {
      by,
      life: dot.incarnation,
      about,
      says: person?.says ?? claim?.says ?? "clear",
      isPersons: person !== undefined,
      claims: person === undefined ? (claim?.why ?? null) : null,
      evidence: claim?.about ?? [],
      records: [record],
      replaces,
    };
    this.#byText.set(text, word);
    const all = this.#of.get(about) ?? [];
    all.push(word);
    this.#of.set(about, all);
    return word;
  }

  /** The gravest word about a cloudlet that stands at another one; null: none does. */
  standing(at: CloudletId, about: CloudletId): ConfirmationKind | null {
    const stand = this.#stand(at, about);
    // Also what somebody took the place of whose own word counts for nothing any more.
    const replaced = new Set(stand.flatMap(({ replaces }) => [...replaces]));
    const counts = stand.filter((word) => !replaced.has(word) && this.#plans.isAbove(word.by, about, at));
    const says = new Set(counts.map((word) => word.says));
    return confirmationKinds.find((kind) => says.has(kind)) ?? null;
  }

  // Of those that have come, the ones that can be read and that no other has taken the place of. Whatever takes its place does so, also
  // what cannot be read: then nothing is said there.
  #stand(at: CloudletId, about: CloudletId): readonly Word[] {
    const applied = (this.#of.get(about) ?? []).map((word) => ({
      word,
      records: word.records.filter((record) => this.#truth.isApplied(at, record)),
    }));
    const gone = new Set(
      applied.flatMap(({ records }) => records.flatMap((record) => [...this.#truth.overwritten.of(record)])),
    );
    return applied
      .filter(({ records }) => records.some((record) => !gone.has(record) && this.#forms.reads(at, record)))
      .map(({ word }) => word);
  }
}
