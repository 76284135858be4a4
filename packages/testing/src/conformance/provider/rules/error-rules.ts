import assert from "node:assert/strict";
import type { FailureClass, ProviderError } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import type { ProviderContext } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { operationsOf, type RemoteOperation, sampleIssue } from "../operations.ts";
import type { TrackerFault } from "../provider-tracker.ts";
import { leakIn, secretsOf } from "../secrets.ts";

type Expected = (operation: RemoteOperation) => readonly FailureClass[];

/** These tell a refused permission as a result. */
const reportsForbidden = new Set(["connect.probe", "read.issues", "labels.ensure", "webhooks.redeliver"]);

/** Runs every operation of the provider into the fault. */
async function failEach(
  context: ProviderContext,
  fault: TrackerFault,
  expected: Expected,
  check: (error: ProviderError, what: string) => void = () => {},
): Promise<void> {
  const issue = await sampleIssue(context);
  for (const operation of operationsOf(context)) {
    if (fault === "forbidden" && reportsForbidden.has(operation.name)) continue;
    const what = `${operation.name}, meeting "${fault}",`;
    context.tracker.failNext(fault, operation.isWrite ? "write" : "any");
    const attempt = () => operation.run(context, context.call(), issue);
    check(await failureOf(context, what, attempt, ...expected(operation)), what);
  }
}

const always =
  (failure: FailureClass): Expected =>
  () => [failure];

const inDoubt: Expected = ({ isWrite }) => (isWrite ? ["ambiguous"] : ["retry", "wait"]);

function faultRule(id: string, title: string, fault: TrackerFault, expected: Expected) {
  return [id, title, (context: ProviderContext) => failEach(context, fault, expected)] as const;
}

export const errorRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/errors/provider-error.ts, FailureClass",
  { unless: (context) => (operationsOf(context).length === 0 ? "the provider has no remote operation" : null) },
  [
    faultRule(
      "errors-unauthorized",
      "A credential that is no longer accepted is `auth`.",
      "unauthorized",
      always("auth"),
    ),
    faultRule("errors-forbidden", "What the credential may not do is `forbidden`.", "forbidden", always("forbidden")),
    faultRule("errors-server", "A 5xx is `retry` for a read, `ambiguous` for a write.", "status-500", inDoubt),
    faultRule("errors-lost", "A lost answer is `retry` for a read, `ambiguous` for a write.", "lost-after", inDoubt),
    [
      "errors-rate-limited",
      "A rate limit is `wait`, with the time that the tracker names in `retryAfterMs`.",
      (context) =>
        failEach(context, "rate-limit", always("wait"), ({ retryAfterMs, isRetryable }, what) => {
          assert.ok(
            Number.isFinite(retryAfterMs) && Number(retryAfterMs) > 0,
            `${what} has retryAfterMs ${retryAfterMs}`,
          );
          assert.equal(isRetryable, true, `${what} isRetryable`);
        }),
    ],
    [
      "errors-unreachable",
      "Where no connection comes about, a read is `retry`, and so is a write, or `ambiguous`.",
      async (context) => {
        const issue = await sampleIssue(context);
        const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
        const fetch = async () => {
          throw new TypeError("fetch failed", { cause: refused });
        };
        for (const operation of operationsOf(context)) {
          const classes: readonly FailureClass[] = operation.isWrite ? ["retry", "ambiguous"] : ["retry"];
          const attempt = () => operation.run(context, context.call({ fetch }), issue);
          await failureOf(context, `${operation.name}, without a connection,`, attempt, ...classes);
        }
      },
    ],
    [
      "errors-not-retried",
      "Waiting and trying again are core's: a request that fails is not repeated.",
      async (context) => {
        const issue = await sampleIssue(context);
        for (const fault of ["status-500", "rate-limit", "lost-before"] as const) {
          for (const operation of operationsOf(context).filter(({ isWrite }) => !isWrite)) {
            context.tracker.failNext(fault, "any");
            const mark = context.tracker.mark();
            const what = `${operation.name}, meeting "${fault}",`;
            await failureOf(context, what, () => operation.run(context, context.call(), issue));
            assert.equal(context.tracker.countRequests(mark), 1, `requests of ${what}`);
          }
        }
      },
    ],
    [
      "errors-no-secrets",
      "No secret shows in an error, in what caused it, or in a log line.",
      async (context) => {
        const secrets = secretsOf(context);
        const leaks = (error: ProviderError, what: string) => {
          assert.equal(leakIn(error, secrets), undefined, `the error of ${what} contains the credential`);
        };
        for (const fault of ["lost-before", "status-500", "unauthorized", "rate-limit"] as const) {
          await failEach(context, fault, () => [], leaks);
        }
        assert.equal(leakIn(context.logs.join("\n"), secrets), undefined, "a log line contains the credential");
      },
    ],
    [
      "errors-redirect",
      "A redirect takes no credential to another origin.",
      async (context) => {
        const issue = await sampleIssue(context);
        const secrets = secretsOf(context);
        for (const operation of operationsOf(context)) {
          for (const status of [301, 302, 307]) {
            let leak: string | null = null;
            const redirect = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
              const request = new Request(input, init);
              const { hostname, pathname } = new URL(request.url);
              if (hostname !== "elsewhere.example") {
                return new Response(null, { status, headers: { location: `https://elsewhere.example${pathname}` } });
              }
              const sent = [request.url, JSON.stringify([...request.headers]), await request.text()].join("\n");
              if (request.headers.has("authorization") || leakIn(sent, secrets) !== undefined) leak = request.url;
              return new Response("{}", { headers: { "content-type": "application/json" } });
            };
            await operation.run(context, context.call({ fetch: redirect }), issue).catch(() => {});
            assert.equal(leak, null, `${operation.name} followed a ${status} and took the credential along`);
          }
        }
      },
    ],
  ],
);
