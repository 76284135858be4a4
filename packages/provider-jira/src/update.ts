import type {
  FieldWarning,
  IssuePatch,
  JsonObject,
  JsonValue,
  UpdateGroup,
  UpdateIssueRequest,
} from "@backref/core/provider";
import { type Operation, parseShape, recentLook } from "@backref/provider-kit";
import { z } from "zod";
import { issuePath } from "./address.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { droppedFields, namedReference, personReference, splitLabels } from "./create-fields.ts";
import { errors } from "./errors.ts";
import { categoryOf, propertyKey } from "./map-issue.ts";
import { answeredAt, readBack } from "./read-back.ts";
import { idShape } from "./shapes.ts";
import { loadRichText, type OutgoingText } from "./text.ts";
import { walkTo } from "./transitions.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";
import { withoutUnknownUser } from "./unknown-user.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const reading: Operation = { name: "issue.update", isWrite: false };

/**
 * Fields in one request, then the steps of the workflow, then a look at what came of it. What stands there now is read
 * first where a new description or a status depends on it.
 */
export function createUpdateGroup(open: OpenClient): UpdateGroup<JiraAuth, JiraOptions> {
  return {
    async update(call: JiraCall, { issue: address, patch }: UpdateIssueRequest) {
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const path = issuePath(address);
      const before = needsLook(patch) ? await recentLook(call.clock, () => look(client, path)) : null;
      const labels = splitLabels(patch.labels?.add ?? []);
      const body = patch.body === undefined ? null : richText.write(patch.body, before?.description ?? null);
      const content = contentOf(client, patch, labels.good, before, body);
      const warnings: FieldWarning[] = [];
      let hasWritten = false;
      let writtenAt: number | null = null;
      try {
        if (content !== null) {
          const { fields, ...others } = content;
          hasWritten = await withoutUnknownUser(fields, true, async (sent) => {
            if (Object.keys(sent).length === 0 && Object.keys(others).length === 0) return false;
            writtenAt = answeredAt(await client.request(write, "PUT", path, { body: { ...others, fields: sent } }));
            return true;
          });
        }
        if (patch.state !== undefined && before !== null) {
          const { id, name, statusCategory } = before.status;
          const start = { id, name, category: categoryOf(statusCategory?.key) };
          warnings.push(
            ...(await walkTo(call, client, path, start, patch.state, (steppedAt) => {
              hasWritten = true;
              writtenAt = steppedAt;
            })),
          );
        }
        const idOrKey = decodeURIComponent(path.split("/").at(-1) ?? "");
        const snapshot = await readBack(call, client, { idOrKey, richText, patch, body, writtenAt });
        const assigneeId = patch.assigneeIds?.add[0] ?? null;
        const sent = { labels: labels.good, badLabels: labels.bad, assigneeId, priority: patch.priority ?? null };
        return {
          issue: snapshot,
          bodyAsSent: body !== null && snapshot.body === richText.read(body.value, body.memory),
          warnings: [...warnings, ...droppedFields(snapshot, client.priorities, sent)],
        };
      } catch (error) {
        throw hasWritten ? errors.afterOtherWrites(write, error) : error;
      }
    },
  };
}

const beforeShape = z.object({
  fields: z.object({
    description: z.unknown().optional(),
    assignee: z.object({ accountId: z.string().nullish(), name: z.string().nullish() }).nullish().catch(null),
    status: z.object({
      id: idShape,
      name: z.string(),
      statusCategory: z.object({ key: z.string() }).nullish().catch(null),
    }),
  }),
  properties: z.record(z.string(), z.unknown()).nullish().catch(null),
});

type Before = z.infer<typeof beforeShape>["fields"] & { readonly property: unknown };

function needsLook(patch: IssuePatch): boolean {
  return patch.body !== undefined || patch.state !== undefined || (patch.assigneeIds?.remove.length ?? 0) > 0;
}

async function look(client: JiraClient, path: string): Promise<Before> {
  const query = { fields: "description,status,assignee", properties: propertyKey };
  const answer = await client.request(reading, "GET", path, { query });
  const { fields, properties } = answer.as((data) => parseShape(beforeShape, data, "issue"));
  return { ...fields, property: properties?.[propertyKey] };
}

/** The request's content; null where no field changes. */
function contentOf(
  client: JiraClient,
  patch: IssuePatch,
  addedLabels: readonly string[],
  before: Before | null,
  body: OutgoingText | null,
): { readonly fields: JsonObject; readonly update?: JsonObject; readonly properties?: JsonValue } | null {
  const { deployment } = client;
  const assignee = assigneeOf(patch, before);
  const fields: JsonObject = {
    ...(patch.title !== undefined && { summary: patch.title.replace(/\s+/g, " ").trim() }),
    ...(body !== null && { description: body.value }),
    ...(patch.priority !== undefined && { priority: patch.priority === null ? null : namedReference(patch.priority) }),
    ...(assignee !== undefined && { assignee: assignee === null ? null : personReference(assignee, deployment) }),
  };
  const labels = [
    ...addedLabels.map((add) => ({ add })),
    ...(patch.labels?.remove ?? []).map((remove) => ({ remove })),
  ];
  if (Object.keys(fields).length === 0 && labels.length === 0) return null;
  const property =
    typeof before?.property === "object" && before.property !== null ? (before.property as JsonObject) : {};
  return {
    fields,
    ...(labels.length > 0 && { update: { labels } }),
    ...(body !== null && { properties: [{ key: propertyKey, value: { ...property, body: body.memory } }] }),
  };
}

/** Jira's issues have one assignee: who is added replaces them, who is removed goes if they are it. */
function assigneeOf({ assigneeIds }: IssuePatch, before: Before | null): string | null | undefined {
  const [added] = assigneeIds?.add ?? [];
  if (added !== undefined) return added;
  const current = before?.assignee?.accountId ?? before?.assignee?.name;
  return current != null && assigneeIds?.remove.includes(current) === true ? null : undefined;
}
