import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "packaging",
    include: ["*.test.ts"],
    globalSetup: "global-setup.ts",
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
