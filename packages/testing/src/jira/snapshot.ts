import type { JsonObject } from "../fake/json.ts";
import type { AttachmentRecord, CategoryKey, CommentRecord, CommentVisibility, IssueRecord } from "./model.ts";
import { resolutions } from "./scheme.ts";
import type { World } from "./world.ts";

/** An issue as its page shows it. */
export interface FakeJiraIssue {
  readonly id: string;
  readonly key: string;
  readonly project: string;
  readonly type: string;
  readonly summary: string;
  /** A document of ADF on Cloud, wiki markup on Data Center; null for none. */
  readonly description: unknown;
  readonly status: string;
  readonly category: CategoryKey;
  readonly resolution: string | null;
  /** By id. */
  readonly priority: string | null;
  readonly labels: readonly string[];
  /** Account's name. */
  readonly creator: string;
  /** The same; null for nobody. */
  readonly assignee: string | null;
  readonly custom: JsonObject;
  readonly properties: JsonObject;
  readonly comments: readonly FakeJiraComment[];
  readonly links: readonly JsonObject[];
  readonly updatedAt: number;
}

/** A comment, as tests look at it. */
export interface FakeJiraComment {
  readonly id: string;
  readonly author: string;
  readonly body: unknown;
  readonly visibility: CommentVisibility | null;
  readonly isPublic: boolean;
  readonly properties: JsonObject;
}

/** A file of an issue, as tests look at it. */
export interface FakeJiraFile {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

export function snapshotIssue(world: World, issue: IssueRecord): FakeJiraIssue {
  const project = world.projectOf(issue);
  const status = world.status(issue.statusId);
  return {
    id: String(issue.id),
    key: issue.key,
    project: project.key,
    type: project.issueTypes.find(({ id }) => id === issue.issueTypeId)?.name ?? "",
    summary: issue.summary,
    description: issue.description,
    status: status.name,
    category: status.category,
    resolution: resolutions.find(({ id }) => id === issue.resolutionId)?.name ?? null,
    priority: issue.priorityId,
    labels: issue.labels,
    creator: issue.creator.name,
    assignee: issue.assignee?.name ?? null,
    custom: issue.custom,
    properties: issue.properties,
    comments: world.commentsOf(issue.id).map(snapshotComment),
    links: world.linksOf(issue.id).map(({ content }) => content),
    updatedAt: issue.updatedAt,
  };
}

export function snapshotComment({
  id,
  author,
  body,
  visibility,
  isPublic,
  properties,
}: CommentRecord): FakeJiraComment {
  return { id: String(id), author: author.name, body, visibility, isPublic, properties };
}

export function snapshotFile({ id, fileName, contentType, content }: AttachmentRecord): FakeJiraFile {
  return { id: String(id), fileName, contentType, content };
}
