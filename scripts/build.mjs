/**
 * `npm run build`: compiles the sources into dist/ with types, and puts the data files they read beside them.
 *
 * Plain tsc and no bundler: every module keeps its place, so paths relative to a module mean the same in both trees.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

// TypeScript 6, because declaration output is what other people's compilers read.
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);

// Data that modules find beside themselves: scenarios, schemas, templates. Settings of the compiler are not such.
for (const folder of ["model", "workloads", "sim", "properties"]) {
  if (!existsSync(folder)) continue;
  for (const file of readdirSync(folder, { recursive: true })) {
    if (
      !/\.(yaml|json|css)$|\.client\.mjs$|[\\/]kept-bundle\.boot\.mjs$/.test(file) ||
      /(^|[\\/])tsconfig\.json$/.test(file) ||
      /(^|[\\/])testdata[\\/]/.test(file)
    )
      continue;
    const target = join("dist", folder, file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(folder, file), target);
  }
}

// The hash that names the engine is taken from the sources, so that checkout and package agree on it.
register();
const { hashSources } = await import("../sim/cli/engine-sources.ts");
writeFileSync("dist/engine.json", `${JSON.stringify({ sources: hashSources(process.cwd()) })}\n`);
