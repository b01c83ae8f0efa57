/**
 * Values of a file that are neither numbers nor texts, kept as texts with a mark before them, so that none equals a text.
 *
 * The mark is a character that hardly any text begins with. Leaves out what the values mean.
 */

const MARK = "\u0000";

/** Nothing, where it is a value of its own: a literal of no characters. */
export const NOTHING = MARK;
