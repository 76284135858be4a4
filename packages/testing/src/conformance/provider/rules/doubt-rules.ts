import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { create, createRequest, findCreated, probeCreate } from "../actions.ts";
import { given, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";

async function issueCount({ tracker }: ProviderContext): Promise<number> {
  return (await tracker.listIssues()).length;
}

/** What becomes of a create whose outcome nobody told. */
export const doubtRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/create.ts, CreateGroup.create",
  { groups: ["create"] },
  [
    [
      "create-never-repeats",
      "A create whose answer was lost throws `ambiguous` and is not sent again: one issue exists, and can be found.",
      async (context) => {
        const probe = await probeCreate(context);
        context.tracker.failNext("lost-after", "write");
        await failureOf(context, "create, its answer lost", () => create(context), "ambiguous");
        assert.equal(await issueCount(context), 1, "issues at the tracker");
        await settle(context);
        assert.equal((await findCreated(context, { probe })).length, 1, "issues that findCreated finds");
      },
    ],
    [
      "create-lost-before",
      "A create that never arrived throws `ambiguous` or `retry`, is not sent again, and findCreated finds nothing.",
      async (context) => {
        const probe = await probeCreate(context);
        context.tracker.failNext("lost-before", "write");
        await failureOf(context, "create, lost on its way", () => create(context), "ambiguous", "retry");
        assert.equal(await issueCount(context), 0, "issues at the tracker");
        await settle(context);
        assert.deepEqual(await findCreated(context, { probe }), [], "issues that findCreated finds");
      },
    ],
    [
      "create-server-error",
      "A create answered with 500 throws `ambiguous` and is not sent again.",
      async (context) => {
        context.tracker.failNext("status-500", "write");
        await failureOf(context, "create, answered with 500", () => create(context), "ambiguous");
        assert.equal(await issueCount(context), 0, "issues at the tracker");
      },
    ],
    [
      "create-rate-limited",
      "A create refused by a rate limit throws `wait` and is not sent again.",
      async (context) => {
        context.tracker.failNext("rate-limit", "write");
        const error = await failureOf(context, "create, refused by a rate limit", () => create(context), "wait");
        assert.ok((error.retryAfterMs ?? 0) > 0, `retryAfterMs is ${error.retryAfterMs}`);
        assert.equal(await issueCount(context), 0, "issues at the tracker");
      },
    ],
    [
      "create-aborted-midway",
      "A create that is aborted after it was sent throws `ambiguous`.",
      async (context) => {
        const controller = new AbortController();
        const fetch = given(context, "fetch");
        const call = context.call({
          signal: controller.signal,
          fetch: async (input, init) => {
            const { method } = new Request(input, init);
            const answer = await fetch(input, init);
            if (method === "GET") return answer;
            controller.abort(new Error("nobody waits any more"));
            throw controller.signal.reason;
          },
        });
        const attempt = () => groupOf(context, "create").create(call, createRequest(context));
        await failureOf(context, "create, aborted midway", attempt, "ambiguous");
        assert.equal(await issueCount(context), 1, "issues at the tracker");
      },
    ],
  ],
);
