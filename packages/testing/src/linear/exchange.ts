import type { Tracker } from "../fake/exchange.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { asObject } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
import type { Service } from "./service.ts";
import type { World } from "./world.ts";

/** The service as requests meet it. */
export function trackerOf(service: Service, world: World): Tracker {
  return {
    now: world.now,
    arrive(request) {
      const token = service.tokenOf(request);
      return {
        operation: request.method === "PUT" ? "put file" : operationOf(request.body),
        account: token === null ? null : (world.users.get(token.userId)?.name ?? null),
        answer: (sent, asOf) => service.answer(sent, asOf),
      };
    },
    without: withoutMembers,
    status: (status) => toResponse(status, {}, { error: "Something went wrong." }),
    refuse: (fault) => service.refuse(fault),
  };
}

/** `query issues`, `mutation issueCreate`, as the document's own name says. */
export function operationOf(body: string): string {
  const source = String(asObject(body === "" ? {} : JSON.parse(body))["query"]);
  const [, kind = "query", name = "unnamed"] = /^\s*(query|mutation)\s+(\w+)/.exec(source) ?? [];
  return `${kind} ${name}`;
}

/** Without some members of the mutation's input. */
function withoutMembers(request: IncomingRequest, names: readonly string[]): IncomingRequest {
  const body = asObject(JSON.parse(request.body));
  const variables = asObject(body["variables"]);
  const input = Object.entries(asObject(variables["input"])).filter(([name]) => !names.includes(name));
  const kept = { ...variables, ...("input" in variables && { input: Object.fromEntries(input) }) };
  return { ...request, body: JSON.stringify({ ...body, variables: kept }) };
}
