import { createHash } from "node:crypto";
import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { errors } from "./errors.ts";
import { idShape } from "./shapes.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

/** Milliseconds since 1970 UTC; null for the older form, `2026-11-21 09:00:00 UTC`, which is not exact enough. */
const exactTimeShape = z.iso
  .datetime({ precision: 3 })
  .transform((text) => Date.parse(text))
  .nullish()
  .catch(null);

const issueShape = z.object({ id: idShape, iid: z.number().int() });
const payloadShape = z.object({
  object_kind: z.string().nullish(),
  project: z.object({ path_with_namespace: z.string() }).nullish(),
  object_attributes: z
    .looseObject({
      action: z.string().nullish(),
      noteable_type: z.string().nullish(),
      moved_to_id: z.unknown().optional(),
      updated_at: exactTimeShape,
    })
    .nullish(),
  changes: z
    .object({ updated_at: z.object({ current: exactTimeShape }).nullish().catch(null) })
    .nullish()
    .catch(null),
  issue: z.unknown().optional(),
});

type Payload = z.infer<typeof payloadShape>;

const issueKinds: ReadonlySet<string> = new Set(["issue", "work_item"]);

/**
 * What a verified delivery says. Times in it have two forms, the older one with whole seconds only, and the author is a bare
 * id: so it says where to look, and no more. GitLab tells nothing of issues and notes that were deleted.
 */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  const { headers, body } = delivery;
  const event = headers.get("x-gitlab-event");
  if (!event) throw errors.refused(operation, "The delivery lacks the header X-Gitlab-Event.");
  try {
    const payload = parseShape(payloadShape, JSON.parse(new TextDecoder().decode(body)), "payload");
    const { object_kind: kind, object_attributes: attributes } = payload;
    const name = [kind ?? event, attributes?.action].filter((part) => typeof part === "string").join(".");
    return { deliveryId: deliveryIdOf(delivery), name, hints: hintsOf(payload) };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw errors.refused(operation, `The delivery is not what GitLab sends: ${error.message}`);
  }
}

/**
 * GitLab repeats a delivery under the same key. Before it had keys (17.4) there is an id of the event alone, which events that
 * this one leads to share: then what was sent tells them apart.
 */
function deliveryIdOf({ headers, body }: WebhookDelivery): string {
  const key = headers.get("idempotency-key") || headers.get("webhook-id");
  if (key) return key;
  const digest = createHash("sha256").update(body).digest("base64url");
  const parts = [headers.get("x-gitlab-webhook-uuid"), headers.get("x-gitlab-event-uuid"), digest];
  return parts.filter((part) => part !== null).join(":");
}

/** What does not move an issue's own time says nothing about it, though its payload carries one. */
function versionOf({ object_attributes: attributes, changes }: Payload): number | null {
  return attributes?.action === "open" ? (attributes.updated_at ?? null) : (changes?.updated_at?.current ?? null);
}

function hintsOf(payload: Payload): readonly WebhookHint[] {
  const { object_kind: kind, object_attributes: attributes, project, issue } = payload;
  const isNote = kind === "note";
  if (!isNote && !issueKinds.has(kind ?? "")) return [];
  if (isNote && !["Issue", "WorkItem"].includes(attributes?.noteable_type ?? "")) return [];
  const about = parseShape(
    issueShape,
    isNote ? issue : attributes,
    isNote ? "payload.issue" : "payload.object_attributes",
  );
  // Work items of a group belong to no project.
  const container = project?.path_with_namespace ?? null;
  if (container === null) return [];
  const place = { container, remoteId: about.id, item: String(about.iid) };
  const isMoved = !isNote && attributes?.moved_to_id != null;
  const change = isMoved ? "moved" : "changed";
  if (isNote) return [{ ...place, aspect: "comments", issue: null, comment: null, change }];
  return [{ ...place, aspect: "issue", issue: null, version: versionOf(payload), comment: null, change }];
}
