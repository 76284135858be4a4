import type { PriorityMapping } from "@backref/core";
import { createJiraProvider } from "@backref/provider-jira";
import { createFakeJira } from "@backref/testing/jira";
import type { Tracker, TrackerChoice } from "../tracker.ts";
import { createJiraPerson } from "./jira-person.ts";

const project = "SHOP";

/** Jira's priorities are its own: which stands for which, an admin says. */
const priorityMapping: readonly PriorityMapping[] = [
  { remote: "1", local: ["blocker"] },
  { remote: "2", local: ["critical"] },
  { remote: "3", local: ["major"] },
  { remote: "4", local: ["minor", "trivial"], primary: "minor" },
];

/** A fake Jira Cloud on a port of this machine. It lives as long as the run. */
export function chooseJira(): TrackerChoice {
  return { name: "fake-jira", isKept: false, open: openFakeJira };
}

async function openFakeJira(): Promise<Tracker> {
  const jira = createFakeJira({ projects: [{ key: project, name: "Shop" }] });
  const login = `lena@example.com:${jira.createToken({ user: "lena" })}`;
  const port = await jira.listen();
  return {
    product: "Jira",
    provider: "jira",
    createProvider: () => createJiraProvider(),
    description: `a fake Jira at ${port.url}`,
    connection: { baseUrl: port.url, options: {}, auth: { type: "api-token", email: jira.email, token: jira.token } },
    container: project,
    priorityNames: { blocker: "Highest", critical: "High", major: "Medium", minor: "Low", trivial: "Low" },
    priorityMapping,
    person: createJiraPerson({ baseUrl: port.url, project, login }),
    isPrivateAddress: true,
    sendsWebhooks: true,
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}
