// Which inputs of a process only its control layer hears. They wait for its processor as all others do.

import type { ControlInput } from "../../model/control/io.ts";
import type { Input } from "../../model/replication/io.ts";

/** An input that no replica knows. */
export type OnlyControl = Exclude<ControlInput, Input>;

const kinds: Readonly<Record<OnlyControl["kind"], true>> = {
  issue: true,
  revoke: true,
  executed: true,
  answered: true,
  planes: true,
  confirm: true,
  observe: true,
};

/** Is an input of this kind one of them? */
export function isControlKind(kind: ControlInput["kind"]): boolean {
  return kind in kinds;
}

/** Is this one of them? */
export function isOnlyControl(input: ControlInput): input is OnlyControl {
  return isControlKind(input.kind);
}
