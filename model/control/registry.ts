// What is confirmed of cloudlets below, as it stands in the store of one cloudlet above them, and how more is written there. People say it,
// and evidence does (fencing.ts).
//
// Leaves out what follows: marks (lookout.ts), and which ends become final (closing.ts).

import type { CloudletId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Bench } from "./bench.ts";
import {
  type Confirmation,
  confirmationRefusal,
  confirmationsAmong,
  confirmationText,
  nextConfirmation,
  writerOf,
} from "./confirmations.ts";
import type { MarkKeys } from "./mark-keys.ts";

/** The confirmations that one cloudlet knows. */
export class Registry {
  readonly #bench: Bench;
  readonly #keys: MarkKeys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  /** Written in this life. */
  #count: number;

  constructor(
    bench: Bench,
    keys: MarkKeys,
    versions: (key: string) => readonly CausalRecord[],
    like: Registry | null = null,
  ) {
    this.#bench = bench;
    this.#keys = keys;
    this.#versions = versions;
    this.#count = like === null ? 0 : like.#count;
  }

  /** All that is known here of that cloudlet, in no order. */
  of(cloudlet: CloudletId): readonly Confirmation[] {
    return this.keysOf(cloudlet).flatMap((key) => confirmationsAmong(this.#versions(key)));
  }

  /**
   * Of these, what counts: the word of somebody who is not above it any more, under the plan in force, counts for nothing, since those who
   * are may never hear of it. What it took back stays so: it reads as a clear.
   */
  heeded(cloudlet: CloudletId): readonly Confirmation[] {
    const all = this.of(cloudlet);
    const topology = this.#bench.topology();
    if (topology.plan === 0 || !this.#bench.rules.dropsFormerWords()) return all;
    return all.map((one) =>
      topology.relation(writerOf(one.id), cloudlet) === "lower" ? one : { ...one, says: "clear" },
    );
  }

  /** Where it stands. */
  keysOf(cloudlet: CloudletId): readonly string[] {
    return [this.#keys.of("confirmed", cloudlet), this.#keys.downwards(cloudlet)];
  }

  /** A person confirms something of a cloudlet, or takes back all that is known here; told why not where it is not above that. */
  confirm(about: CloudletId, says: Confirmation["says"], detail: string): void {
    const why = confirmationRefusal(this.#bench.topology(), this.#bench.self, about);
    if (why !== null) this.#bench.emit({ kind: "notConfirmed", about, why });
    else this.write(about, { says, why: "operator", about: [], detail });
  }

  /** Writes one more; whoever calls sees to it that this cloudlet is above that one. */
  write(cloudlet: CloudletId, next: Omit<Confirmation, "id" | "revokes">): void {
    this.#count += 1;
    const id = `${this.#bench.self}.${this.#bench.incarnation()}.${this.#count}`;
    const text = confirmationText(nextConfirmation({ ...next, id }, this.of(cloudlet)));
    const [up, down] = this.keysOf(cloudlet) as [string, string];
    this.#bench.write(up, text, [down]);
    this.#bench.write(down, text, [up]);
  }

  /** All that decides what it writes next, as one text. */
  get state(): string {
    return String(this.#count);
  }
}
