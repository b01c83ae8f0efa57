// Targets that were closed: somebody has confirmed that one has failed, or is disconnected or fenced, and nobody has taken that back
// (confirmations.ts). Silence closes nobody. While a target is closed:
//
// 1. Operations for it are accepted and queued as ever (A2a): it may come back.
// 2. An end that was decided away from it, by time, by a cap or by the issuer, is final at once. Whether the target had begun by then
//    nobody knows, so what is told is `failed (closed)`, which does not claim that nothing happened. What the target is known to have
//    done stands above that.
//
// What was ended so must not be begun by a target that comes back, though the operation itself may get there before its end does. So:
//
// 3. The end follows the record that closes the target, in its causal past. It is stored before it is told, and stands whatever the
//    target says later.
// 4. A target that knows of such a record begins nothing of an issuer above it until that issuer has said that it knows the record to
//    be taken back: its clearance, a record at ~directives/c/cleared.<issuer>, whose value names the confirmations.
// 5. An issuer writes its clearance when it learns that, and it follows all the ends that it had given as final: whoever has the
//    clearance has the ends. Ends that are on their way to its disk are waited for: nothing can follow these yet. From then on its ends
//    are provisional again.
// What is issued where it is to be done never waits (A1). A target that was closed without knowing of it does what stands there, and
// reports it when it comes back.
//
// A detachment closes a target, too: for whoever is not above it under the plan in force (replan.ts). Nothing comes up from there, so all
// that stands open ends. Where it comes back under a later plan, the plans in between are what has to be known as past.
//
// Where custody is handed on, a custodian that is confirmed as failed or fenced has lost what it held, and so has one that has come back
// without its disk (anew.ts): its issuer gives that up as `failed (custody)`. The target answers that like any other end that was decided
// elsewhere; where it was the target itself that had it, as soon as it has the answer of that issuer.
//
// Leaves out how operations are given up (issuing.ts) and begun (target.ts).

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import { Anew } from "./anew.ts";
import type { Bench } from "./bench.ts";
import { places, type Line } from "./line.ts";
import { isOfLaterLife, standing, takenBack, writerOf, type Confirmation } from "./confirmations.ts";
import type { End } from "./ends.ts";
import type { MarkKeys } from "./mark-keys.ts";
import { gapsBetween } from "./replan.ts";
import { issuerOf } from "./operation.ts";
import type { Registry } from "./registry.ts";

const clearedWord = "cleared ";
const nothing: ReadonlySet<string> = new Set();
/** The number that a host gives the first life of a cloudlet. */
const firstLife = 1;

/** What one cloudlet knows of closed targets: those below it, and itself. */
export class Closing {
  readonly #bench: Bench;
  readonly #registry: Registry;
  readonly #marks: MarkKeys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #allKeys: () => readonly string[];
  readonly #clearancePrefix: string;
  /** What those ask who come back without their disks, and the answers. */
  readonly anew: Anew;
  readonly #closed: Set<CloudletId>;
  /** Of these, those that are not expected to keep what they held. */
  readonly #lost: Set<CloudletId>;
  /** What was ever confirmed of this cloudlet, by name. */
  #own: ReadonlySet<string>;
  /** By issuer: what it knows to be taken back. */
  readonly #cleared: Map<CloudletId, ReadonlySet<string>>;
  /** The latest clearance that this life has written for each of those below. */
  readonly #clearing: Map<CloudletId, string>;
  /** Those whose clearance waits for ends. */
  readonly #held: Set<CloudletId>;
  #news = new Set<CloudletId>();
  /** Of these, those that have come back without their disks. */
  #forgetters = new Set<CloudletId>();

  constructor(
    bench: Bench,
    registry: Registry,
    marks: MarkKeys,
    versions: (key: string) => readonly CausalRecord[],
    allKeys: () => readonly string[],
    like: Closing | null = null,
  ) {
    this.#bench = bench;
    this.#registry = registry;
    this.#marks = marks;
    this.#versions = versions;
    this.#allKeys = allKeys;
    this.#clearancePrefix = clearanceKey(bench, bench.self, "");
    this.anew = new Anew(bench, marks, versions, allKeys, like?.anew ?? null);
    this.#closed = new Set(like === null ? null : like.#closed);
    this.#lost = new Set(like === null ? null : like.#lost);
    this.#own = like === null ? new Set() : like.#own;
    this.#cleared = new Map(like === null ? null : like.#cleared);
    this.#clearing = new Map(like === null ? null : like.#clearing);
    this.#held = new Set(like === null ? null : like.#held);
  }

