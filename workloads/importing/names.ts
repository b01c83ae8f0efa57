// Names of cloudlets from the labels of a map: no blanks, no marks that keys and scenarios use, and each once.

import type { Fidelity } from "./fidelity.ts";
import type { MapNode } from "./map.ts";

/** What scenarios call groups of cloudlets. */
const taken = new Set(["all", "roots", "leaves"]);

/** A name for each node, in the same order. */
export function cloudletNames(nodes: readonly MapNode[], fidelity: Fidelity): readonly string[] {
  const used = new Set<string>(taken);
  return nodes.map(({ id, label }) => {
    const given = label ?? id;
    const cleaned = clean(given);
    // Numbers, and names that mean something to programs, are no keys of a scenario.
    const base = /^(?:[0-9]*|__proto__|constructor|prototype)$/u.test(cleaned)
      ? `site-${cleaned === "" ? clean(id) : cleaned}`
      : cleaned;
    let name = base;
    for (let count = 2; used.has(name); count += 1) name = `${base}-${count}`;
    used.add(name);
    if (label === null) fidelity.note("assumed", "a name made of the id, since there is no label", id);
    else if (name !== base)
      fidelity.note("repaired", "a label that another node has, too: a number is added to the name", given);
    else if (name !== given)
      fidelity.note("converted", "a label with blanks or marks that names do not have, to one without", given);
    return name;
  });
}

function clean(text: string): string {
  const dashed = text.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return dashed.replace(/^-+|-+$/gu, "");
}
