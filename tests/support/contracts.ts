import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { repositoryRoot } from "../../scripts/repository.ts";

/** Whose files they are, and the one that is looked for. */
const contracts = {
  "azure-devops": { vendor: "Microsoft", file: "specification/wit/7.1/workItemTracking.json" },
  gitlab: { vendor: "GitLab", file: "gitlab-v4.extract.openapi.yaml" },
  jira: { vendor: "Atlassian", file: "jira-cloud-v3.openapi.json" },
  linear: { vendor: "Linear", file: "schema.graphql" },
} as const;

type Tracker = keyof typeof contracts;

/** Where the vendor's own contract is, or would be: it is not part of this repository. */
export function contractFolder(tracker: Tracker): string {
  return join(process.env["BACKREF_CONTRACTS"] ?? join(repositoryRoot, "../shared/contracts"), tracker);
}

export function hasContract(tracker: Tracker): boolean {
  return existsSync(join(contractFolder(tracker), contracts[tracker].file));
}

/** Ends a test that is about nothing without the contract. */
export function needContract(context: TestContext, tracker: Tracker): void {
  if (hasContract(tracker)) return;
  context.skip(`contracts: ${contracts[tracker].vendor}'s files are not in the folder that BACKREF_CONTRACTS names`);
}
