import type { FetchFunction, WebhookDelivery } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  providerSuite,
  registerSuite,
  type TrackerFault,
  type VirtualTime,
  type WebhookDriver,
} from "@backref/testing";
import {
  createAppKeys,
  createFakeGitHub,
  type FakeGitHub,
  type Fault,
  type OrganizationOptions,
} from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { createGitHubProvider, type GitHubAuth } from "../src/index.ts";

const container = "acme/web";
const secret = "hook-secret-of-github";
const endpoint = "3f6c1d2e-endpoint";
const hookUrl = `https://host.example/hooks/${endpoint}`;

interface GitHubUnderTest extends ProviderUnderTest {
  readonly fake: FakeGitHub;
  readonly time: VirtualTime;
  readonly receiver: Receiver;
  readonly failNext: ProviderTracker["failNext"];
  readonly refuseLabels: () => Promise<void>;
}

/** Who takes deliveries, while it is up. */
interface Receiver {
  isUp: boolean;
  /** What it took, oldest first. */
  readonly arrived: WebhookDelivery[];
  /** What came while it was down, oldest first. */
  readonly missed: WebhookDelivery[];
  /** The hook is the app's own, and none of the repository's. */
  readonly isOfApp: boolean;
}

const faults: Readonly<Record<TrackerFault, Fault>> = {
  "lost-before": { kind: "lost-before" },
  "lost-after": { kind: "lost-after" },
  "status-500": { kind: "status-before", status: 500 },
  "rate-limit": { kind: "rate-limit-secondary", retryAfterSeconds: 30 },
  unauthorized: { kind: "status-before", status: 401 },
  forbidden: { kind: "label-refused" },
};

/** The version that the provider asks for, and the newest. */
const apiVersions = ["2022-11-28", "2026-03-10"] as const;

interface Variant {
  readonly name: string;
  readonly apiVersion: (typeof apiVersions)[number];
  readonly signIn: "token" | "app";
  readonly options?: { readonly priorityField: string };
}

const variants: readonly Variant[] = [
  ...apiVersions.map((apiVersion) => ({
    name: `a token, API version ${apiVersion}`,
    apiVersion,
    signIn: "token" as const,
  })),
  { name: "a GitHub App", apiVersion: apiVersions[0], signIn: "app" },
  {
    name: "an issue field for priorities",
    apiVersion: apiVersions[0],
    signIn: "token",
    options: { priorityField: "Priority" },
  },
];

/** What new issues of acme can carry. */
const organization: OrganizationOptions = {
  issueTypes: ["Bug", "Task"],
  issueFields: [
    { name: "Priority", options: ["High", "Low"] },
    { name: "Days", dataType: "number" },
    { name: "Due", dataType: "date" },
    { name: "Found by", dataType: "text" },
  ],
};

const [keys, otherKeys] = [createAppKeys(), createAppKeys()];

/** An app whose installation covers all of acme, and one whose key is another's. */
function installApp(fake: FakeGitHub) {
  const permissions = { issues: "write", metadata: "read", repository_hooks: "write" } as const;
  const app = fake.apps.create({ permissions, keys, webhook: { url: hookUrl, secret } });
  const installationId = String(fake.apps.install(app.id, { account: "acme" }));
  const auth = { type: "app", appId: String(app.id), installationId } as const;
  const { privateKey } = otherKeys;
  return {
    auth: { ...auth, privateKey: app.privateKey },
    refusedAuth: { ...auth, privateKey },
    async whileSuspended(send: () => Promise<Response>) {
      fake.apps.suspend(Number(installationId));
      const answer = await send();
      fake.apps.unsuspend(Number(installationId));
      return answer;
    },
  };
}

/** Has an app get its token, which it keeps for an hour: what the rules count is what an operation costs. */
async function signInBefore(
  provider: ReturnType<typeof createGitHubProvider>,
  { auth, fetch, time }: { readonly auth: GitHubAuth; readonly fetch: FetchFunction; readonly time: VirtualTime },
): Promise<void> {
  const { signal } = new AbortController();
  const { clock, scheduler } = time;
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const logger = { log: () => {} };
  const site = { baseUrl: "https://api.github.com", options: { webUrl: null }, credentialId: "credential-1" };
  await provider.connect?.probe({ ...site, auth, fetch, clock, scheduler, random, logger, signal }, { container });
  await time.advance(10_000);
}

