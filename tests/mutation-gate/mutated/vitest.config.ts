import { defineConfig } from "vitest/config";
import { repositoryRoot } from "../../../scripts/repository.ts";
import { mutationVariable, withoutMechanism } from "./mutated-source.ts";

/** Core's own tests over the source without one mechanism; some of them have to fail. Not part of any other run. */
export default defineConfig({
  root: repositoryRoot,
  plugins: [withoutMechanism(process.env[mutationVariable] ?? "")],
  // What was transformed for one mechanism must not be reused for another, and a slow machine must not count as a catch.
  test: {
    name: "mutated",
    include: ["packages/core/test/**/*.test.ts"],
    bail: 1,
    testTimeout: 60_000,
    fsModuleCache: false,
  },
});
