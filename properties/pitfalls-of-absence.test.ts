// The known pitfalls of members that are away for long, named and told as in pitfalls.test.ts: first the naive way, a planted bug, then
// ours.

import { expect, test } from "vitest";
import type { Rules } from "../model/replication/rules.ts";
import { plantNamed } from "../sim/plants/plants.ts";
import { type Tell, stage } from "./staged.ts";

const pair: readonly string[] = [
  "cloudlet a",
  "cloudlet b upper=a",
  "scope users resolver=return-them-all collect=10",
  "flow users a-b both",
];
const trio: readonly string[] = [...pair, "cloudlet c upper=a", "flow users a-c both"];

function planted(name: string): () => Partial<Rules> {
  const plant = plantNamed(name);
  if (plant === null) throw new Error(`no plant is called ${name}`);
  return plant.rules;
}

test("a delete outlives the absence of whoever has not got it: what it deleted does not come back with them", () => {
  const absent = (plant?: () => Partial<Rules>): Tell => {
    const tell = stage(pair, plant);
    tell("heal", "stabilize", "request a s1 put users/x 1", "stabilize", "cut");
    // b, away, writes in place of a value that a deletes meanwhile.
    tell("request b s2 get users/x", "request b s2 put users/x 2", "request a s1 delete users/x", "stabilize");
    for (let day = 0; day < 90; day += 1) tell("tick 86400s", "stabilize");
    tell("heal", "stabilize");
    return tell;
  };
  expect(absent(planted("forgets-the-silent"))("versions users/x")).toContain("a: 2 (b.1/users#1)");
  const both = "deleted (a.1/users#2), 2 (b.1/users#1)";
  expect(absent()("versions users/x")).toEqual([`a: ${both}`, `b: ${both}`]);
});

test("a detached cloudlet never acks: deletes go without it by decision, not by silence, and its return revives nothing", () => {
  const detached = (
    plant?: () => Partial<Rules>,
  ): { readonly away: readonly string[]; readonly back: readonly string[] } => {
    const tell = stage(trio, plant);
    const rounds = (count: number): void => {
      for (let round = 0; round < count; round += 1) tell("tick 60s", "stabilize");
    };
    tell("heal", "stabilize", "request b s1 put users/x 1", "stabilize", "cut a-c");
    tell("request c s3 get users/x", "request c s3 put users/x 3", "stored c");
    tell("request a s2 get users/x", "request a s2 delete users/x", "stabilize");
    rounds(10);
    expect(tell("versions users/x").slice(0, 1)).toEqual(["a: deleted (a.1/users#1)"]);
    tell("dismiss a c", "stabilize");
    rounds(10);
    const away = tell("versions users/x");
    tell("heal a-c", "stabilize");
    rounds(10);
    return { away, back: tell("versions users/x") };
  };
  const frozen = detached(planted("waits-for-detached"));
  expect(frozen.away.slice(0, 2)).toEqual(["a: deleted (a.1/users#1)", "b: deleted (a.1/users#1)"]);
  expect(detached(planted("returns-without-deletes")).back).toContain("a: 3 (c.1/users#1)");
  const { away, back } = detached();
  expect(away).toEqual(["a: nothing", "b: nothing", "c: 3 (c.1/users#1)"]);
  for (const name of ["a", "b", "c"]) expect(back).toContainEqual(expect.stringMatching(`^${name}: .*deleted .*`));
  for (const name of ["a", "b", "c"]) expect(back).toContainEqual(expect.stringMatching(`^${name}: .*3 \\(c`));
});

