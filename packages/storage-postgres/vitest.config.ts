import { defineConfig } from "vitest/config";

export default defineConfig({
  // Real servers and processes, on machines that do other things as well.
  test: { name: "storage-postgres", include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 180_000 },
});
