import { defineConfig } from "vitest/config";

/** Some tests live through simulated hours, and the machine may be busy with other things. */
export default defineConfig({
  test: {
    name: "core",
    include: ["test/**/*.test.ts"],
    // Loading core anew for each file took a quarter of the time; no test changes what its modules hold.
    isolate: false,
    setupFiles: ["test/support/watched-run.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
