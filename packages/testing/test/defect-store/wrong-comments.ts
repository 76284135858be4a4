import type { DefectCommentChange, DefectStore } from "@backref/core";
import type { DefectStoreUnderTest } from "../../src/index.ts";
import { type WrongStore, withChanges, withStore } from "./wrong-store.ts";

type Addition = Extract<DefectCommentChange, { kind: "add" }>;

/** Comments under keys that the sound store has never seen, and answered under those that were given. */
function withKeys(
  inner: DefectStoreUnderTest,
  keyOf: (addition: Addition, attempt: number) => string,
): DefectStoreUnderTest {
  let attempts = 0;
  return withStore(inner, (store) => ({
    async apply(scope, changes) {
      attempts += 1;
      const renamed = new Map<string, string>();
      const own = changes.map((change) => ({
        ...change,
        comments: change.comments.map((step) => {
          if (step.kind !== "add") return step;
          const key = keyOf(step, attempts);
          renamed.set(key, step.key);
          return { ...step, key };
        }),
      }));
      return (await store.apply(scope, own)).map((outcome) =>
        outcome.status === "applied"
          ? {
              ...outcome,
              commentIds: Object.fromEntries(
                Object.entries(outcome.commentIds).map(([key, id]) => [renamed.get(key) ?? key, id]),
              ),
            }
          : outcome,
      );
    },
  }));
}

const withComments = (
  inner: DefectStoreUnderTest,
  change: (comments: Awaited<ReturnType<DefectStore["readComments"]>>) => typeof comments,
) =>
  withStore(inner, (store) => ({
    readComments: async (scope, ids) => change(await store.readComments(scope, ids)),
  }));

export const wrongComments: readonly WrongStore[] = [
  {
    mistake: "adds a comment each time its key comes",
    caughtBy: "defect-store/comment-key",
    wrap: (inner) => withKeys(inner, ({ key }, attempt) => `${key} at attempt ${attempt}`),
  },
  {
    mistake: "puts a comment back to what it was when its key comes again",
    caughtBy: "defect-store/comment-key-edited",
    wrap: (inner) => {
      const ids = new Map<string, string>();
      return withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(
            scope,
            changes.map((change) => ({
              ...change,
              comments: change.comments.flatMap((step): readonly DefectCommentChange[] => {
                const commentId = step.kind === "add" ? ids.get(step.key) : undefined;
                if (step.kind !== "add" || commentId === undefined) return [step];
                return [step, { kind: "edit", commentId, body: step.body }];
              }),
            })),
          );
          for (const outcome of outcomes) {
            if (outcome.status !== "applied") continue;
            for (const [key, id] of Object.entries(outcome.commentIds)) ids.set(key, id);
          }
          return outcomes;
        },
      }));
    },
  },
  {
    mistake: "answers keys as ids although it has its own",
    caughtBy: "defect-store/comment-add",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        apply: async (scope, changes) =>
          (await store.apply(scope, changes)).map((outcome) =>
            outcome.status === "applied"
              ? {
                  ...outcome,
                  commentIds: Object.fromEntries(Object.keys(outcome.commentIds).map((key) => [key, key])),
                }
              : outcome,
          ),
      })),
  },
  {
    mistake: "forgets deleted comments",
    caughtBy: "defect-store/comments-deleted",
    wrap: (inner) => withComments(inner, (comments) => comments.filter(({ deletedAt }) => deletedAt === null)),
  },
  {
    mistake: "takes all comments for the host's own",
    caughtBy: "defect-store/comment-add",
    wrap: (inner) => withComments(inner, (comments) => comments.map((comment) => ({ ...comment, origin: "host" }))),
  },
  {
    mistake: "tells internal comments as public ones",
    caughtBy: "defect-store/comments-internal",
    wrap: (inner) =>
      withComments(inner, (comments) => comments.map((comment) => ({ ...comment, visibility: "public" }))),
  },
  {
    mistake: "lists comments newest first",
    caughtBy: "defect-store/comments-order",
    wrap: (inner) => withComments(inner, (comments) => comments.toReversed()),
  },
  {
    mistake: "reads comments of one defect per call",
    caughtBy: "defect-store/comments-of-many",
    wrap: (inner) =>
      withStore(inner, (store) => ({ readComments: (scope, ids) => store.readComments(scope, ids.slice(0, 1)) })),
  },
  {
    mistake: "edits no comment that people of the host wrote",
    caughtBy: "defect-store/comment-edit-hosts",
    wrap: (inner) =>
      withChanges(inner, async (change, scope) => {
        const known = await inner.store.readComments(scope, [change.defectId]);
        const isOurs = (id: string) => known.some((comment) => comment.id === id && comment.origin === "host");
        const comments = change.comments.filter((step) => step.kind === "add" || !isOurs(step.commentId));
        return { ...change, comments };
      }),
  },
  {
    mistake: "edits comments by id, whatever defect and tenant they belong to",
    caughtBy: "defect-store/comment-others-untouched",
    wrap: (inner) => {
      const bodies = new Map<string, string>();
      const edited = withChanges(inner, (change) => {
        for (const step of change.comments) if (step.kind === "edit") bodies.set(step.commentId, step.body);
        return change;
      });
      return withComments(edited, (comments) =>
        comments.map((comment) => ({ ...comment, body: bodies.get(comment.id) ?? comment.body })),
      );
    },
  },
  {
    mistake: "ignores comments where a change has fields",
    caughtBy: "defect-store/comment-add-many",
    wrap: (inner) =>
      withChanges(inner, (change) => (Object.keys(change.set).length > 0 ? { ...change, comments: [] } : change)),
  },
  {
    mistake: "cuts comments that are too long",
    caughtBy: "defect-store/text-long-comment",
    wrap: (inner) =>
      withComments(inner, (comments) =>
        comments.map((comment) => ({ ...comment, body: comment.body.slice(0, 32_000) })),
      ),
  },
  {
    mistake: "tells no times of comments",
    caughtBy: "defect-store/comments-shape",
    wrap: (inner) =>
      withComments(inner, (comments) => comments.map((comment) => ({ ...comment, createdAt: Number.NaN }))),
  },
];
