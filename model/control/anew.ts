// Targets that come back without their disks. What a target has said of operations flows up, and does not come down again; what is to be done
// does. So what others hold of it is told to it in answer to a question:
//
// 1. c writes its intent to do 0.1.4 for a, which goes up; its plane does it. Then its disk is lost, and what its plane knew with it.
// 2. The next life of c finds nothing on its disk, and says so first of all, among its results: `~results/c/anew`, `anew 2`.
// 3. 0.1.4 comes again from above. Nothing stands of it at c; its plane, when it is asked, says that it was never told. c lets nothing
//    come of it, no beginning and no end: a has issued it, and has not answered.
// 4. a hears of 2 after all that it will ever hear of what c had said before, and answers: `~directives/c/known.0`,
//    `known 2 begun=0.1.4 over=1.1-3`. It names what c had begun and not ended, and what is over, of its lives and numbers.
// 5. c asks its plane about 0.1.4. It was done: that is its end. It was never told: the plane may have forgotten, so it is not told again.
//    That ends as `failed (unknown)`, which does not claim that nothing happened. What is over is left alone, though the word that says so
//    may still be on its way. All the rest goes on.
// Every issuer above answers for what it has issued, and is waited for in that alone. What is issued at the target never waits (A1). Nor does
// what comes from where nothing goes up to (way-back.ts): nobody there hears the question.
//
// The answer names, and follows nothing: the words that it is about follow results of former lives, and wait for good where these are lost
// on the way, too.
//
// What had got to nobody above is lost for good: then the plane alone can know of it (former-lives.ts). A disk that was set back, and is not
// empty, shows nothing of what it lacks, and asks nothing.
//
// Leaves out what is done with the answer (target.ts), and how it is written (known.ts).

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Bench } from "./bench.ts";
import { wordAmong, type Word } from "./ends.ts";
import { isNamedOver, joinKnown, type Known, knownText, nothingKnown, readKnown, spansOf } from "./known.ts";
import type { MarkKeys } from "./mark-keys.ts";
import { issuerOf, type OperationId } from "./operation.ts";
import { lacksWayBack } from "./way-back.ts";

/** The number that a host gives the first life of a cloudlet. */
const firstLife = 1;

/** Questions and answers at one cloudlet: its own question, and those of cloudlets below. */
export class Anew {
  readonly #bench: Bench;
  readonly #marks: MarkKeys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #allKeys: () => readonly string[];
  readonly #knownPrefix: string;
  /** Lives of this cloudlet that have begun with an empty disk. */
  readonly #own: Set<number>;
  /** By issuer. */
  readonly #known: Map<CloudletId, Known>;
  /** Others that have asked, and of these whoever may have to be answered. */
  readonly #askers: Set<CloudletId>;
  readonly #open: Set<CloudletId>;
  /** The latest answers that this life has written. */
  readonly #answers: Map<CloudletId, string>;

  constructor(
    bench: Bench,
    marks: MarkKeys,
    versions: (key: string) => readonly CausalRecord[],
    allKeys: () => readonly string[],
    like: Anew | null = null,
  ) {
    this.#bench = bench;
    this.#marks = marks;
    this.#versions = versions;
    this.#allKeys = allKeys;
    this.#knownPrefix = this.#knownKey(bench.self, "");
    this.#own = new Set(like === null ? null : like.#own);
    this.#known = new Map(like === null ? null : like.#known);
    this.#askers = new Set(like === null ? null : like.#askers);
    this.#open = new Set(like === null ? null : like.#open);
    this.#answers = new Map(like === null ? null : like.#answers);
  }

