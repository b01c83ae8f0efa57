/**
 * Test runner settings. Leaves out coverage and browser modes: nothing here needs them.
 *
 * Two settings are about time. Test files run on every core: the runner would leave one of two to itself, which hardly uses it. And the
 * files that one process runs share modules, once loaded and compiled: what a file keeps in a module it may meet again in another, so
 * tests keep nothing there but what is the same for all.
 */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["causeway-source"] },
  ssr: { resolve: { conditions: ["causeway-source"] } },
  test: {
    include: ["{model,workloads,sim,properties,docs}/**/*.test.ts"],
    setupFiles: ["./properties/setup.ts"],
    maxWorkers: availableParallelism(),
    isolate: false,
    // Against tests that hang, not against slow machines: no test is about time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
