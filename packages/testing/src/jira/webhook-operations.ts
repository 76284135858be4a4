import { asObject, asText } from "../fake/json.ts";
import { type JiraAnswer, type JiraCall, type JiraOperation, numberOf } from "./call.ts";
import { forbidden, invalid } from "./failure.ts";
import { listOf } from "./issue-operations.ts";
import { parseJql } from "./jql.ts";
import { type HookRecord, hookEvents } from "./model.ts";
import { toJiraTime } from "./time.ts";

const days = 24 * 60 * 60 * 1000;
const dynamicHookLifeMs: number = 30 * days;

const events = new Set([...hookEvents, "issue_property_set", "issue_property_deleted"]);

/** Dynamic webhooks belong to OAuth apps and end after 30 days, unless they are refreshed. */
export const webhookOperations: readonly JiraOperation[] = [
  { method: "POST", template: "/webhook", only: "cloud", scope: "webhook", handle: register },
  { method: "GET", template: "/webhook", only: "cloud", scope: "webhook", handle: list },
  { method: "DELETE", template: "/webhook", only: "cloud", scope: "webhook", handle: remove },
  { method: "PUT", template: "/webhook/refresh", only: "cloud", scope: "webhook", handle: refresh },
];

function mustBeApp(call: JiraCall): void {
  if (call.token.kind !== "oauth") throw forbidden("Only Connect and OAuth 2.0 apps can use this operation.");
}

function register(call: JiraCall): JiraAnswer {
  mustBeApp(call);
  const url = asText(call.body["url"]) ?? "";
  if (!/^https:\/\//.test(url)) throw invalid("The webhook URL must be absolute and use https.");
  const wanted = Array.isArray(call.body["webhooks"]) ? call.body["webhooks"] : [];
  const webhookRegistrationResult = wanted.map((entry) => {
    const named = listOf(asObject(entry)["events"]);
    const jql = asText(asObject(entry)["jqlFilter"]) ?? "";
    const unknown = named.find((name) => !events.has(name));
    if (unknown !== undefined) return { errors: [`The event ${unknown} is unsupported`] };
    const clause = unsupportedClause(jql);
    if (clause !== null) return { errors: [`The clause ${clause} is unsupported`] };
    const id = call.world.nextId("hook");
    const expiresAt = call.world.now() + dynamicHookLifeMs;
    call.world.hooks.set(id, { id, url, kind: "dynamic", secret: null, events: named, jql, expiresAt });
    return { createdWebhookId: id };
  });
  return { status: 200, body: { webhookRegistrationResult } };
}

/** Only a few fields and operators are understood in a filter. */
function unsupportedClause(jql: string): string | null {
  const allowed = /^(?:issuekey|project|issuetype|status|assignee|reporter|issue\.property|cf\[\d+\])$/i;
  const pending = [parseJql(jql).where];
  for (let condition = pending.pop(); condition !== undefined; condition = pending.pop()) {
    if (condition === null) continue;
    if (condition.kind !== "clause") pending.push(...condition.parts);
    else if (!allowed.test(condition.clause.field)) return condition.clause.field;
  }
  return null;
}

function dynamic(call: JiraCall): HookRecord[] {
  return [...call.world.hooks.values()].filter(({ kind }) => kind === "dynamic");
}

function list(call: JiraCall): JiraAnswer {
  mustBeApp(call);
  const startAt = numberOf(call, "startAt", 0);
  const all = dynamic(call);
  const values = all.slice(startAt).map(({ id, jql, events: named, expiresAt, url }) => ({
    id,
    jqlFilter: jql,
    events: named,
    expirationDate: expiresAt,
    url,
  }));
  return { status: 200, body: { startAt, maxResults: 100, total: all.length, isLast: true, values } };
}

function remove(call: JiraCall): JiraAnswer {
  mustBeApp(call);
  for (const id of listOf(call.body["webhookIds"])) call.world.hooks.delete(Number(id));
  return { status: 202 };
}

/** Ids that are not known are passed over, as the contract says. */
function refresh(call: JiraCall): JiraAnswer {
  mustBeApp(call);
  const ids = new Set(listOf(call.body["webhookIds"]).map(Number));
  const found = dynamic(call).filter(({ id }) => ids.has(id));
  const expiresAt = call.world.now() + dynamicHookLifeMs;
  for (const hook of found) call.world.hooks.set(hook.id, { ...hook, expiresAt });
  return { status: 200, body: { expirationDate: toJiraTime(expiresAt) } };
}
