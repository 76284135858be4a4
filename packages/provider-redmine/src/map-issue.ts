import type { IssueSnapshot, RemoteState, StatusCategory } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapPerson } from "./map-person.ts";
import { idShape, type Named, namedShape, timeShape } from "./shapes.ts";
import { textOf } from "./text.ts";
import type { RedmineOptions } from "./types.ts";

/** A status with what it means. */
export interface Status extends Named {
  readonly is_closed?: boolean | null | undefined;
}

export const statusShape: z.ZodType<Status> = z.object({
  id: idShape,
  name: z.string(),
  is_closed: z.boolean().nullish(),
});

/** Without a person's name Redmine leaves out the rest of them, too. */
const personShape = namedShape.nullish().catch(null);

const issueShape = z.object({
  id: idShape,
  project: z.object({ id: idShape }),
  tracker: namedShape.nullish().catch(null),
  status: statusShape,
  priority: namedShape.nullish().catch(null),
  author: personShape,
  assigned_to: personShape,
  category: namedShape.nullish().catch(null),
  subject: z.string().nullish(),
  description: z.string().nullish(),
  is_private: z.boolean().nullish(),
  created_on: timeShape,
  updated_on: timeShape,
});

/** An issue, and what a snapshot has no place for. */
export interface ReadIssue {
  readonly snapshot: IssueSnapshot;
  readonly isPrivate: boolean;
  /** The description as Redmine has it. */
  readonly text: string;
  /** Number of the project; answers about issues do not tell its identifier. */
  readonly projectId: string;
}

export function mapIssue(data: unknown, container: string, options: RedmineOptions): ReadIssue {
  const issue = parseShape(issueShape, data, "issue");
  const text = issue.description ?? "";
  const snapshot: IssueSnapshot = {
    remoteId: issue.id,
    container,
    item: issue.id,
    title: issue.subject ?? "",
    body: textOf(options).read(text),
    state: mapState(issue.status, options),
    priority: issue.priority?.[options.priorities] ?? null,
    // Redmine has no labels; a category is the nearest to one, and is only shown.
    labels: issue.category ? [issue.category.name] : [],
    type: issue.tracker?.name ?? null,
    assignees: issue.assigned_to ? [mapPerson(issue.assigned_to)] : [],
    author: issue.author ? mapPerson(issue.author) : null,
    createdAt: issue.created_on,
    updatedAt: issue.updated_on,
    version: issue.updated_on,
    commentCount: null,
    raw: null,
  };
  return { snapshot, isPrivate: issue.is_private === true, text, projectId: issue.project.id };
}

const answerShape = z.object({ issue: z.unknown() });

/** The issue of an answer that is about one. */
export function mapAnswer(data: unknown, container: string, options: RedmineOptions): ReadIssue {
  return mapIssue(parseShape(answerShape, data, "answer").issue, container, options);
}

function mapState(status: Status, options: RedmineOptions): RemoteState {
  return { id: status.id, name: status.name, category: categoryOf(status, options), reason: null };
}

export function categoryOf({ name, is_closed: isClosed }: Status, { activeStatuses }: RedmineOptions): StatusCategory {
  if (isClosed === true) return "closed";
  const isActive = activeStatuses.some((active) => active.toLowerCase() === name.toLowerCase());
  return isActive ? "active" : "open";
}
