import { Buffer } from "node:buffer";
import type { FetchFunction, ProviderCall, StatusCategory, WebhookDelivery } from "@backref/core/provider";
import {
  createSeededRandom,
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type TrackerFault,
  type VirtualTime,
  type WebhookDriver,
} from "@backref/testing";
import {
  createFakeAzureDevOps,
  type Deployment,
  type FakeAzureDevOps,
  type Fault,
  field,
} from "@backref/testing/azure-devops";
import { expect } from "vitest";
import { type AzureDevOpsAuth, type AzureDevOpsOptions, createAzureDevOpsProvider } from "../src/index.ts";
import { loadRichText, type RichText } from "../src/text.ts";
import { contractFolder } from "./support-contract.ts";

const container = "Web Shop";
const otherContainer = "Überblick 東京";
const secret = "hook-secret-of-azure";
const hookUrl = "https://host.example/hooks/1";

export interface AzureUnderTest extends ProviderUnderTest {
  readonly fake: FakeAzureDevOps;
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

const bodyField = "Microsoft.VSTS.TCM.ReproSteps";
const priorityField = field("Microsoft.VSTS.Common.Priority", "Priority", "integer", { allowedValues: [1, 2, 3, 4] });

/** Queries and reading many by POST change nothing. */
const readingPosts = /\/_apis\/wit\/(?:workitemsbatch|wiql)$/;

/** A call as core makes it. */
export function callOf(
  { fake, time }: Pick<AzureUnderTest, "fake" | "time">,
  changes: Partial<ProviderCall<AzureDevOpsAuth, AzureDevOpsOptions>> = {},
): ProviderCall<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    baseUrl: fake.url,
    auth: { type: "token", token: fake.token },
    options: { deployment: null, workItemType: "Bug", bodyField: null, setsSeverity: false },
    credentialId: "credential-1",
    fetch: fake.fetch,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(1),
    logger: { log: () => {} },
    signal: new AbortController().signal,
    ...changes,
  };
}

