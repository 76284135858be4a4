import type { Person } from "../tracker.ts";

interface Piece {
  readonly type: string;
  readonly text?: string;
  readonly marks?: readonly { readonly type: string }[];
  readonly content?: readonly Piece[];
}

interface JiraIssue {
  readonly fields: {
    readonly summary: string;
    readonly status: { readonly statusCategory: { readonly key: string } };
    readonly priority: { readonly name: string } | null;
    readonly comment: { readonly comments: readonly { readonly body: Piece }[] };
  };
}

/** Somebody who works in Jira and has never heard of Backref: plain REST requests, not counted as Backref's. */
export function createJiraPerson(request: {
  readonly baseUrl: string;
  /** Key of the project. */
  readonly project: string;
  /** Address and API token, with a colon between them. */
  readonly login: string;
}): Person {
  const { baseUrl, project, login } = request;
  const ask = async (method: string, issue: number, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/rest/api/3/issue/${project}-${issue}${path}`, {
      method,
      headers: { authorization: `Basic ${btoa(login)}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} by hand: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  return {
    async closeIssue(issue) {
      // Whatever leads on, until nothing but a way back is left.
      for (let steps = 0; steps < 5; steps += 1) {
        const { transitions } = (await ask("GET", issue, "/transitions?expand=transitions.fields")) as {
          readonly transitions: readonly {
            readonly id: string;
            readonly hasScreen: boolean;
            readonly to: JiraIssue["fields"]["status"];
          }[];
        };
        const next = transitions.find(({ to }) => to.statusCategory.key !== "new");
        if (next === undefined) return;
        const fields = next.hasScreen ? { fields: { resolution: { name: "Done" } } } : {};
        await ask("POST", issue, "/transitions", { transition: { id: next.id }, ...fields });
      }
    },
    async comment(issue, body) {
      await ask("POST", issue, "/comment", {
        body: { type: "doc", version: 1, content: body.split("\n\n").map(paragraph) },
      });
    },
    async setPriority(issue, _before, after) {
      await ask("PUT", issue, "", { fields: { priority: { name: after } } });
    },
    async look(issue) {
      const { fields } = (await ask("GET", issue, "?fields=summary,status,priority,comment")) as JiraIssue;
      return {
        title: fields.summary,
        state: fields.status.statusCategory.key === "done" ? "closed" : "open",
        priorities: fields.priority === null ? [] : [fields.priority.name],
        comments: fields.comment.comments.map(({ body }) => (body.content ?? []).map(textOf).join("\n\n")),
      };
    },
  };
}

/** What the story writes has bold words and nothing else. */
function paragraph(text: string): Piece {
  const pieces = text.split("**").map((piece, index): Piece => {
    return { type: "text", text: piece, ...(index % 2 === 1 && { marks: [{ type: "strong" }] }) };
  });
  return { type: "paragraph", content: pieces };
}

function textOf({ text = "", marks = [], content = [] }: Piece): string {
  const inner = text + content.map(textOf).join("");
  return marks.some(({ type }) => type === "strong") ? `**${inner}**` : inner;
}
