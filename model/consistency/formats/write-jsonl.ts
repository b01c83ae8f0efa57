/**
 * Writes our own format, line by line: whoever records a history writes operations as they complete; a history that was read from
 * elsewhere is written whole.
 *
 * Fields come in one order, so that the same operations are the same bytes. Leaves out files.
 */
import { type History, INITIAL, type InitialValues, operationKind, outcome, type TimeUnit } from "../history.ts";
import { jsonValue, NOTHING, textValue } from "../literals.ts";
import type { Value } from "../version-table.ts";

/** The first line. */
export interface JsonlHeader {
  readonly timeUnit: TimeUnit;
  /** "implicit" when absent. */
  readonly init?: InitialValues;
  /** The value that means "as in the beginning", beside null. */
  readonly zero?: number | string;
  /** Whether writes say all that they replace; those that say nothing then replace nothing. */
  readonly replaces?: boolean;
}

/** One line; docs/history-format.md says what the fields mean. */
export interface JsonlOperation {
  readonly session: string | number;
  readonly op: "read" | "write" | "append" | "delete";
  readonly key: string | number;
  readonly value?: Value;
  /** Null beside a value of null that was read: what was there in the beginning, and no delete. */
  readonly version?: string | null;
  readonly values?: readonly Value[];
  readonly versions?: readonly string[];
  readonly replaces?: readonly Value[];
  /** "ok" when absent. */
  readonly outcome?: "ok" | "failed" | "unknown";
  readonly start?: number;
  readonly end?: number;
  readonly replica?: string | number;
  readonly transaction?: string | number;
  readonly seen?: string;
  readonly final?: boolean;
}

/** The header as a line, its end included. */
export function jsonlHeader({ timeUnit, init, zero, replaces }: JsonlHeader): string {
  return `${JSON.stringify({ "causeway-history": 1, timeUnit, init, zero, replaces })}\n`;
}

/** An operation as a line, its end included; its texts are texts. */
export function jsonlLine(operation: JsonlOperation): string {
  return line(operation, JSON.stringify);
}

/** @param text of names and values */
function line(operation: JsonlOperation, text: (value: Value) => string): string {
  const { session, op, key, value, version, values, versions, replaces } = operation;
  const { start, end, replica, transaction, seen, final } = operation;
  let fields = `"session":${text(session)},"op":${JSON.stringify(op)},"key":${text(key)}`;
  const list = (each: readonly Value[]): string => `[${each.map(text).join(",")}]`;
  if (value !== undefined) fields += `,"value":${text(value)}`;
  if (version !== undefined) fields += `,"version":${JSON.stringify(version)}`;
  if (values !== undefined) fields += `,"values":${list(values)}`;
  if (versions !== undefined) fields += `,"versions":${JSON.stringify(versions)}`;
  if (replaces !== undefined) fields += `,"replaces":${list(replaces)}`;
  if (operation.outcome !== undefined && operation.outcome !== "ok")
    fields += `,"outcome":${JSON.stringify(operation.outcome)}`;
  if (start !== undefined) fields += `,"start":${JSON.stringify(start)}`;
  if (end !== undefined) fields += `,"end":${JSON.stringify(end)}`;
  if (replica !== undefined) fields += `,"replica":${text(replica)}`;
  if (transaction !== undefined) fields += `,"transaction":${text(transaction)}`;
  if (seen !== undefined) fields += `,"seen":${JSON.stringify(seen)}`;
  if (final === true) fields += ',"final":true';
  return `{${fields}}\n`;
}

const kindNames = ["read", "write", "append"] as const;
const outcomeNames = ["ok", "failed", "unknown"] as const;

/** A whole history, line by line, session after session. */
export function* writeJsonl(history: History): Generator<string> {
  const isNamed = namedKeys(history);
  yield jsonlHeader({
    timeUnit: history.timeUnit,
    init: history.initialValues,
    ...(history.hasReplaced && { replaces: true }),
  });
  if (history.initialValues === "explicit") yield* beginnings(history);
  for (let operation = 0; operation < history.operationCount; operation += 1)
    yield line(operationOf(history, operation, isNamed), jsonValue);
}

