/**
 * Which session guarantees a read breaks that returned what had been replaced in its own past.
 *
 * RYW, MW and WFR follow from CC, so nothing has to be asked as long as reads obey that. A read that does not has returned a version
 * `returned`, and all that is needed to judge it is still there: whatever has `returned` in its causal past was not forgotten, or
 * `returned` would have been, too.
 *
 * - RYW: its session had written the key after `returned`, which is its own.
 * - MW: its session had read what the writer of `returned` wrote to the key after it.
 * - WFR: its session had read a version that must be newer, because its writer had read `returned` before, or what must be newer than
 *   `returned` in the same way.
 *
 * The definitions are those of sessions.ts, of which this is the part that a single read can break. Leaves out MR, which CC does not
 * imply and which every read is asked for (stream-checker.ts); words.
 */
import type { Key, Session, Version } from "./stream-state.ts";

/** What the session itself wrote to the key after what it read again; null where RYW is kept. */
export function newerOwn(session: Session, key: Key, returned: Version): Version | null {
  if (returned.session !== session) return null;
  return key.versions.find((other) => other.session === session && isAfter(other, returned)) ?? null;
}

/** What the session had read of the same writer, written after what it now read; null where MW is kept. */
export function newerOfWriter(session: Session, key: Key, returned: Version): Version | null {
  const isRead = (other: Version): boolean =>
    other.session === returned.session && isAfter(other, returned) && other.readBy?.has(session) === true;
  return key.versions.find(isRead) ?? null;
}

/**
 * The versions from what the session now read to one that it had read before, each read by the writer of the next before it wrote
 * that; null where WFR is kept. A search in breadth over the versions of the key, so the way is a shortest one.
 */
export function newerByReading(session: Session, key: Key, returned: Version): readonly Version[] | null {
  const before = new Map<Version, Version | null>([[returned, null]]);
  const queue = [returned];
  for (let next = 0; next < queue.length; next += 1) {
    const older = queue[next]!;
    if (older !== returned && older.readBy?.has(session) === true) return wayTo(older, before);
    for (const other of key.versions) {
      const read = older.readBy?.get(other.session);
      if (before.has(other) || read === undefined || read > other.step.line) continue;
      before.set(other, older);
      queue.push(other);
    }
  }
  return null;
}

function isAfter(other: Version, { index }: Version): boolean {
  return other.index > index;
}

function wayTo(last: Version, before: ReadonlyMap<Version, Version | null>): readonly Version[] {
  const way: Version[] = [];
  for (let at: Version | null = last; at !== null; at = before.get(at) ?? null) way.unshift(at);
  return way;
}
