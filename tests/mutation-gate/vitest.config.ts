import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { threadArguments } from "../../scripts/simulation/thread-arguments.ts";

/** Each removal is looked for in some histories, which takes a while. */
export default defineConfig({
  test: {
    name: "mutation-gate",
    include: ["*.test.ts"],
    testTimeout: 600_000,
    execArgv: [...threadArguments],
    // Most of the time a removal needs one thread.
    maxConcurrency: availableParallelism(),
  },
});
