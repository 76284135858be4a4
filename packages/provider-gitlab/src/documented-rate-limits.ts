import type { RateLimit, RateLimitsGroup } from "@backref/core/provider";
import { isGitLabCom } from "./site.ts";
import type { GitLabOptions } from "./types.ts";

const minuteMs = 60_000;

/**
 * gitlab.com's limits of one account: https://docs.gitlab.com/user/gitlab_com/ and
 * https://docs.gitlab.com/administration/settings/rate_limit_on_issues_creation/
 */
export const documentedRateLimits: readonly RateLimit[] = [
  { name: "requests", windowMs: minuteMs, limit: 2_000, unit: "requests" },
  { name: "issues", windowMs: minuteMs, limit: 300, unit: "new issues" },
  { name: "notes", windowMs: minuteMs, limit: 300, unit: "new comments" },
];

/** @param ofSelfManaged what an administrator has set; self-managed sites have no limits before that */
export function createRateLimitsGroup(ofSelfManaged: readonly RateLimit[]): RateLimitsGroup<GitLabOptions> {
  return {
    limits: ({ baseUrl }) => (isGitLabCom(baseUrl) ? documentedRateLimits : ofSelfManaged),
    cost({ method, url }) {
      const { pathname } = new URL(url);
      if (!pathname.includes("/api/v4/")) return {};
      const isCreation = method === "POST";
      return {
        requests: 1,
        ...(isCreation && pathname.endsWith("/issues") && { issues: 1 }),
        ...(isCreation && pathname.endsWith("/notes") && { notes: 1 }),
      };
    },
  };
}
