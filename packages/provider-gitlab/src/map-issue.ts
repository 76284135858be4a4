import type { IssueSnapshot } from "@backref/core/provider";
import { parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";

const issueShape = z.object({
  id: idShape,
  iid: z.number().int(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  labels: z.array(z.string()),
  issue_type: z.string().nullish(),
  assignees: z.array(personShape).nullish(),
  author: personShape.nullish(),
  user_notes_count: z.number().nullish(),
  created_at: timeShape,
  updated_at: timeShape,
  references: z.object({ full: z.string() }),
  moved_to_id: idShape.nullish(),
});

/** An issue, and what a snapshot has no place for. */
export interface ReadIssue {
  readonly snapshot: IssueSnapshot;
  /** Global id of the issue that it was moved to. */
  readonly movedToId: string | null;
}

/** The project is where the answer says, which may be another than was asked for. */
export function mapIssue(data: unknown): ReadIssue {
  const issue = parseShape(issueShape, data, "issue");
  const isClosed = issue.state === "closed";
  const snapshot: IssueSnapshot = {
    remoteId: issue.id,
    container: containerIn(issue.references.full),
    item: String(issue.iid),
    title: issue.title,
    body: issue.description ?? "",
    state: {
      id: isClosed ? "closed" : "opened",
      name: isClosed ? "Closed" : "Open",
      category: isClosed ? "closed" : "open",
      reason: null,
    },
    priority: null,
    labels: issue.labels.toSorted(),
    type: issue.issue_type ?? null,
    assignees: (issue.assignees ?? []).map(mapPerson),
    author: issue.author ? mapPerson(issue.author) : null,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    version: issue.updated_at,
    commentCount: issue.user_notes_count ?? null,
    raw: null,
  };
  return { snapshot, movedToId: issue.moved_to_id ?? null };
}

/** `acme/shop/web` from `acme/shop/web#12`. */
function containerIn(reference: string): string {
  const at = reference.lastIndexOf("#");
  if (at <= 0) throw new UnexpectedShape("issue.references.full: Expected a project's path and a number");
  return reference.slice(0, at);
}
