import { defineConfig } from "vitest/config";

/** One server for all files of a run. The machine may be busy with other things. */
export default defineConfig({
  test: {
    name: "provider-redmine",
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/shared-server.ts"],
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
