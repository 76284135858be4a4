import type { AuthorizationGroup, CommentsGroup, ConnectGroup, Provider } from "@backref/core/provider";
import { createFakeSignIn } from "../../../src/index.ts";
import { attachmentsGroup } from "./attachments.ts";
import { changesGroup } from "./changes.ts";
import { type GiteaAuth, type GiteaCall, type GiteaOptions, hasStatus, request } from "./client.ts";
import { createGroup, readGroup, updateGroup } from "./issues.ts";
import {
  authForm,
  containerForm,
  createUrl,
  formatIssue,
  issuePath,
  normaliseBaseUrl,
  optionsForm,
  parseIssue,
  repositoryPath,
} from "./keys.ts";
import { labelsGroup } from "./labels.ts";
import { containersGroup, formGroup, peopleGroup, searchGroup } from "./lookups.ts";
import { mapComment, mapPerson } from "./mapping.ts";
import { webhooksGroup } from "./webhooks.ts";

async function readAccount(call: GiteaCall) {
  return (await request(call, { operation: "connect.account", path: "/user", map: mapPerson })).value;
}

async function probe(call: GiteaCall, { container }: { readonly container: string }): Promise<boolean> {
  try {
    await request(call, { operation: "connect.probe", path: repositoryPath(container), map: () => null });
    return true;
  } catch (error) {
    if (hasStatus(error, 403, 404)) return false;
    throw error;
  }
}

const connectGroup: ConnectGroup<GiteaAuth, GiteaOptions> = {
  account: readAccount,
  probe,
  async test(call: GiteaCall, request) {
    const report = { scopes: [], expiresAt: null };
    try {
      const account = await readAccount(call);
      const containers = [];
      for (const container of request.containers) {
        containers.push({ container, reachable: await probe(call, { container }), writable: null });
      }
      const lost = containers.filter(({ reachable }) => !reachable);
      const problems = lost.map(({ container }) => `${container} cannot be reached: check its name.`);
      return { ...report, ok: problems.length === 0, account, containers, problems };
    } catch (error) {
      if (!hasStatus(error, 401, 403)) throw error;
      return { ...report, ok: false, account: null, containers: [], problems: [`${error.message} Give a new token.`] };
    }
  },
};

const commentPath = (container: string, id: string) => `${repositoryPath(container)}/issues/comments/${id}`;

const commentsGroup: CommentsGroup<GiteaAuth, GiteaOptions> = {
  async list(call: GiteaCall, { issue }) {
    const map = (data: unknown) => (Array.isArray(data) ? data : [data]).map(mapComment);
    const asked = { operation: "comment.list", path: `${issuePath(issue)}/comments`, map };
    return (await request(call, asked)).value;
  },
  async create(call: GiteaCall, { issue, body }) {
    const path = `${issuePath(issue)}/comments`;
    const asked = { operation: "comment.create", method: "POST", path, body: { body }, map: mapComment } as const;
    return (await request(call, asked)).value;
  },
  async update(call: GiteaCall, { issue, commentId, body }) {
    const path = commentPath(issue.container, commentId);
    const asked = { operation: "comment.update", method: "PATCH", path, body: { body }, map: mapComment } as const;
    return (await request(call, asked)).value;
  },
  async delete(call: GiteaCall, { issue, commentId }) {
    const path = commentPath(issue.container, commentId);
    try {
      await request(call, { operation: "comment.delete", method: "DELETE", path, map: () => null });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  },
};

/** A tracker nobody had in mind: no batch read, labels by id, no closed reasons, pull requests among the issues. */
export function createGiteaProvider(): Required<
  Pick<
    Provider,
    | "read"
    | "search"
    | "create"
    | "update"
    | "comments"
    | "changes"
    | "webhooks"
    | "labels"
    | "connect"
    | "form"
    | "people"
    | "containers"
    | "authorization"
    | "attachments"
    | "capabilitiesFor"
    | "normaliseBaseUrl"
  >
> &
  Provider {
  return {
    id: "gitea",
    specVersion: 1,
    capabilities: {
      readBatchSize: 1,
      markerPlace: "body",
      priority: "labels",
      comments: { edit: true, delete: true, returnsId: true },
      webhookPayload: "full",
      mentions: true,
      requiredFields: true,
    },
    describe: () => ({
      name: "Gitea",
      defaultBaseUrl: null,
      containerName: "Repository",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    capabilitiesFor: ({ hasPriorities }) => (hasPriorities === true ? { priority: "field" } : {}),
    normaliseBaseUrl,
    parseIssue,
    createUrl,
    formatIssue,
    connect: connectGroup,
    read: readGroup,
    search: searchGroup,
    create: createGroup,
    update: updateGroup,
    comments: commentsGroup,
    changes: changesGroup,
    webhooks: webhooksGroup,
    labels: labelsGroup,
    form: formGroup,
    people: peopleGroup,
    containers: containersGroup,
    attachments: attachmentsGroup,
    authorization: createFakeSignIn().group("gitea") as unknown as AuthorizationGroup<GiteaAuth, GiteaOptions>,
  };
}
