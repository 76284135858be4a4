import { createGitHubProvider } from "@backref/provider-github";

/** What every GitHub has in common here. The default mapping of priorities: two of ours share the label of the lowest. */
export const gitHub = {
  product: "GitHub",
  provider: "github",
  createProvider: (): ReturnType<typeof createGitHubProvider> => createGitHubProvider(),
  priorityNames: {
    blocker: "priority:critical",
    critical: "priority:high",
    major: "priority:medium",
    minor: "priority:low",
    trivial: "priority:low",
  },
} as const;
