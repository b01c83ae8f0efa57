/**
 * Forgets versions that a later one replaced which is in the past of every session.
 *
 * Leaves out which sessions there are, and what stays known of a forgotten version.
 */
import { hasIn } from "./arbitration.ts";
import type { Clock } from "./clock.ts";
import type { Key, Version } from "./stream-state.ts";

/** What is in the past of every one of these sessions, by session number; put into an empty clock. */
export function commonPast(sessions: readonly { readonly clock: Clock }[], count: number, common: Clock): Clock {
  for (let number = 0; number < count; number += 1) {
    let least = Infinity;
    for (const { clock } of sessions) least = Math.min(least, clock.of(number));
    common.set(number, least === Infinity ? 0 : least);
  }
  return common;
}

/**
 * Looks at all versions once.
 *
 * @param common what is in the past of every session
 * @param onForget hears of a version that goes, and of one that replaced it
 */
export function forgetReplaced(
  keys: Iterable<Key>,
  common: Clock,
  onForget: (key: Key, version: Version, later: Version) => void,
): void {
  for (const key of keys) {
    const { versions } = key;
    if (versions.length === 1 || key.isList) continue;
    const settled = versions.filter((version) => hasIn(common, version));
    let kept = 0;
    for (const version of versions) {
      const later = settled.find((other) => other !== version && hasIn(other.clock, version));
      if (later === undefined) {
        versions[kept] = version;
        kept += 1;
      } else {
        forget(key, version);
        onForget(key, version, later);
      }
    }
    versions.length = kept;
  }
}

function forget(key: Key, version: Version): void {
  const writer = key.writers.get(version.session);
  if (writer !== undefined) writer.forgotten = Math.max(writer.forgotten, version.index);
  version.isForgotten = true;
  version.clock.clear();
  version.arbitration.clear();
  version.readBy = null;
  version.beaten = null;
}
