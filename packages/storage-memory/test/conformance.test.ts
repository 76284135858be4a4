import { createVirtualTime, registerSuite, storageSuite } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createMemoryStorage } from "../src/index.ts";

const skipped: string[] = [];

registerSuite(
  storageSuite({
    create: async () => {
      const { clock, advance } = createVirtualTime();
      return { storage: createMemoryStorage({ clock }), advance };
    },
  }),
  { describe, test },
  (ruleId) => skipped.push(ruleId),
);

test("no rule is skipped", () => {
  expect(skipped).toEqual([]);
});
