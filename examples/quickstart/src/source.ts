import type { Backref } from "@backref/core";
import type { createGitHubProvider } from "@backref/provider-github";
import type { createJiraProvider } from "@backref/provider-jira";
import { labelOfPriority, priorityOfLabel } from "./agreement.ts";
import type { Tracker } from "./tracker.ts";

type Providers = readonly [ReturnType<typeof createGitHubProvider>, ReturnType<typeof createJiraProvider>];
type Sources = ReturnType<Backref<Providers>["as"]>["sources"];

/** The one source of the story: made in the first run, connected anew in later ones. Answers with its id. */
export async function openSource(sources: Sources, tracker: Tracker): Promise<string> {
  const targets = [{ projectId: "shop", container: tracker.repository }];
  const { baseUrl, webUrl, token, email } = tracker;
  const [known] = (await sources.list()).items;
  if (tracker.kind === "jira") {
    const auth = { type: "api-token", email: email ?? "", token } as const;
    if (known !== undefined) return (await sources.update(known.id, { baseUrl, auth })).id;
    return (await sources.create({ name: "Our Jira", provider: "jira", baseUrl, auth, targets, mapping: { priority } }))
      .id;
  }
  const connection = { baseUrl, options: { webUrl }, auth: { type: "token", token } } as const;
  if (known !== undefined) return (await sources.update(known.id, connection)).id; // the token may be new, the port is
  return (await sources.create({ name: "Our GitHub", provider: "github", targets, ...connection })).id;
}

/** Jira's priorities are its own: which stands for which, an admin says. */
const priority = [...new Set(Object.values(labelOfPriority))].map((label) => ({
  remote: priorityOfLabel[label] ?? "",
  local: Object.entries(labelOfPriority).flatMap(([name, other]) => (other === label ? [name] : [])),
}));
