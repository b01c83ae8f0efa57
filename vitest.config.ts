/**
 * Test runner settings. Leaves out coverage and browser modes: nothing here needs them.
 *
 * Three settings are about time. Test files run on every core: the runner would leave one of two to itself, which hardly uses it. The
 * files that one process runs share modules, once loaded and compiled: what a file keeps in a module it may meet again in another, so
 * tests keep nothing there but what is the same for all.
 *
 * And of all tests together (`npm test`) Node itself loads all modules but the tests: in the runner's own form of a module each name that
 * it imports is looked up whenever it is used, and what simulates takes a fifth more time. Lines of such modules are not told when a
 * test fails: `npx vitest run FILE` tells them. V8 optimises later there, as in workers that run few jobs (sim/workers/worker.ts): so much
 * code is run that seldom that it takes a fifteenth less time.
 */
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";
import { defineConfig } from "vitest/config";

const words = process.argv.slice(2);
// The runner knows nothing of modules that it does not load, so not where it looks for what has changed.
const isWhole = words.includes("run") && words.every((word) => word === "run" || /^--?(?!changed)/.test(word));
const sources = ["model", "workloads", "sim", "properties"].map((folder) => join(import.meta.dirname, folder) + sep);
const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
// Later versions of Node do not know it.
const later = process.versions.node.startsWith("20.") ? ["--interrupt-budget=264000"] : [];
const nodesOwn = {
  execArgv: ["--import", "tsx", "--conditions=causeway-source", ...later],
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
    ...(isWhole && nodesOwn),
    // Against tests that hang, not against slow machines: no test is about time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
