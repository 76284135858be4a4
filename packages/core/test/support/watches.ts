import { createSecretWatch, type SecretFinding, type SecretWatch } from "@backref/testing";

/** What the worlds of the running test log, store, tell and throw; a world takes its watch from here. */
const watches = new Set<SecretWatch>();

export function watchWorld(): SecretWatch {
  const watch = createSecretWatch();
  watches.add(watch);
  return watch;
}

/** What was found since the last call. */
export function takeFindings(): readonly SecretFinding[] {
  const findings = [...watches].flatMap((watch) => watch.findings);
  watches.clear();
  return findings;
}
