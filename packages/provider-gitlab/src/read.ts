import type { IssueAddress, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { isSameContainer, projectAddress } from "./keys.ts";
import { pageSize, parseList } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";
import { addressOf, followMove } from "./moved-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

/** One request per project and hundred issues; two more for each that was moved, to find where it is. */
export function createReadGroup(open: OpenClient): ReadGroup<GitLabAuth, GitLabOptions> {
  return {
    async issues(call: GitLabCall, { issues }) {
      const client = open(call);
      const outcomes = new Map<IssueAddress, ReadOutcome>();
      for (const group of byProject(issues)) {
        for (let start = 0; start < group.length; start += pageSize) {
          const batch = group.slice(start, start + pageSize);
          const found = await readBatch(client, batch);
          for (const address of batch) outcomes.set(address, await outcomeOf(client, address, found));
        }
      }
      return issues.map((address) => outcomes.get(address) ?? { kind: "no-access" });
    },
  };
}

function byProject(addresses: readonly IssueAddress[]): Iterable<readonly IssueAddress[]> {
  const groups = new Map<string, IssueAddress[]>();
  for (const address of addresses) {
    const key = address.container.toLowerCase();
    const group = groups.get(key) ?? [];
    group.push(address);
    groups.set(key, group);
  }
  return groups.values();
}

/** By number; or why none of them can be read, in words that end a sentence, where GitLab says more than "not found". */
type Found = ReadonlyMap<string, ReadIssue> | { readonly reason: string | null };

/** The database's largest number. A larger one would fail the request for all. */
const largestNumber = 2_147_483_647;

async function readBatch(client: GitLabClient, batch: readonly IssueAddress[]): Promise<Found> {
  const [first] = batch;
  const isNumber = (item: string) => /^[1-9]\d{0,9}$/.test(item) && Number(item) <= largestNumber;
  const iids = [...new Set(batch.map(({ item }) => item).filter(isNumber))];
  if (first === undefined || iids.length === 0) return new Map();
  const path = `${projectAddress(first.container)}/issues`;
  const query = { iids, state: "all", scope: "all", per_page: pageSize };
  try {
    const answer = await client.request(operation, "GET", path, { query });
    const rows = answer.as((data) => parseList(data).map(mapIssue));
    return new Map(rows.map((row) => [row.snapshot.item, row]));
  } catch (error) {
    if (hasStatus(error, 404)) return { reason: null };
    const isForbidden = hasStatus(error, 403) && error.failure === "forbidden";
    if (isForbidden) return { reason: (error as Error).message.replace(/\.$/, "") };
    throw error;
  }
}

async function outcomeOf(client: GitLabClient, address: IssueAddress, found: Found): Promise<ReadOutcome> {
  if ("reason" in found) {
    return found.reason === null ? { kind: "no-access" } : { kind: "no-access", reason: found.reason };
  }
  // GitLab does not tell what was deleted from what is hidden.
  const issue = found.get(address.item);
  if (issue === undefined) return { kind: "no-access" };
  const { snapshot, movedToId } = issue;
  // Another issue under the same number: the project was deleted and made anew.
  if (address.remoteId !== null && address.remoteId !== snapshot.remoteId) return { kind: "no-access" };
  if (movedToId !== null) {
    const moved = await followMove(client, operation, issue);
    return { kind: "moved", to: moved === null ? null : addressOf(moved) };
  }
  if (isSameContainer(snapshot.container, address.container)) return { kind: "live", issue: snapshot };
  return { kind: "moved", to: addressOf(snapshot) };
}
