// The catalogue is whole; every requirement that an oracle or a scenario names is in it, and every check in it exists.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { oracleTable } from "../../sim/oracles/names.ts";
import { plantNamed } from "../../sim/plants/plants.ts";
import { factNamed, facts } from "../../sim/requirements/facts.ts";
import { kindOfCheck, requirements } from "./index.ts";

const root = new URL("../../", import.meta.url);
const oracles = new Map<string, readonly string[]>(oracleTable.map(({ name, ids }) => [name, ids]));

// How many numbers each letter has; and those that are divided: by which letters.
const numbers = { G: 13, D: 26, A: 6, I: 6, R: 6, C: 9, V: 7, K: 6, Q: 8, Z: 3, N: 13, E: 30 };
const divided: Readonly<Record<string, string>> = {
  A2: "abc",
  A4: "abc",
  A5: "abc",
  A6: "abcd",
  I2: "ab",
  R1: "abc",
  R2: "ab",
  R3: "abc",
  E17: "abc",
};

test("every id is there, once", () => {
  const expected = Object.entries(numbers).flatMap(([letter, count]) =>
    Array.from(
      { length: letter === "R" ? count + 1 : count },
      (_, index) => `${letter}${letter === "R" ? index : index + 1}`,
    ),
  );
  const ids = expected.flatMap((id) => Array.from(divided[id] ?? " ").map((part) => `${id}${part}`.trim()));
  expect(requirements.map(({ id }) => id).sort()).toEqual(ids.sort());
});

test.each(requirements)("$id says something in one sentence, and what covers it can be run and turned", (row) => {
  const { says, checks, coverage } = row;
  expect(says).toMatch(/^[A-Z].*[.?]$/);
  if (coverage.kind === "exempt") expect(coverage.reason).not.toBe("");
  if (coverage.kind === "open" && coverage.lacks !== null) expect(checks.length).toBeGreaterThan(0);
  if (coverage.kind !== "covered") return;
  const { fails, plant, set } = coverage.turn;
  expect(checks).toContain(fails);
  expect(kindOfCheck(fails)).not.toBe("tests");
  expect((plant ?? null) !== null || Object.keys(set ?? {}).length > 0).toBe(true);
  if (plant === undefined) return;
  const fact = factNamed(fails.replace(/^fact /, ""));
  if (fact === null) expect(plantNamed(plant), plant).not.toBeNull();
  else expect(fact.deviations.map(({ name }) => name)).toContain(plant);
});

test.each(requirements.filter(({ checks }) => checks.length > 0))(
  "what checks $id exists, and an oracle that does says so",
  ({ id, checks }) => {
    for (const check of checks) {
      const kind = kindOfCheck(check);
      const name = check.replace(/^\w+ /, "");
      if (kind === "oracle") expect(oracles.get(name) ?? [], `${check} for ${id}`).toContain(id);
      else if (kind === "fact") expect(factNamed(name), check).not.toBeNull();
      else expect(existsSync(new URL(check, root)), check).toBe(true);
    }
  },
);

test.each(oracleTable)("the requirements that $name is for are in the catalogue, with it", ({ name, ids }) => {
  for (const id of ids) {
    const found = requirements.find((requirement) => requirement.id === id);
    expect(found?.checks, id).toContain(`oracle ${name}`);
  }
});

test("every fact is named by some row", () => {
  const named = new Set(requirements.flatMap(({ checks }) => checks));
  expect(facts.map(({ name }) => `fact ${name}`).filter((name) => !named.has(name))).toEqual([]);
});

const scenarios = readdirSync(new URL("workloads/", root)).filter((name) => name.endsWith(".yaml"));

test.each(scenarios)("the requirements that %s shows are in the catalogue, with it", (name) => {
  const shows = /^shows: \[(.*)\]$/m.exec(readFileSync(new URL(`workloads/${name}`, root), "utf8"))?.[1] ?? "";
  const ids = shows.split(", ");
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) {
    const found = requirements.find((requirement) => requirement.id === id);
    expect(found?.checks, id).toContain(`workloads/${name}`);
  }
});
