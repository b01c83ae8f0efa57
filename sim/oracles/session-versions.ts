// What each session knows of each key: the versions it must not read behind. One version is kept as a number; several that
// are concurrent, as a list. Leaves out the judging, which differs between the session guarantees.

import { isGoneWithin } from "./gone.ts";
import type { Renumbering } from "./renumbering.ts";
import { returnsOne } from "./resolution.ts";
import type { SessionTruth } from "./session-truth.ts";
import { PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";

/** Newest versions by session and key, as record numbers; no two of them ordered. */
export class SessionVersions {
  readonly #truth: Truth;
  #codes = new PairMap();
  readonly #lists: number[][] = [];
  readonly #single = [0];

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** The newest versions; empty when there are none. Valid until the next call. */
  of(session: number, key: number): readonly number[] {
    const code = this.#codes.get(session, key);
    if (code === -1) return [];
    if (code < -1) return this.#lists[-2 - code] as number[];
    this.#single[0] = code;
    return this.#single;
  }

  /** Hands over all of them, with their keys. */
  each(visit: (key: number, record: number) => void): void {
    this.#codes.forEach((_session, key, code) => {
      if (code >= 0) visit(key, code);
      else for (const record of this.#lists[-2 - code] as number[]) visit(key, record);
    });
  }

  /** Records are given up; the others, these among them, take new numbers. */
  renumber(to: Renumbering): void {
    const old = this.#codes;
    this.#codes = new PairMap();
    old.forEach((session, key, code) => void this.#codes.set(session, key, code >= 0 ? to.of(code) : code));
    for (const list of this.#lists) to.list(list);
  }

  /** Is this version among the newest? */
  includes(session: number, key: number, record: number): boolean {
    const code = this.#codes.get(session, key);
    if (code >= -1) return code === record;
    return (this.#lists[-2 - code] as number[]).includes(record);
  }

  /** Takes a version in; those that it follows go, and it is left out when another one follows it. */
  add(session: number, key: number, record: number): void {
    const code = this.#codes.get(session, key);
    if (code === record) return;
    if (code === -1 || (code >= 0 && this.#truth.isAtOrBefore(code, record))) {
      this.#codes.set(session, key, record);
      return;
    }
    const old = code >= 0 ? [code] : (this.#lists[-2 - code] as number[]);
    if (old.some((version) => this.#truth.isAtOrBefore(record, version))) return;
    const list = old.filter((version) => !this.#truth.isAtOrBefore(version, record));
    list.push(record);
    if (code < -1) {
      this.#lists[-2 - code] = list;
    } else {
      this.#lists.push(list);
      this.#codes.set(session, key, -1 - this.#lists.length);
    }
  }
}

/**
 * Must the answer that is being told reflect this version of its session's past? Not one that is marked behind; nor where the
 * session has moved to a cloudlet that the version never reaches, or that has lost it, or what came after it, for good.
 */
export function isDue(truth: Truth, session: SessionTruth, version: number): boolean {
  if (session.isBehind) return false;
  if (!session.hasMoved) return true;
  const { cloudlet } = session;
  if (!truth.reaches(version, cloudlet)) return false;
  return truth.isApplied(cloudlet, version) || !isGoneWithin(truth, cloudlet, session.clock, version);
}

/**
 * Does an answer lie behind a version that the session must not miss? With a single version returned: when it strictly
 * precedes that one (a concurrent winner is in order). With all returned: when none equals or follows that one. A version that
 * never reaches where the other one was written is not named there and may stand beside it, and win by its layer (shadow.ts).
 * Never when a delete that equals or follows that version was collected at the reader's cloudlet.
 */
export function isBehind(
  truth: Truth,
  cloudlet: number,
  key: number,
  must: number,
  returned: readonly number[],
): boolean {
  for (const gone of truth.collected.of(cloudlet, key)) if (truth.isAtOrBefore(must, gone)) return false;
  if (!returnsOne(truth.resolverOfKey[key] ?? "lww-hlc")) {
    return !returned.some((version) => truth.isAtOrBefore(must, version));
  }
  const origin = truth.originOf.data[must] as number;
  return returned.every(
    (version) => version !== must && truth.isAtOrBefore(version, must) && truth.reaches(version, origin),
  );
}
