import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "storage-on-sqlite", include: ["*.test.ts"] } });
