// Versions to try a user's function on: few different ones, so that equal values, equal stamps and the same version twice
// come up all the time, and values that careless code stumbles over. Early samples are plain, so that the first
// counterexample is one that a person can read.
//
// Leaves out what is tried on them (laws.ts).

import type { Rng } from "../../model/random.ts";
import type { PlainVersion } from "../../model/replication/resolver.ts";

/** From plain to nasty. */
const values: readonly string[] = [
  ...["", "a", "b", "a,b", "b,a", "ab", "0", "9", "10", "-1", "1e1", " ", " a", "A", "NaN", "null", "true"],
  ...['{"n":1}', '{"n":2}', "{", "[]", '["b","a"]', ",", "a,,a", "a\nb", "\u0000", "__proto__", "constructor"],
  // The same letter twice, composed and not; beyond the first plane; right to left; no width.
  ...["\u00e9", "e\u0301", "\u{1f600}", "\uffff", "\u05d0", "\u200b", "\ufeff", "\u2028"],
  "x".repeat(4_096),
];

const PLAIN_VALUES = 5;
const SAMPLES_PER_VALUE = 20;
const VERSIONS_PER_SAMPLE = 5;
const DELETED = 200_000;
const AGAIN = 150_000;
/** A present day in microseconds. */
const TODAY = 1_700_000_000_000_000;

/** Five versions of one key, frozen; some may be the same one. */
export function drawVersions(sample: number, rng: Rng): readonly PlainVersion[] {
  const known = Math.min(values.length, PLAIN_VALUES + Math.floor(sample / SAMPLES_PER_VALUE));
  const drawn: PlainVersion[] = [];
  for (let index = 0; index < VERSIONS_PER_SAMPLE; index += 1) {
    const version = drawVersion(known, rng);
    const again = rng.chance(AGAIN) ? drawn.at(-1) : drawn.find((other) => isSameWrite(other, version));
    drawn.push(again ?? version);
  }
  return drawn;
}

function drawVersion(known: number, rng: Rng): PlainVersion {
  const upTo = (most: number): number => rng.intInclusive(most);
  const deleted = rng.chance(DELETED);
  const origin = upTo(3);
  const incarnation = 1 + upTo(1);
  return Object.freeze({
    value: deleted ? "" : (values[upTo(known - 1)] as string),
    deleted,
    wall: TODAY + upTo(2),
    logical: upTo(1),
    lamport: 1 + upTo(3),
    layer: origin % 3,
    origin,
    incarnation,
    stream: 0,
    sequence: 1 + upTo(3),
  });
}

// No two versions of a key have one name.
function isSameWrite(one: PlainVersion, other: PlainVersion): boolean {
  return one.origin === other.origin && one.incarnation === other.incarnation && one.sequence === other.sequence;
}
