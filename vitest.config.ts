import { defineConfig } from "vitest/config";

// Two kinds of tests share this file: `vitest run` takes the unit and integration tests of the whole repository,
// `vitest run --project faults` those that kill processes and cut lines, which take their time and the whole machine.
export default defineConfig({
  test: {
    globalSetup: ["tests/support/global-setup.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["**/*.test.{ts,tsx}"],
          exclude: ["node_modules/**", ".next*/**", "data/**", "tests/e2e/**", "tests/bench/**", "tests/faults/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["tests/faults/*.fault.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
