import type { Mechanism } from "../mechanism.ts";

const workWrites = "packages/storage-memory/src/work-writes.ts";
const linkStatus = "packages/core/src/engine/link-status.ts";

/** What makes a link due, and what it says while it is not at rest. */
export const markMechanisms: readonly Mechanism[] = [
  {
    id: "edit-marks-links",
    about: "An edit of a defect makes all its links due.",
    patches: [
      {
        file: "packages/core/src/services/defects/defect-changes.ts",
        find: "keys: [[defectId]]",
        replace: "keys: []",
      },
    ],
  },
  {
    id: "edit-and-mark-together",
    about: "An edit and the mark that it needs are one commit, so that no death in between loses the edit.",
    patches: [
      {
        file: "packages/core/src/services/defects/defects-service.ts",
        find: "write: [change.write, markDefectLinks(row.id)],",
        replace: "write: [change.write],",
      },
      {
        file: "packages/core/src/services/defects/defects-service.ts",
        find: "engine.doorbell.ring();\n      return defect;",
        replace:
          "await storage.commit(scope, [{ write: [markDefectLinks(defect.id)] }]);\n      engine.doorbell.ring();\n      return defect;",
      },
    ],
  },
  {
    id: "mark-counter",
    about: "A link that was marked in the middle of a pass stays due after it.",
    patches: [{ file: workWrites, find: "dueAt: isSeen ? idleAfter : unit.now", replace: "dueAt: idleAfter" }],
  },
  {
    id: "mark-keeps-flags",
    about: "What a mark in the middle of a pass asks to look at is still asked for after it.",
    patches: [
      {
        file: workWrites,
        find: "flagsAfter(before, write.set as Partial<LinkRow>, isSeen)",
        replace: "flagsAfter(before, write.set as Partial<LinkRow>, true)",
      },
    ],
  },
  {
    id: "failure-keeps-checks",
    about: "What a failed pass was asked to look at is still looked at by the next.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-link.ts",
        find: "checkIssue: work.link.checkIssue || (hasOpenWrites && work.link.issueId !== null),",
        replace: "checkIssue: false,",
      },
    ],
  },
  {
    id: "due-is-not-synced",
    about: "A link that still has work to do does not say that it is synced.",
    patches: [{ file: linkStatus, find: 'if (isDue) return say("pending");', replace: "" }],
  },
  {
    id: "frozen-is-told",
    about: "A link with a frozen field says that it is in conflict.",
    patches: [{ file: linkStatus, find: 'if (link.frozen.length > 0) return say("conflict");', replace: "" }],
  },
  {
    id: "doubt-is-told",
    about: "While nobody knows whether a create was applied, the link says so.",
    patches: [
      {
        file: linkStatus,
        find: 'if (isInDoubt && link.issueId === null && !needsPerson) return say("outcome-unknown");',
        replace: "",
      },
    ],
  },
];
