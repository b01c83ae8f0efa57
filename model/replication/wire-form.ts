// What it takes to write one kind of message and to read it again. The kinds are in wire-messages.ts and wire-snapshot.ts.

import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Message } from "./messages.ts";

/** How one kind of message is written. `reads` is the highest version of records that the reader knows. */
export interface MessageForm<Kind extends Message> {
  /** What it is called on the wire. */
  readonly number: number;
  /** True: written in version 1 whatever the two ends speak. */
  readonly isGreeting: boolean;
  size(message: Kind, version: number): number;
  write(out: ByteWriter, message: Kind, version: number): void;
  read(input: ByteReader, version: number, reads: number): Kind;
}
