import type { Mechanism } from "../mechanism.ts";

const planComments = "packages/core/src/engine/plan-comments.ts";
const pushComments = "packages/core/src/engine/push-comments.ts";
const reconcileComments = "packages/core/src/engine/reconcile-comments.ts";

/** Edits and deletions of comments, in both directions. */
export const commentChangeMechanisms: readonly Mechanism[] = [
  {
    id: "comment-block-cut-off",
    about: "The block that names a comment's author is no part of its text.",
    patches: [
      {
        file: "packages/core/src/mapping/comment-text.ts",
        find: "const text = own === null ? body : userPartOf(body, own.token);",
        replace: "const text = body;",
      },
    ],
  },
  {
    id: "comment-count",
    about: "The tracker's comments are listed when it counts another number than is known here.",
    patches: [
      {
        file: reconcileComments,
        find: "const differs = comesIn && count !== null && count !== countKnown(commentLinks);",
        replace: "const differs = false;",
      },
    ],
  },
  {
    id: "comment-withheld-counted",
    about: "A comment that does not come in is counted, so that one that is missing does not go unnoticed beside it.",
    patches: [
      {
        file: reconcileComments,
        find: 'putRow(work, newRow(work, { origin: "tracker", remoteId: step.remote.remoteId }));',
        replace: "continue;",
      },
    ],
  },
  {
    id: "comment-withheld-comes-in",
    about: "A comment that was not for everybody comes in once it is.",
    patches: [
      {
        file: planComments,
        find: "if (row === undefined || isOnlyCounted(row)) {",
        replace: "if (row !== undefined && isOnlyCounted(row)) continue;\n    if (row === undefined) {",
      },
    ],
  },
  {
    id: "comment-withheld-gone",
    about: "A comment that never came in is counted no more once it is gone.",
    patches: [
      {
        file: planComments,
        find: "if (isOnlyCounted(row)) {\n      steps.push",
        replace: "if (false) {\n      steps.push",
      },
    ],
  },
  {
    id: "comment-listed-before-edit",
    about: "Before an edit of ours goes out, the tracker's comments are listed, so that nothing is overwritten unseen.",
    patches: [
      {
        file: planComments,
        find: 'steps.push({ kind: "push-edit", row, comment });\n      needsList = true;',
        replace: 'steps.push({ kind: "push-edit", row, comment });',
      },
    ],
  },
  {
    id: "comment-remote-edit-wins",
    about: "Where both sides edited a comment, the tracker's text stays and ours does not go out over it.",
    patches: [
      {
        file: planComments,
        find: "return !edited.has(step.row.id) && !gone(step.row);",
        replace: "return !gone(step.row);",
      },
    ],
  },
  {
    id: "comment-conflict-row",
    about: "Where the tracker's edit of a comment beats ours, a conflict row keeps ours.",
    patches: [
      {
        file: planComments,
        find: "const loser = localChanged && row.base !== null ? comment.body : null;",
        replace: "const loser = null;",
      },
    ],
  },
  {
    id: "comment-sent-recognised",
    about: "A text that we sent and got no answer for is our own late edit and no edit of a person.",
    patches: [
      {
        file: planComments,
        find: "if (sent !== undefined) return {",
        replace: "if (false) return {",
      },
    ],
  },
  {
    id: "comment-sent-kept-in-doubt",
    about: "An edit of ours without an answer is remembered.",
    patches: [
      {
        file: pushComments,
        find: 'if (error.failure !== "ambiguous") putRow(work, { ...row, sent: open });',
        replace: "putRow(work, { ...row, sent: open });",
      },
    ],
  },
  {
    id: "comment-agreed-looks-again",
    about: "Where a late edit of ours arrived after a newer one here, the newer one goes out right after.",
    patches: [
      {
        file: reconcileComments,
        find: "if (comment !== undefined && canonicalText(comment.body) !== step.local) againAfterMs = 0;",
        replace: "",
      },
    ],
  },
  {
    id: "comment-seen-version",
    about: "A listed comment that is older than what was acted on already is not believed.",
    patches: [{ file: planComments, find: "if (remote.version < row.seenVersion) return null;", replace: "" }],
  },
  {
    id: "comment-second-list",
    about: "Where versions are coarse, another text under the same version is believed only when a second list agrees.",
    patches: [
      {
        file: planComments,
        find: "if (listedAt - at < confirmMs(work)) return",
        replace: "if (listedAt < at) return",
      },
    ],
  },
  {
    id: "comment-doubted-looks-again",
    about: "A text that is not believed yet is looked at again.",
    patches: [
      {
        file: reconcileComments,
        find: "unconfirmed: { value: step.value, at: step.at } });\n      againAfterMs = confirmMs(work);",
        replace: "unconfirmed: { value: step.value, at: step.at } });",
      },
    ],
  },
  {
    id: "comment-missing-twice",
    about: "A comment counts as deleted only when a second list misses it, too.",
    patches: [
      {
        file: planComments,
        find: "if (listedAt - missingSince >= confirmMs(work)) {",
        replace: "if (listedAt >= missingSince) {",
      },
    ],
  },
  {
    id: "comment-missing-looks-again",
    about: "A comment that a list missed is looked for again.",
    patches: [
      {
        file: reconcileComments,
        find: "if (missingSince !== null) againAfterMs = confirmMs(work);",
        replace: "",
      },
    ],
  },
  {
    id: "comment-suspicion-ends",
    about: "A comment that is back is missed no more, so that the next stale list does not delete it.",
    patches: [
      {
        file: planComments,
        find: 'if (row.missingSince !== null) steps.push({ kind: "suspect", row, missingSince: null });',
        replace: "",
      },
    ],
  },
  {
    id: "comment-back-again",
    about: "A comment of the tracker that is listed long after it was missed was never deleted and comes in again.",
    patches: [
      {
        file: planComments,
        find: "row.deletedAt !== null && listedAt - row.deletedAt >= pass.runtime.limits.createGraceMs",
        replace: "row.deletedAt !== null && listedAt < row.deletedAt",
      },
    ],
  },
  {
    id: "comment-tombstone",
    about: "A comment of the host that was deleted at the tracker is never made again.",
    patches: [
      {
        file: "packages/core/src/engine/bring-comments.ts",
        find: "rows.push({ row: { ...row, deletedAt: work.pass.runtime.clock.now() }, key: null });",
        replace:
          'if (deleteLocal) rows.push({ row: { ...row, deletedAt: work.pass.runtime.clock.now() }, key: null });\n      else work.stage({ write: [{ type: "delete", table: "commentLink", id: row.id }] });',
      },
    ],
  },
  {
    id: "comment-kept-in-host",
    about: "A comment of the host that was deleted at the tracker stays in the host.",
    patches: [
      {
        file: planComments,
        find: 'deleteLocal: row.origin === "tracker" && comesIn',
        replace: "deleteLocal: comesIn",
      },
    ],
  },
  {
    id: "comment-origin-owns",
    about: "A comment of the tracker is never edited or deleted there by the host.",
    patches: [{ file: planComments, find: 'if (row.origin === "tracker") continue;', replace: "" }],
  },
];
