/**
 * Files of Jepsen's events: EDN and JSON, in one array or one after the other, and the logs that Porcupine's tests read.
 *
 * Events are read one by one, so that no file need be in memory. Leaves out what events mean (jepsen.ts).
 */
import { atom, compound, type Datum } from "./datum.ts";
import { EdnScanner } from "./edn.ts";
import type { Input } from "./input.ts";
import { JepsenEvents } from "./jepsen.ts";
import { JsonScanner } from "./json.ts";
import type { Reading } from "./reading.ts";

const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** EDN: a vector or list of maps, or maps one after the other. */
export function readJepsenEdn(reading: Reading): void {
  const scanner = new EdnScanner(reading.input, false);
  scanner.begin();
  const events = new JepsenEvents(reading);
  const close = scanner.take(OPEN_LIST) ? CLOSE_LIST : scanner.take(OPEN_PAREN) ? CLOSE_PAREN : -1;
  for (;;) {
    const byte = scanner.peek();
    if (byte === close) break;
    if (byte === -1) throw scanner.unexpected(`"${String.fromCharCode(close)}" at the end of the history`);
    events.event(scanner.value());
  }
  if (close !== -1) {
    scanner.take(close);
    if (scanner.peek() !== -1) throw scanner.unexpected("the end of the file");
  }
  events.finish();
}

/** JSON: an array of objects, or objects one after the other. */
export function readJepsenJson(reading: Reading): void {
  const scanner = new JsonScanner(reading.input, false);
  scanner.begin();
  const events = new JepsenEvents(reading);
  if (scanner.take(OPEN_LIST)) {
    if (!scanner.take(CLOSE_LIST)) {
      do events.event(scanner.value());
      while (scanner.another(CLOSE_LIST));
    }
    scanner.nothingMore("the end of the file");
  } else while (scanner.peek() !== -1) events.event(scanner.value());
  events.finish();
}

const MARK = "jepsen.util";

/**
 * A log of Jepsen's: lines such as `INFO  jepsen.util - 2 :invoke :write 4`. Other lines of the log are other parts' and left out,
 * as are lines of this part that do not begin with a process.
 */
export function readPorcupineLog(reading: Reading): void {
  const { input } = reading;
  const scanner = new EdnScanner(input, true);
  const events = new JepsenEvents(reading);
  let others = 0;
  while (input.nextLine()) {
    const from = afterMark(input);
    const event = from < 0 ? null : eventIn(scanner, from);
    if (event !== null) events.event(event);
    else if (input.to > input.from) others += 1;
  }
  events.finish();
  if (others > 0) reading.notes.push(`other lines of the log, left out: ${others}`);
}

/** Where the event of a line begins: behind the part's name and what separates it; -1 where there is none. */
function afterMark({ bytes, from, to }: Input): number {
  for (let at = from; at + MARK.length < to; at += 1) {
    let length = 0;
    while (length < MARK.length && bytes[at + length] === MARK.charCodeAt(length)) length += 1;
    if (length < MARK.length) continue;
    let next = at + length;
    while (next < to && (bytes[next]! <= 0x20 || bytes[next] === 0x2d || bytes[next] === 0x3a)) {
      // The colon of a keyword is no separator: `jepsen.util: :nemesis`.
      if (bytes[next] === 0x3a && bytes[next + 1] !== 0x20) break;
      next += 1;
    }
    return next;
  }
  return -1;
}

/** `PROCESS :TYPE :F VALUE` as an event; null where the line tells something else. */
function eventIn(scanner: EdnScanner, from: number): Datum | null {
  scanner.beginAt(from);
  const parts: Datum[] = [];
  while (parts.length < 4 && scanner.peek() !== -1) parts.push(scanner.value());
  const [process, type, name, value] = parts;
  if (process?.kind !== "number" && process?.kind !== "keyword") return null;
  if (type?.kind !== "keyword" || name === undefined) return null;
  const { line, column } = process;
  const told = value ?? atom("nil", "", 0, line, column);
  const named: readonly (readonly [string, Datum])[] = [
    ["process", process],
    ["type", type],
    ["f", name],
    ["value", told],
  ];
  return compound(
    "map",
    named.flatMap(([key, datum]) => [atom("keyword", key, 0, line, column), datum]),
    line,
    column,
  );
}
