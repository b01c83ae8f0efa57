/** `causeway plants` in process: what it takes, and its tables. The matrix of all bugs is judged in sim/plants/matrix.test.ts. */
import { expect, test } from "vitest";
import { oracleTable } from "../../oracles/names.ts";
import { everyPlant } from "../../plants/plants.ts";
import type { MatrixRow } from "../../plants/run-matrix.ts";
import { main } from "../main.ts";
import { renderMatrix } from "../matrix-table.ts";

async function said(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const code = await main(argv, {
    stdout: (text) => void (texts.out += text),
    stderr: (text) => void (texts.err += text),
    isTerminal: false,
    cwd: process.cwd(),
  });
  return { code, ...texts };
}

test("causeway plants prints a row per bug, a column per oracle, and succeeds when every bug is caught", async () => {
  const { code, out, err } = await said("plants", "--clean", "4", "--only", "apply-on-arrival", "relays-nothing");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^apply-on-arrival +\d+ +# /m);
  expect(out).toMatch(/^relays-nothing .* #$/m);
  for (const { name } of oracleTable) expect(out).toContain(`  ${name}\n`);
  expect(out).toMatch(/\npassed: 2 of 2 planted bugs caught, 0 false alarms in 4 clean runs\n$/);
});

test("the table of the matrix has a row per bug, and names who missed one and who cried without a reason", () => {
  const alarm = { oracle: "direction", seed: "plants-7", runCount: 1, evidence: "it went up" } as const;
  const rows = everyPlant.map((plant): MatrixRow => ({
    plant,
    result: {
      plant: plant.name,
      runCount: 3,
      alarms: plant.catches.map((oracle) => ({ ...alarm, oracle })),
      stopped: [],
      checks: [],
    },
    missed: [],
  }));
  const sound = renderMatrix({ rows, cleanRunCount: 4, falseAlarms: [] });
  for (const { name } of everyPlant) expect(sound).toMatch(new RegExp(`^${name} +3 .*#`, "m"));
  expect(sound).not.toMatch(/^[a-z-]+ +3 .*!/m);
  const count = everyPlant.length;
  expect(sound).toContain(`\npassed: ${count} of ${count} planted bugs caught, 0 false alarms in 4 clean runs\n`);

  const { name, catches } = everyPlant[0] as (typeof everyPlant)[number];
  const missing = rows.map((row) => (row.plant.name === name ? { ...row, missed: catches } : row));
  const unsound = renderMatrix({ rows: missing, cleanRunCount: 4, falseAlarms: [alarm] });
  expect(unsound).toMatch(new RegExp(`^${name} +3 .*!`, "m"));
  expect(unsound).toContain(`\n${catches[0]} missed ${name}\n`);
  expect(unsound).toContain("\ndirection cried without a bug, seed plants-7: it went up\n");
  expect(unsound).toContain(`\nfailed: ${count - 1} of ${count} planted bugs caught, 1 false alarm in 4 clean runs\n`);
});

test("causeway plants refuses a count that is none, with code 2", async () => {
  const { code, err } = await said("plants", "--clean", "some");
  expect(code).toBe(2);
  expect(err).toContain("whole number");
});

test("causeway plants --hunt says after how many runs a bug is seen, and how small its world becomes", async () => {
  const table = await said("plants", "--hunt", "--only", "relays-nothing", "forwards-everything");
  expect(table.code).toBe(0);
  expect(table.out).toMatch(/^relays-nothing +convergence +1 /m);
  expect(table.out).toMatch(/^passed: 2 of 2 planted bugs seen within 2000 runs, 2 shrunk to at most 4 cloudlets/m);
  const json = await said("plants", "--hunt", "--only", "relays-nothing", "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    "causeway-hunt": 1,
    bugs: [{ plant: "relays-nothing", runs: 1, beyondGoal: null, seen: { property: "convergence" } }],
  });
});

test("causeway plants --json without --hunt is refused", async () => {
  expect(await said("plants", "--json")).toEqual({
    code: 2,
    out: "",
    err: "--json: the matrix is a table only; add --hunt, or leave --json out\n",
  });
});
