import { type JsonValue, ProviderError } from "@backref/core/provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GitHubCall } from "../src/client.ts";
import { setUp } from "./support.ts";

const numRuns = Number(process.env["BACKREF_FUZZ_RUNS"] ?? 10_000);
/** Of a busy machine; elsewhere it takes some ten seconds. */
const longestMs = 300_000;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly link: string | null;
}

const { fake, provider, callWith } = setUp();
const { nodeId, number } = fake.as("lena").createIssue("acme/web", { title: "Checkout is slow", labels: ["bug"] });
fake.as("lena").comment("acme/web", number, "It is");
const issue = { remoteId: nodeId, container: "acme/web", item: String(number), raw: null };

const operations: { readonly [name: string]: (call: GitHubCall) => Promise<unknown> } = {
  read: (call) => group("read").issues(call, { issues: [issue, { ...issue, remoteId: null }] }),
  comments: (call) => group("comments").list(call, { issue }),
  comment: (call) => group("comments").create(call, { issue, body: "Yes", token: "br-1" }),
  changes: (call) =>
    group("changes").list(call, { container: "acme/web", cursor: null, startAt: 0, withComments: true }),
  test: (call) => group("connect").test(call, { containers: ["acme/web"] }),
  containers: (call) => group("containers").list(call, { text: "", limit: 50 }),
  people: (call) => group("people").search(call, { container: "acme/web", text: "a", limit: 50 }),
  create: (call) =>
    group("create").create(call, {
      container: "acme/web",
      title: "Total is wrong",
      body: "It is",
      token: "br-1",
      labels: ["bug"],
      priority: null,
      type: null,
      assigneeIds: [],
      fields: {},
    }),
};

function group<Name extends "read" | "comments" | "changes" | "connect" | "containers" | "people" | "create">(
  name: Name,
): NonNullable<(typeof provider)[Name]> {
  const found = provider[name];
  if (found === undefined) throw new TypeError(`GitHub has no group ${name}.`);
  return found;
}

/** What GitHub really answers to each operation. */
const real: { readonly [name: string]: readonly Answer[] } = Object.fromEntries(
  await Promise.all(
    Object.entries(operations).map(async ([name, run]) => {
      const answers: Answer[] = [];
      const fetch: GitHubCall["fetch"] = async (input, init) => {
        const response = await fake.fetch(input, init);
        const body = await response.clone().text();
        answers.push({ status: response.status, contentType: "application/json; charset=utf-8", body, link: null });
        return response;
      };
      await run(callWith({ fetch }));
      return [name, answers] as const;
    }),
  ),
);

/** One place of the value replaced by another value, or taken out. */
function mutate(value: JsonValue, seed: number, replacement: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "object" || value === null || seed % 5 === 0) return replacement;
  const keys = Object.keys(value);
  const key = keys[seed % Math.max(1, keys.length)];
  if (key === undefined) return replacement;
  const entries = Object.entries(value).flatMap(([name, child]): [string, JsonValue][] => {
    const made = name === key ? mutate(child, Math.floor(seed / 5) + 1, replacement) : child;
    return made === undefined ? [] : [[name, made]];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

const odd = fc.constantFrom<JsonValue | undefined>(
  undefined,
  null,
  "",
  -1,
  1e308,
  true,
  [],
  {},
  "https://evil.example.com/",
  "2026-13-45T99:99:99Z",
  "\u0000\ud800",
  [null],
  { __typename: "Issue" },
);
const replacement = fc.oneof(odd, fc.jsonValue() as fc.Arbitrary<JsonValue>);
const link = fc.constantFrom(
  null,
  null,
  '<https://evil.example.com/next>; rel="next"',
  '<//evil.example.com/>; rel="next"',
  '<http://api.github.com:1/x>; rel="next"',
  '<::>; rel="next"',
  "<<<;;;rel=next",
);
const contentType = fc.constantFrom(
  "application/json",
  "application/json",
  "application/json",
  "application/vnd.github+json",
  "text/html",
  "text/plain",
  "application/jsonp",
  "",
);
const status = fc
  .constantFrom(200, 200, 200, 200, 201, 202, 204, 206, 300, 302, 304, 307, 400, 401, 403, 404, 410, 422)
  .chain((usual) =>
    fc.oneof(
      { weight: 9, arbitrary: fc.constant(usual) },
      { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
    ),
  );

const generated = fc.record({
  name: fc.constantFrom(...Object.keys(operations)),
  seed: fc.nat(),
  /** Which of the answers is another one. */
  at: fc.nat(3),
  kind: fc.constantFrom("mutated", "mutated", "mutated", "random", "torn", "text"),
  value: replacement,
  text: fc.string({ unit: "binary" }),
  status,
  contentType,
  link,
});

/** What was found once, and is right since: a comment that is null. */
const found: readonly [typeof generated extends fc.Arbitrary<infer Case> ? Case : never][] = [
  [
    {
      name: "changes",
      seed: 1_762_934_996,
      at: 3,
      kind: "mutated",
      value: null,
      text: "",
      status: 200,
      contentType: "application/json",
      link: null,
    },
  ],
];

test("whatever GitHub answers: a result or a ProviderError, and no request to another host", {
  timeout: longestMs,
}, async () => {
  const outcomes = { results: 0, failures: 0 };
  await fc.assert(
    fc.asyncProperty(generated, async ({ name, seed, at, kind, value, text, ...head }) => {
      const answers = real[name] ?? [];
      const hosts = new Set<string>();
      let count = 0;
      const fetch: GitHubCall["fetch"] = async (input) => {
        hosts.add(new URL(input instanceof Request ? input.url : String(input)).host);
        const usual = answers[Math.min(count, answers.length - 1)];
        const isTurned = count === at % Math.max(1, answers.length);
        count += 1;
        if (usual === undefined || count > 200) return new Response(null, { status: 500 });
        if (!isTurned) return answerOf(usual);
        const mutated = mutate(JSON.parse(usual.body) as JsonValue, seed, value);
        const bodies = {
          mutated: JSON.stringify(mutated) ?? "",
          random: JSON.stringify(value) ?? "",
          torn: usual.body.slice(0, seed % (usual.body.length + 1)),
          text,
        };
        // An answer of the right kind that says something else finds more than one of another kind.
        const isPlain = kind === "mutated" && seed % 2 === 0;
        return answerOf({ ...(isPlain ? usual : head), link: head.link, body: bodies[kind as keyof typeof bodies] });
      };
      try {
        await operations[name]?.(callWith({ fetch }));
        outcomes.results += 1;
      } catch (error) {
        if (!ProviderError.isInstance(error)) throw error;
        expect(error.providerId).toBe("github");
        outcomes.failures += 1;
      }
      expect([...hosts].filter((host) => host !== "api.github.com")).toEqual([]);
    }),
    { numRuns, examples: [...found] },
  );
  expect(Math.min(outcomes.results, outcomes.failures)).toBeGreaterThan(numRuns / 20);
});

function answerOf(answer: Answer): Response {
  const isEmpty = [204, 205, 304].includes(answer.status);
  return new Response(isEmpty ? null : answer.body, {
    status: answer.status,
    headers: {
      "content-type": answer.contentType,
      ...(answer.link === null ? {} : { link: answer.link }),
      ...(answer.status >= 300 && answer.status < 400 ? { location: "https://evil.example.com/" } : {}),
    },
  });
}
