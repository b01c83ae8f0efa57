// What goes wrong with a results folder: its place and what to do about it, for a person. A folder that is damaged, in use, or of another
// sweep is no bug, and no reason for a stack.

/** Thrown wherever a results folder cannot be used or written. The message names a file and a remedy. */
export class ResultsTrouble extends Error {
  override readonly name = "ResultsTrouble";

  /**
   * @param place a path, as the user named it or below it; null where the reason names it
   */
  constructor(place: string | null, why: string) {
    super(place === null ? why : `${place}: ${why}`);
  }
}

const resumed = "what is done so far is kept";

/**
 * What the system said when it refused a write, in words.
 *
 * @param left what is there now, and how to go on from that
 */
export function whyNotWritten(
  error: unknown,
  left: { readonly full: string; readonly otherwise: string } = {
    full: `${resumed}: make room, and go on with --resume`,
    otherwise: `${resumed}: go on with --resume when that is mended`,
  },
): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `the disk is full (${code}); ${left.full}`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `it may not be written (${code}); change its permissions, or name another folder with --out`;
    default:
      return `it cannot be written (${code}); ${left.otherwise}`;
  }
}
