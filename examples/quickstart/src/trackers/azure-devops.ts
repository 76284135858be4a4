import type { PriorityMapping } from "@backref/core";
import { createAzureDevOpsProvider } from "@backref/provider-azure-devops";
import { createFakeAzureDevOps, type FakeAzureDevOps } from "@backref/testing/azure-devops";
import type { Person, Tracker, TrackerChoice } from "../tracker.ts";

const project = "Shop";

const priorityMapping: readonly PriorityMapping[] = [
  { remote: "1", local: ["blocker"] },
  { remote: "2", local: ["critical"] },
  { remote: "3", local: ["major"] },
  { remote: "4", local: ["minor", "trivial"], primary: "minor" },
];

/** A fake Azure DevOps Services on a port of this machine. It lives as long as the run. */
export function chooseAzureDevOps(): TrackerChoice {
  return { name: "fake-azure-devops", isKept: false, open: openFakeAzureDevOps };
}

async function openFakeAzureDevOps(): Promise<Tracker> {
  const azure = createFakeAzureDevOps({ projects: [project] });
  const port = await azure.listen();
  return {
    product: "Azure DevOps",
    provider: "azure-devops",
    createProvider: () => createAzureDevOpsProvider(),
    description: `a fake Azure DevOps at ${port.url}`,
    connection: {
      baseUrl: port.url,
      options: { deployment: "services" },
      auth: { type: "token", token: azure.token },
    },
    container: project,
    priorityNames: { blocker: "1", critical: "2", major: "3", minor: "4", trivial: "4" },
    priorityMapping,
    person: createPerson(azure),
    isPrivateAddress: true,
    // Azure DevOps sends none to addresses of the same machine.
    sendsWebhooks: false,
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}

/** Lena in the fake's own pages. */
function createPerson(azure: FakeAzureDevOps): Person {
  const lena = azure.as("Lena");
  return {
    closeIssue: async (issue) => void lena.moveTo(String(issue), "Closed"),
    comment: async (issue, body) => void lena.comment(String(issue), body, "markdown"),
    setPriority: async (issue, _before, after) => void lena.editIssue(String(issue), { priority: Number(after) }),
    async look(issue) {
      const found = azure.issue(String(issue));
      if (found === null) throw new Error(`There is no work item ${issue}`);
      const { title, category, priority, comments } = found;
      return {
        title,
        state: category === "Completed" ? "closed" : "open",
        priorities: priority === null ? [] : [String(priority)],
        comments: comments.map(({ body }) => body),
      };
    },
  };
}
