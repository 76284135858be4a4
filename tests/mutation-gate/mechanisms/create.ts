import type { Mechanism } from "../mechanism.ts";

const createIssue = "packages/core/src/engine/create-issue.ts";

/** Creating an issue exactly once, whatever happens to the request and its answer. */
export const createMechanisms: readonly Mechanism[] = [
  {
    id: "create-intent",
    about: "The intent is committed before the create is sent, so that a death in between leaves a doubt and no gap.",
    patches: [
      {
        file: createIssue,
        find: "work.stage({ set: { intent } });\n    await work.flush();",
        replace:
          "work.stage({ set: { intent: null } });\n    await work.flush();\n    work.stage({ set: { intent } });",
      },
    ],
  },
  {
    id: "create-look",
    about: "While a create is in doubt, the issue is looked for by its token before another one is made.",
    patches: [
      {
        file: createIssue,
        find: "const [found, ...copies] = candidates;",
        replace: "const [found, ...copies] = candidates.slice(candidates.length);",
      },
    ],
  },
  {
    id: "create-grace",
    about:
      "That the issue does not exist is concluded only after the grace period, since a request may be applied late.",
    patches: [
      {
        file: createIssue,
        find: "const graceOver = graceLeftMs <= 0;",
        replace: "const graceOver = graceLeftMs < Number.POSITIVE_INFINITY;",
      },
    ],
  },
  {
    id: "create-strict",
    about: "A host that wants no second create after a doubt gets none: a person decides.",
    patches: [
      {
        file: createIssue,
        find: 'if (!graceOver || runtime.limits.createInDoubt === "wait") {',
        replace: "if (!graceOver) {",
      },
    ],
  },
  {
    id: "create-own-account",
    about: "Only an issue by the account that sent the create is adopted; copies by other people carry the token, too.",
    patches: [{ file: createIssue, find: "accountId: intent.accountId,", replace: "accountId: null," }],
  },
  {
    id: "create-not-before-intent",
    about: "An issue that is older than the intent cannot be what the create made.",
    patches: [{ file: createIssue, find: "createdAfter: intent.at - clockSkewMs,", replace: "createdAfter: 0," }],
  },
  {
    id: "create-thorough-last-look",
    about: "Before an issue is taken for never made, it is looked for also where it may have been moved to.",
    patches: [{ file: createIssue, find: "thorough: graceOver,", replace: "thorough: false," }],
  },
  {
    id: "create-lowest-candidate",
    about: "Of several candidates the oldest is adopted, so that every look comes to the same answer.",
    patches: [
      {
        file: createIssue,
        find: "const [found, ...copies] = candidates;",
        replace: "const [found, ...copies] = candidates.toReversed();",
      },
    ],
  },
  {
    id: "create-copies-reported",
    about: "Candidates that were not adopted are told about.",
    patches: [{ file: createIssue, find: "if (copies.length > 0) work", replace: "if (copies.length < 0) work" }],
  },
  {
    id: "create-definite-answer",
    about: "A create that was certainly not applied leaves no doubt behind that would hold up the next attempt.",
    patches: [
      {
        file: createIssue,
        find: "        work.stage({ set: { intent: isJudged ? null : doubtful } });\n",
        replace: "        void isJudged;\n",
      },
    ],
  },
];
