// Keys are paths: parts with slashes between them. The last one is found from the end, where it is short.

const slash = 0x2f;

/** Where the last part of a key begins: behind its last slash, or at its beginning where there is none. */
export function lastPartOf(key: string): number {
  let at = key.length;
  while (at > 0 && key.charCodeAt(at - 1) !== slash) at -= 1;
  return at;
}
