import type { IssueSnapshot, RemoteState } from "@backref/core/provider";
import { parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { graphqlPersonShape, mapGraphqlPerson, mapRestPerson, restPersonShape } from "./map-person.ts";
import { timeShape } from "./shapes.ts";

const restIssueShape = z.object({
  node_id: z.string(),
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  state_reason: z.string().nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
  type: z.object({ name: z.string() }).nullish().catch(null),
  issue_field_values: z
    .array(
      z.object({
        issue_field_name: z.string().nullish(),
        single_select_option: z.object({ name: z.string() }).nullish().catch(null),
      }),
    )
    .nullish()
    .catch(null),
  assignees: z.array(restPersonShape).nullish(),
  user: restPersonShape.nullish(),
  comments: z.number().nullish(),
  created_at: timeShape,
  updated_at: timeShape,
  repository_url: z.string().nullish(),
});

const graphqlIssueShape = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  state: z.string(),
  stateReason: z.string().nullish(),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() })) }),
  assignees: z.object({ nodes: z.array(graphqlPersonShape) }),
  author: graphqlPersonShape.nullish(),
  comments: z.object({ totalCount: z.number() }),
  issueType: z.object({ name: z.string() }).nullish(),
  issueFieldValues: z
    .object({
      nodes: z.array(
        z
          .object({ name: z.string().optional(), field: z.object({ name: z.string().optional() }).nullish() })
          .nullable(),
      ),
    })
    .nullish(),
  createdAt: timeShape,
  updatedAt: timeShape,
  repository: z.object({ nameWithOwner: z.string() }),
});

/** What of an issue depends on the source. */
export interface IssueReading {
  /** Where the answer names the repository beside the issue, as webhooks do. */
  readonly container?: string;
  /** The issue field that holds the priority; null where labels do. @default null */
  readonly priorityField?: string | null;
}

/** An issue as REST and webhooks tell it. */
export function mapRestIssue(data: unknown, { container, priorityField = null }: IssueReading = {}): IssueSnapshot {
  const issue = parseShape(restIssueShape, data, "issue");
  const labels = issue.labels.map((label) => (typeof label === "string" ? label : (label.name ?? "")));
  return {
    remoteId: issue.node_id,
    container: container ?? containerOf(issue.repository_url ?? ""),
    item: String(issue.number),
    title: issue.title,
    body: issue.body ?? "",
    state: mapState(issue.state, issue.state_reason ?? null),
    priority:
      priorityField === null
        ? null
        : (issue.issue_field_values?.find((value) => isNamed(value.issue_field_name, priorityField))
            ?.single_select_option?.name ?? null),
    labels: labels.filter((label) => label !== "").sort(),
    type: issue.type?.name ?? null,
    assignees: (issue.assignees ?? []).map(mapRestPerson),
    author: issue.user ? mapRestPerson(issue.user) : null,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    version: issue.updated_at,
    commentCount: issue.comments ?? null,
    raw: null,
  };
}

/** An issue as GraphQL tells it; type and priority are null where the server does not have them. */
export function mapGraphqlIssue(data: unknown, priorityField: string | null = null): IssueSnapshot {
  const issue = parseShape(graphqlIssueShape, data, "issue");
  return {
    remoteId: issue.id,
    container: issue.repository.nameWithOwner,
    item: String(issue.number),
    title: issue.title,
    body: issue.body,
    state: mapState(issue.state, issue.stateReason ?? null),
    priority:
      priorityField === null
        ? null
        : (issue.issueFieldValues?.nodes.find((value) => isNamed(value?.field?.name, priorityField))?.name ?? null),
    labels: issue.labels.nodes.map((label) => label.name).sort(),
    type: issue.issueType?.name ?? null,
    assignees: issue.assignees.nodes.map(mapGraphqlPerson),
    author: issue.author ? mapGraphqlPerson(issue.author) : null,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    version: issue.updatedAt,
    commentCount: issue.comments.totalCount,
    raw: null,
  };
}

/** Names of issue fields are compared without regard to case. */
export function isNamed(name: string | null | undefined, wanted: string): boolean {
  return name?.toLowerCase() === wanted.toLowerCase();
}

/** Pull requests stand among the issues of REST lists and share their numbers. */
export function isPullRequest(data: unknown): boolean {
  const { pull_request } = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  return pull_request !== undefined && pull_request !== null;
}

function mapState(state: string, reason: string | null): RemoteState {
  const isClosed = state.toLowerCase() === "closed";
  return {
    id: isClosed ? "closed" : "open",
    name: isClosed ? "Closed" : "Open",
    category: isClosed ? "closed" : "open",
    // GitHub gives open issues a reason too (`reopened`), which says nothing about being closed.
    reason: isClosed ? (reason?.toLowerCase() ?? null) : null,
  };
}

/** `owner/name` from an API URL such as `https://api.github.com/repos/acme/web/issues/12`. */
export function containerOf(url: string): string {
  const container = /\/repos\/([^/]+\/[^/]+)/.exec(url)?.[1];
  if (container === undefined) throw new UnexpectedShape("issue.repository_url: Expected the repository's API URL");
  return container;
}
