/**
 * Where each problem of a form is to be pointed at: the place in the file, or the setting or the draw that brought the value.
 *
 * Leaves out finding problems.
 */
import type { PlainDocument } from "./document.ts";
import type { FormProblem } from "./explain.ts";
import { type FormPath, type Problem, renderFormPath, sortProblems } from "./problem.ts";

/** Where a value came from when it does not stand in the file at its path. */
type Source = { readonly kind: "setting"; readonly label: string } | { readonly kind: "draw"; readonly key: string };

/** Finds the place to point at for each problem. */
export class Places {
  readonly #file: string;
  readonly #document: PlainDocument;
  readonly #brought: (readonly [FormPath, Source])[] = [];

  constructor(file: string, document: PlainDocument) {
    this.#file = file;
    this.#document = document;
  }

  /** Remembers that the value at this path came from elsewhere. */
  bring(path: FormPath, source: Source): void {
    this.#brought.push([path, source]);
  }

  locate(problems: readonly FormProblem[]): Problem[] {
    return sortProblems(
      problems.map(({ path, at, message }): Problem => {
        const source = this.#brought.findLast(([prefix]) => prefix.every((step, index) => path[index] === step))?.[1];
        // A message about a key names it; its path leads to the map that it stands in.
        const text = `${describePath(at === "key" ? path.slice(0, -1) : path)}${message}`;
        if (source?.kind === "setting") return { file: source.label, line: 0, column: 0, message: text };
        const inFile: FormPath = source === undefined ? path : ["draw", source.key];
        const place = at === "key" ? this.#document.placeOfKey(inFile) : this.#document.placeOf(inFile);
        return { file: this.#file, line: place.line, column: place.column, message: text };
      }),
    );
  }
}

/** `clients[0].sessions: `, or nothing for the whole file. */
function describePath(path: FormPath): string {
  const text = renderFormPath(path);
  return text === "" ? "" : `${text}: `;
}
