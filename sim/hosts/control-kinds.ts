// Which inputs of a process only its control layer hears. They wait for its processor as all others do.

import type { ControlInput } from "../../model/control/io.ts";
import type { Input } from "../../model/replication/io.ts";

/** An input that no replica knows. */
export type OnlyControl = Exclude<ControlInput, Input>;

/** Is an input of this kind one of them? */
export function isControlKind(kind: ControlInput["kind"]): kind is OnlyControl["kind"] {
  switch (kind) {
    case "issue":
    case "revoke":
    case "executed":
    case "answered":
    case "planes":
    case "confirm":
    case "observe":
      return true;
    default:
      // Asked of every input: what is left is a replica's, or this would not compile.
      kind satisfies Input["kind"];
      return false;
  }
}

/** Is this one of them? */
export function isOnlyControl(input: ControlInput): input is OnlyControl {
  return isControlKind(input.kind);
}
