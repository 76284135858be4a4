import type { IssueSnapshot, JsonValue, RemoteState, StatusCategory } from "@backref/core/provider";
import { parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { splitKey } from "./keys.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { RichText } from "./text.ts";
import type { JiraOptions } from "./types.ts";

/** The entity property that holds the token of a create and the memory of the body. */
export const propertyKey = "backref";

/** Fields that snapshots are made of. */
export const snapshotFields: readonly string[] = [
  "summary",
  "description",
  "status",
  "resolution",
  "priority",
  "labels",
  "issuetype",
  "project",
  "assignee",
  "creator",
  "created",
  "updated",
];

const namedShape = z.object({ id: idShape, name: z.string() });

const statusShape = z.object({
  id: idShape,
  name: z.string(),
  statusCategory: z.object({ key: z.string() }).nullish().catch(null),
});

const propertyShape = z.looseObject({ token: z.string().nullish().catch(null), body: z.unknown().optional() });

const issueShape = z.object({
  id: idShape,
  key: z.string(),
  fields: z.object({
    summary: z.string().nullish(),
    description: z.unknown().optional(),
    status: statusShape,
    resolution: z.object({ name: z.string() }).nullish().catch(null),
    priority: namedShape.nullish().catch(null),
    labels: z.array(z.string()).nullish(),
    issuetype: namedShape.nullish().catch(null),
    assignee: personShape.nullish().catch(null),
    creator: personShape.nullish().catch(null),
    created: timeShape,
    updated: timeShape,
    comment: z.object({ total: z.number() }).nullish().catch(null),
  }),
  properties: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** An issue, with what is known of it that snapshots have no place for. */
export interface ReadIssue {
  readonly snapshot: IssueSnapshot;
  /** Token of the create that made it; null where somebody else did, or the answer had no properties. */
  readonly token: string | null;
}

export function mapIssue(data: unknown, richText: RichText, priorities: JiraOptions["priorities"]): ReadIssue {
  const { id, key, fields, properties } = parseShape(issueShape, data, "issue");
  const place = splitKey(key);
  if (place === null) throw new UnexpectedShape(`issue.key: Expected an issue's key, got "${key}"`);
  const property = propertyShape.safeParse(properties?.[propertyKey]);
  const memory = property.success ? (property.data.body as JsonValue | undefined) : undefined;
  const state = mapState(fields.status, fields.resolution?.name ?? null);
  const snapshot: IssueSnapshot = {
    remoteId: id,
    ...place,
    title: fields.summary ?? "",
    body: richText.read(fields.description, memory),
    state,
    priority: fields.priority?.[priorities] ?? null,
    labels: [...(fields.labels ?? [])].sort(),
    type: fields.issuetype?.name ?? null,
    assignees: fields.assignee ? [mapPerson(fields.assignee)] : [],
    author: fields.creator ? mapPerson(fields.creator) : null,
    createdAt: fields.created,
    updatedAt: fields.updated,
    version: fields.updated,
    commentCount: fields.comment?.total ?? null,
    raw: null,
  };
  return { snapshot, token: property.success ? (property.data.token ?? null) : null };
}

const categories: Readonly<Record<string, StatusCategory>> = { new: "open", indeterminate: "active", done: "closed" };

/** Statuses are a site's own; what they mean, their category says. */
export function categoryOf(key: string | undefined): StatusCategory {
  return categories[key ?? ""] ?? "open";
}

function mapState({ id, name, statusCategory }: z.infer<typeof statusShape>, resolution: string | null): RemoteState {
  const category = categoryOf(statusCategory?.key);
  return { id, name, category, reason: category === "closed" ? resolution : null };
}
