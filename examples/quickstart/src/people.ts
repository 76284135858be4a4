import { createJiraPerson } from "./jira-people.ts";
import type { Tracker } from "./tracker.ts";

/** An issue as somebody sees it in the tracker's pages, read past Backref. Jira's priority stands among the labels. */
export interface SeenIssue {
  readonly title: string;
  readonly state: "open" | "closed";
  readonly labels: readonly string[];
  readonly comments: readonly string[];
}

/** Somebody who works at the tracker and has never heard of Backref: plain REST requests, not counted as Backref's. */
export interface Person {
  closeIssue(issue: number): Promise<void>;
  comment(issue: number, body: string): Promise<void>;
  replaceLabel(issue: number, before: string, after: string): Promise<void>;
  look(issue: number): Promise<SeenIssue>;
}

export function createPerson(tracker: Tracker): Person {
  return tracker.kind === "jira" ? createJiraPerson(tracker) : createGitHubPerson(tracker);
}

function createGitHubPerson({ baseUrl, repository, personToken }: Tracker): Person {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/repos/${repository}/issues/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${personToken}`,
        accept: "application/vnd.github+json",
        "user-agent": "backref-quickstart",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} by hand: ${response.status} ${await response.text()}`);
    return response.json();
  };
  /** A hundred at a time: with every run there are more. */
  const commentsOf = async (issue: number, page = 1): Promise<readonly string[]> => {
    const rows = (await ask("GET", `${issue}/comments?per_page=100&page=${page}`)) as readonly { body: string }[];
    const bodies = rows.map(({ body }) => body);
    return rows.length < 100 ? bodies : [...bodies, ...(await commentsOf(issue, page + 1))];
  };
  return {
    async closeIssue(issue) {
      await ask("PATCH", `${issue}`, { state: "closed", state_reason: "completed" });
    },
    async comment(issue, body) {
      await ask("POST", `${issue}/comments`, { body });
    },
    async replaceLabel(issue, before, after) {
      await ask("DELETE", `${issue}/labels/${encodeURIComponent(before)}`);
      await ask("POST", `${issue}/labels`, { labels: [after] });
    },
    async look(number) {
      const [issue, comments] = await Promise.all([ask("GET", `${number}`) as Promise<RestIssue>, commentsOf(number)]);
      return {
        title: issue.title,
        state: issue.state,
        labels: issue.labels.map((label) => label.name),
        comments,
      };
    },
  };
}

interface RestIssue {
  readonly title: string;
  readonly state: "open" | "closed";
  readonly labels: readonly { readonly name: string }[];
}
