import type { Person } from "../tracker.ts";

/** Somebody at GitHub, by plain REST requests. */
export function createGitHubPerson(request: {
  readonly baseUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
}): Person {
  const { baseUrl, repository, token } = request;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/repos/${repository}/issues/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
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
    async setPriority(issue, before, after) {
      await ask("DELETE", `${issue}/labels/${encodeURIComponent(before)}`);
      await ask("POST", `${issue}/labels`, { labels: [after] });
    },
    async look(number) {
      const [issue, comments] = await Promise.all([ask("GET", `${number}`) as Promise<RestIssue>, commentsOf(number)]);
      return {
        title: issue.title,
        state: issue.state,
        priorities: issue.labels.map((label) => label.name).filter((name) => name.startsWith("priority:")),
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
