/**
 * Draws histories that obey causality and are full of conflicts, which they end alike everywhere, or nearly, or not at all.
 *
 * Replicas, one per session, pass writes on in the order of causes. In one third of the histories all show the write with the
 * highest stamp; in one third all but one do, which now and then shows what arrived last; in one third all show what arrived last.
 * Some writes have an unknown outcome. Leaves out damage to causality (draw.ts).
 */
import { pick, type Rng } from "causeway-sim/model";

interface Write {
  readonly key: string;
  readonly value: number;
  readonly stamp: number;
  /** By session: how many of its writes come before this one. */
  readonly needs: readonly number[];
}

/** A history of registers as text (notation.ts), of at most 40 operations. */
export function drawConflicts(rng: Rng): string {
  const sessions = 2 + rng.intInclusive(2);
  const keys = ["x", "y", "z"].slice(0, 1 + rng.intInclusive(2));
  const style = pick(rng, ["alike", "nearly", "arrived"]);
  const numbers = Array.from({ length: sessions }, (_, session) => session);
  const written: Write[][] = numbers.map(() => []);
  /** By session: how many writes of each it has, and what it shows, by key. */
  const applied = numbers.map(() => numbers.map(() => 0));
  const shown = numbers.map(() => new Map<string, Write>());
  const words: string[][] = numbers.map(() => []);

  const show = (session: number, write: Write): void => {
    const before = shown[session]!.get(write.key);
    const byArrival = style === "arrived" || (style === "nearly" && session === 0 && rng.chance(300_000));
    if (before === undefined || byArrival || before.stamp < write.stamp) shown[session]!.set(write.key, write);
  };
  const deliver = (session: number): void => {
    const from = rng.intInclusive(sessions - 1);
    const write = written[from]![applied[session]![from]!];
    if (write === undefined || write.needs.some((needed, of) => needed > applied[session]![of]!)) return;
    applied[session]![from]! += 1;
    show(session, write);
  };
  const count = 8 + rng.intInclusive(32);
  for (let at = 1; at <= count; at += 1) {
    const session = rng.intInclusive(sessions - 1);
    for (let tries = rng.intInclusive(4); tries > 0; tries -= 1) deliver(session);
    const key = pick(rng, keys);
    if (rng.chance(550_000)) {
      words[session]!.push(`R(${key},${shown[session]!.get(key)?.value ?? 0})`);
      continue;
    }
    // A clock that all share: what a session writes wins against all that it has seen.
    const write: Write = { key, value: at, stamp: at, needs: [...applied[session]!] };
    applied[session]![session]! += 1;
    written[session]!.push(write);
    shown[session]!.set(key, write);
    words[session]!.push(`W(${key},${at})${rng.chance(20_000) ? "?" : ""}`);
  }
  return words
    .filter((of) => of.length > 0)
    .map((of) => of.join(" "))
    .join(" | ");
}
