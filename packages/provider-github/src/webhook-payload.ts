import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { accessOf, appScopeIn } from "./app-webhooks.ts";
import { errors } from "./errors.ts";
import { mapRestComment } from "./map-comment.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";

const operation: Operation = { name: "webhook.read", isWrite: false };

const payloadShape = z.object({
  action: z.string().nullish(),
  repository: z.object({ full_name: z.string() }).nullish(),
  issue: z.unknown().optional(),
  comment: z.unknown().optional(),
  changes: z.unknown().optional(),
});

/** What it takes to look at an issue. */
const issueShape = z.object({ node_id: z.string(), number: z.number().int() });

/** What an issue that came by a transfer was before. */
const originShape = z.object({
  old_issue: issueShape,
  old_repository: z.object({ full_name: z.string() }),
});

type Payload = z.infer<typeof payloadShape>;

/** What a verified delivery says. Events that concern no issue have no hints. */
export function readDelivery(delivery: WebhookDelivery): WebhookEvent {
  const deliveryId = delivery.headers.get("x-github-delivery");
  const event = delivery.headers.get("x-github-event");
  if (!deliveryId || !event)
    throw errors.refused(operation, "The delivery lacks the headers X-GitHub-Delivery or X-GitHub-Event.");
  try {
    const body = parseBody(delivery);
    const payload = parseShape(payloadShape, body, "payload");
    if (!isEvent(event, payload)) throw new UnexpectedShape(`payload: not that of the event ${event}`);
    const name = payload.action ? `${event}.${payload.action}` : event;
    return { deliveryId, name, hints: hintsOf(event, payload), ...accessOf(name), ...appScopeIn(body) };
  } catch (error) {
    if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
    throw errors.refused(operation, `The delivery is not what GitHub sends: ${error.message}`);
  }
}

/**
 * GitHub sends JSON, or a form with JSON in it where a hook made by hand says so. The header that tells which is not signed,
 * and JSON read as a form could hold another body in somebody's text: the two have to agree.
 */
function parseBody(delivery: WebhookDelivery): unknown {
  const text = new TextDecoder().decode(delivery.body);
  const type = delivery.headers.get("content-type")?.toLowerCase() ?? "";
  const isForm = text.startsWith("payload=");
  if (isForm !== type.startsWith("application/x-www-form-urlencoded")) {
    throw new UnexpectedShape("payload: its content type is another");
  }
  return JSON.parse(isForm ? (new URLSearchParams(text).get("payload") ?? "") : text);
}

/**
 * The header that names the event is not signed: a comment that was deleted must not pass for an issue that was, and neither
 * for an installation.
 */
function isEvent(event: string, { issue, comment }: Payload): boolean {
  if (event === "issues") return comment === undefined;
  if (event === "issue_comment") return comment !== undefined || isPullRequest(issue);
  return !event.startsWith("installation") || (issue === undefined && comment === undefined);
}

function hintsOf(event: string, payload: Payload): readonly WebhookHint[] {
  if ((event !== "issues" && event !== "issue_comment") || isPullRequest(payload.issue)) return [];
  const container = payload.repository?.full_name;
  if (container === undefined) throw new UnexpectedShape("payload.repository: missing");
  const place = placeOf(parseShape(issueShape, payload.issue, "payload.issue"), container);
  const issue = wholeOrNull(() => mapRestIssue(payload.issue, { container }));
  if (event === "issue_comment") {
    const change = payload.action === "deleted" ? "deleted" : "changed";
    const comment = wholeOrNull(() => mapRestComment(payload.comment));
    return [{ ...place, aspect: "comments", issue, comment, change }];
  }
  const change = payload.action === "deleted" ? "deleted" : payload.action === "transferred" ? "moved" : "changed";
  // What is gone has no state worth keeping.
  const here = {
    ...place,
    aspect: "issue",
    issue: change === "changed" ? issue : null,
    comment: null,
    change,
  } as const;
  return payload.action === "opened" ? [here, ...leftBehind(payload.changes)] : [here];
}

/** The issue that this one was before a transfer: its own repository may have no hook that tells. */
function leftBehind(changes: unknown): readonly WebhookHint[] {
  const origin = originShape.safeParse(changes);
  if (!origin.success) return [];
  const { old_issue: issue, old_repository: repository } = origin.data;
  const place = placeOf(issue, repository.full_name);
  return [{ ...place, aspect: "issue", issue: null, comment: null, change: "moved" }];
}

function placeOf(issue: z.infer<typeof issueShape>, container: string) {
  return { container, remoteId: issue.node_id, item: String(issue.number) };
}

/** Some payloads leave out what others have, such as the state: they still say where to look. */
function wholeOrNull<Whole>(read: () => Whole): Whole | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnexpectedShape) return null;
    throw error;
  }
}
