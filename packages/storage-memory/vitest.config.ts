import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "storage-memory", include: ["test/**/*.test.ts"] } });
