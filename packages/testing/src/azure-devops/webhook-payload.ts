import type { JsonObject } from "../fake/json.ts";
import type { TrackerEvent } from "./events.ts";
import type { SubscriptionRecord, WorkItemRecord } from "./model.ts";
import { iso } from "./time.ts";
import { fieldsOf, identityText, itemUrl, presentIdentity, type View } from "./views.ts";

/** Whether a subscription is told of an event: one on probation misses what is new. */
export function isConcerned(
  { world }: View,
  subscription: SubscriptionRecord,
  { name, item, before }: TrackerEvent,
): boolean {
  if (subscription.status !== "enabled" || subscription.eventType !== name) return false;
  const { projectId, workItemType, areaPath, changedFields } = subscription.publisherInputs as Readonly<
    Partial<Record<"projectId" | "workItemType" | "areaPath" | "changedFields", string>>
  >;
  const fits = (wanted: string | undefined, value: string): boolean =>
    wanted === undefined || wanted === "" || wanted === value;
  const area = String(item.fields["System.AreaPath"]);
  const isUnder = fits(areaPath, area) || area.startsWith(`${areaPath}\\`);
  const isChanged = fits(changedFields, "") || item.fields[changedFields ?? ""] !== before?.fields[changedFields ?? ""];
  const isThere = world.projects().some(({ id }) => id === item.projectId);
  return isThere && fits(projectId, item.projectId) && fits(workItemType, item.type) && isUnder && isChanged;
}

/** The `resource` of a payload, as much of it as the subscription asks for. */
export function resourceOf(view: View, { consumerInputs }: SubscriptionRecord, event: TrackerEvent): JsonObject {
  const details = (consumerInputs["resourceDetailsToSend"] ?? "all").toLowerCase();
  if (details === "none") return {};
  const { item, before, name } = event;
  const url = itemUrl(view, item.id);
  if (details === "minimal") {
    const isUpdate = name === "workitem.updated";
    return isUpdate
      ? { id: item.rev, workItemId: item.id, rev: item.rev, url: `${url}/updates/${item.rev}` }
      : { id: item.id, rev: item.rev, url };
  }
  if (name !== "workitem.updated" || before === null)
    return { ...revisionOf(view, item), _links: { self: { href: url } } };
  return {
    id: item.rev,
    workItemId: item.id,
    rev: item.rev,
    revisedBy: presentIdentity(view, item.changedBy),
    revisedDate: iso(item.changedAt),
    fields: changesOf(view, before, item),
    _links: { self: { href: `${url}/updates/${item.rev}` }, parent: { href: url } },
    url: `${url}/updates/${item.rev}`,
    revision: revisionOf(view, item),
  };
}

/** Identities are written as text in payloads. */
function revisionOf(view: View, item: WorkItemRecord): JsonObject {
  const fields = fieldsOf(view, item, false, identityText);
  return { id: item.id, rev: item.rev, fields, url: `${itemUrl(view, item.id)}/revisions/${item.rev}` };
}

function changesOf(view: View, before: WorkItemRecord, after: WorkItemRecord): JsonObject {
  const [old, now] = [before, after].map((item) => fieldsOf(view, item, false, identityText)) as [
    JsonObject,
    JsonObject,
  ];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => old[name] !== now[name]);
  return {
    "System.Rev": { oldValue: before.rev, newValue: after.rev },
    ...Object.fromEntries(
      changed.map((name) => [
        name,
        {
          ...(old[name] !== undefined && { oldValue: old[name] }),
          ...(now[name] !== undefined && { newValue: now[name] }),
        },
      ]),
    ),
  };
}

/** What people read. */
export function messageOf(view: View, { consumerInputs }: SubscriptionRecord, event: TrackerEvent): JsonObject {
  if (consumerInputs["messagesToSend"] === "none") return {};
  const { item, actor, name } = event;
  const title = String(item.fields["System.Title"]);
  const text = `${item.type} #${item.id} (${title}) ${name.replace("workitem.", "")} by ${actor.displayName}`;
  const link = `${view.url}/${item.projectId}/_workitems/edit/${item.id}`;
  return {
    message: {
      text,
      html: `<a href="${link}">${item.type} #${item.id}</a>`,
      markdown: `[${item.type} #${item.id}](${link})`,
    },
  };
}
