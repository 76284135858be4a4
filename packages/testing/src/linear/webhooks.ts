import { createHmac } from "node:crypto";
import { DeliveryQueue } from "../fake/delivery-queue.ts";
import type { WebhookMode } from "../fake/webhook-mode.ts";
import type { TrackerEvent } from "./actions.ts";
import type { HookRecord } from "./model.ts";
import { iso, labelsOf, stateOf, urlOf } from "./nodes.ts";
import type { World } from "./world.ts";

/** One delivery of one event to one hook. */
export interface LinearDelivery {
  readonly id: string;
  readonly hook: HookRecord;
  readonly type: string;
  readonly action: string;
  readonly payload: object;
  /** Statuses of the answers so far, in order; 0 for an attempt without an answer. */
  readonly attempts: number[];
}

/** What a receiver gets. */
export interface SignedDelivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Context {
  readonly world: World;
  readonly deliver: (request: Request) => Promise<Response>;
}

/** The deliveries of a fake. Linear repeats what fails after minutes and hours; here a test says when. */
export class WebhookQueue extends DeliveryQueue<LinearDelivery> {
  readonly #context: Context;

  constructor(context: Context, mode: WebhookMode) {
    super({ deliver: context.deliver, now: () => context.world.now() }, mode);
    this.#context = context;
  }

  emit(event: TrackerEvent): void {
    const { teamId } = event.issue;
    this.#tell(
      event.type,
      event.action,
      payloadOf(this.#context.world, event),
      (hook) => hook.teamId === null || hook.teamId === teamId,
    );
  }

  /** An event that concerns no issue. */
  tell(type: string, action: string, data: object): void {
    this.#tell(type, action, { data }, () => true);
  }

  /** Takes the pending delivery at `index` away, signed as it would be sent now. */
  dropSigned(index = 0): SignedDelivery {
    return signed(this.#context.world, this.drop(index));
  }

  /** Under the same id, with a time of its own. */
  protected override requestOf(delivery: LinearDelivery): Request {
    return new Request(delivery.hook.url, { method: "POST", ...signed(this.#context.world, delivery) });
  }

  #tell(type: string, action: string, body: object, concerns: (hook: HookRecord) => boolean): void {
    for (const hook of this.#context.world.hooks.values()) {
      if (!concerns(hook) || !(hook.resourceTypes.includes(type) || body === undefined)) continue;
      const payload = { action, type, createdAt: iso(this.#context.world.now()), webhookId: hook.id, ...body };
      this.enqueue({ id: this.#context.world.newId(), hook, type, action, payload, attempts: [] });
    }
  }
}

function signed(world: World, { hook, id, type, payload }: LinearDelivery): SignedDelivery {
  const body = JSON.stringify({ ...payload, organizationId: world.organizationId, webhookTimestamp: world.now() });
  return {
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Linear-Webhook",
      "linear-delivery": id,
      "linear-event": type,
      "linear-signature": createHmac("sha256", hook.secret).update(body).digest("hex"),
      "linear-timestamp": String(world.now()),
    },
  };
}

/** As `IssueWebhookPayload` and `CommentWebhookPayload` of Linear's schema have it. */
function payloadOf(world: World, { type, issue, comment, updatedFrom }: TrackerEvent): object {
  const { key, name } = world.teamOf(issue);
  const identifier = world.identifierOf(issue);
  const person = (id: string | null) => {
    const user = id === null ? undefined : world.users.get(id);
    return user === undefined ? undefined : { id: user.id, name: user.name, email: user.email, url: "" };
  };
  if (type === "Comment" && comment !== undefined) {
    const { id, body, userId, asUser, issueId } = comment;
    return {
      url: `${urlOf(world, issue)}#comment-${id.slice(0, 8)}`,
      data: {
        id,
        body,
        createdAt: iso(comment.createdAt),
        updatedAt: iso(comment.updatedAt),
        issueId,
        ...(asUser === null
          ? { userId, user: person(userId) }
          : { botActor: JSON.stringify({ id: userId, name: "Backref", userDisplayName: asUser }) }),
        issue: { id: issueId, title: issue.title, teamId: issue.teamId, identifier, url: urlOf(world, issue) },
        reactionData: [],
      },
    };
  }
  const { id, name: stateName, type: stateType } = stateOf(world, issue);
  return {
    url: urlOf(world, issue),
    ...(updatedFrom !== undefined && { updatedFrom }),
    data: {
      id: issue.id,
      number: issue.number,
      identifier,
      title: issue.title,
      ...(issue.description !== null && { description: issue.description }),
      priority: issue.priority,
      createdAt: iso(issue.createdAt),
      updatedAt: iso(issue.updatedAt),
      ...(issue.trashed && { trashed: true }),
      ...((issue.trashed || issue.isArchived) && { archivedAt: iso(issue.updatedAt) }),
      previousIdentifiers: issue.previousIdentifiers,
      teamId: issue.teamId,
      team: { id: issue.teamId, key, name },
      stateId: id,
      state: { id, name: stateName, type: stateType, color: "#bec2c8" },
      labelIds: issue.labelIds,
      labels: labelsOf(world, issue).map((label) => ({ id: label.id, name: label.name, color: label.color })),
      ...(issue.assigneeId !== null && { assigneeId: issue.assigneeId, assignee: person(issue.assigneeId) }),
      creatorId: issue.creatorId,
      creator: person(issue.creatorId),
      url: urlOf(world, issue),
    },
  };
}
