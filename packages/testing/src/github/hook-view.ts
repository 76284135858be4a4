import type { JsonObject } from "../fake/json.ts";
import type { HookRecord, RepositoryRecord } from "./model.ts";
import { repositoryUrl } from "./repository-view.ts";
import { toIsoSeconds } from "./time.ts";
import type { View } from "./view.ts";

/** GitHub's `hook`; the secret is masked. */
export function presentHook(view: View, repository: RepositoryRecord, hook: HookRecord): JsonObject {
  const url = `${repositoryUrl(view, repository)}/hooks/${hook.id}`;
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: hook.insecureSsl,
      url: hook.url,
      ...(hook.secret === null ? {} : { secret: "********" }),
    },
    created_at: toIsoSeconds(hook.createdAt),
    updated_at: toIsoSeconds(hook.createdAt),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { code: null, status: "unused", message: null },
  };
}
