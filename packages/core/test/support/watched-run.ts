import { createSecretWatch, type SecretWatch } from "@backref/testing";
import { afterEach, expect } from "vitest";

/**
 * Every test of core is also a search for secrets: what its worlds log, store, tell and throw is looked through for the
 * credentials they use, and a test in which one turns up fails. A world takes its watch from here.
 */
const watches = new Set<SecretWatch>();

export function watchWorld(): SecretWatch {
  const watch = createSecretWatch();
  watches.add(watch);
  return watch;
}

afterEach(() => {
  const findings = [...watches].flatMap((watch) => watch.findings);
  watches.clear();
  expect(findings, "secrets that left Backref").toEqual([]);
});
