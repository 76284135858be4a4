import { asText, type JsonObject } from "../fake/json.ts";
import { type GitLabAnswer, type GitLabCall, type GitLabOperation, paged, projectOf, requireLevel } from "./call.ts";
import { badParameter, GitLabFailure, notFound } from "./failure.ts";
import { type HookRecord, hookEvents } from "./model.ts";

const list = "/projects/{id}/hooks";
const one = `${list}/{hook_id}`;

/** Webhooks of a project, for its maintainers. What they are given in secret is never told again. */
export const hookOperations: readonly GitLabOperation[] = [
  { method: "GET", template: list, scope: "read_api", handle: listHooks },
  { method: "POST", template: list, scope: "api", handle: create },
  { method: "PUT", template: one, scope: "api", handle: update },
  { method: "DELETE", template: one, scope: "api", handle: remove },
];

function listHooks(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  requireLevel(call, 40);
  const rows = [...call.world.hooks.values()].filter(({ projectId }) => projectId === project.id);
  return paged(call, rows, present);
}

function present(hook: HookRecord): JsonObject {
  const events = Object.fromEntries(hookEvents.map((event) => [event, hook.events.includes(event)]));
  return {
    id: hook.id,
    project_id: hook.projectId,
    url: hook.url,
    enable_ssl_verification: true,
    token_present: hook.token !== null,
    signing_token_present: hook.signingTokens.length > 0,
    ...events,
  };
}

function create(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  requireLevel(call, 40);
  const url = asText(call.body["url"]);
  if (url === undefined) throw badParameter("url is missing");
  const id = call.world.nextId("hook");
  const blank: HookRecord = { id, projectId: project.id, url, token: null, signingTokens: [], events: ["push_events"] };
  const hook = { ...blank, ...readHook(call.body, blank) };
  call.world.hooks.set(id, hook);
  return { status: 201, body: present(hook) };
}

function update(call: GitLabCall): GitLabAnswer {
  const hook = hookOf(call);
  const changed = { ...hook, ...readHook(call.body, hook) };
  call.world.hooks.set(hook.id, changed);
  return { status: 200, body: present(changed) };
}

function readHook(body: JsonObject, before: HookRecord): Partial<HookRecord> {
  const [url, token, signing] = [body["url"], body["token"], body["signing_token"]].map(asText);
  if (url !== undefined && !/^https?:\/\//.test(url)) throw new GitLabFailure(422, { error: "Invalid url given" });
  if (signing !== undefined && !/^whsec_[A-Za-z0-9+/]{43}=$/.test(signing)) {
    throw new GitLabFailure(422, { error: "signing_token is invalid" });
  }
  const events = hookEvents.filter((event) => {
    const given = body[event];
    return typeof given === "boolean" ? given : before.events.includes(event);
  });
  return {
    events,
    ...(url !== undefined && { url }),
    ...(token !== undefined && { token }),
    ...(signing !== undefined && { signingTokens: [signing] }),
  };
}

function remove(call: GitLabCall): GitLabAnswer {
  call.world.hooks.delete(hookOf(call).id);
  return { status: 204 };
}

function hookOf(call: GitLabCall): HookRecord {
  const project = projectOf(call);
  requireLevel(call, 40);
  const hook = call.world.hooks.get(Number(call.params.hook_id));
  if (hook === undefined || hook.projectId !== project.id) throw notFound("Hook");
  return hook;
}
