import assert from "node:assert/strict";
import { type FetchFunction, ProviderError } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { given, type ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { describeThrown, failureOf } from "../failures.ts";
import { operationsOf, sampleIssue } from "../operations.ts";

const signInPage = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>";

function answering(body: string, contentType: string, status = 200): FetchFunction {
  return async () => new Response(body, { status, headers: { "content-type": contentType } });
}

/** Lets everything through, and cuts off the second half of each answer. */
function truncating(fetch: FetchFunction): FetchFunction {
  return async (input, init) => {
    const response = await fetch(input, init);
    const text = await response.text();
    const headers = new Headers(response.headers);
    headers.delete("content-length");
    const body = text === "" ? null : text.slice(0, text.length >> 1);
    return new Response(body, { status: response.status, headers });
  };
}

export const unexpectedRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/provider.ts, Provider, and core/errors/provider-error.ts, FailureClass",
  { unless: (context) => (operationsOf(context).length === 0 ? "the provider has no remote operation" : null) },
  [
    [
      "errors-sign-in-page",
      "A sign-in page in place of an answer is a failure; a write is in doubt then.",
      async (context) => {
        const issue = await sampleIssue(context);
        const call = context.call({ fetch: answering(signInPage, "text/html; charset=utf-8") });
        for (const operation of operationsOf(context).filter(({ name }) => name !== "connect.probe")) {
          const what = `${operation.name}, answered with a sign-in page,`;
          const error = await failureOf(context, what, () => operation.run(context, call, issue));
          if (operation.isWrite) assert.equal(error.failure, "ambiguous", `${what} class`);
        }
      },
    ],
    [
      "errors-truncated",
      "A write whose answer is cut off is in doubt, and a read fails; neither is a crash.",
      async (context) => {
        const issue = await sampleIssue(context);
        const call = context.call({ fetch: truncating(given(context, "fetch")) });
        for (const operation of operationsOf(context).filter(({ name }) => name !== "connect.probe")) {
          const what = `${operation.name}, its answer cut off,`;
          const classes = operation.isWrite ? (["ambiguous"] as const) : [];
          await failureOf(context, what, () => operation.run(context, call, issue), ...classes);
        }
      },
    ],
    [
      "errors-only-provider-errors",
      "Whatever JSON a tracker answers, only ProviderErrors are thrown.",
      async (context) => {
        const issue = await sampleIssue(context);
        const bodies = [
          "{}",
          "[]",
          "null",
          '"text"',
          "7",
          "[null]",
          '{"data":null}',
          '{"data":{"nodes":[{}]}}',
          '[{"id":1}]',
        ];
        const wrong: string[] = [];
        for (const operation of operationsOf(context)) {
          for (const body of bodies) {
            for (const status of [200, 400, 418, 422]) {
              const call = context.call({ fetch: answering(body, "application/json", status) });
              await operation.run(context, call, issue).catch((error: unknown) => {
                if (ProviderError.isInstance(error)) return;
                wrong.push(`${operation.name}, answered with ${status} ${body}, threw ${describeThrown(error)}`);
              });
            }
          }
        }
        assert.deepEqual(wrong, [], wrong.join("\n  "));
      },
    ],
  ],
);
