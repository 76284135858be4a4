import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "provider-github", include: ["test/**/*.test.ts"] } });
