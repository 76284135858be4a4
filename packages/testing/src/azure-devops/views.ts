import type { JsonObject } from "../fake/json.ts";
import type { CommentRecord, ProjectRecord, UserRecord, WorkItemRecord } from "./model.ts";
import { iso, never } from "./time.ts";
import type { World } from "./world.ts";

/** Whose answer it is. */
export interface View {
  readonly world: World;
  /** Address of the organisation or collection. */
  readonly url: string;
}

/** How much of an item is shown. */
export interface Expansion {
  /** By reference name; null for all that have a value. */
  readonly fields: readonly string[] | null;
  readonly relations: boolean;
  readonly links: boolean;
  /** Also fields that are usually left out, such as the id and the revision. */
  readonly all: boolean;
}

export const plainExpansion: Expansion = { fields: null, relations: false, links: true, all: false };

export function presentIdentity({ url }: View, user: UserRecord): JsonObject {
  return {
    displayName: user.displayName,
    url: `${url}/_apis/Identities/${user.id}`,
    _links: { avatar: { href: `${url}/_apis/GraphProfile/MemberAvatars/${user.descriptor}` } },
    id: user.id,
    uniqueName: user.uniqueName,
    imageUrl: `${url}/_apis/GraphProfile/MemberAvatars/${user.descriptor}`,
    descriptor: user.descriptor,
  };
}

/** As an identity stands in old payloads: `Jamal Hartnett <jamal@example.com>`. */
export function identityText(user: UserRecord): string {
  return `${user.displayName} <${user.uniqueName}>`;
}

/** Every field with a value, identities as `identity` shows them. */
export function fieldsOf(
  view: View,
  item: WorkItemRecord,
  all: boolean,
  identity: (user: UserRecord) => unknown = (user) => presentIdentity(view, user),
): Readonly<Record<string, unknown>> {
  const { world } = view;
  const project = world.projectOf(item);
  const shown = Object.entries(item.fields).map(([name, value]) => {
    const user = name === "System.AssignedTo" || world.findField(name)?.kind === "identity";
    const found = user ? world.findUser(String(value)) : undefined;
    return [name, found === undefined ? value : identity(found)];
  });
  return {
    ...(all && {
      "System.Id": item.id,
      "System.Rev": item.rev,
      "System.Watermark": item.watermark,
      "System.RevisedDate": never,
    }),
    "System.TeamProject": project.name,
    "System.WorkItemType": item.type,
    "System.CreatedDate": iso(item.createdAt),
    "System.CreatedBy": identity(item.createdBy),
    "System.ChangedDate": iso(item.changedAt),
    "System.ChangedBy": identity(item.changedBy),
    "System.CommentCount": world.commentsOf(item.id).filter((comment) => !comment.isDeleted).length,
    ...(item.isDeleted && { "System.IsDeleted": true }),
    ...Object.fromEntries(shown),
    ...(typeof item.comment?.text === "string" && { "System.History": item.comment.text }),
  };
}

export function presentItem(view: View, item: WorkItemRecord, expansion: Expansion): JsonObject {
  const { fields, relations, links, all } = expansion;
  const every = fieldsOf(view, item, all || fields !== null);
  const wanted = fields === null ? null : new Set(fields.map((name) => name.toLowerCase()));
  const shown = Object.entries(every).filter(([name]) => wanted === null || wanted.has(name.toLowerCase()));
  const markdown = item.markdown.filter((name) => name in every && (wanted === null || wanted.has(name.toLowerCase())));
  const formats = Object.fromEntries(markdown.map((name) => [name, "markdown"]));
  return {
    id: item.id,
    rev: item.rev,
    fields: Object.fromEntries(shown),
    ...(markdown.length > 0 && { multilineFieldsFormat: formats }),
    ...(relations && item.relations.length > 0 && { relations: item.relations }),
    ...(item.comment !== null && {
      commentVersionRef: {
        commentId: item.comment.id,
        version: item.comment.version,
        url: `${itemUrl(view, item.id)}/comments/${item.comment.id}/versions/${item.comment.version}`,
      },
    }),
    ...(links && { _links: linksOf(view, item) }),
    url: itemUrl(view, item.id),
  };
}

function linksOf(view: View, item: WorkItemRecord): JsonObject {
  const project = view.world.projectOf(item);
  const self = itemUrl(view, item.id);
  return {
    self: { href: self },
    workItemUpdates: { href: `${self}/updates` },
    workItemRevisions: { href: `${self}/revisions` },
    workItemHistory: { href: `${self}/history` },
    html: { href: `${view.url}/${project.id}/_workitems/edit/${item.id}` },
    workItemType: { href: `${projectApi(view, project)}/workItemTypes/${encodeURIComponent(item.type)}` },
    fields: { href: `${view.url}/_apis/wit/fields` },
  };
}

export function itemUrl({ url }: View, id: number): string {
  return `${url}/_apis/wit/workItems/${id}`;
}

export function projectApi({ url }: View, project: ProjectRecord): string {
  return `${url}/${project.id}/_apis/wit`;
}

export function presentComment(view: View, comment: CommentRecord, isRendered: boolean): JsonObject {
  const item = view.world.items.get(comment.itemId);
  const base = item === undefined ? `${view.url}/_apis/wit` : projectApi(view, view.world.projectOf(item));
  return {
    workItemId: comment.itemId,
    id: comment.id,
    version: comment.version,
    text: comment.text,
    ...(isRendered && { renderedText: comment.format === "html" ? comment.text : `<p>${comment.text}</p>` }),
    createdBy: presentIdentity(view, comment.createdBy),
    createdDate: iso(comment.createdAt),
    modifiedBy: presentIdentity(view, comment.modifiedBy),
    modifiedDate: iso(comment.modifiedAt),
    ...(comment.isDeleted && { isDeleted: true }),
    ...(view.world.deployment === "services" && { format: comment.format }),
    url: `${base}/workItems/${comment.itemId}/comments/${comment.id}`,
  };
}

/** As every service lists things. */
export function listOf(value: readonly unknown[]): JsonObject {
  return { count: value.length, value };
}
