import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "packaging",
    include: ["*.test.ts"],
    globalSetup: "global-setup.ts",
    // Each runs a program of its own, and none may wait long for its turn.
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
