// What a request to write asks for in its scope: the kind and value of the record it becomes, and whether it replaces all
// versions or those that its session has seen. Or why there is no such request there: a put into a counter would throw
// away what others have counted, and an amount cannot be added to a text.

import { assert, unreachable } from "../assert.ts";
import { hasRemovals, isDeltaResolver, replacesAll } from "../topology/resolvers.ts";
import type { ResolverName } from "../topology/resolvers.ts";
import type { Duration } from "../units.ts";
import { isWellFormed } from "./bytes.ts";
import type { ClientOp, ClientResult } from "./io.ts";
import { flawOfElement } from "./table-cell.ts";
import { isTimeLimit, ttlMax } from "./time-limit.ts";

/** A request to write. */
export type WriteOp = Extract<
  ClientOp,
  { readonly kind: "put" | "delete" | "resolve" | "add" | "insert" | "remove" | "append" }
>;

/** A refusal, as a result. */
export type Refusal = Extract<ClientResult, { readonly kind: "refused" }>;

/** The part of a record that its request alone decides. */
export interface Draft {
  readonly kind: "put" | "delete";
  readonly value: string;
  readonly isAll: boolean;
  /** How long it is to last; undefined: for good. */
  readonly ttl: Duration | undefined;
}

/** Is this a request to write? */
export function isWriteOp(op: ClientOp): op is WriteOp {
  switch (op.kind) {
    case "put":
    case "delete":
    case "resolve":
    case "add":
    case "insert":
    case "remove":
    case "append":
      return true;
    default:
      return false;
  }
}

/** Are key and value texts that have a form in bytes? Null when they are. */
export function refusedText(asked: WriteOp): Refusal | null {
  if (isWellFormed(asked.key) && isWellFormed(textOf(asked))) return null;
  return refusal("badText", "keys and values must be well-formed Unicode: a surrogate stands alone");
}

/** The draft of the record, given the scope's resolver and how many versions of the key stand here. */
export function draftOf(asked: WriteOp, resolver: ResolverName, liveCount: number): Draft | Refusal {
  const wrong = wrongRequest(asked.kind, resolver);
  if (wrong !== null) return refusal("wrongRequest", wrong);
  switch (asked.kind) {
    case "put":
    case "delete": {
      const isAll = replacesAll(resolver) || asked.replaceAll === true;
      const ttl = asked.kind === "put" ? asked.ttl : undefined;
      if (ttl !== undefined && !isTimeLimit(ttl)) {
        return refusal("badTimeLimit", `${ttl} is no whole number of microseconds between 1 and ${ttlMax}`);
      }
      return { kind: asked.kind, value: textOf(asked), isAll, ttl };
    }
    case "resolve":
      if (liveCount < 2) {
        return refusal("noConflict", `${JSON.stringify(asked.key)} has no open siblings here; write it with a put`);
      }
      return { kind: "put", value: asked.value, isAll: true, ttl: undefined };
    case "add":
      if (!Number.isSafeInteger(asked.amount)) {
        return refusal("badAmount", `${asked.amount} is no whole number between -2^53 and 2^53`);
      }
      return { kind: "put", value: textOf(asked), isAll: true, ttl: undefined };
    case "insert":
    case "remove": {
      const flaw = resolver === "table" ? flawOfElement(asked.kind, asked.element) : null;
      if (flaw !== null) return refusal("badElement", flaw);
      return { kind: "put", value: textOf(asked), isAll: true, ttl: undefined };
    }
    case "append":
      return { kind: "put", value: textOf(asked, resolver), isAll: true, ttl: undefined };
    default:
      return unreachable(asked);
  }
}

/** The value that a request to write puts into its record, in a scope of this resolver. */
export function textOf(asked: WriteOp, resolver: ResolverName | null = null): string {
  switch (asked.kind) {
    case "put":
    case "resolve":
      return asked.value;
    case "delete":
      return "";
    case "add":
      // BigInt writes no exponent, and no sign before zero.
      return Number.isSafeInteger(asked.amount) ? String(BigInt(asked.amount)) : "";
    case "insert":
      return `+${asked.element}`;
    case "remove":
      return `-${asked.element}`;
    case "append":
      // What can be taken out again is told from what takes it out.
      return resolver === "queue" ? `+${asked.entry}` : asked.entry;
    default:
      return unreachable(asked);
  }
}

const deltaRequests = {
  counter: "add",
  set: "insert or remove",
  log: "append",
  queue: "append or remove",
  table: "insert or remove",
} as const;

/** Why there is no such request in a scope of this resolver; null when there is. */
export function wrongRequest(kind: WriteOp["kind"], resolver: ResolverName): string | null {
  if (isFor(kind, resolver)) return null;
  const are = isDeltaResolver(resolver) ? deltaRequests[resolver] : "put, delete or resolve";
  return `${kind} is no request of a ${resolver} scope; write one with ${are}`;
}

function isFor(kind: WriteOp["kind"], resolver: ResolverName): boolean {
  switch (kind) {
    case "put":
    case "delete":
    case "resolve":
      return !isDeltaResolver(resolver);
    case "add":
      return resolver === "counter";
    case "insert":
      return resolver === "set" || resolver === "table";
    case "remove":
      return hasRemovals(resolver);
    case "append":
      return resolver === "log" || resolver === "queue";
    default:
      return unreachable(kind);
  }
}

/** A refusal in words. */
export function refusal(code: Refusal["code"], why: string): Refusal {
  assert(why !== "", "a refusal says why");
  return { kind: "refused", code, why };
}
