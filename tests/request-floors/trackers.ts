import { createAzureDevOpsProvider } from "@backref/provider-azure-devops";
import { createGitHubProvider } from "@backref/provider-github";
import { createGitLabProvider } from "@backref/provider-gitlab";
import { createJiraProvider } from "@backref/provider-jira";
import { createLinearProvider } from "@backref/provider-linear";
import { createSeededRandom } from "@backref/testing";
import { createAzureDevOpsTracker } from "../../packages/testing/src/simulation/tracker/azure-devops/azure-devops-tracker.ts";
import { createGitHubTracker } from "../../packages/testing/src/simulation/tracker/github/github-tracker.ts";
import { createGitLabTracker } from "../../packages/testing/src/simulation/tracker/gitlab/gitlab-tracker.ts";
import { createJiraTracker } from "../../packages/testing/src/simulation/tracker/jira/jira-tracker.ts";
import { createLinearTracker } from "../../packages/testing/src/simulation/tracker/linear/linear-tracker.ts";
import type { RemoteTracker } from "../../packages/testing/src/simulation/tracker/remote-tracker.ts";

type Now = () => number;

/** Every tracker that can be pushed to, over its fake, by the name that tables show. */
export const trackers = {
  GitHub(now: Now): RemoteTracker {
    const random = createSeededRandom(1);
    return createGitHubTracker({
      provider: createGitHubProvider(),
      now,
      random: () => (random.bytes(1)[0] ?? 0) / 256,
    });
  },
  GitLab: (now: Now): RemoteTracker => createGitLabTracker({ provider: createGitLabProvider(), now }),
  "Jira Cloud": (now: Now): RemoteTracker =>
    createJiraTracker({ provider: createJiraProvider(), now, deployment: "cloud" }),
  "Jira Data Center": (now: Now): RemoteTracker =>
    createJiraTracker({ provider: createJiraProvider(), now, deployment: "data-center" }),
  Linear: (now: Now): RemoteTracker => createLinearTracker({ provider: createLinearProvider(), now }),
  "Azure DevOps": (now: Now): RemoteTracker => createAzureDevOpsTracker({ provider: createAzureDevOpsProvider(), now }),
} as const;

export type TrackerLabel = keyof typeof trackers;
export const trackerLabels: readonly TrackerLabel[] = Object.keys(trackers) as TrackerLabel[];
