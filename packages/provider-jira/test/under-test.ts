import type { FetchFunction, StatusCategory, WebhookDelivery } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type SignInDriver,
  type TrackerFault,
  type VirtualTime,
  type WebhookDriver,
} from "@backref/testing";
import { createFakeJira, type Deployment, type FakeJira, type Fault } from "@backref/testing/jira";
import { expect } from "vitest";
import { createJiraProvider } from "../src/index.ts";
import { loadRichText, type RichText } from "../src/text.ts";
import { customFields } from "./custom-fields.ts";
import { contractFolder } from "./support-contract.ts";

const container = "WEB";
const secret = "hook-secret-of-jira";
const redirectUrl = "https://host.example/callback";

export interface JiraUnderTest extends ProviderUnderTest {
  readonly fake: FakeJira;
  readonly time: VirtualTime;
  readonly richText: RichText;
  readonly arrived: WebhookDelivery[];
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

/** Searches and reading by POST change nothing. */
const readingPosts = /\/(?:bulkfetch|search(?:\/jql)?|comment\/list)$/;

export async function createUnderTest(deployment: Deployment): Promise<JiraUnderTest> {
  const time = createVirtualTime();
  const arrived: WebhookDelivery[] = [];
  const fake = createFakeJira({
    deployment,
    projects: [
      { key: container, defaultPriority: null, components: ["Shop", "Backend"], fields: customFields },
      { key: "API", name: "Interfaces" },
    ],
    contractFolder,
    indexLagMs: 800,
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: async (request) => {
      arrived.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 202 });
    },
  });
  fake.addWebhook({ url: "https://host.example/hooks/1", secret });
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const { method, url } = new Request(input, init);
    const isWrite = method !== "GET" && !readingPosts.test(new URL(url).pathname);
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    if (met !== undefined) fake.faults.add({ ...faults[met.fault], match: {} });
    return fake.fetch(input, init);
  };
  const isCloud = deployment === "cloud";
  return {
    provider: createJiraProvider(isCloud ? { oauth: fake.application } : {}),
    fake,
    time,
    arrived,
    richText: await loadRichText(deployment),
    failNext: (fault, meets) => armed.push({ fault, meets }),
    baseUrl: fake.siteUrl,
    auth: isCloud
      ? { type: "api-token", email: fake.email, token: fake.token }
      : { type: "personal-token", token: fake.token },
    refusedAuth: isCloud
      ? { type: "api-token", email: fake.email, token: "ATATT-refused" }
      : { type: "personal-token", token: "refused" },
    fetch,
    container,
    otherContainer: "API",
    unknownContainer: "NOWHERE",
    baseUrlVariants: isCloud
      ? ["https://acme.atlassian.net/browse/WEB-1", "https://acme.atlassian.net/jira/software/projects/WEB/boards/1"]
      : ["https://jira.example.com/jira/browse/WEB-1", "https://jira.example.com/jira/secure/Dashboard.jspa"],
    keyVariants: ["web-12", `${fake.siteUrl}/browse/web-12`, `${fake.siteUrl}/projects/WEB/issues/WEB-12`],
    priorities: ["1", "4"],
    createRequestCount: 2,
    clock: time.clock,
    scheduler: time.scheduler,
    dispose: async () => expect(fake.violations).toEqual([]),
  };
}

const categories: Readonly<Record<string, StatusCategory>> = { new: "open", indeterminate: "active", done: "closed" };

export function trackerOf(underTest: JiraUnderTest): ProviderTracker {
  const { fake, time, richText, failNext } = underTest;
  const ann = fake.as("ann");
  const made = fake.mark();
  const keyOf = (item: string) => `${container}-${item}`;
  const rich = (markdown: string) => (markdown === "" ? null : richText.write(markdown, null).value);
  const numberOf = (key: string) => key.split("-")[1] ?? "";
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body, labels = [] }) =>
      numberOf(ann.createIssue(container, { summary: title, description: rich(body), labels }).key),
    editIssue: async (item, { title, body }) =>
      void ann.editIssue(keyOf(item), {
        ...(title !== undefined && { summary: title }),
        ...(body !== undefined && { description: rich(body) }),
      }),
    closeIssue: async (item) => void ann.moveTo(keyOf(item), "Done"),
    async readIssue(item) {
      const issue = /^[1-9]\d*$/.test(item) ? fake.issue(keyOf(item)) : null;
      if (issue === null || issue.key !== keyOf(item)) return null;
      const comments = issue.comments.map(({ id, body }) => ({ id, body: richText.read(body, undefined) }));
      const property = issue.properties["backref"] as { body?: null } | undefined;
      return {
        item,
        title: issue.summary,
        body: richText.read(issue.description, property?.body),
        state: categories[issue.category] ?? "open",
        labels: issue.labels,
        comments,
        priority: issue.priority,
      };
    },
    listIssues: async () => fake.issues(container).map(({ key }) => numberOf(key)),
    async deleteIssue(item) {
      ann.deleteIssue(keyOf(item));
      return "no-access";
    },
    moveIssue: async (item) => void ann.moveIssue(keyOf(item), "API"),
    addLabel: async (item, label) => {
      const labels = fake.issue(keyOf(item))?.labels ?? [];
      ann.editIssue(keyOf(item), { labels: [...labels, label] });
    },
    removeLabel: async (item, label) => {
      const labels = fake.issue(keyOf(item))?.labels ?? [];
      ann.editIssue(keyOf(item), { labels: labels.filter((other) => other !== label) });
    },
    setPriority: async (item, priority) => void ann.editIssue(keyOf(item), { priority }),
    addPerson: async (name) => fake.addUser(name),
    readFiles: async (item) => fake.files(keyOf(item)),
    async requireField() {
      const required = { id: "customfield_10900", name: "Customer", required: true, defaultValue: null };
      const options = [{ id: "10901", name: "ACME" }];
      fake.setField(container, { ...required, kind: "option", options });
      return required.id;
    },
    comment: async (item, body) => ann.comment(keyOf(item), rich(body)).id,
    editComment: async (_item, commentId, body) => void ann.editComment(commentId, rich(body)),
    deleteComment: async (_item, commentId) => ann.deleteComment(commentId),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: webhookDriver(underTest),
    ...(fake.deployment === "cloud" && { signIn: signInDriver(fake) }),
  };
}

function webhookDriver({ fake, arrived }: JiraUnderTest): WebhookDriver {
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
      await fake.webhooks.redeliver(headers.get("x-atlassian-webhook-identifier") ?? "");
      return arrived.at(-1) ?? expect.unreachable();
    },
    async unrelated() {
      fake.webhooks.tell("user_created", { user: { displayName: "Zoe" } });
      await fake.webhooks.flush();
      return arrived.at(-1) ?? expect.unreachable();
    },
  };
}

function signInDriver(fake: FakeJira): SignInDriver {
  return {
    redirectUrl,
    applicationSecrets: [fake.application.clientSecret],
    agree: async (url) => fake.signIn.agree(url),
    revoke: async () => fake.signIn.revoke(),
  };
}
