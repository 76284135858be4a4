import type { IssueSite, RateLimit, RateLimitsGroup } from "@backref/core/provider";
import type { GitHubOptions } from "./types.ts";

const minuteMs = 60_000;

/**
 * GitHub's secondary limits of one account, by "Rate limits for the REST API" and "Rate limits and query limits for the
 * GraphQL API" of its documentation, and that of searches, by "REST API endpoints for search". The other primary ones (requests per hour) differ by account and are told by each answer.
 */
export const documentedRateLimits: readonly RateLimit[] = [
  { name: "points", windowMs: minuteMs, limit: 900, unit: "points" },
  { name: "graphql-points", windowMs: minuteMs, limit: 2_000, unit: "GraphQL points" },
  { name: "searches", windowMs: minuteMs, limit: 30, unit: "searches" },
  { name: "creations", windowMs: minuteMs, limit: 80, unit: "new issues, comments and labels" },
  { name: "creations-hour", windowMs: 60 * minuteMs, limit: 500, unit: "new issues, comments and labels" },
];

/** What GitHub counts as creating content: an issue, a comment, a label of the repository. */
const creating = /\/repos\/[^/]+\/[^/]+\/(?:issues|issues\/\d+\/comments|labels)$/;

/** A repository may be called `search`, too. */
const search = /^(?:\/api\/v3)?\/search\/issues$/;

/** Enterprise Server has no limits unless its administrator sets some. */
function isEnterpriseServer({ baseUrl }: IssueSite<GitHubOptions>): boolean {
  return !/^api\.(?:github\.com|[^.]+\.ghe\.com)$/i.test(new URL(baseUrl).hostname);
}

export function createRateLimitsGroup(ofEnterpriseServer: readonly RateLimit[]): RateLimitsGroup<GitHubOptions> {
  return {
    limits: (site) => (isEnterpriseServer(site) ? ofEnterpriseServer : documentedRateLimits),
    cost({ method, url }) {
      const { pathname } = new URL(url);
      // Only queries are sent there; a mutation would cost 5.
      if (pathname.endsWith("/graphql")) return { "graphql-points": 1 };
      if (search.test(pathname)) return { points: 1, searches: 1 };
      if (method === "GET" || method === "HEAD") return { points: 1 };
      const isCreation = method === "POST" && creating.test(pathname);
      return { points: 5, ...(isCreation && { creations: 1, "creations-hour": 1 }) };
    },
  };
}
