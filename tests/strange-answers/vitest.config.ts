import { defineConfig } from "vitest/config";

/** The machine may be busy with other things. */
export default defineConfig({
  test: { name: "strange-answers", include: ["*.test.ts"], testTimeout: 60_000 },
});
