import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "host-owned-defects", include: ["test/**/*.test.ts"] } });
