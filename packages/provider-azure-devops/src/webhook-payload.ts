import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { errors } from "./errors.ts";
import { fieldNames } from "./fields.ts";
import { idShape } from "./shapes.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

const fieldsShape = z.record(z.string(), z.unknown()).nullish().catch(null);

const payloadShape = z.object({
  id: z.string().min(1),
  eventType: z.string().min(1),
  resource: z
    .object({
      id: idShape.nullish().catch(null),
      workItemId: idShape.nullish().catch(null),
      rev: z.number().int().nullish().catch(null),
      fields: fieldsShape,
      revision: z.object({ fields: fieldsShape }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

type Payload = z.infer<typeof payloadShape>;

/** The event's id is the same for each subscription's repetition of it. */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  try {
    const payload = parseShape(payloadShape, JSON.parse(new TextDecoder().decode(delivery.body)), "delivery");
    return { deliveryId: payload.id, name: payload.eventType, hints: hintsOf(payload) };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw errors.refused(operation, `The delivery is not what Azure DevOps sends: ${error.message}`);
  }
}

/** What changes with a comment, and only then. */
const ofComments: readonly string[] = [fieldNames.commentCount, "System.History"];

/** A payload has no formats of texts and its people by name: it only says where to look. */
function hintsOf({ eventType, resource }: Payload): readonly WebhookHint[] {
  if (!eventType.startsWith("workitem.") || resource == null) return [];
  const isUpdate = eventType === "workitem.updated";
  // The id of an update is that of the revision.
  const remoteId = resource.workItemId ?? (isUpdate ? null : resource.id);
  if (remoteId == null) return [];
  const whole = isUpdate ? resource.revision?.fields : resource.fields;
  const project = whole?.[fieldNames.project];
  const changed = isUpdate ? (resource.fields ?? {}) : {};
  const isMoved = fieldNames.project in changed;
  const hint = (aspect: WebhookHint["aspect"], change: WebhookHint["change"]): WebhookHint => ({
    aspect,
    container: typeof project === "string" ? project : null,
    remoteId,
    item: remoteId,
    issue: null,
    ...(aspect === "issue" && { version: resource.rev ?? null }),
    comment: null,
    change,
  });
  const isDeleted = eventType === "workitem.deleted";
  const isComment = eventType === "workitem.commented" || ofComments.some((name) => name in changed);
  const ofIssue = hint("issue", isDeleted ? "deleted" : isMoved ? "moved" : "changed");
  return isComment ? [ofIssue, hint("comments", "changed")] : [ofIssue];
}
