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
// 5. An issuer writes its clearance when it learns that, after all the ends that it had given as final; they travel in that order, so
//    whoever has the clearance has the ends. From then on its ends are provisional again.
// What is issued where it is to be done never waits (A1). A target that was closed without knowing of it does what stands there, and
// reports it when it comes back.
//
// Where custody is handed on, a custodian that is confirmed as failed or fenced has lost what it held: its issuer gives that up as
// `failed (custody)`. The target answers that like any other end that was decided elsewhere.
//
// Leaves out how operations are given up (issuing.ts) and begun (target.ts).

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Bench } from "./bench.ts";
import { places, type Line } from "./line.ts";
import { standing, type Confirmation } from "./confirmations.ts";
import type { End } from "./ends.ts";
import type { MarkKeys } from "./mark-keys.ts";
import { issuerOf } from "./operation.ts";
import type { Registry } from "./registry.ts";

const clearedWord = "cleared ";

/** What one cloudlet knows of closed targets: those below it, and itself. */
export class Closing {
  readonly #bench: Bench;
  readonly #registry: Registry;
  readonly #marks: MarkKeys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #clearancePrefix: string;
  readonly #closed: Set<CloudletId>;
  /** Of these, those that are not expected to keep what they held. */
  readonly #lost: Set<CloudletId>;
  /** What was ever confirmed of this cloudlet, by name. */
  #own: ReadonlySet<string>;
  /** By issuer: what it knows to be taken back. */
  readonly #cleared: Map<CloudletId, ReadonlySet<string>>;
  #news = new Set<CloudletId>();

  constructor(
    bench: Bench,
    registry: Registry,
    marks: MarkKeys,
    versions: (key: string) => readonly CausalRecord[],
    like: Closing | null = null,
  ) {
    this.#bench = bench;
    this.#registry = registry;
    this.#marks = marks;
    this.#versions = versions;
    this.#clearancePrefix = clearanceKey(bench, bench.self, "");
    this.#closed = new Set(like === null ? null : like.#closed);
    this.#lost = new Set(like === null ? null : like.#lost);
    this.#own = like === null ? new Set() : like.#own;
    this.#cleared = new Map(like === null ? null : like.#cleared);
  }

  /** Something new stands at a key. */
  noteKey(key: string): void {
    if (!key.startsWith("~")) return;
    const read = this.#marks.read(key);
    if (read !== null) {
      if (read.kind === "confirmed") this.#news.add(read.cloudlet);
    } else if (key.startsWith(this.#clearancePrefix)) {
      this.#news.add(this.#bench.self);
    }
  }

  /** Has anything come that is to be taken in? */
  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** Takes in what has come; who of those below is closed now and was not before, or has lost what it held. */
  settle(): readonly CloudletId[] {
    const news = this.#news;
    this.#news = new Set();
    const closed: CloudletId[] = [];
    for (const cloudlet of news) {
      const confirmations = this.#registry.of(cloudlet);
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

  /** How an operation ends that was given up here, and whose target is closed; null where it is not closed, or not given up. */
  endOf({ target, directive, ending }: Line): End | null {
    if (directive !== "ending" || ending === null || !this.#closed.has(target)) return null;
    if (!this.#bench.rules.closes()) return null;
    return {
      kind: "failed",
      why: "closed",
      at: this.#bench.self,
      cause: null,
      detail: `${ending.kind} (${ending.why})`,
    };
  }

  /** What such an end follows. */
  reasons(target: CloudletId): readonly string[] {
    return this.#registry.keysOf(target);
  }

  /** May this cloudlet begin what was issued there, as far as closing goes? */
  mayBegin(issuer: CloudletId): boolean {
    if (this.#own.size === 0 || issuer === this.#bench.self || !this.#bench.rules.awaitsClearance()) return true;
    const cleared = this.#cleared.get(issuer);
    return cleared !== undefined && [...this.#own].every((name) => cleared.has(name));
  }

  /** Did whoever has custody of an operation that was issued here lose it? The end that follows; null where nobody did. */
  lostOf(line: Line): End | null {
    const { self, settings } = this.#bench;
    if (this.#lost.size === 0 || settings.custody === "shared") return null;
    if (line.directive !== "open" || line.places !== places.held || line.result !== "none") return null;
    const custodian = this.#custodianOf(line);
    if (custodian === null || custodian === line.target || !this.#lost.has(custodian)) return null;
    const { name } = this.#bench.topology().cloudlets[custodian] as { readonly name: string };
    return { kind: "failed", why: "custody", at: self, cause: null, detail: `${name} had it` };
  }

  /** All that decides what it does next, as one text. */
  get state(): string {
    return JSON.stringify([
      [...this.#closed],
      [...this.#lost],
      [...this.#own],
      [...this.#cleared].map(([issuer, names]) => [issuer, ...names]),
    ]);
  }

  #readOwn(confirmations: readonly Confirmation[]): void {
    this.#own = new Set(
      confirmations.flatMap(({ says, id, revokes }) => (says === "clear" ? revokes : [id, ...revokes])),
    );
    for (const issuer of this.#bench.topology().ancestors(this.#bench.self)) {
      this.#cleared.set(issuer, this.#clearance(this.#bench.self, issuer));
    }
  }

  // As far down as it is known here.
  #custodianOf({ id, target }: Line): CloudletId | null {
    const { keys, self } = this.#bench;
    const above = this.#bench.topology().ancestors(target);
    const way = [target, ...above.slice(0, Math.max(0, above.indexOf(self)))];
    return way.find((cloudlet) => this.#versions(keys.of("results", cloudlet, id)).length > 0) ?? null;
  }

  // Says what is taken back, where this cloudlet issues operations.
  #clear(cloudlet: CloudletId, confirmations: readonly Confirmation[]): void {
    const { self } = this.#bench;
    const names = new Set(confirmations.flatMap(({ revokes }) => revokes));
    if (names.size === 0 || this.#bench.topology().relation(self, cloudlet) !== "lower") return;
    const said = this.#clearance(cloudlet, self);
    if ([...names].every((name) => said.has(name))) return;
    this.#bench.write(
      clearanceKey(this.#bench, cloudlet, String(self)),
      `${clearedWord}${[...names].sort().join(",")}`,
      this.reasons(cloudlet),
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

/** Was this operation issued at that cloudlet, and is it still to be told how it ended? */
export function isOwed(line: Line, self: CloudletId): boolean {
  return issuerOf(line.id) === self && !line.isTold;
}

function clearanceKey({ keys }: Pick<Bench, "keys">, cloudlet: CloudletId, issuer: string): string {
  return `${keys.prefix("directives", cloudlet)}cleared.${issuer}`;
}
