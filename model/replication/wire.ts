// The byte form of messages, and the size function that the simulator charges links by. Around every message stands a frame
// that no version changes:
//
//   version | kind | what that kind says in that version | checksum of all before it (CRC-32C, four bytes, lowest first)
//
// Bytes that a link has damaged are told from bytes of a version that one does not know, since the checksum comes first.
// `encodedSize` equals the encoder's output, and what the decoder accepts encodes to the same bytes: both are properties.
// Kinds are in wire-messages.ts, records, which have a version of their own, in wire-record.ts. docs/wire.md draws it all.

import type { Bytes } from "../units.ts";
import { ByteReader, ByteWriter, Malformed, integerSize } from "./bytes.ts";
import { checksumSize } from "./checksum.ts";
import type { Message } from "./messages.ts";
import { formNumbered, formOf } from "./wire-messages.ts";

export { carriedSize, readAs, recordSize, unseal } from "./wire-record.ts";

/** The highest version of messages and of records that this code reads and writes. */
export const wireVersion = 2;

/** The versions one end can speak. */
export interface Speaks {
  readonly least: number;
  readonly most: number;
}

/** What decoding gave: a message, or where and why the bytes are none. */
export type Decoded =
  | { readonly kind: "message"; readonly message: Message; readonly version: number }
  /** The checksum does not fit: damaged, or cut off. */
  | { readonly kind: "corrupted" }
  /** Undamaged, and still no message. */
  | { readonly kind: "malformed"; readonly at: number; readonly why: string }
  /** Undamaged, of a version that this end does not speak. */
  | { readonly kind: "unknownVersion"; readonly version: number };

/** The version that a message is written in between two ends that have agreed on this one. */
function versionFor(message: Message, agreed: number): number {
  return formOf(message).isGreeting ? 1 : agreed;
}

/** Bytes a message takes on the wire; equal to `encode(message, agreed).length`, without encoding it. */
export function encodedSize(message: Message, agreed = 1): Bytes {
  const version = versionFor(message, agreed);
  const form = formOf(message);
  return (integerSize(version) + integerSize(form.number) + form.size(message, version) + checksumSize) as Bytes;
}

/**
 * The bytes of a message. Throws on numbers or texts that no replica makes.
 *
 * @param agreed the version that both ends speak, 1 where the other was never heard
 * @param into where they go; as long as they are, or longer
 */
export function encode(message: Message, agreed = 1, into?: Uint8Array): Uint8Array {
  const out = new ByteWriter(into ?? encodedSize(message, agreed));
  const version = versionFor(message, agreed);
  const form = formOf(message);
  out.integer(version);
  out.integer(form.number);
  form.write(out, message, version);
  out.checksum(0);
  return out.length === out.bytes.length ? out.bytes : out.bytes.subarray(0, out.length);
}

/** Does the checksum of these bytes fit? What does not is damaged. */
export function isIntact(bytes: Uint8Array): boolean {
  return new ByteReader(bytes).checks(0);
}

/** Reads a message. Never throws on bytes; whatever is not a message is said so, with the place. */
export function decode(bytes: Uint8Array, speaks: Speaks = { least: 1, most: wireVersion }): Decoded {
  if (!isIntact(bytes)) return { kind: "corrupted" };
  const input = new ByteReader(bytes, 0, bytes.length - checksumSize);
  try {
    const version = input.integer("version");
    if (version < 1 || version > speaks.most) return { kind: "unknownVersion", version };
    const at = input.at;
    const number = input.integer("message kind");
    const form = formNumbered(number);
    if (form === undefined) throw new Malformed(at, `message kind ${number} is unknown`);
    if (form.isGreeting ? version !== 1 : version < speaks.least) return { kind: "unknownVersion", version };
    const message = form.read(input, version, speaks.most);
    input.finish("the message");
    return { kind: "message", message, version };
  } catch (problem) {
    if (problem instanceof Malformed) return { kind: "malformed", at: problem.at, why: problem.message };
    throw problem;
  }
}

/** The version that two ends speak with each other: the highest that both know; null when there is none. */
export function agreedVersion(own: Speaks, other: Speaks): number | null {
  const most = Math.min(own.most, other.most);
  return most >= Math.max(own.least, other.least) ? most : null;
}
