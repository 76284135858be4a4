import { createHash } from "node:crypto";
import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { errors } from "./errors.ts";
import { splitKey } from "./keys.ts";
import { idShape, timeShape } from "./shapes.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

const payloadShape = z.object({
  webhookEvent: z.string(),
  issue: z
    .object({
      id: idShape,
      key: z.string(),
      fields: z
        .object({ updated: timeShape.nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .nullish(),
  changelog: z
    .object({ items: z.array(z.object({ field: z.string().nullish(), fieldId: z.string().nullish() })) })
    .nullish()
    .catch(null),
});

type Payload = z.infer<typeof payloadShape>;

/** What a verified delivery says. Events that concern no issue have no hints. */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(delivery.body));
    const payload = parseShape(payloadShape, body, "payload");
    // Kept by Jira when it repeats a delivery. Data Center may send none: the same content is the same delivery then.
    const id = delivery.headers.get("x-atlassian-webhook-identifier");
    const deliveryId = id || createHash("sha256").update(delivery.body).digest("hex");
    return { deliveryId, name: payload.webhookEvent, hints: hintsOf(payload) };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw errors.refused(operation, `The delivery is not what Jira sends: ${error.message}`);
  }
}

/** A payload has the description in a form of its own and none of the properties: it only says where to look. */
function hintsOf({ webhookEvent, issue, changelog }: Payload): readonly WebhookHint[] {
  const isComment = webhookEvent.startsWith("comment_");
  const isIssue = webhookEvent.startsWith("jira:issue_");
  if ((!isComment && !isIssue) || issue === null || issue === undefined) return [];
  const place = splitKey(issue.key);
  const isMoved = changelog?.items.some(({ field, fieldId }) => field === "Key" || fieldId === "issuekey") === true;
  const isDeleted = webhookEvent === "jira:issue_deleted" || webhookEvent === "comment_deleted";
  return [
    {
      aspect: isComment ? "comments" : "issue",
      container: place?.container ?? null,
      remoteId: issue.id,
      item: place?.item ?? null,
      issue: null,
      ...(isIssue && { version: issue.fields?.updated ?? null }),
      comment: null,
      change: isDeleted ? "deleted" : isMoved ? "moved" : "changed",
    },
  ];
}
