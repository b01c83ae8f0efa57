// Bytes as text: in UTF-8 and no larger than it may be, or why not.

import { readFileSync } from "node:fs";

const MIB = 1024 * 1024;
/** Of one document. */
export const SOURCE_SIZE_MAX = 64 * MIB;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The bytes of a file of that size, or why they are not read. */
export function readFileBytes(path: string, size: number): Uint8Array | string {
  if (size > SOURCE_SIZE_MAX) return tooLarge(size, SOURCE_SIZE_MAX);
  try {
    return readFileSync(path);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

/** The text of bytes, or why there is none; what is no bytes but a reason stays one. */
export function textOf(
  bytes: Uint8Array | string,
): { readonly kind: "text"; readonly text: string } | { readonly kind: "refused"; readonly why: string } {
  if (typeof bytes === "string") return { kind: "refused", why: bytes };
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return {
      kind: "refused",
      why: "expected text in UTF-8, found UTF-16; write it anew, such as with iconv -f UTF-16 -t UTF-8",
    };
  }
  try {
    return { kind: "text", text: utf8.decode(bytes) };
  } catch {
    const at = firstBad(bytes);
    const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
    return {
      kind: "refused",
      why: `expected text in UTF-8, found a byte on line ${line} that is none of it; write it anew, such as with iconv -f ISO-8859-1 -t UTF-8`,
    };
  }
}

// The first byte that ends no text in UTF-8, by halving.
function firstBad(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      decoder.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
    try {
      decoder.decode();
    } catch {
      // What was begun is forgotten.
    }
  }
  return good;
}

/** Why something is not read that is larger than it may be. */
export function tooLarge(size: number, most: number): string {
  return `expected at most ${most / MIB} MiB, found ${Math.ceil(size / MIB)}; import it in parts`;
}
