import type { Tracker } from "../fake/exchange.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { withoutFields } from "../fake/incoming.ts";
import { asObject } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
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
        account: service.accountOf(request, location),
        answer: (sent, asOf) => service.answer({ request: sent, location, route, ...(asOf !== undefined && { asOf }) }),
      };
    },
    without: withoutMembers,
    status: (status) => toResponse(status, {}, { errorMessages: ["Something went wrong."], errors: {} }),
    refuse: (fault) => service.refuse(fault),
  };
}

/** Also without members of `fields` and `update`, where Jira has most of them. */
function withoutMembers(request: IncomingRequest, names: readonly string[]): IncomingRequest {
  const outer = withoutFields(request, names);
  if (outer.body === "") return outer;
  const body = asObject(JSON.parse(outer.body));
  const strip = (value: unknown) =>
    Object.fromEntries(Object.entries(asObject(value)).filter(([name]) => !names.includes(name)));
  const inner = Object.fromEntries(
    ["fields", "update"].flatMap((name) => (name in body ? [[name, strip(body[name])]] : [])),
  );
  return { ...outer, body: JSON.stringify({ ...body, ...inner }) };
}
