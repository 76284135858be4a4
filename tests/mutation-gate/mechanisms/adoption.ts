import type { Mechanism } from "../mechanism.ts";

const adoptIssue = "packages/core/src/engine/adopt-issue.ts";

/** What is agreed, and what is noticed, once a link knows its issue. */
export const adoptionMechanisms: readonly Mechanism[] = [
  {
    id: "adoption-base",
    about: "An adopted issue is agreed to say what was sent, so that what people edited since comes in.",
    patches: [
      {
        file: adoptIssue,
        find: 'how === "issue-created" ? { ...pair, given: answered } : pair;',
        replace: 'how === "issue-created" ? { ...pair, given: answered } : { local: pair.local, remote: answered };',
      },
    ],
  },
  {
    id: "initial-state-follows",
    about:
      "A create cannot choose the state: what the tracker begins with is agreed, and the defect's status goes out next.",
    patches: [
      {
        file: adoptIssue,
        find: "base.status = { local: codec.fromRemote(answered) ?? null, remote: answered };",
        replace: "base.status = { local: pair.local, remote: answered };",
      },
    ],
  },
  {
    id: "create-answer-refused",
    about: "What the tracker dropped from a create is remembered as refused and never as agreed.",
    patches: [
      {
        file: adoptIssue,
        find: "\n      refused.push(refusal(work, codec.field, pair.local, reason));",
        replace: "\n      base[codec.field] = { local: pair.local, remote: answered };",
      },
    ],
  },
  {
    id: "create-answer-rewritten",
    about: "What a create's answer has otherwise than it was sent comes in, and the defect's own text is recorded.",
    patches: [{ file: adoptIssue, find: "if (isLost) replaced.push(", replace: "if (!isLost) replaced.push(" }],
  },
  {
    id: "reused-key-keeps-its-row",
    about: "A new item under the key of an old one gets a row of its own, and the old row keeps its links.",
    patches: [
      {
        file: adoptIssue,
        find: "const isSame = first !== undefined && (first.remoteId === null || first.remoteId === snapshot.remoteId);",
        replace: "const isSame = first !== undefined;",
      },
    ],
  },
  {
    id: "delivery-before-issue",
    about: "A delivery that came before its link knew the issue makes the link look once more as soon as it does.",
    patches: [{ file: adoptIssue, find: "hasUnrouted: unrouted !== undefined", replace: "hasUnrouted: false" }],
  },
];
