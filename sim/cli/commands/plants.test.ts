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
