import { defineConfig } from "vitest/config";

/** The machine may be busy with other things. Test files share the modules they load: loading took a third of the time. */
export default defineConfig({
  test: {
    name: "provider-github",
    include: ["test/**/*.test.ts"],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
