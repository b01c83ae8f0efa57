// Every requirement that an oracle or a scenario names is in the catalogue, and every check in the catalogue exists.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { oracleTable } from "../sim/oracles/names.ts";
import { requirements } from "./requirements.ts";

const root = new URL("../", import.meta.url);
const known = new Set(requirements.map(({ id }) => id));
const oracles = new Map<string, readonly string[]>(oracleTable.map(({ name, ids }) => [name, ids]));

test("ids are unique and every requirement is checked by something", () => {
  expect(known.size).toBe(requirements.length);
  for (const { id, says, checks } of requirements) {
    expect(id).toMatch(/^[A-Z]\d+[a-d]?$/);
    expect(says).toMatch(/\.$/);
    expect(checks.length, id).toBeGreaterThan(0);
  }
});

test.each(requirements)("what checks $id exists, and an oracle that does says so", ({ id, checks }) => {
  for (const check of checks) {
    const oracle = /^oracle (.+)$/.exec(check)?.[1];
    if (oracle === undefined) expect(existsSync(new URL(check, root)), check).toBe(true);
    else expect(oracles.get(oracle) ?? [], `${check} for ${id}`).toContain(id);
  }
});

test.each(oracleTable)("the requirements that $name is for are in the catalogue, with it", ({ name, ids }) => {
  for (const id of ids) {
    const found = requirements.find((requirement) => requirement.id === id);
    expect(found?.checks, id).toContain(`oracle ${name}`);
  }
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
