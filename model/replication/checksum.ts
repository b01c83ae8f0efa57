// CRC-32C (Castagnoli), the checksum of SCTP, iSCSI and ext4: bit by bit in a table of 256 words. It finds every burst of
// up to 32 bits and every odd number of flipped bits; it keeps nobody out who means harm. By hand, because the model may
// use neither Node nor the browser.

/** Bytes a checksum takes. */
export const checksumSize = 4;

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  table[byte] = value;
}

/** The checksum of the bytes from `from` up to, but without, `end`: a whole number of 32 bits. */
export function checksum(bytes: Uint8Array, from: number, end: number): number {
  let value = 0xffff_ffff;
  for (let at = from; at < end; at += 1) {
    value = (value >>> 8) ^ (table[(value ^ (bytes[at] as number)) & 255] as number);
  }
  return (value ^ 0xffff_ffff) >>> 0;
}
