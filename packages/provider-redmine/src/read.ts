import type { IssueAddress, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import { requireKnownKey } from "./accepted-key.ts";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { isItem, listAnywhere, readItems } from "./issues.ts";
import { pageSize } from "./list-pages.ts";
import type { ReadIssue } from "./map-issue.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

/** One request per project and hundred issues; two more for those that are not there, and one per project that has them. */
export function createReadGroup(open: OpenClient): ReadGroup<RedmineAuth, RedmineOptions> {
  return {
    async issues(call: RedmineCall, { issues }) {
      const client = open(call);
      const outcomes = new Map<IssueAddress, ReadOutcome>();
      const missing: IssueAddress[] = [];
      for (const group of byProject(issues)) {
        for (let start = 0; start < group.length; start += pageSize) {
          const batch = group.slice(start, start + pageSize);
          const found = await readBatch(call, client, batch);
          for (const address of batch) {
            const issue = found.issues.get(itemOf(address));
            if (issue !== undefined) outcomes.set(address, outcomeOf(call, issue));
            // Nobody has seen it there: a project that there is not has no issues either.
            else if (found.reason !== null && address.remoteId === null) outcomes.set(address, hidden(found.reason));
            else missing.push(address);
          }
        }
      }
      if (missing.length > 0) await requireKnownKey(client, operation);
      for (let start = 0; start < missing.length; start += pageSize) {
        const batch = missing.slice(start, start + pageSize);
        const elsewhere = await findElsewhere(call, client, batch);
        for (const address of batch) outcomes.set(address, movedTo(call, elsewhere.get(itemOf(address))));
      }
      return issues.map((address) => outcomes.get(address) ?? { kind: "no-access" });
    },
  };
}

/** Numbers are the same as ids. */
function itemOf({ remoteId, item }: IssueAddress): string {
  return remoteId ?? item;
}

function byProject(addresses: readonly IssueAddress[]): Iterable<readonly IssueAddress[]> {
  const groups = new Map<string, IssueAddress[]>();
  for (const address of addresses) {
    const group = groups.get(address.container) ?? [];
    group.push(address);
    groups.set(address.container, group);
  }
  return groups.values();
}

interface Batch {
  readonly issues: ReadonlyMap<string, ReadIssue>;
  /** Why the project cannot be read, in words that end a sentence; null where it can. */
  readonly reason: string | null;
}

async function readBatch(call: RedmineCall, client: RedmineClient, batch: readonly IssueAddress[]): Promise<Batch> {
  const container = batch[0]?.container ?? "";
  try {
    return { issues: await readItems(call, client, operation, container, batch.map(itemOf)), reason: null };
  } catch (error) {
    if (hasStatus(error, 404)) return { issues: new Map(), reason: `there is no project ${container}` };
    if (hasStatus(error, 403) && error.failure === "forbidden") {
      return { issues: new Map(), reason: `the key's account may not see project ${container}` };
    }
    throw error;
  }
}

async function findElsewhere(
  call: RedmineCall,
  client: RedmineClient,
  batch: readonly IssueAddress[],
): Promise<ReadonlyMap<string, ReadIssue>> {
  const items = [...new Set(batch.map(itemOf))].filter(isItem);
  const found = new Map<string, ReadIssue>();
  if (items.length === 0) return found;
  for await (const issue of listAnywhere(call, client, operation, { issue_id: items.join(",") })) {
    found.set(issue.snapshot.item, issue);
  }
  return found;
}

function outcomeOf({ options }: RedmineCall, { snapshot, isPrivate }: ReadIssue): ReadOutcome {
  if (isPrivate && !options.privateIssues) return hidden("it is private, and the source leaves private issues alone");
  return { kind: "live", issue: snapshot };
}

/** Redmine lists neither what was deleted nor what the account may not see. */
function movedTo(call: RedmineCall, issue: ReadIssue | undefined): ReadOutcome {
  if (issue === undefined) return { kind: "no-access" };
  const outcome = outcomeOf(call, issue);
  if (outcome.kind !== "live") return outcome;
  const { remoteId, container, item, raw } = issue.snapshot;
  return { kind: "moved", to: { remoteId, container, item, raw } };
}

function hidden(reason: string): ReadOutcome {
  return { kind: "no-access", reason };
}
