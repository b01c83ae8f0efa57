/**
 * Plume's and PolySI's text: one operation per line, `r(key,value,session,transaction)` or `w(...)`.
 *
 * Operations of one transaction share its number; -1 stands for every aborted transaction, so that what belonged together there
 * is not known. 0 is what every key holds in the beginning.
 *
 * Leaves out telling the format (detect.ts) and what initial values mean (history-builder.ts).
 */
import { INITIAL, operationKind, outcome } from "../history.ts";
import { plain } from "../literals.ts";
import type { Input } from "./input.ts";
import { LineCursor } from "./integers.ts";
import { unknownLine } from "./mixed.ts";
import type { Reading } from "./reading.ts";
import { Transactions } from "./transactions.ts";

const READ = 0x72;
const WRITE = 0x77;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const ABORTED = -1;

const form = "r(key,value,session,transaction) or w(key,value,session,transaction)";

/** Reads all lines into the builder. */
export function readPlume(reading: Reading): void {
  const { input } = reading;
  const builder = reading.begin();
  const line = new LineCursor(input, form);
  const transactions = new Transactions(builder);
  while (input.nextLine()) {
    if (!line.begin()) continue;
    const first = line.peek();
    const isWrite = first === WRITE;
    if ((!isWrite && first !== READ) || line.peek(1) !== OPEN) throw unknownLine(input, line.at, "plume", form);
    try {
      line.at += 2;
      const keyName = field(line, "a key", COMMA);
      const value = field(line, "a value", COMMA);
      const sessionName = field(line, "a session", COMMA);
      const transaction = field(line, "a transaction", CLOSE);
      const transactionAt = line.began;
      line.end();
      const key = builder.key(keyName);
      const version = builder.version(key, value);
      const session = builder.session(sessionName);
      const isAborted = transaction === ABORTED;
      if (isAborted) builder.endTransactions();
      else if (!transactions.enter(session, transaction)) throw reopened(input, transactionAt, transaction);
      const result = isAborted ? outcome.failed : outcome.ok;
      if (isWrite) builder.add(session, operationKind.write, result, key, version, input.line);
      else {
        builder.add(session, operationKind.read, result, key, INITIAL, input.line);
        if (!isAborted) builder.list(version);
      }
    } catch (error) {
      reading.tolerate(error);
    }
  }
}

/** An integer and what must follow it. */
function field(line: LineCursor, what: string, follows: number): number | string {
  line.skipBlanks();
  const value = line.integer(what);
  line.expect(follows);
  return value;
}

function reopened(input: Input, at: number, transaction: number | string): Error {
  return input.refusal(
    at,
    "the operations of a transaction of one session side by side",
    `transaction ${plain(transaction)} again after another one of the same session`,
    "give every transaction of a session its own number, or order the lines",
  );
}
