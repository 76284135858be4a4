import { asObject, asText } from "../fake/json.ts";
import type { Need } from "./access.ts";
import { invalid, notFound } from "./failure.ts";
import { presentHook } from "./hook-view.ts";
import type { HookRecord, RepositoryRecord, UserRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import { created, enter, type RestAnswer, type RestCall, type RestOperation, sceneOf } from "./rest-call.ts";

const list = "/repos/{owner}/{repo}/hooks";

/** Told of every new hook, so that it can be pinged. */
export type HookCreated = (hook: HookRecord, repository: RepositoryRecord, sender: UserRecord) => void;

function need(level: Need["level"]): Need {
  return { permission: "repository_hooks", level, role: "admin", hidden: true };
}

/** Webhooks of a repository; for administrators only. */
export function hookOperations(onCreated: HookCreated): readonly RestOperation[] {
  return [
    { method: "GET", template: list, handle: listAll },
    { method: "POST", template: list, handle: (call) => create(call, onCreated) },
    { method: "GET", template: `${list}/{hook_id}`, handle: read },
    { method: "DELETE", template: `${list}/{hook_id}`, handle: remove },
  ];
}

function listAll(call: RestCall): RestAnswer {
  const { repository } = enter(call, need("read"));
  const hooks = hooksOf(call, repository);
  const page = paginate(hooks, call.query, `${call.view.apiUrl}/repositories/${repository.id}/hooks`);
  const body = page.items.map((hook) => presentHook(call.view, repository, hook));
  return { status: 200, body, headers: page.headers };
}

function create(call: RestCall, onCreated: HookCreated): RestAnswer {
  const { repository } = enter(call, need("write"));
  const { url: target, secret, content_type: contentType, insecure_ssl: insecureSsl } = asObject(call.body.config);
  const url = asText(target);
  if (url === undefined || !URL.canParse(url)) throw refused("Config must contain URL for webhooks");
  const given = call.body.events;
  const events = Array.isArray(given) ? given.map(String) : ["push"];
  const same = (hook: HookRecord): boolean => hook.url === url && hook.events.join() === events.join();
  if (hooksOf(call, repository).some(same)) throw refused("Hook already exists on this repository");
  const hook: HookRecord = {
    id: call.world.nextId("hook"),
    repositoryId: repository.id,
    url,
    secret: asText(secret) ?? null,
    contentType: asText(contentType) ?? "form",
    insecureSsl: asText(insecureSsl) ?? "0",
    events,
    active: call.body.active !== false,
    createdAt: call.world.stamp(),
  };
  call.world.hooks.set(hook.id, hook);
  onCreated(hook, repository, sceneOf(call, repository).actor);
  const body = presentHook(call.view, repository, hook);
  return created(body);
}

function read(call: RestCall): RestAnswer {
  const { repository } = enter(call, need("read"));
  return { status: 200, body: presentHook(call.view, repository, find(call, repository)) };
}

function remove(call: RestCall): RestAnswer {
  const { repository } = enter(call, need("write"));
  call.world.hooks.delete(find(call, repository).id);
  return { status: 204 };
}

function hooksOf(call: RestCall, repository: RepositoryRecord): HookRecord[] {
  return [...call.world.hooks.values()].filter((hook) => hook.repositoryId === repository.id);
}

/** The hook of the path, for those who may see hooks, or change them. */
export function enterHook(call: RestCall, level: Need["level"]): HookRecord {
  return find(call, enter(call, need(level)).repository);
}

function find(call: RestCall, repository: RepositoryRecord): HookRecord {
  const hook = call.world.hooks.get(Number(call.params.hook_id));
  if (hook === undefined || hook.repositoryId !== repository.id) throw notFound();
  return hook;
}

function refused(message: string): Error {
  return invalid({ resource: "Hook", code: "custom", message });
}
