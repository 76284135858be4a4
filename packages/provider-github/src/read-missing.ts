import type { IssueAddress, ReadOutcome } from "@backref/core/provider";
import type { GitHubClient } from "./client.ts";
import { hasStatus, type Operation } from "./errors.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

/** GitHub asks for few requests at a time; one after the other would take too long for a whole batch. */
const lookupsAtOnce = 5;

/**
 * What became of issues that GraphQL gave nothing for. It cannot tell deleted, transferred and hidden apart; REST can,
 * at one request each. A repository that is out of reach as a whole costs two, however many issues are missing there.
 */
export async function readMissing(
  client: GitHubClient,
  addresses: readonly IssueAddress[],
): Promise<ReadonlyMap<IssueAddress, ReadOutcome>> {
  const fates = new Map<IssueAddress, ReadOutcome>();
  for (const [first, ...others] of byContainer(addresses)) {
    const fate = await readOne(client, first);
    fates.set(first, fate);
    const isLost = fate.kind === "no-access" && others.length > 0 && !(await answers(client, first.container));
    for (let start = 0; start < others.length; start += lookupsAtOnce) {
      const wave = others.slice(start, start + lookupsAtOnce);
      const found = isLost ? [] : await Promise.all(wave.map((address) => readOne(client, address)));
      for (const [index, address] of wave.entries()) fates.set(address, found[index] ?? { kind: "no-access" });
    }
  }
  return fates;
}

function byContainer(addresses: readonly IssueAddress[]): Iterable<[IssueAddress, ...IssueAddress[]]> {
  const groups = new Map<string, [IssueAddress, ...IssueAddress[]]>();
  for (const address of addresses) {
    const group = groups.get(address.container.toLowerCase());
    if (group === undefined) groups.set(address.container.toLowerCase(), [address]);
    else group.push(address);
  }
  return groups.values();
}

async function readOne(client: GitHubClient, address: IssueAddress): Promise<ReadOutcome> {
  const path = { ...splitContainer(address.container), number: address.item };
  try {
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}/issues/{number}", path);
    const issue = answer.as((data) => (isPullRequest(data) ? null : mapRestIssue(data)));
    if (issue === null) return { kind: "no-access" };
    const isHere = isSameContainer(issue.container, address.container) && issue.item === address.item;
    if (!isHere) {
      const { remoteId, container, item, raw } = issue;
      return { kind: "moved", to: { remoteId, container, item, raw } };
    }
    // Another issue under the same number: the repository was deleted and made anew.
    const isOther = address.remoteId !== null && address.remoteId !== issue.remoteId;
    return isOther ? { kind: "no-access" } : { kind: "live", issue };
  } catch (error) {
    if (hasStatus(error, 410)) return { kind: "deleted" };
    if (hasStatus(error, 301, 302, 307, 308)) return { kind: "moved", to: null };
    if (hasStatus(error, 404, 451) || isForbidden(error)) return { kind: "no-access" };
    throw error;
  }
}

async function answers(client: GitHubClient, container: string): Promise<boolean> {
  try {
    await client.request(operation, "GET /repos/{owner}/{repo}", splitContainer(container));
    return true;
  } catch (error) {
    if (hasStatus(error, 301, 404, 451) || isForbidden(error)) return false;
    throw error;
  }
}

/** A 403 that is no rate limit. */
function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403) && error.failure === "forbidden";
}
