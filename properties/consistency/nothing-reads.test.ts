// Reads of nothing on keys that were deleted, which do not say what they returned: whatever is said of a history must be so whichever
// version that was, or of the only one that it can have been.

import fc from "fast-check";
import { check, type InitialValues, type ModelName, models } from "causeway-sim/model";
import { expect, test } from "vitest";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { prop } from "../prop.ts";
import { drawHistory } from "./draw.ts";
import { historyOf } from "./notation.ts";

/** What a user is told of a history. */
function reported(text: string, initialValues: InitialValues = "implicit") {
  const outcome = check(historyOf(text, initialValues));
  if (outcome.kind !== "checked") throw new Error("a history that was built is judged");
  return outcome.report;
}

/** Every history in which the reads of nothing name a version: the beginning of their key, or a delete of it. */
function namings(text: string): readonly string[] {
  const found = /R\(([a-z]+),_\)/.exec(text);
  if (found === null) return [text];
  const [read, key = ""] = found;
  const deletes = [...text.matchAll(new RegExp(`D\\(${key},(\\d+)\\)(?!!)`, "g"))].map(([, name = ""]) => name);
  return ["0", ...deletes].flatMap((version) => namings(text.replace(read, `R(${key},${version})`)));
}

/**
 * Whether no session returns what it deletes only later, or the beginning of a key of which it had seen something else; and no read
 * a delete that began after it had ended.
 */
function isPossible(text: string): boolean {
  const begins = new Map(
    [...text.matchAll(/D(\(.,\d+\))[!?]?@(\d+)/g)].map(([, name = "", start]) => [name, Number(start)]),
  );
  const isEarly = ([, name = "", end]: RegExpExecArray): boolean => Number(end) < (begins.get(name) ?? 0);
  if ([...text.matchAll(/R(\(.,\d+\))@\d+-(\d+)/g)].some(isEarly)) return false;
  return text.split("|").every((session) => {
    const seen = new Set<string>();
    return [...session.matchAll(/([WRD])\((.),(\d+)\)(!?)/g)].every(
      ([, what, key = "", value = "", failed], at, all) => {
        const isSeenBefore = seen.has(key);
        if (failed === "" && (what !== "R" || value !== "0")) seen.add(key);
        if (what !== "R") return true;
        if (value === "0") return !isSeenBefore;
        return !all.slice(at).some(([, later, other, name]) => later === "D" && other === key && name === value);
      },
    );
  });
}

/** Some writes become deletes, and reads of those and of the beginning forget what they returned. */
function withDeletes(seed: number): string {
  const rng = new RngRoot(`nothing ${seed}`).stream;
  const deleted = new Set<string>();
  return drawHistory(rng, { operations: 7, kind: "register", times: rng.chance(500_000) })
    .replace(/W\((.),(\d+)\)/g, (write, key: string, value: string) => {
      if (!rng.chance(400_000)) return write;
      deleted.add(`${key}${value}`);
      return `D(${key},${value})`;
    })
    .replace(/R\((.),(\d+)\)/g, (read, key: string, value: string) =>
      (value === "0" || deleted.has(`${key}${value}`)) && rng.chance(700_000) ? `R(${key},_)` : read,
    );
}

const census = new Map<string, number>();

prop(
  "what is said is so whichever version a read of nothing returned, or of the only one that it can have been",
  fc.integer(),
  (seed) => {
    const text = withDeletes(seed);
    const named = namings(text).filter(isPossible);
    if (named.length === 0 || named.length > 64) return;
    const verdicts = named.map((each) => reported(each).verdicts);
    const report = reported(text);
    for (const { name } of models) {
      const kinds = verdicts.map((each) => each[name]);
      const says = report.verdicts[name]!;
      const isNew = name === "CC" && text.includes("_") && text.includes("D(");
      if (isNew) census.set(says, (census.get(says) ?? 0) + 1);
      if (says === "violated") expect(new Set(kinds), `${text}: ${name}`).toEqual(new Set(["violated"]));
      if (says === "holds") expect(kinds, `${text}: ${name}`).toContain("holds");
    }
  },
  { numRuns: 1_000, timeout: 60_000 },
);

test("has met all sorts of verdicts", () => {
  expect(census.get("holds")).toBeGreaterThan(50);
  expect(census.get("violated")).toBeGreaterThan(5);
  expect(census.get("not-applicable")).toBeGreaterThan(50);
});

const unclear = (line: number): string =>
  `not-applicable: the read of nothing on line ${line} may have returned the beginning of x or a delete of it, and does not name the version`;

test.each([
  ["its own delete", "W(x,1) D(x,2) R(x,_)", "holds"],
  ["the only delete, after what it wrote", "W(x,1) R(x,_) | D(x,2)", "holds"],
  ["the beginning, since the delete came later", "R(x,_) W(x,1) D(x,2)", "holds"],
  ["the beginning, since the delete began later", "W(x,1)@0-1 R(x,1)@2-3 D(x,2)@8-9 | R(x,_)@4-5", "holds"],
  ["the beginning, which it cannot have after its own write", "W(x,1) R(x,_) D(x,2)", "violated"],
  ["the beginning, since what failed deleted nothing", "W(x,1) R(x,_) | D(x,2)!", "violated"],
  ["nobody knows what", "W(x,1) D(x,2) | R(x,_)", unclear(3)],
  ["one of two deletes", "D(x,1) | D(x,2) R(x,_)", unclear(3)],
  ["its own write of another key is nothing to go by", "W(y,1) R(x,_) | D(x,2)", unclear(2)],
])("reads %s: %s", (_, text, verdict) => {
  const { verdicts, reasons } = reported(text);
  const told = (model: ModelName): string =>
    reasons[model] === undefined ? verdicts[model]! : `${verdicts[model]}: ${reasons[model]}`;
  expect(["RYW", "CC", "CCv", "RC", "TCC"].map((model) => told(model as ModelName))).toEqual(
    ["RYW", "CC", "CCv", "RC", "TCC"].map((model) => (model === "RC" && verdict === "violated" ? "holds" : verdict)),
  );
});

test("where keys have no beginning, a read of nothing returned a delete or what nobody wrote", () => {
  expect(reported("W(x,1) D(x,2) | R(x,_)", "none").verdicts.CC).toBe("holds");
  expect(reported("W(x,1) | R(x,_)", "none").verdicts.CC).toBe("violated");
});

test("whatever it returned, a read of nothing agrees with nothing, and not with a value", () => {
  expect(reported("W(x,1) D(x,2) R(x,2). | R(x,_). | R(x,0).").verdicts.SEC).toBe("violated");
  expect(reported("W(x,1) D(x,2) R(x,2). | R(x,_).").verdicts.SEC).toBe("holds");
  expect(reported("W(x,1) D(x,2) | R(x,_). | R(x,1).").verdicts.SEC).toBe("violated");
});
