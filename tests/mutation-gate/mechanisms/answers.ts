import type { Mechanism } from "../mechanism.ts";

const outbound = "packages/core/src/engine/outbound.ts";
const refusals = "packages/core/src/engine/refusals.ts";
const planFields = "packages/core/src/engine/plan-fields.ts";

/** What is sent, what the tracker makes of it, and what either side refuses. */
export const answerMechanisms: readonly Mechanism[] = [
  {
    id: "minimal-patch",
    about: "Only fields that changed are sent, so that nothing else is overwritten.",
    patches: [
      {
        file: outbound,
        find: "let patch: IssuePatch = {};",
        replace: 'let patch: IssuePatch = { title: work.defect?.title ?? "" };',
      },
    ],
  },
  {
    id: "answer-refused",
    about: "An answer that shows the old value means that the tracker dropped ours, which is never agreed.",
    patches: [
      {
        file: outbound,
        find: '} else if (isAnswer(codec, push.target, answered) || (field === "description" && bodyAsSent)) {',
        replace: "} else if (isAnswer(codec, push.target, answered) || codec.sameRemote(answered, push.before)) {",
      },
    ],
  },
  {
    id: "answer-news",
    about: "An answer that shows something neither old nor ours is news and is looked at again.",
    patches: [{ file: outbound, find: ", hasNews };", replace: ", hasNews: false };" }],
  },
  {
    id: "answer-replaced-recorded",
    about: "Where an answer shows something else than was sent, ours may be lost, and a conflict row keeps it.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-fields.ts",
        find: "work.stage(recordedConflicts(work, judged.replaced));",
        replace: "",
      },
    ],
  },
  {
    id: "refused-not-resent",
    about: "A value that the tracker refused is not sent again and again.",
    patches: [
      {
        file: refusals,
        find: "row.direction === direction &&",
        replace: 'row.direction === direction &&\n      direction === "in" &&',
      },
    ],
  },
  {
    id: "refusal-outlives-conflict",
    about: "A conflict that the local value wins moves the base, and the refusal of that value stays known.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-fields.ts",
        find: 'row.direction === "in" || codec.sameLocal(',
        replace: "row.direction !== null || codec.sameLocal(",
      },
    ],
  },
  {
    id: "refusal-ends-with-mapping",
    about: "Under a new mapping a refused value is tried again.",
    patches: [
      {
        file: refusals,
        find: "row.mappingVersion === mappingVersionFor(work, field) &&",
        replace: "row.mappingVersion <= mappingVersionFor(work, field) &&",
      },
    ],
  },
  {
    id: "refusal-ends-with-credential",
    about: "With a new credential a refused value is tried again.",
    patches: [
      {
        file: refusals,
        find: "row.credentialVersion === work.pass.session.source.credentialVersion,",
        replace: "row.credentialVersion <= work.pass.session.source.credentialVersion,",
      },
    ],
  },
  {
    id: "taken-back-refusal-forgotten",
    about: "A refused value that the host took back is nothing to complain about any more.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-link.ts",
        find: "refused: work.link.refused.filter((row) => isStillWanted(work, row)),",
        replace: "",
      },
    ],
  },
  {
    id: "inbound-refusal-remembered",
    about: "A remote value that the host refused is not brought in again and again.",
    patches: [
      {
        file: planFields,
        find: 'merged.setLocal !== undefined && isRefused(work, field, remote, "in") ? {} : merged',
        replace: "merged",
      },
      // Without it the link would be due at once, again and again: a minute apart the rest goes on.
      {
        file: "packages/core/src/engine/reconcile-fields.ts",
        find: 'return brought === "refused" ? { kind: "again", afterMs: 0,',
        replace: 'return brought === "refused" ? { kind: "again", afterMs: 60_000,',
      },
    ],
  },
  {
    id: "unmapped-local-told",
    about: "A local value without a counterpart is a problem that is told, and the link is not synced.",
    patches: [
      {
        file: "packages/core/src/merge/merge-field.ts",
        find: "if (target === undefined) return { unmappedLocal: true };",
        replace: "if (target === undefined) return {};",
      },
    ],
  },
  {
    id: "too-long-not-sent",
    about: "A text that the tracker cannot hold is a problem of its field, and the other fields are sent.",
    patches: [
      {
        file: planFields,
        find: "const tooLong = lengthProblem(work, push, bodyLength);",
        replace: "const tooLong: string | null = null;",
      },
    ],
  },
];
