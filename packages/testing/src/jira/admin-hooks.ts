import { asObject, asText, type JsonObject } from "../fake/json.ts";
import type { JiraAnswer } from "./call.ts";
import { forbidden, JiraFailure } from "./failure.ts";
import { listOf } from "./issue-operations.ts";
import type { HookRecord, TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

const filterSection = "issue-related-events-section";

/** A request about webhooks that administrators make; they stand outside the documented REST API. */
export interface AdminHooksCall {
  readonly world: World;
  readonly token: TokenRecord;
  readonly method: string;
  /** Of the webhook in the path; null for all. */
  readonly id: string | null;
  readonly selfUrl: string;
  readonly body: JsonObject;
}

export function answerAdminHooks(call: AdminHooksCall): JiraAnswer {
  const { world, token, method, id } = call;
  if (!token.permissions.has("ADMINISTER")) throw forbidden("Only administrators may manage webhooks.");
  if (method === "POST" && id === null) return create(call);
  const hook = world.hooks.get(Number(id));
  if (id === null) return { status: 200, body: admin(world).map((entry) => present(call, entry)) };
  if (hook === undefined || hook.kind !== "admin") throw new JiraFailure(404, ["There is no such webhook."]);
  if (method !== "DELETE") return { status: 200, body: present(call, hook) };
  world.hooks.delete(hook.id);
  return { status: 204 };
}

function admin(world: World): HookRecord[] {
  return [...world.hooks.values()].filter(({ kind }) => kind === "admin");
}

function create(call: AdminHooksCall): JiraAnswer {
  const { body, world } = call;
  const url = asText(body["url"]) ?? "";
  if (!/^https?:\/\//.test(url) || asText(body["name"]) === undefined)
    throw new JiraFailure(400, ["A webhook needs a name and an absolute URL."]);
  const configuration = asObject(body["configuration"]);
  const filters = world.deployment === "cloud" ? body["filters"] : parse(asText(configuration["FILTERS"]));
  const secret = asText(world.deployment === "cloud" ? body["secret"] : configuration["SECRET"]) ?? null;
  const jql = asText(asObject(filters)[filterSection]) ?? "";
  const id = world.nextId("hook");
  const hook: HookRecord = { id, url, kind: "admin", secret, events: listOf(body["events"]), jql, expiresAt: null };
  world.hooks.set(id, hook);
  return { status: 201, body: present(call, hook) };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

/** A secret is never told again. */
function present({ selfUrl }: AdminHooksCall, { id, url, events, jql }: HookRecord): JsonObject {
  return { id, self: `${selfUrl}/${id}`, url, events, filters: { [filterSection]: jql }, enabled: true };
}
