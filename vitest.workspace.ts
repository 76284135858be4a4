import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/quickstart",
      "examples/host-owned-defects",
      "examples/references",
      "tests",
      "tests/simulation",
      "tests/mutation-gate",
      "tests/packaging",
      "tests/storage-on-sqlite",
    ],
  },
});
