import { expect, test } from "vitest";
import { rateLimitWaitMs } from "../src/rate-limits.ts";

const now = Date.parse("2026-11-21T09:00:00Z");

test.each([
  ["the seconds that are asked for", { "retry-after": "7" }, 7_000],
  ["until the points of the hour are there again", { "x-ratelimit-reset": "2026-11-21T10:00:00Z" }, 3_600_000],
  [
    "the seconds that are asked for, whatever the hour says",
    { "retry-after": "7", "x-ratelimit-reset": "2026-11-21T10:00Z", "ratelimit-reason": "jira-burst-based" },
    7_000,
  ],
  [
    "as long as Jira's own clock says",
    { date: "Sat, 21 Nov 2026 09:59:00 GMT", "x-ratelimit-reset": "2026-11-21T10:00:00Z" },
    60_000,
  ],
  ["a second where a token is left by now", { "retry-after": "0" }, 1_000],
  ["a second for a time that is over", { "x-ratelimit-reset": "2026-11-21T08:00:00Z" }, 1_000],
  ["a minute where nothing is said", {}, 60_000],
  ["a minute where nothing is said that can be read", { "x-ratelimit-reset": "soon" }, 60_000],
])("a 429 is waited for %s", (_what, headers, waitMs) => {
  expect(rateLimitWaitMs(new Headers(headers as Record<string, string>), now)).toBe(waitMs);
});