  /** Something new stands at a key. */
  noteKey(key: string): void {
    if (!key.startsWith("~")) return;
    const read = this.#marks.read(key);
    if (read !== null) {
      if (read.kind === "anew") {
        this.anew.noteQuestion(read.cloudlet);
        this.#forgetters.add(read.cloudlet);
      }
      if (read.kind === "confirmed" || read.kind === "anew") this.#news.add(read.cloudlet);
    } else if (key.startsWith(this.#clearancePrefix) || this.anew.noteAnswer(key)) {
      this.#news.add(this.#bench.self);
    }
  }

  /** Has anything come that is to be taken in? */
  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** Another plan is in force. */
  adopt(): void {
    const { self } = this.#bench;
    this.#news.add(self);
    this.anew.adopt();
    for (const cloudlet of this.#bench.topology().descendants(self)) this.#news.add(cloudlet);
  }

  /** An end that was decided here for that target is stored. */
  endStored(target: CloudletId): void {
    if (this.#held.delete(target)) this.#news.add(target);
  }

  /** Takes in what has come; who of those below is closed now and was not before, or has lost what it held. */
  settle(): readonly CloudletId[] {
    const news = this.#news;
    this.#news = new Set();
    const closed: CloudletId[] = [...this.#forgetters];
    this.#forgetters = new Set();
    for (const cloudlet of news) {
      const confirmations = this.#registry.heeded(cloudlet);
      if (cloudlet === this.#bench.self) {
        this.#readOwn(confirmations);
        continue;
      }
      const kind = standing(confirmations);
      if (kind === null) this.#closed.delete(cloudlet);
      else if (!this.#closed.has(cloudlet)) closed.push(cloudlet);
      if (kind !== null) this.#closed.add(cloudlet);
      if (kind === "failed" || kind === "fenced") {
        if (!this.#lost.has(cloudlet)) closed.push(cloudlet);
        this.#lost.add(cloudlet);
      } else this.#lost.delete(cloudlet);
      this.#clear(cloudlet, confirmations);
    }
    return closed;
  }

  /**
   * How an operation ends that was issued here, whose target is closed, and which was given up; or whose target is not below any more.
   * Null where neither is so.
   */
  endOf({ target, directive, ending }: Line): End | null {
    const { self, rules } = this.#bench;
    const isAway = this.isAway(target);
    const isGivenUp = directive === "ending" && ending !== null;
    if (!rules.closes() || !(isAway ? isGivenUp || directive === "open" : isGivenUp && this.#closed.has(target))) {
      return null;
    }
    const detail = ending === null ? "not below any more" : `${ending.kind} (${ending.why})`;
    return { kind: "failed", why: "closed", at: self, cause: null, detail };
  }

  /** Is that cloudlet neither here nor below, under the plan in force? */
  isAway(target: CloudletId): boolean {
    const { self } = this.#bench;
    const topology = this.#bench.topology();
    return target !== self && topology.plans.length > 1 && topology.relation(self, target) !== "lower";
  }

  /** Is its issuer not above its target any more, so that the target refuses it when it comes? */
  isVoid({ id, target }: Line): boolean {
    const issuer = issuerOf(id);
    const { plan } = this.#bench.topology();
    return target !== this.#bench.self && issuer !== target && plan > 0 && !this.#isAbove(issuer, target);
  }

  /** What such an end follows. */
  reasons(target: CloudletId): readonly string[] {
    return this.#registry.keysOf(target);
  }

  /** May this cloudlet begin what was issued there, as far as closing goes, and what it has forgotten? */
  mayBegin(issuer: CloudletId): boolean {
    const { self, rules } = this.#bench;
    const topology = this.#bench.topology();
    if (issuer !== self && this.anew.isAwaited(issuer)) return false;
    if (issuer === self || !rules.awaitsClearance()) return true;
    if (this.#own.size === 0 && topology.plan === 0) return true;
    const cleared = this.#cleared.get(issuer) ?? nothing;
    if (!gapsBetween(topology, issuer, self).every((name) => cleared.has(name))) return false;
    return [...this.#own].every((name) => cleared.has(name) || [...cleared].some((one) => isOfLaterLife(one, name)));
  }

  /**
   * Did whoever has custody of an operation that was issued here lose it? Or has this cloudlet lost it, and its target, which had begun it, all
   * that it had? The end that follows; null where neither is so.
   */
  lostOf(line: Line): End | null {
    const { settings } = this.#bench;
    const { directive, operation, result, target } = line;
    if (directive === "none" && operation === null && result === "intent") {
      return this.#hasForgotten(line, target) ? this.#custodyOf(target) : null;
    }
    const { plan } = this.#bench.topology();
    if ((this.#lost.size === 0 && plan === 0 && !this.anew.isAsked) || settings.custody === "shared") return null;
    if (directive !== "open" || line.places !== places.held || result === "end") return null;
    const custodian = this.#custodianOf(line);
    if (custodian === null) return null;
    if (this.#hasForgotten(line, custodian)) return this.#custodyOf(custodian);
    if (custodian === target || result !== "none") return null;
    return this.#lost.has(custodian) || this.isAway(custodian) ? this.#custodyOf(custodian) : null;
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    return JSON.stringify([
      [...this.#closed],
      [...this.#lost],
      [...this.#own],
      [...this.#cleared].map(([issuer, names]) => [issuer, ...names]),
      [...this.#held],
      this.anew.state,
    ]);
  }

  #isAbove(writer: CloudletId, cloudlet: CloudletId): boolean {
    return this.#bench.topology().relation(writer, cloudlet) === "lower";
  }

  #hasForgotten({ id }: Line, custodian: CloudletId): boolean {
    return this.anew.hasForgotten(custodian, this.#versions(this.#bench.keys.of("results", custodian, id)));
  }

  #custodyOf(custodian: CloudletId): End {
    const { name } = this.#bench.topology().cloudlets[custodian] as { readonly name: string };
    return { kind: "failed", why: "custody", at: this.#bench.self, cause: null, detail: `${name} had it` };
  }

  #readOwn(confirmations: readonly Confirmation[]): void {
    const names = confirmations.flatMap(({ says, id, revokes }) => (says === "clear" ? revokes : [id, ...revokes]));
    this.#own = new Set(names.filter((name) => this.#isAbove(writerOf(name), this.#bench.self)));
    for (const issuer of this.#bench.topology().ancestors(this.#bench.self)) {
      this.#cleared.set(issuer, this.#clearance(this.#bench.self, issuer));
    }
  }

  // As far down as it is known here, under the latest plan under which it was on the way.
  #custodianOf({ id, target }: Line): CloudletId | null {
    const { keys, self } = this.#bench;
    const { plans, plan } = this.#bench.topology();
    for (const then of plans.slice(0, plan + 1).reverse()) {
      const above = then.ancestors(target);
      const way = [target, ...above.slice(0, Math.max(0, above.indexOf(self)))];
      const found = way.find((cloudlet) => this.#versions(keys.of("results", cloudlet, id)).length > 0);
      if (found !== undefined) return found;
    }
    return null;
  }

  // Says what is taken back, where this cloudlet issues operations.
  #clear(cloudlet: CloudletId, confirmations: readonly Confirmation[]): void {
    const { self } = this.#bench;
    if (this.#bench.topology().relation(self, cloudlet) !== "lower") return;
    const gaps = gapsBetween(this.#bench.topology(), self, cloudlet);
    const names = new Set([...takenBack(confirmations), ...clearsOfLaterLives(confirmations), ...gaps]);
    const said = this.#clearance(cloudlet, self);
    if ([...names].every((name) => said.has(name))) return;
    const text = `${clearedWord}${[...names].sort().join(",")}`;
    // On its way to the disk.
    if (this.#clearing.get(cloudlet) === text) return;
    if (this.#bench.rules.awaitsEnds() && this.#isEnding(cloudlet)) {
      this.#held.add(cloudlet);
      return;
    }
    this.#clearing.set(cloudlet, text);
    const reads = [...this.reasons(cloudlet), ...this.#endsOf(cloudlet)];
    this.#bench.write(clearanceKey(this.#bench, cloudlet, String(self)), text, reads);
  }

  // Is an end on its way to the disk that this issuer gives as final?
  #isEnding(cloudlet: CloudletId): boolean {
    const { book, self } = this.#bench;
    for (const { id, target, writing, written } of book.lines()) {
      const isEnd = target === cloudlet && writing === "provisional" && issuerOf(id) === self;
      if (isEnd && written?.word.says === "end" && written.word.end.why === "closed") return true;
    }
    return false;
  }

  // Where the ends stand that this issuer has given as final for that target: whoever has the clearance has them.
  #endsOf(cloudlet: CloudletId): readonly string[] {
    const prefix = this.#bench.keys.prefix("directives", cloudlet);
    const own = new RegExp(`^(?:end|over) failed \\S+ \\S+ why=closed at=${this.#bench.self}\\b`);
    return this.#allKeys().filter(
      (key) =>
        key.startsWith(prefix) && this.#versions(key).some((record) => record.kind === "put" && own.test(record.value)),
    );
  }

  #clearance(cloudlet: CloudletId, issuer: CloudletId): ReadonlySet<string> {
    const names = this.#versions(clearanceKey(this.#bench, cloudlet, String(issuer))).flatMap((record) =>
      record.kind === "put" && record.value.startsWith(clearedWord)
        ? record.value.slice(clearedWord.length).split(",")
        : [],
    );
    return new Set(names);
  }
}

// What the writer's disk may have lost before, its next clear cannot name.
function clearsOfLaterLives(confirmations: readonly Confirmation[]): readonly string[] {
  return confirmations.flatMap(({ says, id }) =>
    says === "clear" && !id.startsWith(`${writerOf(id)}.${firstLife}.`) ? [id] : [],
  );
}

function clearanceKey({ keys }: Pick<Bench, "keys">, cloudlet: CloudletId, issuer: string): string {
  return `${keys.prefix("directives", cloudlet)}cleared.${issuer}`;
}
