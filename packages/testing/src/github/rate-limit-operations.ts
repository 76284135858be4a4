import type { RateLimits } from "./rate-limits.ts";
import type { RestOperation } from "./rest-call.ts";

/** `GET /rate_limit`, which itself costs nothing; `rate` is gone from version 2026-03-10 on. */
export function rateLimitOperations(limits: RateLimits): readonly RestOperation[] {
  return [
    {
      method: "GET",
      template: "/rate_limit",
      handle(call) {
        const account = call.token?.user.login ?? null;
        const core = limits.state(account, "core");
        const search = limits.state(account, "search");
        const resources = { core, search, graphql: limits.state(account, "graphql") };
        const body = call.view.apiVersion === "2022-11-28" ? { resources, rate: core } : { resources };
        return { status: 200, body };
      },
    },
  ];
}
