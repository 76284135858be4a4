import type { FakeGitHub } from "@backref/testing/github";
import type { createHost } from "./host.ts";

export const repository = "acme/web";
const statusOf = { open: "open", closed: "closed" } as const;

interface Expected {
  readonly defectId: string;
  title: string;
  status: "open" | "closed";
  readonly hostComments: string[];
  readonly trackerComments: string[];
}

/** People who work while processes die. */
export interface Workload {
  /** One person does one thing, here or at the tracker. */
  act(): Promise<void>;
  /** What is not as it has to be in the end, in words. */
  problems(): Promise<readonly string[]>;
  readonly edits: number;
}

/**
 * Titles change here and states there, so the last value of its side is what both sides have to show in the end; every
 * comment has to be on both sides once, and every defect has one issue.
 */
export async function createWorkload(
  host: ReturnType<typeof createHost>,
  github: FakeGitHub,
  options: { readonly githubUrl: string; readonly defects: number; readonly random: () => number },
): Promise<Workload> {
  const { random } = options;
  const app = host.as({ tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" });
  const lena = github.as("lena");
  const auth = { type: "token", token: github.token } as const;
  const targets = [{ projectId: "web", container: repository }];
  await app.sources.create({ name: "Our GitHub", provider: "github", baseUrl: options.githubUrl, auth, targets });
  const all: Expected[] = [];
  let edits = 0;
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];

  const start = async () => {
    const title = `Defect ${all.length}`;
    const { id } = await app.defects.create({ projectId: "web", title, description: `About ${title}` });
    all.push({ defectId: id, title, status: "open", hostComments: [], trackerComments: [] });
    await app.defects.push(id, { waitMs: 0 });
  };
  const issueNumber = async (expected: Expected): Promise<number | null> => {
    const [link] = await app.defects.links(expected.defectId);
    const key = link?.issue?.key ?? null;
    return key === null ? null : Number(key.split("#")[1]);
  };

  const commentsOf = async (defectId: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const request = { defectId, limit: 200, ...(cursor !== null && { cursor }) };
      const page: Awaited<ReturnType<typeof app.comments.list>> = await app.comments.list(request);
      found.push(...page.items.map(({ body }) => body));
      if (page.nextCursor === null) return found;
      cursor = page.nextCursor;
    }
  };

  return {
    get edits() {
      return edits;
    },
    async act() {
      edits += 1;
      const expected = pick(all);
      if (expected === undefined || all.length < options.defects) return start();
      const what = random();
      if (what < 0.35) {
        expected.title = `Title ${edits}`;
        await app.defects.update(expected.defectId, { title: expected.title });
        return;
      }
      if (what < 0.5) {
        const body = `Host ${edits}`;
        expected.hostComments.push(body);
        await app.comments.add({ defectId: expected.defectId, body });
        return;
      }
      const number = await issueNumber(expected);
      if (number === null) return;
      if (what < 0.75) {
        expected.status = expected.status === "open" ? "closed" : "open";
        if (expected.status === "closed") lena.closeIssue(repository, number);
        else lena.reopenIssue(repository, number);
        return;
      }
      const body = `Tracker ${edits}`;
      expected.trackerComments.push(body);
      lena.comment(repository, number, body);
    },
    async problems() {
      const found: string[] = [];
      const issues = github.issues(repository);
      if (issues.length !== all.length) found.push(`${all.length} defects have ${issues.length} issues`);
      for (const expected of all) {
        const { title, status, hostComments, trackerComments } = expected;
        const number = await issueNumber(expected);
        const issue = number === null ? null : github.issue(repository, number);
        const [link] = await app.defects.links(expected.defectId);
        if (issue === null || link === undefined || link.status !== "synced") {
          found.push(`${title}: the link is ${link?.status} (${link?.message ?? ""}), the issue ${number}`);
          continue;
        }
        const defect = await app.defects.get(expected.defectId);
        if (issue.title !== title) found.push(`${title}: the issue says "${issue.title}"`);
        if (statusOf[defect.status as "open"] !== status)
          found.push(`${title}: the defect is ${defect.status}, not ${status}`);
        const there = issue.comments.map(({ body }) => body);
        const here = await commentsOf(expected.defectId);
        for (const body of hostComments) {
          const count = there.filter((text) => text.includes(`${body}\n`) || text.endsWith(body)).length;
          if (count !== 1) found.push(`${title}: "${body}" is ${count} times at the issue`);
        }
        for (const body of trackerComments) {
          const count = here.filter((text) => text === body).length;
          if (count !== 1) found.push(`${title}: "${body}" is ${count} times at the defect`);
        }
      }
      return found;
    },
  };
}
