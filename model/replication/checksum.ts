// CRC-32C (Castagnoli), the checksum of SCTP, iSCSI and ext4. It finds every burst of up to 32 bits and every odd number of
// flipped bits; it keeps nobody out who means harm. By hand, because the model may use neither Node nor the browser: four bytes
// at once, in four tables of 256 words (Kounavis and Berry, "A systematic approach to building high performance, software-based,
// CRC generators", ISCC 2005).

/** Bytes a checksum takes. */
export const checksumSize = 4;

// What becomes of a byte behind which 0, 1, 2 or 3 bytes follow: one table after the other.
const tables = new Int32Array(4 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  tables[byte] = value;
}
for (let at = 256; at < tables.length; at += 1) {
  const before = tables[at - 256] as number;
  tables[at] = (before >>> 8) ^ (tables[before & 255] as number);
}

/** The checksum of the bytes from `from` up to, but without, `end`: a whole number of 32 bits. */
export function checksum(bytes: Uint8Array, from: number, end: number): number {
  let value = ~0;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    value ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    value =
      (tables[768 + (value & 255)] as number) ^
      (tables[512 + ((value >>> 8) & 255)] as number) ^
      (tables[256 + ((value >>> 16) & 255)] as number) ^
      (tables[value >>> 24] as number);
  }
  for (; at < end; at += 1) value = (value >>> 8) ^ (tables[(value ^ (bytes[at] as number)) & 255] as number);
  return ~value >>> 0;
}
