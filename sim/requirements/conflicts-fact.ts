// The fact that conflicting operations are resolved as they meet (V5): two people above a site ask for something to be done to one object,
// neither knows of the other, and the site is out of reach or its plane is down, so that both are queued when they meet. Which one
// stands, by pairs of verbs, in either order; what does not is superseded, and its issuer is told by what.
//
// Leaves out what was done already when the other one came, which cannot be undone (model/control/testdata/conflicts.txt).

import { Cluster } from "../../model/testing/cluster.ts";
import { parseCommand } from "../../model/testing/transcript.ts";
import { type Fact, Trial } from "./fact.ts";

/** Of the two: which one is done. `one`: the first or the second, not both. */
const pairs: readonly (readonly [first: string, second: string, stands: "first" | "both" | "one"])[] = [
  ["vm.create", "vm.create", "one"],
  ["vm.delete", "vm.update", "first"],
  ["vm.delete", "vm.resize", "first"],
  ["vm.delete", "vm.start", "first"],
  ["vm.delete", "vm.stop", "first"],
  ["vm.stop", "vm.start", "first"],
  ["vm.update", "vm.resize", "both"],
  ["router.create", "router.create", "one"],
  ["router.delete", "router.update", "first"],
];

/** It. */
export const conflictsFact: Fact = {
  name: "conflicts-settled",
  says: "Of two queued operations on one object that are in conflict the one that the table says is done, and the other is told as superseded.",
  deviations: [{ name: "settles-nothing", says: "Both are done, whatever they are." }],
  try(deviation) {
    const trial = new Trial();
    for (const [first, second, stands] of pairs) {
      for (const isSwapped of [false, true]) {
        for (const isSameObject of [true, false]) {
          const kinds = isSwapped ? ([second, first] as const) : ([first, second] as const);
          const ends = meet(kinds, isSameObject, deviation === "settles-nothing");
          const done = ends.map((end) => end.startsWith("done"));
          const expected =
            !isSameObject || stands === "both" ? [true, true] : isSwapped ? [false, true] : [true, false];
          const isRight =
            isSameObject && stands === "one"
              ? done.filter((isDone) => isDone).length === 1
              : done.every((isDone, place) => isDone === expected[place]);
          trial.expect(isRight, () => `${kinds.join(" and ")} met, and ended as ${ends.join(" and ")}`);
          const lost = ends.filter((end) => !end.startsWith("done"));
          trial.expect(
            lost.every((end) => /^superseded \(conflict of \S+\)$/.test(end)),
            () => `${kinds.join(" and ")} met, and one ended as ${lost.join(" and ")}`,
          );
        }
      }
    }
    return trial.end();
  },
};

// How two operations end, the one issued at a and the other at b, for c.
function meet(kinds: readonly [string, string], isSameObject: boolean, settlesNothing: boolean): readonly string[] {
  const cluster = new Cluster();
  const ends = new Map<string, string>();
  const begun = new Set<string>();
  const say = (line: string, input: readonly string[] = []): string => {
    const out = cluster.handle({ ...parseCommand(line), input });
    for (const [, id = ""] of out.matchAll(/plane do (\S+):/g)) begun.add(id);
    for (const [, id = "", end = ""] of out.matchAll(/tells the end of (\S+): (.+) at \w+$/gm)) ends.set(id, end);
    return out;
  };
  const idIn = (out: string): string => /: (\S+) accepted$/m.exec(out)?.[1] ?? "";
  say(`topology operations=yes${settlesNothing ? " conflicts=none" : ""}`, [
    "cloudlet a",
    "cloudlet b upper=a",
    "cloudlet c upper=b",
  ]);
  say("log control");
  say("heal");
  say("stabilize");
  say("planes c control=failed management=healthy");
  say("cut a-b");
  const first = idIn(`${say(`issue a s c ${kinds[0]} thing`)}\n${say("stabilize")}`);
  const second = idIn(`${say(`issue b s c ${kinds[1]} ${isSameObject ? "thing" : "other"}`)}\n${say("stabilize")}`);
  say("heal");
  say("stabilize");
  say("planes c control=healthy management=healthy");
  for (let round = 0; round < 3; round += 1) {
    say("stabilize");
    for (const id of begun) say(`executed c ${id} done`);
    begun.clear();
  }
  say("stabilize");
  return [first, second].map((id) => ends.get(id) ?? "nothing");
}