export async function createUnderTest(deployment: Deployment): Promise<AzureUnderTest> {
  const time = createVirtualTime();
  const arrived: WebhookDelivery[] = [];
  const fake = createFakeAzureDevOps({
    deployment,
    projects: [container, otherContainer],
    contractFolder,
    webhooks: "manual",
    now: time.now,
    delay: (ms) => time.scheduler.sleep(ms),
    deliver: async (request) => {
      arrived.push({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
      return new Response(null, { status: 202 });
    },
  });
  // The rules want new items to have no priority where none is given.
  for (const project of [container, otherContainer]) fake.setField(project, "Bug", priorityField);
  const consumerInputs = { url: hookUrl, basicAuthUsername: "backref", basicAuthPassword: secret };
  for (const event of ["created", "updated", "commented", "deleted"])
    fake.addWebhook({ eventType: `workitem.${event}`, consumerInputs });
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    const { method = "GET" } = init ?? {};
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const isWrite = method !== "GET" && !readingPosts.test(pathname);
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    if (met !== undefined) fake.faults.add({ ...faults[met.fault], match: {} });
    return fake.fetch(input, init);
  };
  const provider = createAzureDevOpsProvider();
  // What the states of a type mean is read once and kept for a while: what the rules count is what an operation costs.
  const { id } = fake.as("Ann").createIssue(container, { title: "Long gone" });
  const known = { remoteId: id, container, item: id, raw: null };
  await provider.read?.issues(callOf({ fake, time }), { issues: [known] });
  fake.as("Ann").destroyIssue(id);
  await fake.webhooks.flush();
  arrived.length = 0;
  return {
    provider,
    fake,
    time,
    arrived,
    richText: await loadRichText(),
    failNext: (fault, meets) => armed.push({ fault, meets }),
    baseUrl: fake.url,
    auth: { type: "token", token: fake.token },
    refusedAuth: { type: "token", token: "refused-token-of-azure" },
    fetch,
    container,
    otherContainer,
    unknownContainer: "Nowhere",
    baseUrlVariants:
      deployment === "services"
        ? ["https://dev.azure.com/acme/Web%20Shop/_workitems/edit/12", "https://acme.visualstudio.com/Web%20Shop"]
        : [
            "https://azure.example.com/tfs/DefaultCollection/Web%20Shop/_workitems/edit/12",
            "https://azure.example.com/tfs/DefaultCollection/_projects",
          ],
    keyVariants: [
      "12",
      "AB#12",
      "ab#12",
      `${fake.url}/_workitems/edit/12`,
      `${fake.url}/Web%20Shop/_boards/board/t/Web?workitem=12`,
    ],
    priorities: ["1", "4"],
    clock: time.clock,
    scheduler: time.scheduler,
    dispose: async () => expect(fake.violations).toEqual([]),
  };
}

const categories: Readonly<Record<string, StatusCategory>> = { New: "open", Closed: "closed" };

export function trackerOf(underTest: AzureUnderTest): ProviderTracker {
  const { fake, time, richText, failNext } = underTest;
  const ann = fake.as("Ann");
  const bot = fake.as("backref-bot");
  const made = fake.mark();
  const isServices = fake.deployment === "services";
  const format = isServices ? "markdown" : "html";
  const rich = (markdown: string) => richText.write(markdown, format, null);
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body, labels = [] }) =>
      String(ann.createIssue(container, { title, description: rich(body), format, tags: labels }).id),
    editIssue: async (item, { title, body }) =>
      void ann.editIssue(item, {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { description: rich(body), format }),
      }),
    closeIssue: async (item) => void ann.moveTo(item, "Closed"),
    async readIssue(item) {
      const issue = /^[1-9]\d*$/.test(item) ? fake.issue(item) : null;
      if (issue === null || issue.isDeleted) return null;
      return {
        item,
        title: issue.title,
        body: richText.read(issue.reproSteps ?? "", issue.markdown.includes(bodyField) ? "markdown" : "html"),
        state: categories[issue.state] ?? "active",
        labels: issue.tags,
        comments: issue.comments.map(({ id, body, format: written }) => ({ id, body: richText.read(body, written) })),
        priority: issue.priority === null ? null : String(issue.priority),
      };
    },
    listIssues: async () => fake.issues(container).map(({ id }) => String(id)),
    async deleteIssue(item) {
      ann.deleteIssue(item);
      return "deleted";
    },
    moveIssue: async (item) => void ann.moveIssue(item, otherContainer),
    setPriority: async (item, priority) =>
      void ann.editIssue(item, {
        fields: { "Microsoft.VSTS.Common.Priority": priority === null ? null : Number(priority) },
      }),
    addPerson: async (name) => {
      const uniqueName = fake.addUser(name);
      const url = `${fake.url}/_apis/identities?searchFilter=MailAddress&filterValue=${uniqueName}&api-version=7.0`;
      const headers = { authorization: `Basic ${Buffer.from(`:${fake.token}`).toString("base64")}` };
      const { value } = (await (await fake.fetch(url, { headers })).json()) as { value: [{ id: string }] };
      return value[0].id;
    },
    requireField: async () => {
      const settings = { alwaysRequired: true, allowedValues: ["Tester", "Customer"] };
      const required = field("Custom.FoundBy", "Found By", "string", settings);
      fake.setField(container, "Bug", required);
      return required.referenceName;
    },
    readFiles: async (item) =>
      (fake.issue(item)?.relations ?? []).flatMap(({ rel, url }) => {
        const id = /attachments\/([^?]+)/.exec(url)?.[1] ?? "";
        const file = rel === "AttachedFile" ? fake.attachment(id) : null;
        return file === null ? [] : [{ id, fileName: file.fileName, contentType: null, content: file.bytes }];
      }),
    // Nobody may change comments of others, so the account itself has written them elsewhere.
    comment: async (item, body) => bot.comment(item, rich(body), format).id,
    editComment: async (_item, commentId, body) => void bot.editComment(commentId, rich(body)),
    deleteComment: async (_item, commentId) => bot.deleteComment(commentId),
    mark: () => fake.mark() - made,
    countRequests: (mark) => fake.requestsSince(made + mark).length,
    failNext,
    webhooks: webhookDriver(underTest),
  };
}

function webhookDriver({ fake, arrived }: AzureUnderTest): WebhookDriver {
  return {
    secret,
    async capture(change) {
      await fake.webhooks.flush();
      const before = arrived.length;
      await change();
      await fake.webhooks.flush();
      return arrived.slice(before);
    },
    async redeliver({ body }) {
      const { id } = JSON.parse(new TextDecoder().decode(body)) as { readonly id: string };
      await fake.webhooks.redeliver(id);
      return arrived.at(-1) ?? expect.unreachable();
    },
    async unrelated() {
      fake.webhooks.tell("build.complete", { id: 7, status: "succeeded" });
      await fake.webhooks.flush();
      return arrived.at(-1) ?? expect.unreachable();
    },
  };
}