async function create({ apiVersion, signIn, options }: Variant): Promise<GitHubUnderTest> {
  const time = createVirtualTime();
  const receiver: Receiver = { isUp: true, arrived: [], missed: [], isOfApp: signIn === "app" };
  const fake = createFakeGitHub({
    repositories: [container, "acme/api"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: async (request) => {
      const delivery = { headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) };
      (receiver.isUp ? receiver.arrived : receiver.missed).push(delivery);
      return new Response(null, { status: receiver.isUp ? 202 : 503 });
    },
  });
  fake.setOrganization("acme", organization);
  fake.addMilestone(container, "1.4");
  if (signIn === "token") fake.changeToken(fake.token, { access: "admin", scopes: ["repo", "read:org"] });
  // Pull requests stand among the issues in GitHub's lists, and so do their comments.
  const pull = fake.addPullRequest(container, { title: "A pull request", body: "Not an issue." });
  fake.as("ann").comment(container, pull.number, "Looks good.");

  const app = signIn === "app" ? installApp(fake) : null;
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    // GraphQL is only read with, and a token is no change of anything.
    const isWrite = method !== "GET" && !url.endsWith("/graphql") && !url.endsWith("/access_tokens");
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    const headers = new Headers(request.headers);
    headers.set("x-github-api-version", apiVersion);
    const send = () => fake.fetch(input, { ...init, headers });
    // A token that is refused is replaced. What is no longer accepted of an app is its installation.
    if (met?.fault === "unauthorized" && app !== null && !url.includes("/app/")) return app.whileSuspended(send);
    if (met !== undefined) fake.faults.add({ ...faults[met.fault], match: {} });
    return send();
  };
  const provider = createGitHubProvider();
  const token = { auth: { type: "token", token: fake.token }, refusedAuth: { type: "token", token: "ghp_0000000000" } };
  if (app !== null) await signInBefore(provider, { auth: app.auth, fetch, time });

  return {
    provider,
    fake,
    time,
    receiver,
    failNext: (fault, meets) => armed.push({ fault, meets }),
    async refuseLabels() {
      if (signIn === "token") return fake.changeToken(fake.token, { access: "read" });
      // No role keeps an app from labels. GitHub ignores them here all the same.
      const times = Number.POSITIVE_INFINITY;
      const operations = ["/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/{issue_number}/labels"];
      fake.faults.add({ kind: "label-refused", times });
      for (const operation of operations) {
        fake.faults.add({ kind: "drop-fields", fields: ["labels"], times, match: { method: "POST", operation } });
      }
    },
    baseUrl: "https://api.github.com",
    ...(app === null ? token : { auth: app.auth, refusedAuth: app.refusedAuth }),
    fetch,
    ...(options && { options }),
    container,
    otherContainer: "acme/api",
    unknownContainer: "acme/nowhere",
    baseUrlVariants: ["https://github.com", "https://www.github.com/acme/web", "https://api.github.com/graphql"],
    priorities: ["High", "Low"],
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

function tracker({ fake, time, receiver, failNext, refuseLabels, options }: GitHubUnderTest): ProviderTracker {
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
      const priority = options === undefined ? null : (issue.fields["Priority"] ?? null);
      return { item, title, body: body ?? "", state, labels, comments, priority: priority as string | null };
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
    refuseLabels,
    createLabel: async (label) => fake.addLabel(container, label),
    readLabels: async () => fake.labels(container),
    setPriority: async (item, priority) =>
      void ann.editIssue(container, Number(item), { fields: { Priority: priority } }),
    addPerson: async (name) => String(fake.addUser(name)),
    comment: async (item, body) => String(ann.comment(container, Number(item), body).id),
    editComment: async (_item, commentId, body) => void ann.editComment(container, Number(commentId), body),
    deleteComment: async (_item, commentId) => ann.deleteComment(container, Number(commentId)),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: webhookDriver(fake, receiver),
  };
}

