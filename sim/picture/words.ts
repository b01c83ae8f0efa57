/**
 * What a request or a record is called in a picture: a few words beside it, and a line for whoever points at it. Records of the control
 * layer are told by what they say of an operation, or of a cloudlet that is watched, not by the keys at which they stand.
 */
import { readConfirmation } from "../../model/control/confirmations.ts";
import { readWord } from "../../model/control/ends.ts";
import { keysOf, nameOf } from "../../model/control/keys.ts";
import { markKeysOf } from "../../model/control/mark-keys.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";

const LABEL_MAX = 18;

/** What is known of a record that a picture may show; `value` is null of a delete. */
export interface RecordText {
  readonly key: string;
  readonly value: string | null;
}

/** Beside a request; of one that was made before anything is known of it, too. */
export function askedLabel(topology: Topology, op: ClientOp | undefined): string {
  if (op === undefined) return "asked";
  if (op.kind === "scan") return `scan ${lastPart(op.prefix)}`;
  if (!("key" in op)) return op.kind;
  return controlLabel(topology, { key: op.key, value: valueOf(op) }) ?? `${op.kind} ${lastPart(op.key)}`;
}

/** The whole of it. */
export function askedText(op: ClientOp | undefined): string {
  if (op === undefined) return "something before the window";
  if (op.kind === "scan") return `scan of ${JSON.stringify(op.prefix)}`;
  if (!("key" in op)) return op.kind;
  const value = valueOf(op);
  return `${op.kind} ${JSON.stringify(op.key)}${value === null ? "" : ` = ${JSON.stringify(cut(value, 40))}`}`;
}

/** Beside a record that has come. */
export function recordLabel(topology: Topology, record: RecordText | undefined): string {
  if (record === undefined) return "";
  return controlLabel(topology, record) ?? lastPart(record.key);
}

function valueOf(op: ClientOp): string | null {
  return "value" in op ? op.value : null;
}

// `vm.create 0.1.4` and then `begun 0.1.4`, `done 0.1.4`; `report of mill`, `mill: failed`. Null for what is no business of that layer.
function controlLabel(topology: Topology, { key, value }: RecordText): string | null {
  if (value === null) return null;
  const place = keysOf(topology).read(key);
  if (place !== null) {
    const word = readWord(place.operation, value);
    switch (word?.says) {
      case "operation":
        return `${word.operation.kind} ${place.operation}`;
      case "taken":
        return `taken ${place.operation}`;
      case "intent":
        return `begun ${place.operation}`;
      case "end":
        return `${word.end.kind} ${place.operation}`;
      case "over":
        return `over ${place.operation}`;
      case undefined:
        return null;
    }
  }
  const about = markKeysOf(topology).read(key);
  if (about === null) return null;
  const name = nameOf(topology, about.cloudlet);
  if (about.kind === "report") return `report of ${name}`;
  if (about.kind === "confirmed") return `${name}: ${readConfirmation(value)?.says ?? "confirmed"}`;
  // What its adjacent upper sees: a mark is the second word.
  return `${name}: ${value.slice(value.indexOf(" ") + 1)}`;
}

/** The end of a key: keys of one scope begin alike. */
function lastPart(key: string): string {
  return key.length <= LABEL_MAX ? key : `…${key.slice(1 - LABEL_MAX)}`;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
