import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "provider-template", include: ["test/**/*.test.ts"] } });
