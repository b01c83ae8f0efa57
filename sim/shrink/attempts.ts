// Tries worlds: each is read like a file, run, and kept where it shows the target and is smaller than the smallest so far. Counts the
// runs against a budget, and never runs one world twice. Leaves out which worlds to try (passes.ts, simpler.ts).

import type { RunOptions } from "../run/runner.ts";
import { formOf } from "../scenario/form-of.ts";
import type { FormPart } from "../scenario/form-of-topology.ts";
import { readForm } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { renderForm } from "../scenario/write.ts";
import { tidied } from "./edits.ts";
import { isSmaller, type Sized, sizeOf } from "./size.ts";
import { sight, type Target } from "./target.ts";

/** A world that was read and found sound. */
export type World = Sized;

/** Why no more worlds are tried. */
export type Ending = "budget" | "time" | "interrupted";

/** Thrown by `holds` when the search is to end; what was found so far stands. */
export class SearchEnded extends Error {
  override readonly name = "SearchEnded";
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending);
    this.ending = ending;
  }
}

/** How worlds are tried. */
export interface AttemptOptions {
  /** How a world is run; a planted bug among it. */
  readonly run: RunOptions;
  /** How it is run without the planted bug, where it must not show the target; null: there is none, or it shows it anyway. */
  readonly clean: RunOptions | null;
  /** Runs at most. */
  readonly budget: number;
  /** Asked before each run: an ending, or null to go on. Lets the event loop turn. */
  readonly pause: (attempts: Attempts) => Promise<Ending | null>;
}

/** A sound world of a scenario, as a reader of its file would have it; null where the file would be refused. */
export function worldOf(scenario: Scenario): World | null {
  const draft = draftOf(scenario);
  return draft === null ? null : accepted(draft);
}

/** A world that nobody has read yet. */
interface Draft extends World {
  readonly form: FormPart;
}

function draftOf(scenario: Scenario): Draft | null {
  const tidy = tidied(scenario);
  if (tidy === null) return null;
  const form = formOf(tidy);
  return { scenario: tidy, size: sizeOf(tidy), form, text: renderForm(form) };
}

function accepted({ form, text, scenario: { resolvers } }: Draft): World | null {
  const read = readForm(form);
  if (read === null) return null;
  // The code of users' resolvers is not in the file.
  const scenario = { ...read.scenario, resolvers };
  return { scenario, size: sizeOf(scenario), text };
}

/** The search so far. */
export class Attempts {
  readonly #target: Target;
  readonly #options: AttemptOptions;
  readonly #tried = new Set<string>();
  #best: World;
  #runCount = 0;

  /** @param first shows the target */
  constructor(first: World, target: Target, options: AttemptOptions) {
    this.#best = first;
    this.#target = target;
    this.#options = options;
    this.#tried.add(first.text);
  }

  /** The smallest world that shows the target. */
  get best(): World {
    return this.#best;
  }

  /** Runs so far, those without the planted bug among them. */
  get runCount(): number {
    return this.#runCount;
  }

  /**
   * Is this a smaller world that shows the target? Then it is the best one.
   *
   * @throws SearchEnded
   */
  async holds(scenario: Scenario): Promise<boolean> {
    const draft = draftOf(scenario);
    // Reading takes longer than anything before it, and most of what is tried late was tried before, or is no smaller.
    if (draft === null || this.#tried.has(draft.text) || !isSmaller(draft, this.#best)) return false;
    this.#tried.add(draft.text);
    const world = accepted(draft);
    if (world === null || !isSmaller(world, this.#best)) return false;
    if ((await this.#run(world, this.#options.run)) === null) return false;
    const { clean } = this.#options;
    if (clean !== null && (await this.#run(world, clean)) !== null) return false;
    this.#best = world;
    return true;
  }

  async #run({ scenario }: World, options: RunOptions): Promise<string | null> {
    if (this.#runCount >= this.#options.budget) throw new SearchEnded("budget");
    const ending = await this.#options.pause(this);
    if (ending !== null) throw new SearchEnded(ending);
    this.#runCount += 1;
    return sight(scenario, this.#target, options);
  }
}
