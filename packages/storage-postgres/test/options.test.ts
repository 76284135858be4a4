import { expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";

test("refuses options that it does not have: data in another schema than meant is found late", () => {
  const pool = { query: async () => ({ rows: [] }) };
  expect(() => createPostgresStorage({ pool, shema: "links" } as never)).toThrow(/no option "shema"/);
  expect(() => createPostgresStorage(undefined as never)).toThrow(/needs \{ pool \}/);
});
