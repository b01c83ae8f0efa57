// What planted bugs keep in mind from one step to the next: rules that are no functions of what they are asked. Leaves out the bugs
// (plants.ts).

import type { Context } from "../../model/replication/context.ts";
import { sameDot, type CausalRecord, type Dot } from "../../model/replication/record.ts";
import type { Rules } from "../../model/replication/rules.ts";

/** The first answer a replica ever gave for each key. */
export function firstAnswers(): (key: string, fresh: readonly CausalRecord[]) => readonly CausalRecord[] {
  const first = new Map<string, readonly CausalRecord[]>();
  return (key, fresh) => {
    const known = first.get(key);
    if (known !== undefined) return known;
    if (fresh.length > 0) first.set(key, fresh);
    return fresh;
  };
}

/**
 * A session's context after a write in which the written record stands for all that the session wrote before, in whatever
 * scope. A list of the context goes as soon as nothing but the session's own dots is in it.
 */
export function laterOfOwn(): Rules["afterWrite"] {
  const writtenBy = new WeakMap<Context, Dot[]>();
  return (context, record, classes) => {
    const written = writtenBy.get(context) ?? [];
    writtenBy.set(context, written);
    const others = context.dots().filter((dot) => !written.some((own) => sameDot(own, dot)));
    const mixed = new Set(others.map(({ stream }) => classes.classOf(stream)));
    context.replaceBy(record, {
      classOf: (stream) => classes.classOf(stream),
      covers: (wide, narrow) => classes.covers(wide, narrow) || !mixed.has(narrow),
    });
    written.push(record.dot);
  };
}
