import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/quickstart",
      "tests",
      "tests/simulation",
      "tests/mutation-gate",
      "tests/packaging",
    ],
  },
});
