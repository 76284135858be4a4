import type { Mechanism } from "../mechanism.ts";

const applyInbound = "packages/core/src/engine/apply-inbound.ts";
const loadLinks = "packages/core/src/engine/load-links.ts";
const bringComments = "packages/core/src/engine/bring-comments.ts";
const planFields = "packages/core/src/engine/plan-fields.ts";
const putBack = "packages/core/src/engine/put-back.ts";
const reconcileFields = "packages/core/src/engine/reconcile-fields.ts";
const embeddedStore = "packages/core/src/defect-store/embedded-defect-store.ts";
const workspace = "packages/core/src/engine/workspace.ts";

/** Changes that come in, and what is committed together with them. */
export const inboundMechanisms: readonly Mechanism[] = [
  {
    id: "defect-revision",
    about: "A change comes in only into the revision of the defect that it was computed from.",
    patches: [
      {
        file: embeddedStore,
        find: "require: [unchanged(snapshot)],",
        replace: 'require: [{ table: "defect", id: change.defectId, match: {} }],',
      },
    ],
  },
  {
    id: "inbound-moves-revision",
    about: "What came in by one link moves the defect's revision, so that its other links see that it changed.",
    patches: [{ file: embeddedStore, find: "const next = revision + 1;", replace: "const next = revision;" }],
  },
  {
    id: "base-needs-revision",
    about: "The base moves only while the defect is as it was when the issue was read.",
    patches: [
      {
        file: reconcileFields,
        find: "if (Object.keys(look.plan.base).length > 0) await holdDefect(work);",
        replace: "",
      },
    ],
  },
  {
    id: "inbound-and-base-together",
    about: "A change of the defect and the base that follows from it are one commit.",
    patches: [
      {
        file: applyInbound,
        find: "work.stage(staged);\n    const { require, write, revision }",
        replace: "work.stage(staged);\n    await work.flush();\n    const { require, write, revision }",
      },
    ],
  },
  {
    id: "host-inbound-journal",
    about:
      "What is about to be applied to a host's defect is remembered, so that a death after it is no person's edit.",
    patches: [
      {
        file: applyInbound,
        find: ", ...inboundJournal(work, change)",
        replace: "",
      },
    ],
  },
  {
    id: "host-stale-honoured",
    about: "A host that says its defect has moved meanwhile is believed, and the defect is merged anew.",
    patches: [
      {
        file: applyInbound,
        find: 'if (outcome.status === "stale") throw new DefectMoved();',
        replace:
          'if (outcome.status === "stale") {\n    work.stage(staged);\n    await work.flush();\n    return { status: "applied", commentIds: {} };\n  }',
      },
    ],
  },
  {
    id: "host-inbound-loser",
    about: "A host's value that lost to what was applied is recorded although the process died before it could.",
    patches: [
      {
        file: planFields,
        find: "if (mayHaveArrived && inbound.conflict !== undefined)",
        replace: "if (mayHaveArrived && inbound.conflict !== undefined && inbound.at < 0)",
      },
    ],
  },
  {
    id: "host-inbound-put-back",
    about: "A host's value that lost to what was applied is recorded although a person put it back at once.",
    patches: [{ file: putBack, find: "if (mayBePutBack(inbound, defect)) return replaced ?? known;", replace: "" }],
  },
  {
    id: "host-inbound-attempted-again",
    about: "What an attempt would have recorded is recorded by the next one, where it came to nothing itself.",
    patches: [{ file: putBack, find: "return known === null ? null : replaced;", replace: "return null;" }],
  },
  {
    id: "host-inbound-looks-arrived",
    about: "A value that a person may have made equal to what was to come in is recorded when another one replaces it.",
    patches: [
      { file: putBack, find: "if (field.hasArrived) return replaced;", replace: "if (field.hasArrived) return null;" },
    ],
  },
  {
    id: "host-inbound-untouched",
    about: "A field that the host says nobody touched was not put back, whatever else changed in its defect.",
    patches: [
      {
        file: putBack,
        find: "defect.revision && !isUntouched;",
        replace: "defect.revision;",
      },
    ],
  },
  {
    id: "host-inbound-edited-since",
    about: "What a person made of an applied value before the process was back counts as an edit.",
    patches: [
      {
        file: planFields,
        find: "mayHaveArrived && old !== undefined",
        replace: "mayHaveArrived && old !== undefined && inbound.at < 0",
      },
    ],
  },
  {
    id: "host-arrived-marks-siblings",
    about:
      "What came into a host's defect before the process died still makes the defect's other links due, and is told.",
    patches: [{ file: reconcileFields, find: "if (arrived.length > 0) {", replace: "if (arrived.length < 0) {" }],
  },
  {
    id: "host-comment-key",
    about: "A comment comes into a host's defect under the same key in every attempt, so that it comes in once.",
    patches: [
      {
        file: bringComments,
        find: "if (!isEmbedded && step.row === null) putRow(work, row);",
        replace: "",
      },
    ],
  },
  {
    id: "host-comment-loser-first",
    about: "A host's comment that loses to an edit is written down before the edit is applied.",
    patches: [
      { file: bringComments, find: "if (!isEmbedded && recordsLosers) work.stage(losers);", replace: "" },
      {
        file: bringComments,
        find: "const also = isEmbedded ? losers : { write: [], activities: [] };",
        replace: "const also = losers;",
      },
    ],
  },
  {
    id: "comments-read-after-defects",
    about: "Comments are read after their defects, so that an edit in between makes the revision too old.",
    patches: [
      {
        file: loadLinks,
        find: "const defects = await runtime.defects.read(scope, defectIds);",
        replace: "const early = await runtime.defects.readComments(scope, defectIds);",
      },
      {
        file: loadLinks,
        find: "return [defects, await runtime.defects.readComments(scope, defectIds)] as const;",
        replace: "return [await runtime.defects.read(scope, defectIds), early] as const;",
      },
    ],
  },
  {
    id: "refused-comment-alone",
    about: "Comments that the host refuses together are tried one by one.",
    patches: [
      { file: bringComments, find: 'brought === "refused" && steps.length > 1', replace: "steps.length > 1 && false" },
    ],
  },
  {
    id: "refused-comment-rests",
    about: "A comment that the host refused is not offered again at once.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-comments.ts",
        find: 'if (brought === "done" && steps.some(',
        replace: "if (steps.some(",
      },
    ],
  },
  {
    id: "activity-with-effect",
    about: "What happened is recorded in the commit that made it happen.",
    patches: [
      {
        file: workspace,
        find: "write: [...writes, last, ...events.map(recordActivity)],",
        replace: "write: [...writes, last],",
      },
      {
        file: workspace,
        find: "runtime.events.emit(announced);",
        replace:
          "if (announced.length > 0) await pass.commits.commit({ write: announced.map(recordActivity) });\n    runtime.events.emit(announced);",
      },
    ],
  },
];
