import type { FetchFunction, WebhookDelivery } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  providerSuite,
  registerSuite,
  type SignInDriver,
  type TrackerFault,
  type VirtualTime,
  type WebhookDriver,
} from "@backref/testing";
import type { Fault } from "@backref/testing/github";
import { createFakeLinear, type FakeLinear, type FakeLinearIssue } from "@backref/testing/linear";
import { describe, expect, test } from "vitest";
import { createLinearProvider, type LinearAuth } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

const container = "ENG";
const secret = "hook-secret-of-linear";
const hookUrl = "https://host.example/hooks/3f6c1d2e";

interface LinearUnderTest extends ProviderUnderTest {
  readonly fake: FakeLinear;
  readonly time: VirtualTime;
  readonly arrived: WebhookDelivery[];
  /** Its key or access token. */
  readonly credential: string;
  readonly failNext: ProviderTracker["failNext"];
}

const faults: Readonly<Record<Exclude<TrackerFault, "unauthorized">, Fault>> = {
  "lost-before": { kind: "lost-before" },
  "lost-after": { kind: "lost-after" },
  "status-500": { kind: "status-before", status: 500 },
  "rate-limit": { kind: "rate-limit-primary", resetSeconds: 30 },
  forbidden: { kind: "label-refused" },
};

/** What a team is made of is read once and kept for a while: what the rules count is what an operation costs. */
async function knowTeam(
  provider: ReturnType<typeof createLinearProvider>,
  { apiKey, fetch, time }: { readonly apiKey: string; readonly fetch: FetchFunction; readonly time: VirtualTime },
): Promise<void> {
  const { signal } = new AbortController();
  const { clock, scheduler } = time;
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const site = { baseUrl: "https://api.linear.app", options: { workspace: "acme" }, credentialId: "credential-1" };
  const auth = { type: "api-key", apiKey } as const;
  const call = { ...site, auth, fetch, clock, scheduler, random, logger: { log: () => {} }, signal };
  await provider.labels?.ensure(call, { container, labels: [] });
}

type AuthKind = "api-key" | "oauth";

async function create(kind: AuthKind): Promise<LinearUnderTest> {
  const time = createVirtualTime();
  const arrived: WebhookDelivery[] = [];
  const folder = contractFolder();
  const fake = createFakeLinear({
    teams: [container, "OPS"],
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    ...(folder !== undefined && { contractFolder: folder }),
    deliver: async (request) => {
      arrived.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 200 });
    },
  });
  fake.changeTeam(container, { estimation: "fibonacci", hasCycles: true });
  fake.addProject(container, "Checkout");
  fake.addCycle(container, { isPast: true });
  fake.addCycle(container);
  fake.addWebhook({ url: hookUrl, secret, team: container, resourceTypes: ["Issue", "Comment", "IssueLabel"] });
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const isWrite = /"query":"\s*mutation/.test(String(init?.body));
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    if (met?.fault === "unauthorized" && String(input).endsWith("/oauth/token")) {
      return Response.json({ error: "invalid_client" }, { status: 401 });
    }
    if (met?.fault === "unauthorized") {
      const headers = new Headers(init?.headers);
      headers.set("authorization", "lin_api_ended");
      return fake.fetch(input, { ...init, headers });
    }
    if (met !== undefined) fake.faults.add({ ...faults[met.fault], match: {} });
    return fake.fetch(input, init);
  };
  const isKey = kind === "api-key";
  const appToken = fake.createToken({ user: "Backref", kind: "token" });
  const provider = createLinearProvider({ oauth: fake.application });
  const { organizationId } = fake;
  const signedIn = (accessToken: string): LinearAuth => ({
    ...{ type: "oauth", accessToken, refreshToken: null, expiresAt: null, organizationId },
    actor: "app",
  });
  await knowTeam(provider, { apiKey: fake.apiKey, fetch: fake.fetch, time });
  return {
    provider,
    fake,
    time,
    arrived,
    credential: isKey ? fake.apiKey : appToken,
    failNext: (fault, meets) => armed.push({ fault, meets }),
    baseUrl: "https://api.linear.app",
    auth: isKey ? { type: "api-key", apiKey: fake.apiKey } : signedIn(appToken),
    refusedAuth: isKey ? { type: "api-key", apiKey: "lin_api_0000000000" } : signedIn("lin_oauth_0000000000"),
    options: { workspace: "acme" },
    fetch,
    container,
    otherContainer: "OPS",
    unknownContainer: "NOPE",
    createRequestCount: 1,
    baseUrlVariants: ["https://linear.app/acme", "https://api.linear.app/graphql"],
    priorities: ["High", "Low"],
    keyVariants: [
      "eng-12",
      "https://linear.app/acme/issue/ENG-12",
      "https://linear.app/acme/issue/eng-12/total-is-wrong#comment-1234",
    ],
    clock: time.clock,
    scheduler: time.scheduler,
    dispose: async () => expect(fake.violations).toEqual([]),
  };
}

const categories: Readonly<Record<string, "open" | "active" | "closed">> = {
  started: "active",
  completed: "closed",
  canceled: "closed",
  duplicate: "closed",
};
const priorityNames = [null, "Urgent", "High", "Medium", "Low"];

