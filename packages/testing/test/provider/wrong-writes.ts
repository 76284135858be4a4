import { ProviderError } from "@backref/core/provider";
import type { GiteaCall } from "./gitea/client.ts";
import { issuePath } from "./gitea/keys.ts";
import { labelIds } from "./gitea/labels.ts";
import type { WrongProvider } from "./wrong-provider.ts";

export const wrongWrites: readonly WrongProvider[] = [
  {
    mistake: "sends a create again when its answer is lost",
    caughtBy: "create-never-repeats",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        create: (call, request) => sound.create.create(call, request).catch(() => sound.create.create(call, request)),
      },
    }),
  },
  {
    mistake: "says that a create in doubt can simply be tried again",
    caughtBy: "create-never-repeats",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        create: (call, request) =>
          sound.create.create(call, request).catch((error: ProviderError) => {
            if (error.failure !== "ambiguous") throw error;
            const { operation = "", providerId = "", message } = error;
            throw new ProviderError({ failure: "retry", operation, providerId, message });
          }),
      },
    }),
  },
  {
    mistake: "takes copies that other people made for its own issues",
    caughtBy: "find-created-copies",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        findCreated: (call, request) => sound.create.findCreated(call, { ...request, accountId: null }),
      },
    }),
  },
  {
    mistake: "finds issues that are older than the create",
    caughtBy: "find-created-time",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        findCreated: (call, request) => sound.create.findCreated(call, { ...request, createdAfter: 0 }),
      },
    }),
  },
  {
    mistake: "keeps silent about labels that were not set",
    caughtBy: "create-labels-refused",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        create: async (call, request) => ({ ...(await sound.create.create(call, request)), warnings: [] }),
      },
    }),
  },
  {
    mistake: "writes labels as a whole set, as they were when it last looked",
    caughtBy: "update-labels-of-others",
    wrap: (sound) => ({
      ...sound,
      read: {
        issues: async (call, request) =>
          (await sound.read.issues(call, request)).map((outcome) =>
            outcome.kind === "live" ? { ...outcome, issue: { ...outcome.issue, raw: outcome.issue.labels } } : outcome,
          ),
      },
      update: {
        async update(call, request) {
          const { labels } = request.patch;
          const { issue } = request;
          if (labels === undefined) return sound.update.update(call, request);
          const seen = [...((issue.raw ?? []) as readonly string[]), ...labels.add];
          const present = await labelIds(call as GiteaCall, "issue.update", issue.container);
          const strangers = [...present.keys()].filter((name) => !seen.includes(name));
          const remove = [...new Set([...labels.remove, ...strangers])];
          return sound.update.update(call, { ...request, patch: { ...request.patch, labels: { ...labels, remove } } });
        },
      },
    }),
  },
  {
    mistake: "sends the whole issue, not what changed",
    caughtBy: "update-smallest",
    wrap: (sound) => ({
      ...sound,
      read: {
        issues: async (call, request) =>
          (await sound.read.issues(call, request)).map((outcome) =>
            outcome.kind === "live"
              ? {
                  ...outcome,
                  issue: { ...outcome.issue, raw: { title: outcome.issue.title, body: outcome.issue.body } },
                }
              : outcome,
          ),
      },
      update: {
        update: (call, request) =>
          sound.update.update(call, { ...request, patch: { ...(request.issue.raw as object), ...request.patch } }),
      },
    }),
  },
  {
    mistake: "answers an update with what it sent, not with what the tracker has",
    caughtBy: "update-labels-refused",
    wrap: (sound) => ({
      ...sound,
      update: {
        async update(call, request) {
          const { issue } = await sound.update.update(call, request);
          const { labels } = request.patch;
          const kept = issue.labels.filter((name) => !labels?.remove.includes(name));
          return { issue: { ...issue, labels: [...new Set([...kept, ...(labels?.add ?? [])])] }, warnings: [] };
        },
      },
    }),
  },
  {
    mistake: "fails when a comment is gone already",
    caughtBy: "comments-delete",
    wrap: (sound) => ({
      ...sound,
      comments: {
        ...sound.comments,
        async delete(call, { issue, commentId }) {
          const comments = await sound.comments.list(call, { issue });
          if (!comments.some(({ remoteId }) => remoteId === commentId)) {
            const operation = issuePath(issue);
            throw new ProviderError({ failure: "gone", operation, providerId: "gitea", message: "It is gone." });
          }
          await sound.comments.delete?.(call, { issue, commentId });
        },
      },
    }),
  },
];