  /** The process has started, and written nothing yet. */
  started(isEmpty: boolean): void {
    const { self } = this.#bench;
    const life = this.#bench.incarnation();
    if (!isEmpty || life <= firstLife || !this.#hasUpper()) return;
    this.#own.add(life);
    this.#bench.write(this.#marks.of("anew", self), `anew ${life}`, []);
  }

  /** Something new stands where a cloudlet says that it has begun anew. */
  noteQuestion(cloudlet: CloudletId): void {
    if (cloudlet === this.#bench.self) {
      for (const life of this.#livesOf(cloudlet)) this.#own.add(life);
    } else {
      this.#askers.add(cloudlet);
      this.#open.add(cloudlet);
    }
  }

  /** Something new stands at a key: is it an answer to this cloudlet? */
  noteAnswer(key: string): boolean {
    if (!key.startsWith(this.#knownPrefix)) return false;
    const issuer = Number(key.slice(this.#knownPrefix.length)) as CloudletId;
    this.#known.set(issuer, this.#read(key));
    return true;
  }

  /** Another plan is in force: others are above those who have asked. */
  adopt(): void {
    for (const cloudlet of this.#askers) this.#open.add(cloudlet);
  }

  /** Answers who is below and has asked. */
  answer(): void {
    if (this.#open.size === 0) return;
    for (const cloudlet of this.#open) this.#answerTo(cloudlet);
    this.#open.clear();
  }

  /** Has anybody else asked? */
  get isAsked(): boolean {
    return this.#askers.size > 0;
  }

  /** Was the last of these, all that a cloudlet has said of something, written before it lost its disk? */
  hasForgotten(cloudlet: CloudletId, said: readonly CausalRecord[]): boolean {
    if (!this.#askers.has(cloudlet) || !this.#bench.rules.givesUpForgotten()) return false;
    const lost = Math.max(...this.#livesOf(cloudlet));
    const own = said.filter(({ dot }) => dot.origin === cloudlet);
    return own.length > 0 && own.every(({ dot }) => dot.incarnation < lost);
  }

  /** Does nothing come yet of what that cloudlet has issued for this one? */
  isAwaited(issuer: CloudletId): boolean {
    if (this.#own.size === 0) return false;
    const { self, rules, settings } = this.#bench;
    const topology = this.#bench.topology();
    if (topology.relation(issuer, self) !== "lower" || !rules.awaitsAnswer()) return false;
    if (lacksWayBack(topology, settings.oneWay, issuer, self)) return false;
    const { lives } = this.#known.get(issuer) ?? nothingKnown;
    return [...this.#own].some((life) => !lives.has(life));
  }

  /** Has whoever issued it said that a former life had begun it? */
  hadBegun(id: OperationId): boolean {
    return this.#known.get(issuerOf(id))?.begun.has(id) === true;
  }

  /** Has whoever issued it said that it is over? */
  isOver(id: OperationId): boolean {
    const known = this.#known.get(issuerOf(id));
    return known !== undefined && isNamedOver(known, id);
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    const known = [...this.#known].map(([issuer, answer]) => `${issuer} ${knownText(answer)}`);
    return JSON.stringify([[...this.#own], known, [...this.#open]]);
  }

  #hasUpper(): boolean {
    const { self } = this.#bench;
    return this.#bench.topology().plans.some((plan) => plan.ancestors(self).length > 0);
  }

  #answerTo(cloudlet: CloudletId): void {
    const { keys, self } = this.#bench;
    if (this.#bench.topology().relation(self, cloudlet) !== "lower") return;
    const key = this.#knownKey(cloudlet, String(self));
    const said = this.#read(key).lives;
    const lives = new Set([...said, ...this.#livesOf(cloudlet)]);
    if (lives.size === said.size) return;
    const issued = new Map<OperationId, "elsewhere" | "open" | "begun" | "over">();
    for (const at of this.#allKeys()) {
      const read = keys.read(at);
      if (read === null || issuerOf(read.operation) !== self) continue;
      const { operation: id } = read;
      const word = wordAmong(id, this.#versions(at))?.word;
      const isEnd = read.carrier === "results" ? word?.says === "end" : isFinalHere(word, self);
      const known = issued.get(id);
      const target = word?.says === "operation" ? word.operation.target : read.cloudlet;
      if (target !== cloudlet) {
        // Who has taken custody of one says nothing of whom it is for.
        if (word?.says === "operation" || read.carrier === "directives") issued.set(id, known ?? "elsewhere");
      } else if (isEnd || known === "over") issued.set(id, "over");
      else if (read.carrier === "results" && word?.says === "intent") issued.set(id, "begun");
      else issued.set(id, known === "begun" ? known : "open");
    }
    const begun = [...issued].flatMap(([id, state]) => (state === "begun" ? [id] : []));
    const text = knownText({ lives, begun: new Set(begun), over: spansOf(issued) });
    if (this.#answers.get(cloudlet) === text) return;
    this.#answers.set(cloudlet, text);
    this.#bench.write(key, text, []);
  }

  #livesOf(cloudlet: CloudletId): readonly number[] {
    return this.#texts(this.#marks.of("anew", cloudlet)).flatMap((text) => {
      const life = /^anew (\d+)$/.exec(text)?.[1];
      return life === undefined ? [] : [Number(life)];
    });
  }

  #read(key: string): Known {
    return this.#texts(key).map(readKnown).reduce(joinKnown, nothingKnown);
  }

  #texts(key: string): readonly string[] {
    return this.#versions(key).flatMap((record) => (record.kind === "put" ? [record.value] : []));
  }

  #knownKey(cloudlet: CloudletId, issuer: string): string {
    return `${this.#bench.keys.prefix("directives", cloudlet)}known.${issuer}`;
  }
}

// An issuer's own word by which it has told an end, whatever comes from the target.
function isFinalHere(word: Word | undefined, self: CloudletId): boolean {
  if (word?.says === "over") return true;
  return word?.says === "end" && word.end.why === "closed" && word.end.at === self;
}
