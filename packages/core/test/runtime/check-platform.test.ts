import { createMemoryStorage } from "@backref/storage-memory";
import { expect, test } from "vitest";
import { createBackref } from "../../src/index.ts";

test("a Node that is too old is named at once", () => {
  const groupBy = Object.getOwnPropertyDescriptor(Map, "groupBy") ?? {};
  Reflect.deleteProperty(Map, "groupBy");
  try {
    expect(() => createBackref({ storage: createMemoryStorage(), providers: [] })).toThrow(
      new TypeError(`Backref needs Node 22 or newer, and this is Node ${process.versions.node}.`),
    );
  } finally {
    Object.defineProperty(Map, "groupBy", groupBy);
  }
});
