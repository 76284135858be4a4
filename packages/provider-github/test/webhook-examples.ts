import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { WebhookDelivery } from "@backref/core/provider";
import type { WebhookDefinition } from "@octokit/webhooks-examples";

/** An example payload of GitHub's, of github.com or of a release of Enterprise Server. */
export interface WebhookExample {
  readonly title: string;
  readonly event: string;
  readonly payload: ExamplePayload;
}

/** What the tests look at in a payload. */
export interface ExamplePayload {
  readonly action?: string;
  readonly repository?: { readonly full_name: string };
  readonly issue?: ExampleIssue;
  readonly comment?: { readonly id: number; readonly body: string; readonly user: ExampleUser | null };
  readonly changes?: { readonly old_issue?: ExampleIssue; readonly old_repository?: { readonly full_name: string } };
}

export interface ExampleIssue {
  readonly node_id: string;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state?: string;
  readonly state_reason?: string | null;
  readonly labels?: readonly { readonly name: string }[];
  readonly assignees: readonly ExampleUser[];
  readonly user: ExampleUser;
  readonly comments: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly pull_request?: object;
}

interface ExampleUser {
  readonly id: number;
  readonly login: string;
}

const servers = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"] as const;
const { resolve } = createRequire(import.meta.url);

/** Every example of every server. */
export const examples: readonly WebhookExample[] = servers.flatMap((server) => {
  const path = resolve(`@octokit/webhooks-examples/${server}/index.json`);
  const definitions = JSON.parse(readFileSync(path, "utf8")) as readonly Pick<WebhookDefinition, "name" | "examples">[];
  return definitions.flatMap(({ name, examples: payloads }) =>
    (payloads as readonly unknown[] as readonly ExamplePayload[]).map((payload, index) => ({
      title: `${server} ${name}${payload.action === undefined ? "" : `.${payload.action}`} ${index}`,
      event: name,
      payload,
    })),
  );
});

export const isAboutIssues = ({ event }: WebhookExample): boolean => event === "issues" || event === "issue_comment";

export const hookSecret = "hook-secret";

/** A delivery as GitHub signs it, whatever its body is. */
export function signed(
  event: string,
  body: string | Uint8Array,
  options: { readonly secret?: string; readonly contentType?: string; readonly id?: string } = {},
): WebhookDelivery {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const { secret = hookSecret, contentType = "application/json", id = "guid" } = options;
  const sign = (algorithm: string) => createHmac(algorithm, secret).update(bytes).digest("hex");
  return {
    headers: new Headers({
      "content-type": contentType,
      "x-github-delivery": id,
      "x-github-event": event,
      "x-hub-signature": `sha1=${sign("sha1")}`,
      "x-hub-signature-256": `sha256=${sign("sha256")}`,
    }),
    body: bytes,
  };
}

export const asForm = (text: string): string => new URLSearchParams({ payload: text }).toString();
