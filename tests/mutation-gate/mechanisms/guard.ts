import type { Mechanism } from "../mechanism.ts";

const bulkGuard = "packages/core/src/engine/bulk-guard.ts";
const guardLook = "packages/core/src/engine/guard-look.ts";
const heldChanges = "packages/core/src/engine/held-changes.ts";

/** How very much that changes at once is kept out until a person has said yes. */
export const guardMechanisms: readonly Mechanism[] = [
  {
    id: "guard-holds",
    about: "No more values come in from one source within ten minutes than may without a yes.",
    patches: [{ file: guardLook, find: "if (await guard.admit(fields.length)) return free;", replace: "return free;" }],
  },
  {
    id: "guard-counts-together",
    about: "Every turn at the links goes on from what was let in before, whoever let it in.",
    patches: [{ file: bulkGuard, find: 'name: "values"', replace: "name: String(Math.random())" }],
  },
  {
    id: "guard-answer-not-missed",
    about: "A link is not held under a question that was answered meanwhile.",
    patches: [
      {
        file: guardLook,
        find: 'require: [{ table: "source", id, match: { guardEpoch } }],',
        replace: "require: id === null ? [] : [],",
      },
    ],
  },
  {
    id: "guard-loser-recorded",
    about: "A value that somebody declined is kept as the loser of a conflict.",
    patches: [
      {
        file: heldChanges,
        find: "conflicts.push({ field, base: before, local,",
        replace: "[].concat({ field, base: before, local,",
      },
    ],
  },
];
