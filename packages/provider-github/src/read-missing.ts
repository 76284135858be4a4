import type { IssueAddress, ReadOutcome } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { GitHubClient } from "./client.ts";
import { saysDeleted } from "./errors.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";
import { isForbidden, type RepositoryState, repositoryState } from "./repository.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

/** GitHub asks for few requests at a time; one after the other would take too long for a whole batch. */
const lookupsAtOnce = 5;

/**
 * What became of issues that GraphQL gave nothing for. It cannot tell deleted, transferred and hidden apart; REST can,
 * at one request each. A repository that is out of reach as a whole, or has its issues switched off, costs two, however
 * many issues are missing there.
 */
export async function readMissing(
  client: GitHubClient,
  addresses: readonly IssueAddress[],
  priorityField: string | null,
): Promise<ReadonlyMap<IssueAddress, ReadOutcome>> {
  const fates = new Map<IssueAddress, ReadOutcome>();
  for (const [first, ...others] of byContainer(addresses)) {
    const fate = await readOne(client, first, priorityField);
    const isOpen = fate.kind !== "closed" && (fate.kind !== "no-access" || others.length === 0);
    const state = isOpen ? "open" : await repositoryState(client, operation, first.container);
    const lost = lostWith(state, first.container);
    fates.set(first, concluded(fate, lost));
    for (let start = 0; start < others.length; start += lookupsAtOnce) {
      const wave = others.slice(start, start + lookupsAtOnce);
      const found = await Promise.all(wave.map((address) => lost ?? readOne(client, address, priorityField)));
      for (const [index, address] of wave.entries()) {
        fates.set(address, concluded(found[index] ?? { kind: "no-access" }, lost));
      }
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

/** `closed`: GitHub says of this number that it is gone, and only the repository can tell whether all of them are. */
type Fate = ReadOutcome | { readonly kind: "closed" };

function lostWith(state: RepositoryState, container: string): ReadOutcome | null {
  if (state === "open") return null;
  if (state === "unreachable") return { kind: "no-access" };
  return {
    kind: "no-access",
    reason: `issues are disabled in ${container}; enable them in the repository's settings`,
  };
}

function concluded(fate: Fate, lost: ReadOutcome | null): ReadOutcome {
  return fate.kind === "closed" ? (lost ?? { kind: "deleted" }) : fate;
}

async function readOne(client: GitHubClient, address: IssueAddress, priorityField: string | null): Promise<Fate> {
  const path = { ...splitContainer(address.container), number: address.item };
  try {
    const answer = await client.request(operation, "GET /repos/{owner}/{repo}/issues/{number}", path);
    const issue = answer.as((data) => (isPullRequest(data) ? null : mapRestIssue(data, { priorityField })));
    if (issue === null) return { kind: "no-access", reason: "it is a pull request, not an issue" };
    const isHere = isSameContainer(issue.container, address.container) && issue.item === address.item;
    if (!isHere) {
      const { remoteId, container, item, raw } = issue;
      return { kind: "moved", to: { remoteId, container, item, raw } };
    }
    // Another issue under the same number: the repository was deleted and made anew.
    const isOther = address.remoteId !== null && address.remoteId !== issue.remoteId;
    return isOther ? { kind: "no-access" } : { kind: "live", issue };
  } catch (error) {
    if (hasStatus(error, 410)) return { kind: saysDeleted(error) ? "deleted" : "closed" };
    if (hasStatus(error, 301, 302, 307, 308)) return { kind: "moved", to: null };
    if (isForbidden(error)) return { kind: "no-access", reason: (error as Error).message.replace(/\.$/, "") };
    if (hasStatus(error, 404, 451)) return { kind: "no-access" };
    throw error;
  }
}
