/** Sizes in a picture, in its units, and text that is broken into lines. Widths of letters are about what they are. */

/** Sizes: of a lane, of margins, and of letters. */
export const size = {
  lane: 58,
  faultLine: 17,
  left: 20,
  top: 44,
  char: 7.3,
  small: 6.1,
  line: 17,
  half: 9,
  nameMax: 24,
};

/** Text is at most so wide, however wide the picture is: nobody scrolls to read a sentence. */
const WIDTH_MAX = 1_500;

/** How wide text may be in a picture of this width. */
export function textWidth(width: number): number {
  return Math.min(width, WIDTH_MAX) - size.left * 2;
}

/** Breaks it between words. */
export function inLines(text: string, width: number): readonly string[] {
  const room = Math.floor(textWidth(width) / size.small);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length > room) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
