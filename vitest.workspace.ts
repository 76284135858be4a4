import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "examples/quickstart",
      "examples/host-owned-defects",
      "examples/references",
      "examples/custom-provider",
      "examples/webhook-receiver",
      "examples/provider-template",
      "tests",
      "tests/request-floors",
      "tests/strange-answers",
      "tests/simulation",
      "tests/mutation-gate",
      "tests/packaging",
      "tests/storage-on-sqlite",
    ],
  },
});
