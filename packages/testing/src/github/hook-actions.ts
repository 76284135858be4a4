import type { HookRecord, RepositoryRecord } from "./model.ts";
import type { World } from "./world.ts";

/** A repository's hook, as somebody enters it in the settings. */
export interface HookDraft {
  readonly url: string;
  /** Signs deliveries. @default none: deliveries are not signed */
  readonly secret?: string;
  /** @default issues and their comments */
  readonly events?: readonly string[];
}

/** Makes the hook, in place of the one of the same URL. */
export function setHook(world: World, repository: RepositoryRecord, draft: HookDraft): HookRecord {
  const { url, secret = null, events = ["issues", "issue_comment"] } = draft;
  const old = [...world.hooks.values()].find((hook) => hook.repositoryId === repository.id && hook.url === url);
  const hook: HookRecord = {
    id: old?.id ?? world.nextId("hook"),
    repositoryId: repository.id,
    url,
    secret,
    contentType: "json",
    insecureSsl: "0",
    events,
    active: true,
    createdAt: old?.createdAt ?? world.stamp(),
  };
  world.hooks.set(hook.id, hook);
  return hook;
}