function tracker({ fake, credential, time, arrived, failNext }: LinearUnderTest): ProviderTracker {
  const ann = fake.as("ann");
  const made = fake.mark();
  const named = (item: string) => `${container}-${item}`;
  const itemOf = (identifier: string) => identifier.split("-")[1] ?? "";
  const existing = (item: string): FakeLinearIssue | null => {
    const issue = /^[1-9]\d*$/.test(item) ? fake.issue(named(item)) : null;
    return issue === null || issue.isTrashed ? null : issue;
  };
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body, labels = [] }) =>
      itemOf(ann.createIssue(container, { title, description: body, labels })),
    editIssue: async (item, { title, body }) =>
      ann.editIssue(named(item), {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { description: body }),
      }),
    closeIssue: async (item) => ann.setState(named(item), "completed"),
    async readIssue(item) {
      const issue = existing(item);
      if (issue === null) return null;
      const { title, description, state, labels, comments, priority } = issue;
      return {
        item,
        title,
        body: description ?? "",
        state: categories[state.type] ?? "open",
        labels,
        comments,
        priority: priorityNames[priority] ?? null,
      };
    },
    listIssues: async () => fake.issues(container).map(({ number }) => String(number)),
    async deleteIssue(item) {
      ann.deleteIssue(named(item));
      return "deleted";
    },
    moveIssue: async (item) => ann.moveIssue(named(item), "OPS"),
    addLabel: async (item, label) => ann.addLabel(named(item), label),
    removeLabel: async (item, label) => ann.removeLabel(named(item), label),
    refuseLabels: async () => fake.changeToken(credential, { canLabel: false }),
    createLabel: async (label) => fake.addLabel(container, label),
    readLabels: async () => fake.labels(container),
    setPriority: async (item, priority) => ann.editIssue(named(item), { priority: priorityNames.indexOf(priority) }),
    addPerson: async (name) => fake.addUser(name),
    readFiles: async (item) => fake.files(named(item)),
    comment: async (item, body) => ann.comment(named(item), body),
    editComment: async (_item, commentId, body) => ann.editComment(commentId, body),
    deleteComment: async (_item, commentId) => ann.deleteComment(commentId),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: webhookDriver(fake, arrived),
    signIn: signInDriver(fake),
  };
}

function signInDriver(fake: FakeLinear): SignInDriver {
  return {
    redirectUrl: "https://host.example/callback",
    applicationSecrets: [fake.application.clientSecret],
    agree: async (url) => fake.signIn.agree(url),
    revoke: async () => fake.signIn.revoke(),
  };
}

function webhookDriver(fake: FakeLinear, arrived: readonly WebhookDelivery[]): WebhookDriver {
  return {
    secret,
    async capture(change) {
      await fake.webhooks.flush();
      const before = arrived.length;
      await change();
      await fake.webhooks.flush();
      return arrived.slice(before);
    },
    async redeliver({ headers }) {
      await fake.webhooks.redeliver(headers.get("linear-delivery") ?? "");
      return arrived.at(-1) ?? expect.unreachable();
    },
    async unrelated() {
      fake.webhooks.tell("IssueLabel", "create", { id: "label-1", name: "Bug" });
      await fake.webhooks.flush();
      return arrived.at(-1) ?? expect.unreachable();
    },
  };
}

const withoutApp = "the credential under test belongs to no app, as `webhooks.appScopeOf` says";
const absent = {
  "provider/capabilities-for": "the provider has no `capabilitiesFor`",
  "provider/capabilities-for-poll-scope": "the provider has no `capabilitiesFor`",
  "provider/create-probe": "the provider has no `create.probe`",
  "provider/find-created-all": "the same token never makes two issues",
  "provider/find-created-copies": 'people do not copy the marker place "client-id"',
  "provider/form-required-given": "the provider declares no `requiredFields`",
  "provider/form-required-refused": "the provider declares no `requiredFields`",
  "provider/form-required-shown": "the provider declares no `requiredFields`",
  "provider/only-container": "the provider has no `onlyContainer`",
  "provider/redeliver-elsewhere": "the provider has no `webhooks.redeliver`",
  "provider/redeliver-missed": "the provider has no `webhooks.redeliver`",
  "provider/redeliver-since": "the provider has no `webhooks.redeliver`",
  "provider/redeliver-taken": "the provider has no `webhooks.redeliver`",
  "provider/update-compare-and-set": "the provider declares no `compareAndSet`",
  "provider/update-state-active": "the provider tells `active` apart",
};
const absentWithKey = {
  "provider/app-scope-delivery": withoutApp,
  "provider/app-scope-proof": withoutApp,
  "provider/app-scope-sites": withoutApp,
};

describe.each<AuthKind>(["api-key", "oauth"])("with %s", (kind) => {
  const skipped: Record<string, string> = {};

  registerSuite(providerSuite({ create: () => create(kind), tracker }), { describe, test }, (ruleId, reason) => {
    skipped[ruleId] = reason;
  });

  test("only what Linear does not have is skipped", () => {
    expect(skipped).toEqual(kind === "api-key" ? { ...absent, ...absentWithKey } : absent);
  });
});
