import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "provider-kit", include: ["test/**/*.test.ts"] } });
