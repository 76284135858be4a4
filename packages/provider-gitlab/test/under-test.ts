import type { FetchFunction, WebhookDelivery } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type SignInDriver,
  type TrackerFault,
  type VirtualTime,
  type WebhookDriver,
} from "@backref/testing";
import { createFakeGitLab, type FakeGitLab, type Fault } from "@backref/testing/gitlab";
import { expect } from "vitest";
import { createGitLabProvider } from "../src/index.ts";
import { contractFolder } from "./support-contract.ts";

const container = "acme/shop/web";
const secret = Buffer.alloc(32, 5).toString("base64url");
const signingToken = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const redirectUrl = "https://host.example/callback";

export interface GitLabUnderTest extends ProviderUnderTest {
  readonly fake: FakeGitLab;
  readonly time: VirtualTime;
  readonly arrived: WebhookDelivery[];
  readonly failNext: ProviderTracker["failNext"];
}

const faults: Readonly<Record<TrackerFault, Fault>> = {
  "lost-before": { kind: "lost-before" },
  "lost-after": { kind: "lost-after" },
  "status-500": { kind: "status-before", status: 500 },
  "rate-limit": { kind: "rate-limit-primary", resetSeconds: 30 },
  unauthorized: { kind: "status-before", status: 401 },
  forbidden: { kind: "label-refused" },
};

/** @param siteUrl gitlab.com, or a self-managed site with a relative root */
export function createUnderTest(siteUrl = "https://gitlab.com"): GitLabUnderTest {
  const time = createVirtualTime();
  const arrived: WebhookDelivery[] = [];
  const folder = contractFolder();
  const fake = createFakeGitLab({
    siteUrl,
    projects: [container, "acme/shop/api"],
    ...(folder !== undefined && { contractFolder: folder }),
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: async (request) => {
      arrived.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 202 });
    },
  });
  fake.addWebhook(container, { url: "https://host.example/hooks/1", token: secret, signingTokens: [signingToken] });
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const isWrite = (init?.method ?? "GET") !== "GET";
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    if (met !== undefined) fake.faults.add({ ...faults[met.fault], match: {} });
    return fake.fetch(input, init);
  };
  return {
    provider: createGitLabProvider({ oauth: fake.application }),
    fake,
    time,
    arrived,
    failNext: (fault, meets) => armed.push({ fault, meets }),
    baseUrl: fake.siteUrl,
    auth: { type: "token", token: fake.token },
    refusedAuth: { type: "token", token: "glpat-refused" },
    fetch,
    container,
    otherContainer: "acme/shop/api",
    unknownContainer: "acme/nowhere",
    baseUrlVariants: [
      `${siteUrl}/api/v4`,
      `${siteUrl}/users/sign_in`,
      `${siteUrl}/-/user_settings/personal_access_tokens`,
    ],
    keyVariants: [
      "Acme/Shop/web#12",
      `${siteUrl}/${container}/-/issues/12#note_3`,
      `${siteUrl}/${container}/-/work_items/12`,
      `${siteUrl}/${container}/issues/12`,
      `${siteUrl}/api/v4/projects/acme%2Fshop%2Fweb/issues/12`,
    ],
    clock: time.clock,
    scheduler: time.scheduler,
    dispose: async () => expect(fake.violations).toEqual([]),
  };
}

export function trackerOf(underTest: GitLabUnderTest): ProviderTracker {
  const { fake, time, failNext } = underTest;
  const ann = fake.as("ann");
  const made = fake.mark();
  const keyOf = (item: string) => `${container}#${item}`;
  const labelsOf = (item: string) => fake.issue(keyOf(item))?.labels ?? [];
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body, labels = [] }) =>
      String(ann.createIssue(container, { title, description: body, labels }).iid),
    editIssue: async (item, { title, body }) =>
      void ann.editIssue(keyOf(item), {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { description: body }),
      }),
    closeIssue: async (item) => void ann.editIssue(keyOf(item), { state: "closed" }),
    async readIssue(item) {
      const issue = /^[1-9]\d*$/.test(item) ? fake.issue(keyOf(item)) : null;
      if (issue === null) return null;
      const { title, description, state, labels, notes } = issue;
      const comments = notes.map(({ id, body }) => ({ id: String(id), body }));
      return { item, title, body: description, state: state === "closed" ? "closed" : "open", labels, comments };
    },
    listIssues: async () => fake.issues(container).map(({ iid }) => String(iid)),
    async deleteIssue(item) {
      ann.deleteIssue(keyOf(item));
      return "no-access";
    },
    moveIssue: async (item) => void ann.moveIssue(keyOf(item), "acme/shop/api"),
    addLabel: async (item, label) => void ann.editIssue(keyOf(item), { labels: [...labelsOf(item), label] }),
    removeLabel: async (item, label) =>
      void ann.editIssue(keyOf(item), { labels: labelsOf(item).filter((other) => other !== label) }),
    refuseLabels: async () => fake.changeToken(fake.token, { accessLevel: 10 }),
    createLabel: async ({ name, color }) => fake.addLabel(container, { name, color: `#${color}` }),
    readLabels: async () => fake.labels(container).map(({ name, color }) => ({ name, color: color.slice(1) })),
    addPerson: async (name) => String(fake.addUser(name)),
    comment: async (item, body) => String(ann.note(keyOf(item), body).id),
    editComment: async (_item, commentId, body) => void ann.editNote(Number(commentId), body),
    deleteComment: async (_item, commentId) => ann.deleteNote(Number(commentId)),
    readFiles: async (item) => fake.files(keyOf(item)).map((file) => ({ ...file, id: String(file.id) })),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: webhookDriver(underTest),
    signIn: signInDriver(fake),
  };
}

function webhookDriver({ fake, arrived }: GitLabUnderTest): WebhookDriver {
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
      await fake.webhooks.redeliver(headers.get("idempotency-key") ?? "");
      return arrived.at(-1) ?? expect.unreachable();
    },
    async unrelated() {
      fake.push(container);
      await fake.webhooks.flush();
      return arrived.at(-1) ?? expect.unreachable();
    },
  };
}

function signInDriver(fake: FakeGitLab): SignInDriver {
  return {
    redirectUrl,
    applicationSecrets: [fake.application.clientSecret],
    agree: async (url) => fake.signIn.agree(url),
    revoke: async () => fake.signIn.revoke(),
  };
}
