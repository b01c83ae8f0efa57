// A version that stands beside others, as reports show it: what it says, who wrote it where and when.

import { assert } from "../../model/assert.ts";
import { dotName, type CausalRecord } from "../../model/replication/record.ts";
import type { SiblingVersion } from "../run/report.ts";
import type { Truth } from "./truth.ts";
import { cloudletText, writerText } from "./words.ts";

/** Characters of a value that are shown. */
const VALUE_MAX = 40;

/** A record for a report. */
export function siblingVersion(truth: Truth, record: number): SiblingVersion {
  const { dot, kind, value } = truth.records[record] as CausalRecord;
  const characters = Array.from(value);
  return {
    dot: dotName(dot),
    // A deletion is a version like any other, and may be what a person decides for.
    value:
      kind === "delete"
        ? null
        : characters.length > VALUE_MAX
          ? `${characters.slice(0, VALUE_MAX - 3).join("")}...`
          : value,
    session: writerText(truth, record),
    cloudlet: cloudletText(truth, dot.origin),
    writtenAt: truth.requestedAt.data[record] as number,
  };
}

/** The name of the scope that a key with versions lies in. */
export function scopeNameOf(truth: Truth, key: number): string {
  const scope = truth.topology.scopeOf(truth.keyNames[key] as string);
  assert(scope !== null, "a key with versions has no scope");
  return truth.topology.scopes[scope]?.name ?? "";
}
