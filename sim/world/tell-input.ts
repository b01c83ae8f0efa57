// Observers are told what a core is about to see. Of bytes they are told the message in them, as a reader of all versions
// reads it; of bytes that hold none, nothing: nobody has received anything.

import type { CloudletId } from "../../model/ids.ts";
import type { Input } from "../../model/replication/io.ts";
import type { Message } from "../../model/replication/messages.ts";
import { decode } from "../../model/replication/wire.ts";
import type { Instant } from "../../model/units.ts";
import type { Letter } from "./mail.ts";
import type { Audience } from "./observers.ts";

function messageIn(bytes: Uint8Array): Message | null {
  const decoded = decode(bytes);
  return decoded.kind === "message" ? decoded.message : null;
}

/** Tells of an input that a cloudlet's core handles now. */
export function tellInput(audience: Audience, now: Instant, cloudlet: CloudletId, input: Input, since: Instant): void {
  switch (input.kind) {
    case "request":
      audience.requested(now, cloudlet, input.session, input.id, input.op, since);
      break;
    case "receive":
      audience.received(now, input.from, cloudlet, input.message, since);
      break;
    case "receiveBytes": {
      const message = (input as Partial<Letter>).says ?? messageIn(input.bytes);
      if (message !== null) audience.received(now, input.from, cloudlet, message, since);
      break;
    }
    case "stored":
      audience.synced(now, cloudlet, input.upTo);
      break;
    default:
      break;
  }
}
