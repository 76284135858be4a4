import { defineConfig } from "vitest/config";

/** The machine may be busy with other things. */
export default defineConfig({
  test: { name: "request-floors", include: ["*.test.ts"], testTimeout: 60_000 },
});
