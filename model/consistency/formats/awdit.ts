/**
 * AWDIT's text: `r key value` or `w key value` on each line, a line of dashes between transactions, one of equals signs between
 * sessions. Initial values are written, usually by a first session of their own.
 *
 * That first session is ordered before nobody, and who takes it for an ordinary one overlooks that a read of the initial value
 * after a write of one's own is wrong. So a write of the zero that comes first is the beginning here and no operation (`explicit`).
 *
 * Leaves out telling the format (detect.ts) and what initial values mean (history-builder.ts).
 */
import { INITIAL, operationKind, outcome } from "../history.ts";
import { LineCursor } from "./integers.ts";
import { unknownLine } from "./mixed.ts";
import type { Reading } from "./reading.ts";

const READ = 0x72;
const WRITE = 0x77;
const DASH = 0x2d;
const EQUALS = 0x3d;
const BLANK = 0x20;
const TAB = 0x09;

const form = "r KEY VALUE or w KEY VALUE, ----- between transactions, ===== between sessions";

/** Reads all lines into the builder. Sessions are numbered as they come, from 0. */
export function readAwdit(reading: Reading): void {
  const { input } = reading;
  const builder = reading.begin();
  const line = new LineCursor(input, form);
  let sessionName = 0;
  let hasOperations = false;
  let isNewTransaction = true;
  while (input.nextLine()) {
    if (!line.begin()) continue;
    const first = line.peek();
    if (first === DASH || first === EQUALS) {
      while (line.peek() === first) line.at += 1;
      line.end();
      isNewTransaction = true;
      if (first === EQUALS && hasOperations) {
        sessionName += 1;
        hasOperations = false;
      }
      continue;
    }
    const isWrite = first === WRITE;
    const separator = line.peek(1);
    if ((!isWrite && first !== READ) || (separator !== BLANK && separator !== TAB))
      throw unknownLine(input, line.at, "awdit", form);
    try {
      line.at += 2;
      line.skipBlanks();
      const keyName = line.integer("a key");
      if (line.peek() !== BLANK && line.peek() !== TAB) throw line.unexpected("a blank and a value");
      line.skipBlanks();
      const value = line.integer("a value");
      line.end();
      hasOperations = true;
      const key = builder.key(keyName);
      const version = builder.version(key, value);
      const session = builder.session(sessionName);
      if (isNewTransaction) builder.beginTransaction();
      isNewTransaction = false;
      if (isWrite) builder.add(session, operationKind.write, outcome.ok, key, version, input.line);
      else {
        builder.add(session, operationKind.read, outcome.ok, key, INITIAL, input.line);
        builder.list(version);
      }
    } catch (error) {
      reading.tolerate(error);
    }
  }
}
