import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { scopeOf } from "./app-scope.ts";
import { errors, type Operation } from "./errors.ts";
import { locationOf } from "./keys.ts";
import { mapComment } from "./map-comment.ts";
import { mapIssue } from "./map-issue.ts";
import { defaultBaseUrl } from "./site.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

const payloadShape = z.object({
  action: z.string(),
  type: z.string(),
  data: z.unknown().optional(),
  organizationId: z.string().nullish().catch(null),
  updatedFrom: z.object({ teamId: z.string().nullish() }).nullish().catch(null),
});

/** What it takes to look at an issue. */
const issueShape = z.object({
  id: z.string(),
  identifier: z.string().nullish(),
  trashed: z.boolean().nullish(),
  archivedAt: z.string().nullish(),
  previousIdentifiers: z.array(z.string()).nullish(),
});
const commentShape = z.object({
  issueId: z.string().nullish(),
  issue: z.object({ id: z.string(), identifier: z.string().nullish() }).nullish(),
});

type Payload = z.infer<typeof payloadShape>;

/** What a verified delivery says. Events that concern no issue have no hints. */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  const deliveryId = delivery.headers.get("linear-delivery");
  if (!deliveryId) throw errors.refused(operation, "The delivery lacks the header Linear-Delivery.");
  try {
    const payload = parseShape(payloadShape, JSON.parse(new TextDecoder().decode(delivery.body)), "payload");
    const { type, action, organizationId } = payload;
    return {
      ...{ deliveryId, name: `${type}.${action}`, hints: hintsOf(payload) },
      ...(organizationId != null && { appScope: scopeOf(defaultBaseUrl, organizationId) }),
      ...(type === "OAuthApp" && action === "revoked" && { access: "lost" }),
    };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw errors.refused(operation, `The delivery is not what Linear sends: ${error.message}`);
  }
}

function hintsOf({ type, action, data, updatedFrom }: Payload): readonly WebhookHint[] {
  if (type === "Issue") return issueHints(action, data, updatedFrom?.teamId != null);
  return type === "Comment" ? commentHints(action, data) : [];
}

function issueHints(action: string, data: unknown, hasMoved: boolean): readonly WebhookHint[] {
  const { id, identifier, trashed, archivedAt, previousIdentifiers } = parseShape(issueShape, data, "payload.data");
  // What is archived is only put away; what is in the trash has the time of it as well.
  const isArchived = archivedAt != null && trashed !== true;
  const isDeleted = trashed === true || (action === "remove" && !isArchived);
  const here: WebhookHint = {
    ...placeOf(id, identifier),
    aspect: "issue",
    // What is gone has no state worth keeping.
    issue: isDeleted ? null : wholeOrNull(() => mapIssue(data).issue),
    comment: null,
    change: isDeleted ? "deleted" : "changed",
  };
  const former = hasMoved ? (previousIdentifiers?.at(-1) ?? null) : null;
  if (former === null) return [here];
  return [here, { ...here, ...placeOf(id, former), issue: null, change: "moved" }];
}

function commentHints(action: string, data: unknown): readonly WebhookHint[] {
  const { issue, issueId } = parseShape(commentShape, data, "payload.data");
  const id = issue?.id ?? issueId;
  // Comments stand below projects and documents as well.
  if (id == null) return [];
  return [
    {
      ...placeOf(id, issue?.identifier),
      aspect: "comments",
      issue: null,
      comment: action === "remove" ? null : wholeOrNull(() => mapComment(data)),
      change: action === "remove" ? "deleted" : "changed",
    },
  ];
}

function placeOf(remoteId: string, identifier: string | null | undefined) {
  const location = identifier == null ? null : locationOf(identifier);
  return { remoteId, container: location?.container ?? null, item: location?.item ?? null };
}

/** Some payloads leave out what others have: they still say where to look. */
function wholeOrNull<Whole>(read: () => Whole): Whole | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnexpectedShape) return null;
    throw error;
  }
}
