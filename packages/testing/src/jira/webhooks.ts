import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { DeliveryQueue, type WebhookDeliveries } from "../fake/delivery-queue.ts";
import type { JsonObject } from "../fake/json.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import type { TrackerEvent } from "./events.ts";
import { fitsJql } from "./jql-match.ts";
import type { HookRecord } from "./model.ts";
import { presentComment, presentIssue, presentUser, type View } from "./views.ts";

/** One delivery of one event to one hook. */
export interface JiraDelivery {
  /** `X-Atlassian-Webhook-Identifier`: kept when the delivery is repeated. */
  readonly id: string;
  readonly hookId: number;
  readonly event: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: readonly number[];
}

/** The deliveries of a fake. A test repeats them as Jira does, up to five times after a failure. */
export interface JiraWebhooks extends WebhookDeliveries<JiraDelivery> {
  /** Sends a delivery again under the same identifier, with the count of retries. */
  redeliver(deliveryId: string): Promise<number>;
}

export interface WebhookContext {
  readonly hooks: () => Iterable<HookRecord>;
  readonly view: () => View;
  readonly guid: () => string;
  readonly deliver: (request: Request) => Promise<Response>;
  /** What dynamic webhooks are signed with. */
  readonly clientSecret: string;
}

type OpenDelivery = JiraDelivery & { readonly attempts: number[] };

const issueEvents: Readonly<Record<string, string>> = {
  "jira:issue_created": "issue_created",
  "jira:issue_updated": "issue_generic",
  comment_created: "issue_commented",
  comment_updated: "issue_comment_edited",
  comment_deleted: "issue_comment_deleted",
};

export class WebhookQueue extends DeliveryQueue<OpenDelivery> implements JiraWebhooks {
  readonly #context: WebhookContext;

  constructor(context: WebhookContext, mode: WebhookMode) {
    super({ deliver: context.deliver, now: () => context.view().world.now() }, mode);
    this.#context = context;
  }

  emit(event: TrackerEvent): void {
    const view = this.#context.view();
    const now = view.world.now();
    for (const hook of this.#context.hooks()) {
      const isOver = hook.expiresAt !== null && hook.expiresAt <= now;
      if (isOver || !hook.events.includes(event.name) || !fitsJql(view.world, hook.jql, event.issue)) continue;
      this.#enqueue(hook, event.name, payloadOf(view, event, now), now);
    }
  }

  /** Anything an administrator's hook may also be told, such as `user_created`. */
  tell(name: string, content: JsonObject): void {
    const now = this.#context.view().world.now();
    for (const hook of this.#context.hooks()) {
      if (hook.kind === "admin") this.#enqueue(hook, name, { timestamp: now, webhookEvent: name, ...content }, now);
    }
  }

  #enqueue(hook: HookRecord, event: string, payload: JsonObject, now: number): void {
    const matched = hook.kind === "dynamic" ? { matchedWebhookIds: [hook.id] } : {};
    const body = JSON.stringify({ ...payload, ...matched });
    const id = this.#context.guid();
    const headers = {
      "content-type": "application/json; charset=UTF-8",
      "user-agent": "Atlassian Webhook HTTP Client",
      "x-atlassian-webhook-identifier": id,
      "x-atlassian-webhook-flow": "Primary",
      ...this.#proof(hook, body, now),
    };
    this.enqueue({ id, hookId: hook.id, event, url: hook.url, headers, body, attempts: [] });
  }

  protected override requestOf({ url, headers, body, attempts }: OpenDelivery): Request {
    const retry = attempts.length;
    const sent = retry > 0 ? { ...headers, "x-atlassian-webhook-retry": String(retry) } : headers;
    return new Request(url, { method: "POST", headers: sent, body });
  }

  /** A signature over the body, or a token that the app's secret signed. */
  #proof(hook: HookRecord, body: string, now: number): Readonly<Record<string, string>> {
    if (hook.kind === "dynamic") return { authorization: `Bearer ${signJwt(this.#context.clientSecret, now)}` };
    if (hook.secret === null) return {};
    return { "x-hub-signature": `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}` };
  }
}

/** A comment's payload has only a little of its issue. */
function payloadOf(view: View, event: TrackerEvent, now: number): JsonObject {
  const { issue, comment, actor, items, name } = event;
  const fields =
    comment === null ? ["*navigable"] : ["summary", "issuetype", "project", "assignee", "priority", "status"];
  return {
    timestamp: now,
    webhookEvent: name,
    ...(name in issueEvents && comment === null && { issue_event_type_name: issueEvents[name] }),
    ...(comment === null && { user: presentUser(view, actor) }),
    issue: presentIssue(view, issue, fields),
    ...(comment !== null && { comment: presentComment(view, comment) }),
    ...(items.length > 0 && { changelog: { id: String(issue.updatedAt), items } }),
  };
}

/** HS256, as RFC 7519 has it; good for an hour. */
function signJwt(secret: string, nowMs: number): string {
  const encode = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(nowMs / 1000);
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ iss: "jira", iat: seconds, exp: seconds + 3_600 })}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}
