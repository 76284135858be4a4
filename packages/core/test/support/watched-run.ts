import { afterEach, expect } from "vitest";
import { takeFindings } from "./watches.ts";

/**
 * Every test of core is also a search for secrets: what its worlds log, store, tell and throw is looked through for the
 * credentials they use, and a test in which one turns up fails. Runs again for each test file, unlike the modules it imports.
 */
afterEach(() => {
  expect(takeFindings(), "secrets that left Backref").toEqual([]);
});
