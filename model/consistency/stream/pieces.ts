/**
 * Operations of a piece of a stream, in the order of its lines: a piece is read like a small file of its own.
 *
 * Versions are told apart by what the file calls them, since numbers of versions mean nothing beyond their piece. Leaves out cutting
 * a stream into pieces.
 */
import { keyText, operationText, valueText } from "../explain/words.ts";
import { type History, INITIAL, keyKind, operationKind, outcome } from "../history.ts";
import type { StreamOperation } from "./stream-types.ts";

const outcomes = ["ok", "failed", "unknown"] as const;

/** Takes a piece apart. `linesBefore` is how many lines of the stream came before its first one. */
export function streamOperations(history: History, linesBefore: number): readonly StreamOperation[] {
  const order = Uint32Array.from({ length: history.operationCount }, (_, operation) => operation);
  order.sort((one, other) => history.line[one]! - history.line[other]!);
  return Array.from(order, (operation) => operationOf(history, operation, linesBefore));
}

function operationOf(history: History, operation: number, linesBefore: number): StreamOperation {
  const key = history.key[operation]!;
  const kind = history.kind[operation]!;
  const of = history.keyKind[key];
  const isRead = kind === operationKind.read;
  const versions = isRead
    ? Array.from(history.listed.subarray(history.listStart[operation], history.listStart[operation + 1]))
    : [history.version[operation]!];
  return {
    line: linesBefore + history.line[operation]!,
    session: history.sessions.raw(history.session[operation]!),
    key: nameOf(history.keys.raw(key)),
    kind: isRead ? "read" : "write",
    outcome: outcomes[history.outcome[operation] ?? outcome.ok] ?? "ok",
    versions: versions.map((version) => ({
      id: version === INITIAL ? null : idOf(history, version),
      text: `${keyText(history, key)} = ${valueText(history, version)}`,
    })),
    text: operationText(history, operation),
    isRegister: of === keyKind.register,
    showsMore: isRead && (of === keyKind.list || (of === keyKind.siblings && !history.hasReplaced)),
    isOfList: of === keyKind.list,
    isUnnamed: history.isUnnamed?.[operation] === 1,
    isDelete: history.isDelete?.[operation] === 1,
    mayBeNamed: history.versionNames !== null || history.isDelete !== null,
    isInTransaction: history.namesTransactions,
  };
}

/** The number 1 and the text "1" are two values. */
function idOf({ values, versionNames }: History, version: number): string {
  return nameOf(versionNames?.of(version) ?? values.raw(version));
}

/** A name that tells a number from its text. */
function nameOf(raw: number | string | null): string {
  return typeof raw === "string" ? `"${raw}` : String(raw);
}
