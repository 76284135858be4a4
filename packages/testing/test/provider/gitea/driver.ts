import type { Provider } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type VirtualTime,
} from "../../../src/index.ts";
import { createFakeGitea, type FakeGitea } from "./fake.ts";
import { endpoint } from "./fake-hook.ts";
import { baseUrl, repository } from "./fake-views.ts";
import { type GiteaComment, type GiteaIssue, priorities } from "./fake-world.ts";

export interface GiteaUnderTest extends ProviderUnderTest {
  readonly fake: FakeGitea;
  readonly time: VirtualTime;
}

/** A source with a token and labels for priorities, or one with an app's credential and a field for them. */
export type GiteaKind = "token" | "app";

export function createGiteaUnderTest(provider: Provider, kind: GiteaKind = "token"): GiteaUnderTest {
  const time = createVirtualTime();
  const fake = createFakeGitea(time, { installation: kind === "app" ? 7 : null });
  const credential = kind === "app" ? { type: "app", installation: "7" } : { type: "token" };
  return {
    provider,
    fake,
    time,
    baseUrl,
    baseUrlVariants: [`${baseUrl}/api/v1`, `${baseUrl}/api/swagger`, `${baseUrl}/explore/repos`],
    auth: { ...credential, token: fake.token },
    refusedAuth: { ...credential, token: "0000000000000000000000000000000000000000" },
    options: { hasPriorities: kind === "app" },
    priorities,
    fetch: fake.fetch,
    container: repository,
    unknownContainer: "acme/nowhere",
    keyVariants: ["Acme/WEB#12", `${baseUrl}/ACME/web/issues/12`],
    clock: time.clock,
    scheduler: time.scheduler,
  };
}

/** What the suite does and sees at the fake Gitea, past the provider. */
export function createGiteaDriver({ fake, time }: GiteaUnderTest): ProviderTracker {
  const { world } = fake;
  const issueOf = (item: string): GiteaIssue => world.issues.get(Number(item)) ?? missing(`issue ${item}`);
  const commentOf = (id: string): GiteaComment => world.comments.get(Number(id)) ?? missing(`comment ${id}`);
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    async createIssue({ title, body, labels = [] }) {
      const draft = { title, body, labels: labels.map((name) => world.ensureLabel(name)) };
      return String(world.createIssue(world.person, draft).index);
    },
    editIssue: async (item, edit) => world.changeIssue(issueOf(item), edit),
    closeIssue: async (item) => world.changeIssue(issueOf(item), { state: "closed" }),
    async readIssue(item) {
      const issue = world.issues.get(Number(item));
      if (issue === undefined || issue.isPull) return null;
      const comments = world.commentsOf(issue).map(({ id, body }) => ({ id: String(id), body }));
      const { title, body, state, labels } = issue;
      return { item, title, body, state, labels: labels.map(({ name }) => name), comments, priority: issue.priority };
    },
    async listIssues() {
      const issues = [...world.issues.values()].filter(({ isPull }) => !isPull);
      return issues.map(({ index }) => String(index));
    },
    async deleteIssue(item) {
      world.deleteIssue(issueOf(item));
      return "no-access";
    },
    async addLabel(item, label) {
      const issue = issueOf(item);
      world.changeIssue(issue, { labels: [...issue.labels, world.ensureLabel(label)] });
    },
    async removeLabel(item, label) {
      const issue = issueOf(item);
      world.changeIssue(issue, { labels: issue.labels.filter(({ name }) => name !== label) });
    },
    async refuseLabels() {
      world.mayLabel = false;
    },
    async createLabel({ name, color }) {
      world.ensureLabel(name, color);
    },
    readLabels: async () => world.labels.map(({ name, color }) => ({ name, color })),
    setPriority: async (item, priority) => world.changeIssue(issueOf(item), { priority }),
    addPerson: async (name) => String(world.addPerson(name).id),
    comment: async (item, body) => String(world.comment(world.person, issueOf(item), body).id),
    editComment: async (_item, commentId, body) => world.editComment(commentOf(commentId), body),
    deleteComment: async (_item, commentId) => world.deleteComment(commentOf(commentId)),
    async readFiles(item) {
      return world.filesOf(issueOf(item)).map(({ id, fileName, content }) => ({
        id: String(id),
        fileName,
        contentType: null,
        content,
      }));
    },
    async requireField() {
      world.needsMilestone = true;
      return "milestone";
    },
    mark: fake.requestCount,
    countRequests: (mark) => fake.requestCount() - mark,
    failNext: fake.failNext,
    signIn: {
      redirectUrl: "https://host.example/signed-in",
      applicationSecrets: [fake.signIn.clientSecret],
      agree: async (url) => fake.signIn.agree(url),
      revoke: async () => fake.signIn.revoke(),
    },
    webhooks: {
      secret: fake.secret,
      async capture(change) {
        const before = world.hook.arrived.length;
        await change();
        return world.hook.arrived.slice(before);
      },
      redeliver: async ({ headers, body }) => ({ headers: new Headers(headers), body: Uint8Array.from(body) }),
      async unrelated() {
        world.push();
        return world.hook.arrived.at(-1) ?? missing("delivery");
      },
      redelivery: {
        ...(world.isApp ? { container: null, endpoint: null } : { container: repository, endpoint }),
        miss: (change) => world.hook.missDuring(change),
      },
    },
  };
}

function missing(what: string): never {
  throw new RangeError(`the fake Gitea has no ${what}`);
}
