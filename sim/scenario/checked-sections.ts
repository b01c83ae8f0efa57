/**
 * The form's check, section by section: what a text says of a section is checked once, however often the text is read with other values
 * for other sections.
 *
 * Leaves out what is wrong: whoever finds something refused asks the form as a whole (schema.ts), which says all of it.
 */
import type { FaultForm } from "./fault-places.ts";
import { isPlainMap } from "./settings.ts";
import { type ScenarioForm, scenarioForm } from "./schema.ts";

const pieces = Object.entries(scenarioForm.shape);
const required = pieces.flatMap(([key, piece]) => (piece.safeParse(undefined).success ? [] : [key]));

/** The sections of one text. */
export class CheckedSections {
  readonly #own: Readonly<Record<string, unknown>>;
  /** Those of the text that have been checked, and let pass. */
  readonly #passed = new Map<string, unknown>();

  /** @param value what the text says, never changed */
  constructor(value: unknown) {
    this.#own = isPlainMap(value) ? value : {};
  }

  /**
   * What `scenarioForm` makes of these sections; null where it refuses something.
   *
   * @param root the text's sections, the very same objects, but for those that were given other values
   */
  check(root: Readonly<Record<string, unknown>>): ScenarioForm | null {
    for (const key of Object.keys(root)) if (!Object.hasOwn(scenarioForm.shape, key)) return null;
    for (const key of required) if (!Object.hasOwn(root, key)) return null;
    const form: Record<string, unknown> = {};
    for (const [key, piece] of pieces) {
      if (!Object.hasOwn(root, key)) continue;
      const found = root[key];
      if (found === this.#own[key] && this.#passed.has(key)) {
        form[key] = this.#passed.get(key);
        continue;
      }
      const outcome = piece.safeParse(found);
      if (!outcome.success) return null;
      form[key] = outcome.data;
      if (found === this.#own[key]) this.#passed.set(key, outcome.data);
    }
    return form as ScenarioForm;
  }

  /** What the form makes of the text's own faults, none where it has no such section; null where it refuses them. */
  faults(): readonly FaultForm[] | null {
    if (!Object.hasOwn(this.#own, "faults")) return [];
    const known = this.#passed.get("faults");
    if (known !== undefined) return known as readonly FaultForm[];
    const outcome = scenarioForm.shape.faults.safeParse(this.#own["faults"]);
    if (!outcome.success) return null;
    this.#passed.set("faults", outcome.data);
    return outcome.data ?? [];
  }
}
