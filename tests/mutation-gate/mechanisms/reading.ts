import type { Mechanism } from "../mechanism.ts";

const observe = "packages/core/src/engine/observe.ts";
const reconcileFields = "packages/core/src/engine/reconcile-fields.ts";
const reconcileLink = "packages/core/src/engine/reconcile-link.ts";

/** What a read of an issue is worth: stale, coarse, missing or moved. */
export const readingMechanisms: readonly Mechanism[] = [
  {
    id: "seen-version",
    about: "A read that is older than what was acted on already is not believed.",
    patches: [{ file: observe, find: "Math.max(link.seenVersion, link.hintVersion)", replace: "link.hintVersion" }],
  },
  {
    id: "hint-version",
    about: "A read that is older than the hint that asked for it is not believed.",
    patches: [{ file: observe, find: "Math.max(link.seenVersion, link.hintVersion)", replace: "link.seenVersion" }],
  },
  {
    id: "answer-moves-watermark",
    about: "After a write, a read that is older than its answer is not believed.",
    patches: [
      {
        file: reconcileFields,
        find: "seenVersion: Math.max(work.link.seenVersion, result.issue.version),",
        replace: "",
      },
    ],
  },
  {
    id: "second-read",
    about:
      "Where versions are coarse, other content under the same version is believed only when a second read agrees.",
    patches: [
      {
        file: observe,
        find: "if (isNews || versionGranularityMs === 0) return",
        replace: "if (isNews || versionGranularityMs >= 0) return",
      },
    ],
  },
  {
    id: "lost-version-believed",
    about: "A version that never comes back was lost with the tracker's own data, and the link goes on without it.",
    patches: [
      {
        file: observe,
        find: "const isLost = pass.now() - since.at >= pass.runtime.limits.createGraceMs;",
        replace: "const isLost = false;",
      },
    ],
  },
  {
    id: "read-before-write",
    about: "Without compare-and-set, an issue is read a moment before it is written.",
    patches: [
      {
        file: reconcileFields,
        find: "if (session.capabilities.compareAndSet || look.plan.pushes.length === 0) return false;",
        replace:
          "if (session.capabilities.compareAndSet || look.plan.pushes.length === 0 || look === first) return false;",
      },
    ],
  },
  {
    id: "read-again-before-write",
    about: "A process that stood still while it read once more before a write reads again.",
    patches: [
      { file: reconcileFields, find: "const mostLooks = 3;", replace: "const mostLooks = 2;" },
      { file: reconcileFields, find: "const mostInterruptedLooks = 6;", replace: "const mostInterruptedLooks = 2;" },
    ],
  },
  {
    id: "dropped-look-is-known",
    about: "What a look has shown that came to nothing, since the defect had moved, is not undone by an older copy.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-link.ts",
        find: "const version = work.issue?.version ?? 0;",
        replace: "const version = 0;",
      },
    ],
  },
  {
    id: "compare-and-set",
    about: "Where the tracker can refuse to overwrite an unseen change, it is told the version that was seen.",
    patches: [
      {
        file: reconcileFields,
        find: "ifVersion: pass.session.capabilities.compareAndSet ? look.issue.version : null,",
        replace: "ifVersion: null,",
      },
    ],
  },
  {
    id: "agreement-is-looked-at",
    about:
      "What is only remembered of an issue counts where a write will check it; what both sides agree on is looked at.",
    patches: [
      {
        file: reconcileFields,
        find: "return plan.pushes.length > 0 && Object.keys(plan.base).length === 0 && plan.conflicts.length === 0;",
        replace: "return plan.pushes.length >= 0;",
      },
    ],
  },
  {
    id: "precondition-looks-again",
    about: "When the tracker refused to overwrite an unseen change, the issue is looked at again at once.",
    patches: [{ file: reconcileFields, find: "if (error.status === 412 &&", replace: "if (error.status === 0 &&" }],
  },
  {
    id: "missing-after-create",
    about: "An issue that is missing within the read lag of our own write was read from an old copy.",
    patches: [
      {
        file: observe,
        find: "return ageMs > -mostAheadMs && ageMs < pass.session.capabilities.readLagMs;",
        replace: "return ageMs > -mostAheadMs && ageMs < 0;",
      },
    ],
  },
  {
    id: "missed-twice",
    about: "What is missing is missed by a second look, too, once its container is known to answer.",
    patches: [
      {
        file: "packages/core/src/engine/run-links.ts",
        find: "if (missing.length === 0) return;",
        replace: "if (missing.length >= 0) return;",
      },
    ],
  },
  {
    id: "container-probe",
    about: "An issue is missed only while its container answers; otherwise the source is in trouble and not the issue.",
    patches: [
      {
        file: "packages/core/src/engine/lost-containers.ts",
        find: "(await connect?.probe(pass.call(), { container })) ?? true",
        replace: "true",
      },
    ],
  },
  {
    id: "vanished-together",
    about:
      "Many issues that are missing at once are more likely a lost permission than deletions, and none is given up.",
    patches: [
      {
        file: "packages/core/src/engine/vanished-issues.ts",
        find: "const fewestVanished = 5;",
        replace: "const fewestVanished = Number.POSITIVE_INFINITY;",
      },
    ],
  },
  {
    id: "moved-onto-known-row",
    about: "A moved issue whose new place has a row already becomes one with it.",
    patches: [
      {
        file: "packages/core/src/engine/cache-issue.ts",
        find: 'committed.status !== "taken" || (await mergeTwin(work, issue, set))',
        replace: 'committed.status !== "taken"',
      },
    ],
  },
  {
    id: "moved-item-own-versions",
    about:
      "A moved issue that became another item counts its versions anew, and older numbers are no reason for doubt.",
    patches: [
      {
        file: reconcileLink,
        find: "const seen = isSame ? {} :",
        replace: 'const seen = isSame || outcome.kind === "moved" ? {} :',
      },
    ],
  },
  {
    id: "moved-issue-followed",
    about: "A moved issue is known by its new place from then on.",
    patches: [
      {
        file: "packages/core/src/issues/issue-cache.ts",
        find: "...placeColumns(row, outcome.to, format),",
        replace: "",
      },
    ],
  },
];
