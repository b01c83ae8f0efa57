/**
 * Packs what `npm run build` made, installs it in an empty folder as a stranger would, and uses it there.
 *
 * The installed package has no TypeScript sources and no tsx, and must come to the same digest as the checkout.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "causeway-package-"));
// The checkout's .npmrc is not the stranger's; nor are the settings that `npm run` hands down.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_(include|omit)$/i.test(name)),
);

try {
  const packed = JSON.parse(run(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder));
  const [{ filename, files }] = packed;
  console.log(`packed ${files.length} files`);
  for (const { path } of files) {
    if (/(?<!\.d)\.ts$|\.(test|bench)\./.test(path)) fail(`${path} does not belong in the package`);
  }

  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  run(folder, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", `./${filename}`);
  if (existsSync(join(folder, "node_modules/tsx"))) fail("tsx was installed with the package");

  const installed = join(folder, "node_modules/causeway-sim");
  const scenario = join(installed, "workloads/figure-1.yaml");
  const asked = ["causeway", "run", scenario, "--seed", "1", "--html", "page.html"];
  const there = lastLine(run(folder, "npx", "--offline", ...asked));
  const here = lastLine(run(root, "npx", "--offline", "causeway", "run", "workloads/figure-1.yaml", "--seed", "1"));
  console.log(`installed: ${there}\ncheckout:  ${here}`);
  if (there !== here) fail("the installed command and the checkout disagree");
  const page = readFileSync(join(folder, "page.html"), "utf8");
  if (!page.startsWith("<!doctype html>") || !page.includes("--ground:") || !page.includes('id="data"')) {
    fail("the installed command leaves pages without their style or data");
  }

  for (const entry of ["model", "workloads", "sim", "properties"]) {
    const code = `console.log(Object.keys(await import("causeway-sim/${entry}")).join(" "))`;
    const names = run(folder, process.execPath, "--input-type=module", "--eval", code).trim();
    if (names === "") fail(`causeway-sim/${entry} exports nothing`);
    if (entry === "model" && !names.split(" ").includes("Replica")) fail("causeway-sim/model has no Replica");
    console.log(`causeway-sim/${entry} exports ${names.split(" ").length} names`);
  }

  // The types, read by the compiler of a strict user who has neither Node's types nor the DOM's.
  writeFileSync(
    join(folder, "use.ts"),
    `import { Replica } from "causeway-sim/model";\nimport * as workloads from "causeway-sim/workloads";\n` +
      `export const names: readonly string[] = [Replica.name, ...Object.keys(workloads)];\n` +
      `// @ts-expect-error: a name that is any would be accepted here\nexport const wrong: number = Replica;\n`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2023",
    lib: ["es2023"],
    types: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  run(folder, process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", ".");
  console.log("the types compile");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Standard output of a command that must succeed. */
function run(cwd, command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) fail(`${command} ${args.join(" ")} ended with ${status ?? error?.message}\n${stdout}${stderr}`);
  return stdout;
}

function lastLine(text) {
  return text.trimEnd().split("\n").at(-1);
}

function fail(message) {
  // Thrown, not an exit, so that the folder is removed.
  throw new Error(message);
}
