/**
 * Texts that grow by appending, taken apart again: `append "a"`, `append "b"`, then a read of `"ab"` is a list of two elements.
 *
 * That is certain only where no appended text begins with another one: then at every place of a read at most one of them fits. A rest
 * that none of them begins is one element more, which nobody appended; the checkers will say so.
 *
 * Leaves out which keys are such texts (jepsen.ts).
 */

/** What was appended to one key. */
export class Pieces {
  /** In order, each once. */
  readonly #sorted: readonly string[];

  constructor(appended: ReadonlySet<string>) {
    this.#sorted = [...appended].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Two texts of which the second begins with the first, or the empty one twice; null where reads can be taken apart. */
  ambiguity(): readonly [string, string] | null {
    const sorted = this.#sorted;
    if (sorted[0] === "") return ["", ""];
    // In order, whatever begins with a text follows it at once.
    for (let at = 1; at < sorted.length; at += 1)
      if (sorted[at]!.startsWith(sorted[at - 1]!)) return [sorted[at - 1]!, sorted[at]!];
    return null;
  }

  /** The elements of a text that was read. */
  split(text: string): readonly string[] {
    const elements: string[] = [];
    for (let at = 0; at < text.length;) {
      const piece = this.#pieceAt(text, at) ?? text.slice(at);
      elements.push(piece);
      at += piece.length;
    }
    return elements;
  }

  /** The element that a text begins with; null where it is none. */
  first(text: string): string | null {
    return this.#pieceAt(text, 0);
  }

  /** The piece that stands at a place: if any does, it is the last one that is not beyond what stands there. */
  #pieceAt(text: string, at: number): string | null {
    const sorted = this.#sorted;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = sorted[middle]!;
      if (piece <= text.slice(at, at + piece.length)) low = middle + 1;
      else high = middle;
    }
    const piece = sorted[low - 1];
    return piece !== undefined && text.startsWith(piece, at) ? piece : null;
  }
}
