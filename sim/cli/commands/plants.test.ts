/** `causeway plants` in process: the whole matrix of bugs, with few clean runs. */
import { expect, test } from "vitest";
import { oracleTable } from "../../oracles/names.ts";
import { plantTable } from "../../plants/plants.ts";
import { main } from "../main.ts";

test("causeway plants prints a row per bug, a column per oracle, and succeeds when every bug is caught", async () => {
  let said = "";
  const code = await main(["plants", "--clean", "4"], {
    stdout: (text) => void (said += text),
    stderr: () => undefined,
    isTerminal: false,
    cwd: process.cwd(),
  });
  for (const { name } of plantTable) expect(said).toContain(name);
  for (const { name } of oracleTable) expect(said).toContain(name);
  expect(said).not.toMatch(new RegExp(`missed (${plantTable.map(({ name }) => name).join("|")})`));
  expect(said).toMatch(/0 false alarms in 4 clean runs/);
  expect(code).toBe(0);
});

test("causeway plants refuses a count that is none, with code 2", async () => {
  let said = "";
  const code = await main(["plants", "--clean", "some"], {
    stdout: () => undefined,
    stderr: (text) => void (said += text),
    isTerminal: false,
    cwd: process.cwd(),
  });
  expect(code).toBe(2);
  expect(said).toContain("whole number");
});

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
