import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { z } from "zod";
import { type Operation, refused } from "./errors.ts";
import { mapRestComment } from "./map-comment.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";
import { parseShape, UnexpectedShape } from "./shapes.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

const payloadShape = z.object({
  action: z.string().nullish(),
  repository: z.object({ full_name: z.string() }).nullish(),
  issue: z.unknown().optional(),
  comment: z.unknown().optional(),
});

type Payload = z.infer<typeof payloadShape>;

/** What a verified delivery says. Events that concern no issue have no hints. */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  const deliveryId = delivery.headers.get("x-github-delivery");
  const event = delivery.headers.get("x-github-event");
  if (!deliveryId || !event)
    throw refused(operation, "The delivery lacks the headers X-GitHub-Delivery or X-GitHub-Event.");
  try {
    const payload = parseShape(payloadShape, parseBody(delivery), "payload");
    const name = payload.action ? `${event}.${payload.action}` : event;
    return { deliveryId, name, hints: hintsOf(event, payload) };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw refused(operation, `The delivery is not what GitHub sends: ${error.message}`);
  }
}

/** GitHub sends JSON, or a form with JSON in it where a hook made by hand says so. */
function parseBody(delivery: WebhookDelivery): unknown {
  const text = new TextDecoder().decode(delivery.body);
  const isForm = delivery.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
  return JSON.parse(isForm ? (new URLSearchParams(text).get("payload") ?? "") : text);
}

function hintsOf(event: string, payload: Payload): readonly WebhookHint[] {
  if ((event !== "issues" && event !== "issue_comment") || isPullRequest(payload.issue)) return [];
  const container = payload.repository?.full_name;
  if (container === undefined) throw new UnexpectedShape("payload.repository: missing");
  const issue = mapRestIssue(payload.issue, container);
  const place = { container, remoteId: issue.remoteId, item: issue.item };
  if (event === "issue_comment") {
    const change = payload.action === "deleted" ? "deleted" : "changed";
    return [{ ...place, aspect: "comments", issue, comment: mapRestComment(payload.comment), change }];
  }
  const change = payload.action === "deleted" ? "deleted" : payload.action === "transferred" ? "moved" : "changed";
  // What is gone has no state worth keeping.
  return [{ ...place, aspect: "issue", issue: change === "changed" ? issue : null, comment: null, change }];
}
