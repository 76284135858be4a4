import type { Outcome } from "./outcome.ts";

/**
 * A skipped test gives its reason as `id: words`. A continuous integration run lists in `BACKREF_REQUIRE` the ids whose
 * tests it is equipped for, so that a missing tool there is a failure instead of a quiet gap.
 */
export function enforceRequired(
  outcomes: readonly Outcome[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly Outcome[] {
  const required = environment["CI"] === "true" ? (environment["BACKREF_REQUIRE"] ?? "").split(",") : [];
  return outcomes.map((outcome) => {
    if (outcome.status !== "skipped") return outcome;
    const id = /^([a-z0-9-]+): ./.exec(outcome.detail)?.[1];
    if (id === undefined) {
      return { ...outcome, status: "failed", detail: "Skipped without a reason of the form `id: words`." };
    }
    return required.includes(id)
      ? { ...outcome, status: "failed", detail: `Skipped, but this run requires "${id}". ${outcome.detail}` }
      : outcome;
  });
}
