import type { FetchFunction } from "@backref/core/provider";
import {
  createVirtualTime,
  type ProviderTracker,
  type ProviderUnderTest,
  type TrackerFault,
  type TrackerFile,
  type VirtualTime,
} from "@backref/testing";
import { createRedmineProvider } from "../src/index.ts";
import { textOf } from "../src/text.ts";
import type { RedmineOptions, TextFormat } from "../src/types.ts";
import { freshProject, openRedmine, type TestRedmine } from "./redmine.ts";

export interface RedmineUnderTest extends ProviderUnderTest {
  readonly redmine: TestRedmine;
  readonly otherContainer: string;
  readonly time: VirtualTime;
  readonly textFormat: TextFormat;
  readonly failNext: ProviderTracker["failNext"];
  readonly countRequests: () => number;
}

/** Redmine has no limits; web servers in front of it do. */
const answers: Readonly<Partial<Record<TrackerFault, () => Response>>> = {
  "status-500": () => new Response("<html>500</html>", { status: 500, headers: { "content-type": "text/html" } }),
  "rate-limit": () => new Response(null, { status: 429, headers: { "retry-after": "30" } }),
  forbidden: () => new Response(null, { status: 403, headers: { "content-type": "application/json" } }),
};

function lost(): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
}

export async function createUnderTest(textFormat: TextFormat): Promise<RedmineUnderTest> {
  const time = createVirtualTime();
  const redmine = openRedmine(time.now);
  const [container, otherContainer] = [freshProject(), freshProject("api")];
  const account = freshProject("ann");
  const [apiKey] = await redmine.act(
    { action: "add_account", login: account },
    { action: "add_project", identifier: container, account },
    { action: "add_project", identifier: otherContainer, account },
  );
  const armed: { readonly fault: TrackerFault; readonly meets: "any" | "write" }[] = [];
  let count = 0;
  const fetch: FetchFunction = async (input, init) => {
    const isWrite = (init?.method ?? "GET") !== "GET";
    const index = armed.findIndex(({ meets }) => meets === "any" || isWrite);
    const [met] = index < 0 ? [] : armed.splice(index, 1);
    count += 1;
    switch (met?.fault) {
      case undefined:
        return redmine.fetch(input, init);
      case "lost-before":
        throw lost();
      case "lost-after":
        await (await redmine.fetch(input, init)).arrayBuffer();
        throw lost();
      case "unauthorized":
        // The server's own refusal.
        return redmine.fetch(input, { ...init, headers: { ...init?.headers, "x-redmine-api-key": "refused" } });
      default:
        return answers[met?.fault ?? "status-500"]?.() ?? Promise.reject(lost());
    }
  };
  const baseUrl = `${redmine.access.url}/redmine`;
  return {
    provider: createRedmineProvider(),
    redmine,
    time,
    textFormat,
    failNext: (fault, meets) => armed.push({ fault, meets }),
    countRequests: () => count,
    baseUrl,
    auth: { type: "api-key", apiKey: String(apiKey) },
    longListLength: 101,
    refusedAuth: { type: "api-key", apiKey: "0123456789abcdef0123456789abcdef01234567" },
    options: { textFormat },
    fetch,
    container,
    otherContainer,
    unknownContainer: "no-such-project",
    baseUrlVariants: [`${baseUrl}/projects/web/issues`, `${baseUrl}/my/account`, `${baseUrl}/issues/12`],
    keyVariants: ["12", " #12 ", `${baseUrl}/issues/12#note-3`, `${baseUrl}/issues/12.json?include=journals`],
    priorities: ["4", "1"],
    clock: time.clock,
    scheduler: time.scheduler,
  };
}

interface ActedIssue {
  readonly item: number;
  readonly project: string;
  readonly title: string;
  readonly body: string;
  readonly is_closed: boolean;
  readonly priority: number;
  readonly category: string | null;
  readonly notes: readonly { readonly id: number; readonly body: string }[];
}

export function trackerOf(underTest: RedmineUnderTest): ProviderTracker {
  const { redmine, time, container, otherContainer, textFormat, failNext, countRequests } = underTest;
  const made = countRequests();
  const text = textOf({ textFormat } as RedmineOptions);
  const one = async (action: string, members: object = {}) => (await redmine.act({ action, ...members }))[0];
  const read = async (item: string) => (await one("read_issue", { item: Number(item) })) as ActedIssue | null;
  return {
    now: time.now,
    advance: (durationMs) => time.advance(durationMs),
    createIssue: async ({ title, body }) =>
      String(await one("create_issue", { project: container, title, body: text.write(body) })),
    editIssue: async (item, { title, body }) =>
      void (await one("rewrite_issue", {
        item,
        ...(title !== undefined && { subject: title }),
        ...(body !== undefined && { description: text.write(body) }),
      })),
    closeIssue: async (item) => void (await one("close_issue", { item })),
    async readIssue(item) {
      const issue = /^[1-9]\d*$/.test(item) ? await read(item) : null;
      if (issue === null || issue.project !== container) return null;
      return {
        item,
        title: issue.title,
        body: text.read(issue.body),
        state: issue.is_closed ? "closed" : "open",
        labels: issue.category === null ? [] : [issue.category],
        comments: issue.notes.map(({ id, body }) => ({ id: String(id), body: text.read(body) })),
        priority: String(issue.priority),
      };
    },
    listIssues: async () => ((await one("list_issues", { project: container })) as readonly number[]).map(String),
    async deleteIssue(item) {
      await one("delete_issue", { item });
      return "no-access";
    },
    moveIssue: async (item) => void (await one("move_issue", { item, project: otherContainer })),
    setPriority: async (item, priority) => void (await one("edit_issue", { item, priority_id: Number(priority) })),
    addPerson: async (name) => String(await one("add_person", { project: container, name })),
    comment: async (item, body) => String(await one("comment", { item, body: text.write(body) })),
    editComment: async (_item, id, body) => void (await one("edit_comment", { id, body: text.write(body) })),
    deleteComment: async (_item, id) => void (await one("delete_comment", { id })),
    async readFiles(item) {
      const files = (await one("read_files", { item })) as readonly Readonly<Record<string, string>>[];
      return files.map(
        (file): TrackerFile => ({
          id: String(file["id"]),
          fileName: file["name"] ?? "",
          contentType: file["type"] ?? null,
          content: new Uint8Array(Buffer.from(file["content"] ?? "", "base64")),
        }),
      );
    },
    mark: () => countRequests() - made,
    countRequests: (mark) => countRequests() - made - mark,
    failNext,
  };
}
