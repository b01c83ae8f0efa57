// Whether two records of one name say the same. They always do, unless two lives have written under one name (identity.ts).

import type { CausalRecord } from "./record.ts";

/** Do they say the same? Dependencies may be listed differently on different ways; what a record says may not differ. */
export function sameContent(a: CausalRecord, b: CausalRecord): boolean {
  return (
    a.version === b.version &&
    // One that is sealed here may have been opened there: then only the header can be compared.
    (a.kind === b.kind || a.kind === "sealed" || b.kind === "sealed") &&
    sameBody(a.body, b.body) &&
    a.key === b.key &&
    a.ends === b.ends &&
    ((a.value === b.value && a.ttl === b.ttl) || a.kind === "sealed" || b.kind === "sealed") &&
    a.stamp.wall === b.stamp.wall &&
    a.stamp.logical === b.stamp.logical &&
    a.stamp.lamport === b.stamp.lamport
  );
}

function sameBody(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
