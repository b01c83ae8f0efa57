// `npm start` in small: what it prints and leaves, that a second one replaces the first, and that one run of it may be looked at alone.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { start } from "./start.ts";

const place = mkdtempSync(join(tmpdir(), "causeway-start-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function started(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const code = await start(argv, {
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    isTerminal: false,
    cwd: place,
  });
  return { code, ...said };
}

test("a start says the seed first and the verdict with the digest last, leaves a page, and is replaced by the next one", async () => {
  const { code, stdout } = await started("--runs", "2", "--seed", "small", "--workers", "1");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^sweep start, seed small, 2 runs, engine /);
  expect(lines.at(-1)).toMatch(/^passed: 2 of 2 runs, failed 0 of 2: below 100 % at 95 %, digest [0-9a-f]{64}$/);
  expect(stdout).toContain("report: results/start/report.html\n");
  expect(existsSync(join(place, "results/start/report.html"))).toBe(true);
  expect(code).toBe(0);
  const again = await started("--runs", "2", "--seed", "small", "--workers", "2");
  expect(again).toMatchObject({ code: 0, stdout });
  // A folder elsewhere is taken as it stands, not below this one.
  const elsewhere = await started("--runs", "1", "--workers", "1", "--out", join(place, "elsewhere"));
  expect(elsewhere.code).toBe(0);
  expect(existsSync(join(place, "elsewhere/report.html"))).toBe(true);
});

test("one run is told by itself, with the command that repeats it", async () => {
  const { code, stdout } = await started("--runs", "2", "--seed", "small", "--case", "1");
  expect(stdout).toMatch(/^seed small\/1, topology \S+, topology\.cloudlets \d+, workload \S+, faults swarm\n/);
  expect(stdout).toMatch(/\npassed: [0-9 ]+ steps, digest [0-9a-f]{64}\n$/);
  expect(code).toBe(0);
});

test("a run that there is not, and a folder that is no results, are refused", async () => {
  const { code, stderr } = await started("--runs", "2", "--case", "2");
  expect({ code, told: stderr.split("\n")[0] }).toEqual({
    code: 2,
    told: "--case 2: expected a number from 0 to 1, since there are no more runs",
  });
  mkdirSync(join(place, "other"));
  writeFileSync(join(place, "other/thesis.txt"), "my own");
  const other = await started("--runs", "1", "--out", "other");
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(
    /expected an empty folder or results of this sweep, found thesis\.txt; name another folder/,
  );
  expect(existsSync(join(place, "other/thesis.txt"))).toBe(true);
});

test.each([["--runs", "none"], ["--runs", "0"], ["extra"], ["--sed", "1"]])(
  "bad usage ends with code 2 (%s %s)",
  async (...argv) => {
    const { code, stderr } = await started(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error/);
  },
);
