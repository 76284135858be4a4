import { providerSuite, registerSuite } from "@backref/testing";
import { describe, test } from "vitest";
import { createAcmeProvider } from "../src/index.ts";

/** Groups need a tracker as well: `tracker` is its driver. What there is no group for is skipped. */
registerSuite(
  providerSuite({
    create: async () => ({
      provider: createAcmeProvider(),
      baseUrl: "https://tracker.example",
      auth: { token: "a-token" },
      container: "WEB",
      keyVariants: ["web-12", "https://tracker.example/browse/web-12/?tab=all#top"],
    }),
  }),
  { describe, test },
);
