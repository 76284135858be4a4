import type { FetchFunction, WebhookDelivery } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  providerSuite,
  registerSuite,
  type TrackerFault,
  type VirtualTime,
} from "@backref/testing";
import { createFakeGitHub, type FakeGitHub, type Fault } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";

const container = "acme/web";
const secret = "hook-secret-of-github";

interface GitHubUnderTest extends ProviderUnderTest {
  readonly fake: FakeGitHub;
  readonly time: VirtualTime;
  /** What reached the hook, oldest first. */
  readonly arrived: readonly WebhookDelivery[];
  readonly failNext: ProviderTracker["failNext"];
}

const faults: Readonly<Record<TrackerFault, Fault>> = {
  "lost-before": { kind: "lost-before" },
  "lost-after": { kind: "lost-after" },
  "status-500": { kind: "status-before", status: 500 },
  "rate-limit": { kind: "rate-limit-secondary", retryAfterSeconds: 30 },
  unauthorized: { kind: "status-before", status: 401 },
  forbidden: { kind: "label-refused" },
};

async function create(): Promise<GitHubUnderTest> {
  const time = createVirtualTime();
  const arrived: WebhookDelivery[] = [];
  const fake = createFakeGitHub({
    repositories: [container, "acme/api"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: async (request) => {
      arrived.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 202 });
    },
  });
  // Pull requests stand among the issues in GitHub's lists, and so do their comments.
  const pull = fake.addPullRequest(container, { title: "A pull request", body: "Not an issue." });
  fake.as("ann").comment(container, pull.number, "Looks good.");

  const armed: { readonly fault: Fault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const { method, url } = new Request(input, init);
    // GraphQL is only read with.
    const isWrite = method !== "GET" && !url.endsWith("/graphql");
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    if (met !== undefined) fake.faults.add({ ...met.fault, match: {} });
    return fake.fetch(input, init);
  };

  return {
    provider: createGitHubProvider(),
    fake,
    time,
    arrived,
    failNext: (fault, meets) => armed.push({ fault: faults[fault], meets }),
    baseUrl: "https://api.github.com",
    auth: { type: "token", token: fake.token },
    refusedAuth: { type: "token", token: "ghp_000000000000000000000000000000000000" },
    fetch,
    container,
    otherContainer: "acme/api",
    unknownContainer: "acme/nowhere",
    keyVariants: [
      "ACME/Web#12",
      "acme/web#12",
      "https://www.github.com/Acme/web/issues/12",
      "https://github.com/acme/web/pull/12/files",
    ],
    clock: time.clock,
    scheduler: time.scheduler,
    dispose: async () => expect(fake.violations).toEqual([]),
  };
}

function tracker({ fake, time, arrived, failNext }: GitHubUnderTest): ProviderTracker {
  const ann = fake.as("ann");
  const made = fake.mark();
  const existing = (item: string) => {
    const issue = /^[1-9]\d*$/.test(item) ? fake.issue(container, Number(item)) : null;
    return issue === null || issue.pullRequest ? null : issue;
  };
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async (draft) => String(ann.createIssue(container, draft).number),
    editIssue: async (item, edit) => void ann.editIssue(container, Number(item), edit),
    closeIssue: async (item) => void ann.closeIssue(container, Number(item)),
    async readIssue(item) {
      const issue = existing(item);
      if (issue === null) return null;
      const { title, body, state, labels } = issue;
      const comments = issue.comments.map((comment) => ({ id: String(comment.id), body: comment.body }));
      return { item, title, body: body ?? "", state, labels, comments };
    },
    async listIssues() {
      const issues = fake.issues(container).filter(({ pullRequest }) => !pullRequest);
      return issues.map(({ number }) => String(number));
    },
    async deleteIssue(item) {
      ann.deleteIssue(container, Number(item));
      return "deleted";
    },
    moveIssue: async (item) => void fake.transferIssue(container, Number(item), "acme/api"),
    addLabel: async (item, label) => void ann.addLabel(container, Number(item), label),
    removeLabel: async (item, label) => void ann.removeLabel(container, Number(item), label),
    refuseLabels: async () => fake.changeToken(fake.token, { access: "read" }),
    createLabel: async (label) => fake.addLabel(container, label),
    readLabels: async () => fake.labels(container),
    comment: async (item, body) => String(ann.comment(container, Number(item), body).id),
    editComment: async (_item, commentId, body) => void ann.editComment(container, Number(commentId), body),
    deleteComment: async (_item, commentId) => ann.deleteComment(container, Number(commentId)),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: {
      secret,
      async capture(change) {
        await listen(fake);
        const before = arrived.length;
        await change();
        await fake.webhooks.flush();
        return arrived.slice(before);
      },
      async redeliver({ headers }) {
        await fake.webhooks.redeliver(headers.get("x-github-delivery") ?? "");
        return last(arrived);
      },
      async unrelated() {
        await listen(fake);
        return last(arrived);
      },
    },
  };
}

/** Makes the hook where there is none yet; GitHub greets it with a ping. */
async function listen(fake: FakeGitHub): Promise<void> {
  if (fake.webhooks.deliveries.length > 0) return;
  const config = { url: "https://host.example/hooks/github", content_type: "json", secret };
  const response = await fake.fetch(`https://api.github.com/repos/${container}/hooks`, {
    method: "POST",
    headers: { authorization: `Bearer ${fake.token}`, "user-agent": "conformance" },
    body: JSON.stringify({ name: "web", active: true, events: ["issues", "issue_comment"], config }),
  });
  expect(response.status).toBe(201);
  await fake.webhooks.flush();
}

function last(arrived: readonly WebhookDelivery[]): WebhookDelivery {
  return arrived.at(-1) ?? expect.unreachable();
}

const skipped: Record<string, string> = {};

registerSuite(providerSuite({ create, tracker }), { describe, test }, (ruleId, reason) => {
  skipped[ruleId] = reason;
});

test("only what GitHub does not have is skipped", () => {
  expect(skipped).toEqual({
    "provider/create-idempotent": "the provider declares no `idempotentCreate`",
    "provider/create-probe": "the provider has no `create.probe`",
    "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
  });
});
