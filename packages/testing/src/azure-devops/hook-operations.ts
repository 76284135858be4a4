import { asObject, asText, type JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  readScopes,
  require,
} from "./call.ts";
import { AzureDevOpsFailure, invalid } from "./failure.ts";
import { hookEvents, type SubscriptionRecord } from "./model.ts";
import { iso } from "./time.ts";
import { listOf } from "./views.ts";

const list = "/_apis/hooks/subscriptions";
const one = `${list}/{subscriptionId}`;

/** Subscriptions of service hooks to the events of work items. */
export const hookOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: list, scopes: readScopes, handle: readMany },
  { method: "POST", template: list, scopes: readScopes, handle: create },
  { method: "GET", template: one, scopes: readScopes, handle: read },
  { method: "PUT", template: one, scopes: readScopes, handle: update },
  { method: "DELETE", template: one, scopes: readScopes, handle: remove },
];

/** What is secret is never shown again. */
const hidden: readonly string[] = ["basicAuthPassword", "httpHeaders"];

function present(call: AzureDevOpsCall, record: SubscriptionRecord): JsonObject {
  const { id, eventType, resourceVersion, publisherInputs, consumerInputs, status, createdBy } = record;
  const shown = Object.entries(consumerInputs).map(([name, value]) => [
    name,
    hidden.includes(name) ? "********" : value,
  ]);
  return {
    id,
    url: `${call.url}/_apis/hooks/subscriptions/${id}`,
    status,
    publisherId: "tfs",
    eventType,
    resourceVersion,
    eventDescription: "Any work item",
    consumerId: "webHooks",
    consumerActionId: "httpRequest",
    actionDescription: "To host",
    createdBy: { id: createdBy.id },
    createdDate: iso(record.createdAt),
    modifiedBy: { id: createdBy.id },
    modifiedDate: iso(record.modifiedAt),
    publisherInputs: { ...publisherInputs, tfsSubscriptionId: id },
    consumerInputs: Object.fromEntries(shown),
  };
}

function readMany(call: AzureDevOpsCall): AzureDevOpsAnswer {
  require(call, "edit-subscriptions");
  const eventType = call.query.get("eventType");
  const all = [...call.world.subscriptions.values()];
  const shown = all.filter((record) => eventType === null || record.eventType === eventType);
  return { status: 200, body: listOf(shown.map((record) => present(call, record))) };
}

function subscriptionOf(call: AzureDevOpsCall): SubscriptionRecord {
  require(call, "edit-subscriptions");
  const found = call.world.subscriptions.get(call.params.subscriptionId ?? "");
  if (found !== undefined) return found;
  const message = `The subscription ${call.params.subscriptionId} could not be found.`;
  throw new AzureDevOpsFailure(404, "SubscriptionNotFoundException", message);
}

function read(call: AzureDevOpsCall): AzureDevOpsAnswer {
  return { status: 200, body: present(call, subscriptionOf(call)) };
}

/** What a subscription asks for, checked as the service does. */
function settingsOf(
  call: AzureDevOpsCall,
): Pick<SubscriptionRecord, "eventType" | "resourceVersion" | "publisherInputs" | "consumerInputs"> {
  const { publisherId, consumerId, consumerActionId, eventType, resourceVersion, ...rest } = bodyOf(call);
  const refuse = (message: string) => invalid(message, "SubscriptionInputException");
  if (publisherId !== "tfs") throw refuse(`The publisher ${String(publisherId)} was not found.`);
  if (consumerId !== "webHooks" || consumerActionId !== "httpRequest") throw refuse("The consumer was not found.");
  const event = asText(eventType) ?? "";
  if (!hookEvents.includes(event)) throw refuse(`The event type ${event} was not found.`);
  const publisherInputs = textsOf(rest["publisherInputs"]);
  const consumerInputs = textsOf(rest["consumerInputs"]);
  const projectId = publisherInputs["projectId"] ?? "";
  if (projectId !== "" && !call.world.projects().some(({ id }) => id === projectId))
    throw refuse(`The project ${projectId} was not found.`);
  checkTarget(consumerInputs, refuse);
  return { eventType: event, resourceVersion: asText(resourceVersion) ?? "1.0", publisherInputs, consumerInputs };
}

/** Loopback and special addresses are no targets, and a password goes over HTTPS only. */
function checkTarget(inputs: Readonly<Record<string, string>>, refuse: (message: string) => Error): void {
  const { url: address = "", basicAuthPassword = "" } = inputs as Partial<Record<"url" | "basicAuthPassword", string>>;
  if (!URL.canParse(address)) throw refuse("The value of the input url is not valid.");
  const { protocol, hostname } = new URL(address);
  if (/^(localhost|127\.|10\.|169\.254\.|192\.168\.|\[::1\])/.test(hostname))
    throw refuse(`The host ${hostname} is in a special range and cannot be a target.`);
  if (protocol !== "https:" && basicAuthPassword !== "") throw refuse("Basic authentication needs an HTTPS URL.");
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([name, member]) => [name, asText(member) ?? ""]));
}

function create(call: AzureDevOpsCall): AzureDevOpsAnswer {
  require(call, "edit-subscriptions");
  const at = call.world.now();
  const record: SubscriptionRecord = {
    id: call.world.guid(),
    ...settingsOf(call),
    status: "enabled",
    probationRetries: 0,
    createdBy: call.token.user,
    createdAt: at,
    modifiedAt: at,
  };
  call.world.subscriptions.set(record.id, record);
  return { status: 200, body: present(call, record) };
}

/** Also how a disabled one is enabled again. */
function update(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const before = subscriptionOf(call);
  const status = bodyOf(call)["status"] === "disabledByUser" ? "disabledByUser" : "enabled";
  const changed = {
    ...before,
    ...settingsOf(call),
    status,
    probationRetries: 0,
    modifiedAt: call.world.now(),
  } as const;
  call.world.subscriptions.set(changed.id, changed);
  return { status: 200, body: present(call, changed) };
}

function remove(call: AzureDevOpsCall): AzureDevOpsAnswer {
  call.world.subscriptions.delete(subscriptionOf(call).id);
  return { status: 204 };
}
