import type { Mechanism } from "../mechanism.ts";

const workspace = "packages/core/src/engine/workspace.ts";
const workQueue = "packages/storage-memory/src/work-queue.ts";

/** One worker at a time, and none for a link that rests. */
export const leaseMechanisms: readonly Mechanism[] = [
  {
    id: "lease",
    about: "While a worker holds a link, nobody else may claim it.",
    patches: [
      {
        file: "packages/storage-memory/src/claim.ts",
        find: "leaseUntil: now + request.leaseMs",
        replace: "leaseUntil: now + 1",
      },
    ],
  },
  {
    id: "commit-fence",
    about: "A worker whose lease went to another cannot commit any more.",
    patches: [{ file: workspace, find: "match: { fence: link.fence, active: 1 }", replace: "match: { active: 1 }" }],
  },
  {
    id: "release-fence",
    about: "A worker whose lease went to another cannot end the other's lease.",
    patches: [
      {
        file: "packages/storage-memory/src/work-writes.ts",
        find: "if (before === undefined || before.fence !== write.fence)",
        replace: "if (before === undefined)",
      },
    ],
  },
  {
    id: "commit-active",
    about: "Nothing is written or sent for a link that somebody detached in the middle of a pass.",
    patches: [
      { file: workspace, find: "match: { fence: link.fence, active: 1 }", replace: "match: { fence: link.fence }" },
    ],
  },
  {
    id: "send-deadline",
    about: "A request is not sent once the lease may be over, however long the process paused before.",
    patches: [
      {
        file: "packages/core/src/runtime/guarded-fetch.ts",
        find: "if (!options.signal.aborted && runtime.clock.monotonic() < options.sendBy) return;",
        replace: "if (!options.signal.aborted) return;",
      },
    ],
  },
  {
    id: "pause-honoured",
    about: "A paused link is not worked on until it is resumed.",
    patches: [
      { file: workQueue, find: "(row.endedAt !== null || row.pausedAt !== null)", replace: "row.endedAt !== null" },
    ],
  },
  {
    id: "detach-honoured",
    about: "A detached link is not worked on any more, although it was due.",
    patches: [
      { file: workQueue, find: "(row.endedAt !== null || row.pausedAt !== null)", replace: "row.pausedAt !== null" },
    ],
  },
];
