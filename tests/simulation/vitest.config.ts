import { defineConfig } from "vitest/config";

/** A failing seed is looked into, which takes a while. */
export default defineConfig({ test: { name: "simulation", include: ["*.test.ts"], testTimeout: 900_000 } });
