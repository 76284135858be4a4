import { defineConfig } from "vitest/config";
import { threadArguments } from "../../scripts/simulation/thread-arguments.ts";

/** A failing seed is looked into, which takes a while. */
export default defineConfig({
  test: { name: "simulation", include: ["*.test.ts"], testTimeout: 900_000, execArgv: [...threadArguments] },
});
