import type { IssueAddress, IssueSnapshot, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import { nameOf } from "./address.ts";
import type { JiraCall, OpenClient } from "./client.ts";
import { fetchIssue, fetchIssues } from "./fetch-issues.ts";
import { loadRichText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

export function createReadGroup(open: OpenClient): ReadGroup<JiraAuth, JiraOptions> {
  return {
    async issues(call: JiraCall, { issues }) {
      if (issues.length === 0) return [];
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const wanted = [...new Set(issues.map(nameOf))];
      const found = (await fetchIssues(client, operation, wanted, richText)).map(({ snapshot }) => snapshot);
      const byName = new Map<string, IssueSnapshot>();
      for (const issue of found) {
        byName.set(issue.remoteId, issue);
        byName.set(`${issue.container}-${issue.item}`, issue);
      }
      // What was asked for by a key that it no longer has: the batch gives it, but does not say for which key.
      const asked = new Set(wanted);
      const strays = found.filter(
        (issue) => !asked.has(issue.remoteId) && !asked.has(`${issue.container}-${issue.item}`),
      );
      const mayBeMoved = client.deployment === "data-center" || strays.length > 0;
      const outcomes: ReadOutcome[] = [];
      for (const address of issues) {
        const issue = byName.get(nameOf(address));
        if (issue !== undefined) outcomes.push(outcomeOf(issue, address));
        else if (mayBeMoved && address.remoteId === null) outcomes.push(await follow(address));
        else outcomes.push({ kind: "no-access" });
      }
      return outcomes;

      async function follow(address: IssueAddress): Promise<ReadOutcome> {
        try {
          const { snapshot } = await fetchIssue(client, operation, nameOf(address), richText);
          return outcomeOf(snapshot, address);
        } catch (error) {
          if (hasStatus(error, 404)) return { kind: "no-access" };
          throw error;
        }
      }
    },
  };
}

/** An issue under another key than the one asked for was moved. */
function outcomeOf(issue: IssueSnapshot, address: IssueAddress): ReadOutcome {
  const { remoteId, container, item, raw } = issue;
  if (container === address.container && item === address.item) return { kind: "live", issue };
  return { kind: "moved", to: { remoteId, container, item, raw } };
}
