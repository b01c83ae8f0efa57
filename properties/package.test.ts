/**
 * The package as someone meets it in a fresh checkout: the command answers and the entry points resolve, unbuilt.
 *
 * A handful of real processes; everything else about commands is tested in process. Leaves out the packed package,
 * which needs a build and is tried by scripts/smoke-package.mjs in the pipeline.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = z
  .object({
    bin: z.object({ causeway: z.string() }),
    exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

function run(cwd: string, command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, stdout, stderr };
}

test("npx finds the command in the checkout, without a network", () => {
  const { status, stdout, stderr } = run(root, "npx", "--offline", "causeway", "list", "properties");
  expect({ status, stderr: stderr.replaceAll(/^npm warn .*\n/gm, "") }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("convergence");
});

test("the command runs from any folder, and bad usage ends with exit code 2 and no stack trace", () => {
  const command = join(root, manifest.bin.causeway);
  expect(run(tmpdir(), process.execPath, command, "list", "properties").status).toBe(0);
  const { status, stderr } = run(tmpdir(), process.execPath, command, "rnu");
  expect(status).toBe(2);
  expect(stderr).not.toBe("");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("the command's file is committed, executable, and not a product of the build", () => {
  expect(manifest.bin.causeway).toBe("sim/causeway.mjs");
  expect(statSync(join(root, manifest.bin.causeway)).mode & 0o111).toBe(0o111);
});

test.each(Object.entries(manifest.exports).filter(([, target]) => typeof target !== "string"))(
  "the entry %s leads to a source first and to the build last",
  (_, target) => {
    const paths = Object.entries(target);
    expect(paths.map(([condition]) => condition)).toEqual(["causeway-source", "types", "default"]);
    const [[, source] = ["", ""]] = paths;
    expect(existsSync(join(root, source))).toBe(true);
    const built = source.replace("./", "./dist/");
    expect(target).toMatchObject({ types: built.replace(".ts", ".d.ts"), default: built.replace(".ts", ".js") });
  },
);

test.each([
  ["with the condition", ["--conditions=causeway-source"]],
  ["through the compiler's paths", []],
])("a script in the checkout imports causeway-sim/model %s", (_, flags) => {
  const script = `import { Replica } from "causeway-sim/model"; console.log(typeof Replica);`;
  const { stdout, stderr } = run(root, join(root, "node_modules/.bin/tsx"), ...flags, "--eval", script);
  expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" });
});
