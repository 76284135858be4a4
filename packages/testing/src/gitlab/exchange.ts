import type { Tracker } from "../fake/exchange.ts";
import { withoutFields } from "../fake/incoming.ts";
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
        account: service.accountOf(request),
        answer: (sent, asOf) => service.answer({ request: sent, location, route, ...(asOf !== undefined && { asOf }) }),
      };
    },
    without: withoutFields,
    status: (status) => toResponse(status, {}, { message: `${status} Error` }),
    refuse: (fault) => service.refuse(fault),
  };
}
