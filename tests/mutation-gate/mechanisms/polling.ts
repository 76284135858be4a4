import type { Mechanism } from "../mechanism.ts";

const pollChanges = "packages/core/src/engine/poll-changes.ts";
const defectFeed = "packages/core/src/engine/defect-feed.ts";

/** What closes the gaps that deliveries leave. */
export const pollingMechanisms: readonly Mechanism[] = [
  {
    id: "polling",
    about: "What no delivery told is found by asking the tracker what changed.",
    patches: [
      {
        file: pollChanges,
        find: 'hintsOf(page), "poll")',
        replace: 'hintsOf({ ...page, issues: [], comments: [] }), "poll")',
      },
    ],
  },
  {
    id: "renamed-container-followed",
    about: "A container that answers under another name was renamed, and whatever goes there follows.",
    patches: [
      {
        file: pollChanges,
        find: "newName = newNameOf(provider, source, row, [...page.issues, ...page.comments]);",
        replace: "newName = null;",
      },
    ],
  },
  {
    id: "poll-cursor-after-effects",
    about: "The cursor of a poll moves only after what it stands for is committed.",
    patches: [
      {
        file: pollChanges,
        find: "if (effects.length > 0) await runtime.storage.commit(scope, effects);",
        replace:
          'await runtime.storage.commit(scope, [\n      {\n        require: [{ table: "pollScope", id: row.id, match: { fence: row.fence } }],\n        write: [{ type: "update", table: "pollScope", id: row.id, set: { cursor: page.cursor } }],\n      },\n    ]);\n    if (effects.length > 0) await runtime.storage.commit(scope, effects);',
      },
    ],
  },
  {
    id: "sweep",
    about: "What neither deliveries nor polls show, such as a deletion, is found by reading idle links in turn.",
    patches: [
      {
        file: "packages/core/src/engine/sweep.ts",
        find: "now - lastSweptAt < limits.sweepIntervalMs",
        replace: "now - lastSweptAt < Number.POSITIVE_INFINITY",
      },
    ],
  },
  {
    id: "defect-feed",
    about: "A change of a host's defect whose notice was lost is found by asking the host what changed.",
    patches: [
      {
        file: defectFeed,
        find: "if (runtime.defects.changesSince === undefined) return;",
        replace: "if (runtime.defects.embedded === null) return;",
      },
    ],
  },
  {
    id: "defect-feed-cursor-after-marks",
    about: "The cursor of the host's feed moves only after the marks that it stands for are committed.",
    patches: [
      {
        file: defectFeed,
        find: "const isFull = found.ids.length >= idsPerPage;",
        replace: `const isFull = found.ids.length >= idsPerPage;
    await storage.commit({ tenantId }, [
      { write: [{ type: "update", table: "pollScope", id: row.id, set: { defectCursor: found.cursor } }] },
    ]);`,
      },
    ],
  },
  {
    id: "attached-container-polled",
    about: "Where an attached issue lives outside of every target, its container is polled, too.",
    patches: [
      {
        file: "packages/core/src/services/defects/attach.ts",
        find: "polledContainers(providerFor(runtime, choice.source), [issue])",
        replace: "polledContainers(providerFor(runtime, choice.source), [])",
      },
    ],
  },
  {
    id: "moved-place-polled",
    about: "Where a moved issue lives outside of every target, its new place is polled, too.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-link.ts",
        find: "polledContainers(session.provider, [work.issue ?? issue])",
        replace: "polledContainers(session.provider, [])",
      },
    ],
  },
];
