import { defineConfig } from "vitest/config";

/** The machine may be busy with other things. */
export default defineConfig({
  test: { name: "webhook-receiver", include: ["test/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 120_000 },
});
