import type { Mechanism } from "../mechanism.ts";

const planComments = "packages/core/src/engine/plan-comments.ts";
const pushComments = "packages/core/src/engine/push-comments.ts";
const reconcileComments = "packages/core/src/engine/reconcile-comments.ts";

/** Posting a comment exactly once, and only what may leave. */
export const commentCreateMechanisms: readonly Mechanism[] = [
  {
    id: "comment-intent",
    about: "The intent to post a comment is committed before it is sent.",
    patches: [
      {
        file: pushComments,
        find: "putRow(work, intent);\n  await work.flush();",
        replace:
          "work.stage({ set: { attempts: work.link.attempts } });\n  await work.flush();\n  putRow(work, intent);",
      },
    ],
  },
  {
    id: "comment-adopted-by-token",
    about: "A comment in doubt is looked for by its token before it is posted again.",
    patches: [
      {
        file: planComments,
        find: "tokensIn(remote.body).includes(row.token) &&",
        replace: "false &&",
      },
    ],
  },
  {
    id: "comment-by-our-account",
    about: "Only a comment by our own account is adopted; people quote ours with its token.",
    patches: [
      {
        file: planComments,
        find: "(account === null || remote.author?.id === account)",
        replace: "true",
      },
    ],
  },
  {
    id: "comment-grace",
    about: "That a comment did not arrive is concluded only after the grace period.",
    patches: [
      {
        file: planComments,
        find: "listedAt - (row.intentAt ?? 0) >= pass.runtime.limits.createGraceMs",
        replace: "listedAt >= (row.intentAt ?? 0)",
      },
    ],
  },
  {
    id: "comment-strict",
    about: "A host that wants no second post after a doubt gets none.",
    patches: [
      {
        file: planComments,
        find: 'if (isWanted && pass.runtime.limits.createInDoubt === "wait") continue;',
        replace: "",
      },
    ],
  },
  {
    id: "comment-definite-answer",
    about: "A comment that was certainly not posted leaves no doubt behind that would hold up the next attempt.",
    patches: [
      {
        file: pushComments,
        find: 'work.stage({ write: [{ type: "delete", table: "commentLink", id: row.id }] });',
        replace: "",
      },
    ],
  },
  {
    id: "comment-doubt-watched",
    about: "While a comment is in doubt, its link is looked at again and does not say that it is synced.",
    patches: [
      {
        file: reconcileComments,
        find: 'return { kind: "settled", ...doubtOf(work, againAfterMs) };',
        replace: 'return { kind: "settled", againAfterMs, failure: null };',
      },
    ],
  },
  {
    id: "comment-adoption-base",
    about: "An adopted comment is agreed to say what was sent, so that what people edited since comes in.",
    patches: [
      {
        file: "packages/core/src/engine/comment-rows.ts",
        find: "return isSentText(work, sent, text) ? found :",
        replace: "return found.sent.length === 0 ? found :",
      },
    ],
  },
  {
    id: "comment-adopted-looks-again",
    about:
      "A comment may have been edited or deleted here while it was in doubt, which goes out right after its adoption.",
    patches: [
      {
        file: reconcileComments,
        find: "// It may have been edited or deleted here while it was in doubt.\n      againAfterMs = 0;",
        replace: "",
      },
    ],
  },
  {
    id: "comment-forgotten-in-doubt",
    about: "A comment that was deleted here while it was in doubt is not posted again.",
    patches: [
      {
        file: planComments,
        find: "const isWanted = comment !== undefined && comment.deletedAt === null;",
        replace: "const isWanted = comment !== undefined;",
      },
    ],
  },
  {
    id: "comment-deleted-never-posted",
    about: "A comment that was deleted here before it went out never goes out.",
    patches: [
      {
        file: planComments,
        find: "if (travels(comment) && comment.deletedAt === null)",
        replace: "if (travels(comment))",
      },
    ],
  },
  {
    id: "comment-internal-stays",
    about: "An internal comment of the host never leaves.",
    patches: [
      {
        file: planComments,
        find: 'comment.origin === "host" && comment.visibility === "public"',
        replace: 'comment.origin === "host"',
      },
    ],
  },
  {
    id: "comment-internal-not-taken",
    about: "An internal comment of the tracker does not come in.",
    patches: [{ file: planComments, find: 'if (remote.visibility === "public") {', replace: "if (true) {" }],
  },
];