/** What the history counts as a beginning, written again by a session of its own: for keys of which anything tells it. */
function* beginnings(history: History): Generator<string> {
  const isBegun = new Uint8Array(history.keyCount);
  const names = new Set<string>();
  for (let session = 0; session < history.sessionCount; session += 1) names.add(history.sessions.of(session));
  let session = "beginning";
  while (names.has(session)) session += "'";
  for (let operation = 0; operation < history.operationCount; operation += 1) {
    const key = history.key[operation]!;
    const listed = history.listed.subarray(history.listStart[operation], history.listStart[operation + 1]);
    const isWrite = history.kind[operation] !== operationKind.read;
    if (listed.includes(INITIAL) || (isWrite && history.version[operation] === INITIAL)) isBegun[key] = 1;
  }
  for (let key = 0; key < history.keyCount; key += 1)
    if (isBegun[key] === 1) yield line({ session, op: "write", key: history.keys.raw(key), value: null }, jsonValue);
}

/** By key: 1 where versions have names beside their values. */
function namedKeys(history: History): Uint8Array {
  const isNamed = new Uint8Array(history.keyCount);
  const { versionNames, values } = history;
  if (versionNames === null) return isNamed;
  for (let version = 1; version < history.versionCount; version += 1)
    if (versionNames.raw(version) !== (values.raw(version) ?? NOTHING)) isNamed[history.versionKey[version]!] = 1;
  return isNamed;
}

function operationOf(history: History, operation: number, isNamed: Uint8Array): JsonlOperation {
  const key = history.key[operation]!;
  const kind = history.kind[operation]!;
  const result = history.outcome[operation]!;
  const isDelete = history.isDelete?.[operation] === 1;
  const named = isNamed[key] === 1;
  const nameOf = (version: number): string => history.versionNames!.of(version);
  const base = {
    session: history.sessions.raw(history.session[operation]!),
    op: isDelete ? ("delete" as const) : kindNames[kind]!,
    key: history.keys.raw(key),
    outcome: outcomeNames[result]!,
    ...circumstancesOf(history, operation),
  };
  const listed = [...history.listed.subarray(history.listStart[operation], history.listStart[operation + 1])];
  if (kind !== operationKind.read) {
    const version = history.version[operation]!;
    const isTold = history.hasReplaced && listed.length > 0;
    return {
      ...base,
      ...(!isDelete && { value: history.values.raw(version) }),
      ...(named && version !== INITIAL && { version: nameOf(version) }),
      ...(isTold && {
        replaces: listed.map(named ? (each) => textValue(nameOf(each)) : (each) => history.values.raw(each)),
      }),
    };
  }
  if (result !== outcome.ok && listed.length === 0) return base;
  const only = listed[0];
  if (history.keyKind[key] === 0 && listed.length === 1 && only !== undefined) {
    const value = history.values.raw(only);
    const isTold = named && history.isUnnamed?.[operation] !== 1;
    return { ...base, value, ...(isTold && { version: only === INITIAL ? null : nameOf(only) }) };
  }
  const values = listed.map((version) => history.values.raw(version));
  return { ...base, values, ...(named && { versions: listed.map(nameOf) }) };
}

function circumstancesOf(history: History, operation: number): Partial<JsonlOperation> {
  const start = history.start?.[operation] ?? Number.NaN;
  const end = history.end?.[operation] ?? Number.POSITIVE_INFINITY;
  const replica = history.replica?.[operation] ?? -1;
  const seen = history.seen?.[operation] ?? 0;
  const transaction = history.transaction?.[operation];
  const { transactionStart } = history;
  const hasOthers =
    transaction !== undefined && transactionStart![transaction + 1]! - transactionStart![transaction]! > 1;
  // Of an operation that succeeded, a beginning cannot stand alone.
  const hasStart = !Number.isNaN(start) && (Number.isFinite(end) || history.outcome[operation] !== outcome.ok);
  return {
    ...(hasStart && { start }),
    ...(Number.isFinite(end) && { end }),
    ...(replica >= 0 && { replica: history.replicas.raw(replica) }),
    ...(hasOthers && { transaction }),
    ...(seen > 0 && { seen: String(seen) }),
    ...(history.final?.[operation] === 1 && { final: true }),
  };
}
