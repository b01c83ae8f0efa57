// `npm start` in small: what it prints, and that it fails when too little was met.

import { expect, test } from "vitest";
import { faultNames } from "./faults/table.ts";
import { start } from "./start.ts";

async function started(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const code = await start(argv, {
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    isTerminal: false,
    cwd: process.cwd(),
  });
  return { code, ...said };
}

test("a sweep over one tree says the seed first and the digest last, and fails for the marks that one tree does not meet", async () => {
  const { code, stdout } = await started("--runs", "1", "--seed", "small", "--workers", "1");
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^seed small, 1 trees, engine /);
  expect(lines.at(-1)).toMatch(/^not passed: 3 of 3 runs, [0-9 ]+ steps, digest [0-9a-f]{64}$/);
  expect(stdout).toMatch(/Figure 1 under partitions.*passed/);
  expect(stdout).toMatch(/not as expected: .* was to be reached somewhere/);
  // The first such run wants the first two kinds of the table.
  expect(stdout).toMatch(/^linkDown +1 /m);
  const drawn = faultNames.filter((name) => !stdout.includes(`a fault of kind ${name} was to be drawn somewhere`));
  expect(drawn).toEqual(expect.arrayContaining(["linkDown", "partition"]));
  expect(drawn.length).toBeLessThan(faultNames.length);
  expect(code).toBe(1);
});

test.each([["--runs", "none"], ["--runs", "0"], ["extra"], ["--sed", "1"]])(
  "bad usage ends with code 2 (%s %s)",
  async (...argv) => {
    const { code, stderr } = await started(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error/);
  },
);
