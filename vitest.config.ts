/** Test runner settings. Leaves out coverage and browser modes: nothing here needs them. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["causeway-source"] },
  ssr: { resolve: { conditions: ["causeway-source"] } },
  test: {
    include: ["{model,workloads,sim,properties,docs}/**/*.test.ts"],
    setupFiles: ["./properties/setup.ts"],
    // Against tests that hang, not against slow machines: no test is about time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
