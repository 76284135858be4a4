import { createVirtualTime, registerSuite, storageSuite } from "@backref/testing";
import { describe, test } from "vitest";
import { createSqliteStorage } from "./create-sqlite-storage.ts";

const suite = storageSuite({
  async create() {
    const { clock, advance } = createVirtualTime();
    return { storage: createSqliteStorage({ path: ":memory:", clock }), advance };
  },
});

registerSuite(suite, { describe, test });
