import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookDelivery, WebhookEvent, WebhookHint, WebhooksGroup } from "@backref/core/provider";
import { failure, type GiteaAuth, type GiteaOptions, UnexpectedShape } from "./client.ts";
import { mapComment, mapIssue, membersOf, textOf } from "./mapping.ts";
import { redeliver } from "./redeliver.ts";

export const webhooksGroup: WebhooksGroup<GiteaAuth, GiteaOptions> &
  Required<Pick<WebhooksGroup<GiteaAuth, GiteaOptions>, "redeliver" | "appScopeOf">> = {
  verify({ headers, body }, { secret }) {
    const given = headers.get("x-gitea-signature") ?? "";
    if (secret === "" || !/^[0-9a-f]{64}$/.test(given)) return false;
    return timingSafeEqual(Buffer.from(given, "hex"), createHmac("sha256", secret).update(body).digest());
  },

  read(delivery) {
    try {
      return readDelivery(delivery);
    } catch (error) {
      if (!(error instanceof UnexpectedShape || error instanceof SyntaxError)) throw error;
      throw failure("webhook.read", "permanent", `The delivery is not what Gitea sends: ${error.message}`);
    }
  },

  redeliver,
  appScopeOf: (auth, { baseUrl }) => (auth.type === "app" ? `${baseUrl}/installations/${auth.installation}` : null),
};

function scopeOf({ installation }: { readonly installation?: unknown }): Pick<WebhookEvent, "appScope"> {
  return installation === undefined ? {} : { appScope: textOf(membersOf(installation), "url") };
}

function readDelivery({ headers, body }: WebhookDelivery): WebhookEvent {
  const event = headers.get("x-gitea-event");
  const deliveryId = headers.get("x-gitea-delivery");
  if (!event || !deliveryId) throw new UnexpectedShape("headers are missing");
  const payload = membersOf(JSON.parse(new TextDecoder().decode(body)));
  const action = typeof payload.action === "string" ? payload.action : "";
  const name = action === "" ? event : `${event}.${action}`;
  const container = textOf(membersOf(payload.repository), "full_name");
  if ((event !== "issues" && event !== "issue_comment") || payload.is_pull === true) {
    return { deliveryId, name, hints: [], ...scopeOf(payload) };
  }
  const issue = mapIssue(payload.issue);
  const place = { container, remoteId: issue.remoteId, item: issue.item };
  const change = action === "deleted" ? "deleted" : "changed";
  const hint: WebhookHint =
    event === "issue_comment"
      ? { ...place, aspect: "comments", issue, comment: mapComment(payload.comment), change }
      : { ...place, aspect: "issue", issue: change === "deleted" ? null : issue, comment: null, change };
  return { deliveryId, name, hints: [hint], ...scopeOf(payload) };
}
