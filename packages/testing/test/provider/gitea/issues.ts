import type {
  CreateGroup,
  FieldWarning,
  IssueSnapshot,
  ReadGroup,
  ReadOutcome,
  UpdateGroup,
} from "@backref/core/provider";
import { type GiteaAuth, type GiteaCall, type GiteaOptions, hasStatus, request, requestAll } from "./client.ts";
import { issuePath, repositoryPath } from "./keys.ts";
import { droppedLabels, labelIds } from "./labels.ts";
import { assignable } from "./lookups.ts";
import { isPull, mapIssue, membersOf, numberOf } from "./mapping.ts";

export const readGroup: ReadGroup<GiteaAuth, GiteaOptions> = {
  async issues(call: GiteaCall, { issues }) {
    const outcomes: ReadOutcome[] = [];
    for (const address of issues) {
      try {
        const map = (data: unknown) => (isPull(data) ? null : mapIssue(data));
        const { value } = await request(call, { operation: "issue.read", path: issuePath(address), map });
        const isOther = address.remoteId !== null && address.remoteId !== value?.remoteId;
        outcomes.push(value === null || isOther ? { kind: "no-access" } : { kind: "live", issue: value });
      } catch (error) {
        if (!hasStatus(error, 403, 404)) throw error;
        outcomes.push({ kind: "no-access" });
      }
    }
    return outcomes;
  },
};

export const createGroup: CreateGroup<GiteaAuth, GiteaOptions> = {
  async create(call: GiteaCall, { container, title, body, labels, priority, assigneeIds, fields }) {
    const operation = "issue.create";
    const people = assigneeIds.length === 0 ? [] : await assignable(call, operation, container);
    const { assignees: given = [], milestone = null } = fields;
    const logins = [
      ...(Array.isArray(given) ? given : []),
      ...people.filter(({ id }) => assigneeIds.includes(id)).map(({ login }) => login),
    ];
    const known = labels.length === 0 ? new Map<string, number>() : await labelIds(call, operation, container);
    const ids = labels.flatMap((name) => known.get(name) ?? []);
    const { value } = await request(call, {
      operation,
      method: "POST",
      path: `${repositoryPath(container)}/issues`,
      body: {
        title,
        body,
        ...(ids.length > 0 && { labels: ids }),
        ...(logins.length > 0 && { assignees: logins }),
        ...(milestone !== null && { milestone: Number(milestone) }),
        ...(priority !== null && { priority }),
      },
      map: (data) => ({ issue: mapIssue(data), milestone: milestoneOf(data) }),
    });
    const isDropped = milestone !== null && value.milestone !== Number(milestone);
    const dropped: FieldWarning = { field: "fields", message: "Gitea has no such milestone." };
    const warnings = [
      ...droppedLabels(value.issue.labels, labels),
      ...droppedPriority(value.issue, priority),
      ...(isDropped ? [dropped] : []),
    ];
    return { issue: value.issue, warnings };
  },

  async findCreated(call: GiteaCall, { container, token, accountId, createdAfter }) {
    const from = Math.floor(createdAfter / 1_000) * 1_000;
    const path = `${repositoryPath(container)}/issues?state=all&type=issues&since=${new Date(from).toISOString()}`;
    const issues = await requestAll(call, "issue.find-created", path, mapIssue);
    return issues
      .filter((issue) => issue.body.includes(token) && issue.createdAt >= from)
      .filter((issue) => accountId === null || issue.author?.id === accountId)
      .sort((a, b) => a.createdAt - b.createdAt || Number(a.item) - Number(b.item));
  },
};

function droppedPriority(issue: IssueSnapshot, wanted: string | null): readonly FieldWarning[] {
  if (issue.priority === wanted) return [];
  return [{ field: "priority", message: `There is no priority "${wanted}".` }];
}

function milestoneOf(data: unknown): number | null {
  const { milestone } = membersOf(data);
  return milestone === null || milestone === undefined ? null : numberOf(membersOf(milestone), "id");
}

export const updateGroup: UpdateGroup<GiteaAuth, GiteaOptions> = {
  async update(call: GiteaCall, { issue: address, patch }) {
    const operation = "issue.update";
    const path = issuePath(address);
    const { add, remove } = patch.labels ?? { add: [], remove: [] };
    const known =
      add.length + remove.length === 0 ? new Map<string, number>() : await labelIds(call, operation, address.container);
    const warnings: FieldWarning[] = [];
    const added = add.flatMap((name) => known.get(name) ?? []);
    const writes = [
      ...(added.length > 0 ? [{ method: "POST", path: `${path}/labels`, body: { labels: added } } as const] : []),
      ...remove
        .flatMap((name) => known.get(name) ?? [])
        .map((id) => ({ method: "DELETE", path: `${path}/labels/${id}` }) as const),
    ];
    for (const write of writes) {
      try {
        await request(call, { operation, ...write, map: () => null });
      } catch (error) {
        if (!hasStatus(error, 403)) throw error;
        warnings.push({ field: "labels", message: "The token's account may not set labels: give it write access." });
      }
    }
    const fields = {
      ...(patch.title !== undefined && { title: patch.title }),
      ...(patch.body !== undefined && { body: patch.body }),
      ...(patch.priority !== undefined && { priority: patch.priority }),
      ...(patch.state !== undefined && { state: patch.state.category === "closed" ? "closed" : "open" }),
    };
    const hasFields = Object.keys(fields).length > 0;
    const last = hasFields ? ({ method: "PATCH", body: fields } as const) : {};
    const { value: issue } = await request(call, { operation, path, ...last, map: mapIssue });
    if (warnings.length === 0) warnings.push(...droppedLabels(issue.labels, add));
    if (patch.priority !== undefined) warnings.push(...droppedPriority(issue, patch.priority));
    return { issue, warnings };
  },
};
