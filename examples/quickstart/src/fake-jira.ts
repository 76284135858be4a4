import { createFakeJira } from "@backref/testing/jira";
import type { Tracker } from "./tracker.ts";

const project = "SHOP";

/** A fake Jira Cloud on a port of this machine. It forgets everything with the end of the run. */
export async function openFakeJira(): Promise<Tracker> {
  const jira = createFakeJira({ projects: [{ key: project, name: "Shop" }] });
  const personToken = `lena@example.com:${jira.createToken({ user: "lena" })}`;
  const port = await jira.listen();
  return {
    kind: "jira",
    name: "Jira",
    description: `a fake Jira at ${port.url}`,
    baseUrl: port.url,
    webUrl: null,
    repository: project,
    email: jira.email,
    token: jira.token,
    personToken,
    isPrivateAddress: true,
    sendsWebhooks: true,
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}
