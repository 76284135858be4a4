import type { IssueSnapshot } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { mapPerson, personShape } from "./map-person.ts";
import { priorityName } from "./priorities.ts";
import { timeShape } from "./shapes.ts";
import { mapState, stateShape } from "./states.ts";
import { readText } from "./text.ts";

const issueShape = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  description: z.string().nullish(),
  priority: z.number(),
  createdAt: timeShape,
  updatedAt: timeShape,
  trashed: z.boolean().nullish(),
  team: z.object({ key: z.string() }),
  state: stateShape,
  assignee: personShape.nullish(),
  creator: personShape.nullish(),
  labels: z.union([
    z.object({
      nodes: z.array(z.object({ name: z.string() })),
      pageInfo: z.object({ hasNextPage: z.boolean() }),
    }),
    // Deliveries list them all.
    z.array(z.object({ name: z.string() })).transform((nodes) => ({ nodes, pageInfo: { hasNextPage: false } })),
  ]),
});

export interface MappedIssue {
  readonly issue: IssueSnapshot;
  /** It lies in the trash, for 30 days. */
  readonly isTrashed: boolean;
  /** It has more labels than the answer shows, so the snapshot is not complete. */
  readonly isCut: boolean;
}

export function mapIssue(node: unknown): MappedIssue {
  const data = parseShape(issueShape, node, "issue");
  const issue: IssueSnapshot = {
    remoteId: data.id,
    container: data.team.key,
    item: String(data.number),
    title: data.title,
    body: readText(data.description ?? ""),
    state: mapState(data.state),
    priority: priorityName(data.priority),
    labels: data.labels.nodes.map(({ name }) => name).toSorted(),
    type: null,
    assignees: data.assignee == null ? [] : [mapPerson(data.assignee)],
    author: data.creator == null ? null : mapPerson(data.creator),
    createdAt: data.createdAt,
    updatedAt: data.updatedAt,
    version: data.updatedAt,
    commentCount: null,
    raw: null,
  };
  return { issue, isTrashed: data.trashed === true, isCut: data.labels.pageInfo.hasNextPage };
}
