import type { Person } from "../tracker.ts";

interface RedmineIssue {
  readonly subject: string;
  readonly status: { readonly is_closed: boolean };
  readonly priority: { readonly name: string };
  readonly journals: readonly { readonly notes: string | null }[];
}

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly is_closed?: boolean;
}

/** Somebody who works in Redmine and has never heard of Backref: plain REST requests, not counted as Backref's. */
export function createRedminePerson(request: { readonly baseUrl: string; readonly apiKey: string }): Person {
  const { baseUrl, apiKey } = request;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { "x-redmine-api-key": apiKey, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} by hand: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const edit = (issue: number, changes: object) => ask("PUT", `/issues/${issue}.json`, { issue: changes });
  return {
    async closeIssue(issue) {
      const { issue_statuses: statuses } = (await ask("GET", "/issue_statuses.json")) as {
        readonly issue_statuses: readonly Entry[];
      };
      await edit(issue, { status_id: statuses.find((status) => status.is_closed)?.id });
    },
    async comment(issue, body) {
      await edit(issue, { notes: body.replaceAll("**", "*") });
    },
    async setPriority(issue, _before, after) {
      const { issue_priorities: priorities } = (await ask("GET", "/enumerations/issue_priorities.json")) as {
        readonly issue_priorities: readonly Entry[];
      };
      await edit(issue, { priority_id: priorities.find(({ name }) => name === after)?.id });
    },
    async look(number) {
      const { issue } = (await ask("GET", `/issues/${number}.json?include=journals`)) as {
        readonly issue: RedmineIssue;
      };
      return {
        title: issue.subject,
        state: issue.status.is_closed ? "closed" : "open",
        priorities: [issue.priority.name],
        comments: issue.journals.flatMap(({ notes }) => (notes ? boldInMarkdown(notes) : [])),
      };
    },
  };
}

/** What the story writes has bold words and nothing else; they are Textile there. */
function boldInMarkdown(notes: string): string {
  return notes.replace(/\*([^*\n]+)\*/g, "**$1**");
}
