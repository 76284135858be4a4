import type { Tracker } from "../fake/exchange.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { asObject, asText } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
import { AzureDevOpsFailure, errorBody } from "./failure.ts";
import type { Service } from "./service.ts";

/** The service as requests meet it. */
export function trackerOf(service: Service): Tracker {
  return {
    now: service.world.now,
    arrive(request) {
      const location = service.locate(request.url);
      const route = service.route(request.method, location);
      return {
        operation: route?.operation.template ?? (location.kind === "api" ? "unknown" : location.kind),
        account: service.accountOf(request),
        answer: (sent, asOf) => service.answer({ request: sent, location, route, ...(asOf !== undefined && { asOf }) }),
      };
    },
    without: withoutOperations,
    status: (status) =>
      toResponse(status, {}, errorBody(new AzureDevOpsFailure(status, "VssServiceException", "Something went wrong."))),
    refuse: (fault) => service.refuse(fault),
    slowDown: (retryAfterSeconds) => service.slowDown(retryAfterSeconds),
  };
}

/** Without the operations on some fields, or without members where the body is an object. */
function withoutOperations(request: IncomingRequest, names: readonly string[]): IncomingRequest {
  if (request.body === "") return request;
  const body: unknown = JSON.parse(request.body);
  const isNamed = (path: string) => names.some((name) => path === name || path.endsWith(`/${name}`));
  const kept = Array.isArray(body)
    ? body.filter((operation) => !isNamed(asText(asObject(operation)["path"]) ?? ""))
    : Object.fromEntries(Object.entries(asObject(body)).filter(([name]) => !names.includes(name)));
  return { ...request, body: JSON.stringify(kept) };
}