test("what is held back, the delete before it and a cut that both belong to wait for each other, and come together", () => {
  const topology = [
    "cloudlet a",
    "cloudlet m upper=a",
    "cloudlet c upper=m",
    "scope users resolver=return-them-all collect=10",
    "scope orders",
    "flow users a-c both",
    "flow orders m-c up",
    "flow orders a-m up",
  ];
  const returning = (plant?: () => Partial<Rules>): Tell => {
    const tell = stage(topology, plant, 1);
    tell("heal", "stabilize", "request a s2 put users/x 1", "stabilize", "request c s1 get users/x");
    tell("cut a->c", "cut a-m", "dismiss a c");
    for (const op of ["put orders/p 1", "delete users/x", "put users/y 1", "put orders/q 1"]) {
      tell(`request c s1 ${op}`, "stored c");
    }
    tell("request a s2 put users/x 2", "stabilize", "heal a->c", "stabilize", "tick 3s", "stabilize");
    tell("heal a-m", "stabilize", "tick 60s", "stabilize", "tick 60s", "stabilize");
    return tell;
  };
  const apart = returning(() => ({ joinsVouched: () => false }));
  expect(apart("pending").join("\n")).toContain("a: c.1/users#2 waits for");
  expect(apart("versions orders/q")).toContain("a: nothing");
  const together = returning();
  expect(together("pending")).toEqual([""]);
  expect(together("versions users/y")).toContain("a: 1 (c.1/users#2)");
});

test("what a cut holds of a key tells of a value that is gone only where it stands, or is known to have replaced that", () => {
  const topology = [
    "cloudlet a",
    "cloudlet m upper=a",
    "cloudlet c upper=m",
    "scope users resolver=return-them-all collect=10",
    "flow users a-m both",
    "flow users m-c both",
  ];
  const rounds = ["tick 60s", "stabilize", "tick 60s", "stabilize", "tick 60s", "stabilize"];
  const fill = [1, 2, 3].flatMap((value) => [`request a s1 put users/y ${value}`, "stabilize"]);
  const missed = (plant?: () => Partial<Rules>, values = [3]): Tell => {
    const tell = stage(topology, plant, 2);
    // m and c are away. A delete by m of nothing gets to c, and c replaces it together with a value, whose delete it misses.
    tell("heal", "stabilize", "cut m->a", "request m s2 delete users/x", "stabilize", "dismiss a m", "dismiss a c");
    tell("request a s1 put users/x 1", "stabilize", "tick 60s", "stabilize", "cut a->m", "cut m-c");
    tell("request c s3 get users/x", ...values.flatMap((value) => [`request c s3 put users/x ${value}`, "stored c"]));
    tell("request a s1 delete users/x", "stabilize", ...rounds, ...fill);
    tell("heal a->m", "stabilize", "tick 60s", "stabilize", "heal m-c", "stabilize", "heal", "stabilize", ...rounds);
    return tell;
  };
  const alone = missed(() => ({ meets: () => true }));
  expect(alone("versions users/x")).toEqual(["a", "m", "c"].map((name) => `${name}: 3 (c.1/users#2)`));
  const met = "3 (c.1/users#2), deleted (c.1/users#3)";
  expect(missed()("versions users/x")).toEqual(["a", "m", "c"].map((name) => `${name}: ${met}`));
  // As is declared: the log of c does not tell any more what c took the place of.
  expect(missed(undefined, [3, 4, 5, 6])("versions users/x")).toContain("a: 6 (c.1/users#5)");
  // Nobody deletes anything. c replaces a value, hears of what a has put in its place, and replaces that, too.
  const tell = stage(topology, undefined, 2);
  tell("heal", "stabilize", "request a s1 put users/x 1", "stabilize", "cut m->a", "dismiss a c");
  tell("request c s3 get users/x", "request c s3 put users/x 3", "stored c");
  tell("request a s1 get users/x", "request a s1 put users/x 2", "stabilize", "tick 60s", "stabilize");
  expect(tell("versions users/x")).toContain("c: 2 (a.1/users#3), 3 (c.1/users#1)");
  tell("request c s3 get users/x", "request c s3 put users/x 4", "stored c", "cut a->m", ...fill);
  tell("heal", "stabilize", ...rounds);
  expect(tell("versions users/x")).toEqual(["a", "m", "c"].map((name) => `${name}: 4 (c.1/users#3)`));
});