function webhookDriver(fake: FakeGitHub, receiver: Receiver): WebhookDriver {
  const { arrived, missed, isOfApp } = receiver;
  return {
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
      return arrived.at(-1) ?? expect.unreachable();
    },
    async unrelated() {
      await listen(fake);
      return arrived[0] ?? expect.unreachable();
    },
    redelivery: {
      ...(isOfApp ? { container: null, endpoint: null } : { container, endpoint }),
      async miss(change) {
        await listen(fake);
        receiver.isUp = false;
        await change();
        await fake.webhooks.flush();
        receiver.isUp = true;
        return missed.splice(0);
      },
    },
  };
}

/** Makes the hook where there is none yet; GitHub greets it with a ping. An app has its own from the beginning. */
async function listen(fake: FakeGitHub): Promise<void> {
  await fake.webhooks.flush();
  if (fake.webhooks.deliveries.length > 0) return;
  const config = { url: hookUrl, content_type: "json", secret };
  const response = await fake.fetch(`https://api.github.com/repos/${container}/hooks`, {
    method: "POST",
    headers: { authorization: `Bearer ${fake.token}`, "user-agent": "conformance" },
    body: JSON.stringify({ name: "web", active: true, events: ["issues", "issue_comment"], config }),
  });
  expect(response.status).toBe(201);
  await fake.webhooks.flush();
}

const noField = "the provider declares no priority field";
const noSignIn = "the provider has no group `authorization`";
const signInRules = [
  "entered",
  "exchange",
  "exchange-once",
  "exchange-refused",
  "no-secrets",
  "refresh",
  "refresh-limited",
  "refresh-lost",
  "refresh-refused",
  "refresh-server",
  "url",
  "url-secrets",
  "url-state",
] as const;
const noFiles = "the provider has no group `attachments`";
const fileRules = [
  "broken-off",
  "empty",
  "listed",
  "missing-issue",
  "names",
  "never-repeats",
  "streamed",
  "uploaded",
] as const;
const noRequired = "the provider declares no `requiredFields`";
const noApp = "the credential under test belongs to no app, as `webhooks.appScopeOf` says";

/** What a variant lacks, as the provider declares for it. */
function lacksOf({ signIn, options }: Variant): Readonly<Record<string, string>> {
  const withoutField = {
    "provider/priority-read": noField,
    "provider/priority-changes": noField,
    "provider/priority-webhook": noField,
    "provider/priority-create": noField,
    "provider/priority-create-unknown": noField,
    "provider/priority-update": noField,
    "provider/priority-update-unknown": noField,
  };
  const partial = { "provider/priority-webhook": "the provider declares no full `webhookPayload`" };
  const withoutApp = {
    "provider/app-scope-sites": noApp,
    "provider/app-scope-delivery": noApp,
    "provider/app-scope-proof": noApp,
  };
  return { ...(options === undefined ? withoutField : partial), ...(signIn === "token" && withoutApp) };
}

describe.each(variants)("with $name", (variant) => {
  const skipped: Record<string, string> = {};

  registerSuite(providerSuite({ create: () => create(variant), tracker }), { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what GitHub does not have is skipped", () => {
    expect(skipped).toEqual({
      "provider/create-idempotent": "the provider declares no `idempotentCreate`",
      "provider/create-existed": "the provider declares no `idempotentCreate`",
      "provider/only-container": "the provider has no `onlyContainer`",
      "provider/create-probe": "the provider has no `create.probe`",
      "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
      ...Object.fromEntries(signInRules.map((rule) => [`provider/authorization-${rule}`, noSignIn])),
      ...Object.fromEntries(fileRules.map((rule) => [`provider/attachment-${rule}`, noFiles])),
      "provider/form-required-shown": noRequired,
      "provider/form-required-refused": noRequired,
      "provider/form-required-given": noRequired,
      ...lacksOf(variant),
    });
  });
});
