/**
 * Test runner settings. Leaves out coverage and browser modes: nothing here needs them.
 *
 * Three settings are about time. Test files run on every core: the runner would leave one of two to itself, which hardly uses it. The
 * files that one process runs share modules, once loaded and compiled: what a file keeps in a module it may meet again in another, so
 * tests keep nothing there but what is the same for all.
 *
 * And Node itself loads all modules but the tests: in the runner's own form of a module each name that it imports is looked up whenever
 * it is used, and what simulates takes a fifth more time. The runner knows nothing of modules that it does not load, so that it loads all
 * of them where it follows changes (`npx vitest`, without `run`).
 */
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";
import { defineConfig } from "vitest/config";

const isOneRun = process.argv.includes("run") && !process.argv.some((word) => word.startsWith("--changed"));
const sources = ["model", "workloads", "sim", "properties"].map((folder) => join(import.meta.dirname, folder) + sep);
const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const nodesOwn = {
  execArgv: ["--import", "tsx", "--conditions=causeway-source"],
  server: { deps: { external: [new RegExp(`^(?:${sources.map(quoted).join("|")})(?!.*\\.test\\.ts$)`)] } },
};

export default defineConfig({
  resolve: { conditions: ["causeway-source"] },
  ssr: { resolve: { conditions: ["causeway-source"] } },
  test: {
    include: ["{model,workloads,sim,properties,docs}/**/*.test.ts"],
    setupFiles: ["./properties/setup.ts"],
    maxWorkers: availableParallelism(),
    isolate: false,
    ...(isOneRun && nodesOwn),
    // Against tests that hang, not against slow machines: no test is about time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
