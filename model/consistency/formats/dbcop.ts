/**
 * dbcop's JSON: an array of sessions, each an array of transactions `{"events":[...],"committed":true}`; or an object around it
 * with the array under `data`, as its command line writes it.
 *
 * A version of null is what was there in the beginning. Transactions are read one by one. Leaves out dbcop's binary form, and its
 * text form.
 *
 * Source: docs/history-format.md of rnbguy/dbcop.
 */
import { INITIAL, operationKind, outcome } from "../history.ts";
import type { HistoryBuilder } from "../history-builder.ts";
import { type Datum, field, printed, valueOf } from "./datum.ts";
import { JsonScanner } from "./json.ts";
import { Refusal } from "./problem.ts";
import type { Reading } from "./reading.ts";

const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** Reads the whole file. Sessions are numbered from 1, as dbcop does: its 0 is the beginning. */
export function readDbcop(reading: Reading): void {
  const scanner = new JsonScanner(reading.input, false);
  scanner.begin();
  const builder = reading.begin();
  if (scanner.take(OPEN_MAP)) {
    let hasData = false;
    if (!scanner.take(CLOSE_MAP)) {
      do {
        scanner.peek();
        const at = scanner.at;
        if (scanner.key() === "data") {
          if (hasData)
            throw reading.input.refusal(at, "data once in the object", "it again", "leave one of the two out");
          hasData = true;
          readSessions(scanner, builder, reading);
        } else scanner.skipValue();
      } while (scanner.another(CLOSE_MAP));
    }
    if (!hasData)
      throw scanner.unexpected(
        "data, the array of sessions, in the object",
        "none",
        "add it, or name another format with --format",
      );
  } else readSessions(scanner, builder, reading);
  scanner.nothingMore("the end of the file");
}

function readSessions(scanner: JsonScanner, builder: HistoryBuilder, reading: Reading): void {
  scanner.expect(OPEN_LIST);
  if (scanner.take(CLOSE_LIST)) return;
  let name = 0;
  do {
    name += 1;
    scanner.expect(OPEN_LIST);
    if (scanner.take(CLOSE_LIST)) continue;
    do {
      const transaction = scanner.value();
      try {
        readTransaction(transaction, builder, name);
      } catch (error) {
        reading.tolerate(error);
      }
    } while (scanner.another(CLOSE_LIST));
  } while (scanner.another(CLOSE_LIST));
}

function readTransaction(told: Datum, builder: HistoryBuilder, sessionName: number): void {
  const events = field(told, "events");
  const committed = field(told, "committed");
  if (told.kind !== "map" || events?.kind !== "list" || committed?.kind !== "boolean")
    throw refuse(told, 'a transaction {"events":[...],"committed":true}');
  const result = committed.text === "true" ? outcome.ok : outcome.failed;
  if (events.items.length === 0) return;
  builder.beginTransaction();
  for (const event of events.items) {
    const write = field(event, "Write");
    const access = write ?? field(event, "Read");
    const variable = access === null ? null : field(access, "variable");
    const told = access === null ? null : field(access, "version");
    if (variable === null || told === null)
      throw refuse(event, '{"Read":{"variable":0,"version":1}} or {"Write":{"variable":0,"version":1}}');
    const name = valueOf(variable);
    const value = valueOf(told);
    if (name === null) throw refuse(variable, "a variable: a number or a text");
    if (write !== null && value === null) throw refuse(told, "the version that is written: a number or a text");
    const key = builder.key(name);
    const version = builder.version(key, value);
    const session = builder.session(sessionName);
    if (write !== null) builder.add(session, operationKind.write, result, key, version, event.line);
    else {
      builder.add(session, operationKind.read, result, key, INITIAL, event.line);
      if (result === outcome.ok) builder.list(version);
    }
  }
  builder.endTransactions();
}

function refuse(datum: Datum, expected: string): Refusal {
  const text = printed(datum);
  const found = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new Refusal(datum.line, datum.column, expected, found, "correct it here");
}
