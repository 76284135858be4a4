import { createGitLabProvider } from "@backref/provider-gitlab";
import { createFakeGitLab, type FakeGitLab } from "@backref/testing/gitlab";
import type { Person, Tracker, TrackerChoice } from "../tracker.ts";

const project = "acme/shop/web";

/** A fake GitLab, self-managed under a relative root, on a port of this machine. It lives as long as the run. */
export function chooseGitLab(): TrackerChoice {
  return { name: "fake-gitlab", isKept: false, open: openFakeGitLab };
}

async function openFakeGitLab(): Promise<Tracker> {
  const gitlab = createFakeGitLab({ siteUrl: "https://tools.example.com/gitlab", projects: [project] });
  const port = await gitlab.listen();
  return {
    product: "GitLab",
    provider: "gitlab",
    createProvider: () => createGitLabProvider(),
    description: `a fake GitLab at ${port.url}`,
    connection: { baseUrl: port.url, options: {}, auth: { type: "token", token: gitlab.token } },
    container: project,
    priorityNames: {
      blocker: "priority:critical",
      critical: "priority:high",
      major: "priority:medium",
      minor: "priority:low",
      trivial: "priority:low",
    },
    person: createPerson(gitlab),
    isPrivateAddress: true,
    sendsWebhooks: true,
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}

/** Lena in the fake's own pages. */
function createPerson(gitlab: FakeGitLab): Person {
  const lena = gitlab.as("lena");
  const named = (issue: number) => `${project}#${issue}`;
  const labelsOf = (issue: number) => gitlab.issue(named(issue))?.labels ?? [];
  return {
    closeIssue: async (issue) => void lena.editIssue(named(issue), { state: "closed" }),
    comment: async (issue, body) => void lena.note(named(issue), body),
    setPriority: async (issue, before, after) =>
      void lena.editIssue(named(issue), { labels: [...labelsOf(issue).filter((label) => label !== before), after] }),
    async look(issue) {
      const found = gitlab.issue(named(issue));
      if (found === null) throw new Error(`There is no issue ${named(issue)}`);
      const { title, state, labels, notes } = found;
      return {
        title,
        state: state === "closed" ? "closed" : "open",
        priorities: labels.filter((label) => label.startsWith("priority:")),
        comments: notes.map(({ body }) => body),
      };
    },
  };
}
