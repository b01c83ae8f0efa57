// Two versions of a key stand side by side at a cloudlet exactly when neither causally precedes the other.
//
// After each step that applied records of a key, the core's versions of it are compared with the shadow store (shadow.ts,
// which also defines the declared limit: versions that may stand although another one follows them, counted as notes).
// A record that is applied a second time in one life of a process would stand twice, and is a violation here.

import { dotName, type CausalRecord } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, keyText, recordNames, recordText } from "./words.ts";

/** From so many on it is worth while to number each once, and not for each that should stand. */
const MANY_VERSIONS = 8;

/** Judges which versions stand. */
export function exactConflicts(truth: Truth): Oracle {
  const judge = new Judge();

  const missing = (record: number, versions: readonly CausalRecord[]): boolean => {
    for (const version of versions) if (version === truth.records[record]) return false;
    return !versions.some((version) => truth.numberOf(version.dot) === record);
  };

  return {
    name: "exact-conflicts",
    settled(at, cloudlet, key) {
      const core = truth.cores[cloudlet] ?? null;
      if (core === null) return;
      judge.checks += 1;
      const versions = core.versions(truth.keyNames[key] as string);
      const code = truth.shadow.codeOf(cloudlet, key);
      if (code >= 0 && versions.length === 1 && versions[0] === truth.records[code]) return;
      if (code === -1 && versions.length === 0) return;
      // Of the excused versions only those are left that the core has.
      const { standing, excused } =
        code < -1 ? truth.shadow.siblingsOf(code) : { standing: code < 0 ? [] : [code], excused: [] };
      const numbers = versions.length < MANY_VERSIONS ? null : new Set(versions.map(({ dot }) => truth.numberOf(dot)));
      const isEach = standing.every((record) => (numbers === null ? !missing(record, versions) : numbers.has(record)));
      if (isEach && versions.length === standing.length + excused.length) return;
      judge.violate(() => {
        const where = `${cloudletText(truth, cloudlet)} ${atTime(at)}: for key ${keyText(truth, key)}`;
        const found = versions.length === 0 ? "nothing" : versions.map((version) => dotName(version.dot)).join(" and ");
        const right = recordNames(truth, standing);
        return `${where} the store has ${found}; exactly ${right} should stand: ${reason(truth, standing, versions)}`;
      });
    },
    appliedTwice(at, cloudlet, record) {
      judge.checks += 1;
      judge.violate(
        () =>
          `${cloudletText(truth, cloudlet)} applied ${recordText(truth, record)} again ${atTime(at)}, in the same life`,
      );
    },
    verdict: () => judge.verdict(),
  };
}

// Why the store is wrong: the first version too many, or too few.
function reason(truth: Truth, standing: readonly number[], versions: readonly CausalRecord[]): string {
  for (const version of versions) {
    const record = truth.numberOf(version.dot);
    if (record < 0) return `nobody wrote ${dotName(version.dot)}`;
    if (standing.includes(record)) continue;
    const follower = standing.find((other) => truth.isAtOrBefore(record, other));
    if (follower !== undefined) return `${recordText(truth, record)} precedes ${recordText(truth, follower)}`;
    return `${recordText(truth, record)} was replaced or never applied there`;
  }
  const lost = standing.find((record) => !versions.some((version) => truth.numberOf(version.dot) === record));
  if (lost === undefined) return "a version stands twice";
  return `no version there follows ${recordText(truth, lost)}`;
}
