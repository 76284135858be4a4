import type { IssueAddress, IssueSnapshot, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { mapGraphqlIssue } from "./map-issue.ts";
import { createOptionalFields, type OptionalField } from "./optional-fields.ts";
import { type IssuesQuery, issuesQuery, type NumbersInRepository } from "./queries.ts";
import { readMissing } from "./read-missing.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };
const priorityValues: OptionalField = "issueFieldValues";

export function createReadGroup(open: OpenClient): ReadGroup<GitHubAuth, GitHubOptions> {
  const optionalFields = createOptionalFields();
  return {
    async issues(call: GitHubCall, { issues }) {
      if (issues.length === 0) return [];
      const client = open(call);
      const { priorityField = null } = call.options;
      const wanted: readonly OptionalField[] = ["issueType", ...(priorityField === null ? [] : [priorityValues])];
      const found = await optionalFields.query(call, wanted, (fields) =>
        readMany(client, issues, { fields, priorityField }),
      );
      const outcomes = found.map((issue, index) => (issue === null ? null : outcomeOf(issue, issues[index])));
      const missing = issues.filter((_, index) => outcomes[index] === null);
      const fates =
        missing.length === 0 ? new Map<IssueAddress, ReadOutcome>() : await readMissing(client, missing, priorityField);
      return issues.map((address, index) => outcomes[index] ?? fates.get(address) ?? { kind: "no-access" });
    },
  };
}

/** An issue of another repository than the one asked for was renamed or transferred with it. */
function outcomeOf(issue: IssueSnapshot, address: IssueAddress | undefined): ReadOutcome {
  if (address === undefined || isSameContainer(issue.container, address.container)) return { kind: "live", issue };
  const { remoteId, container, item, raw } = issue;
  return { kind: "moved", to: { remoteId, container, item, raw } };
}

type Found = IssueSnapshot | null | undefined;

interface Reading {
  readonly fields: ReadonlySet<OptionalField>;
  readonly priorityField: string | null;
}

/** One request. Null: GitHub gave nothing for that address. */
async function readMany(
  client: GitHubClient,
  addresses: readonly IssueAddress[],
  reading: Reading,
): Promise<(IssueSnapshot | null)[]> {
  const plan = planQuery(addresses, reading);
  if (plan.query === null) return addresses.map(() => null);
  const answer = await client.query(operation, plan.query.document, plan.query.variables);
  return answer.as((data) => addresses.map((address) => plan.pick(data, address) ?? null));
}

interface Plan {
  readonly query: IssuesQuery | null;
  pick(data: unknown, address: IssueAddress): Found;
}

function planQuery(addresses: readonly IssueAddress[], { fields, priorityField }: Reading): Plan {
  const ids = [...new Set(addresses.flatMap(({ remoteId }) => (remoteId === null ? [] : [remoteId])))];
  const byContainer = new Map<string, number[]>();
  for (const address of addresses) {
    const number = numberOf(address);
    if (address.remoteId !== null || number === null) continue;
    const numbers = byContainer.get(address.container) ?? [];
    if (!numbers.includes(number)) numbers.push(number);
    byContainer.set(address.container, numbers);
  }
  const containers = [...byContainer.keys()];
  const repositories = containers.map((container): NumbersInRepository => {
    const { owner, repo } = splitContainer(container);
    return { owner, name: repo, numbers: byContainer.get(container) ?? [] };
  });
  return {
    query: ids.length + repositories.length === 0 ? null : issuesQuery(ids, repositories, fields),
    pick(data, address) {
      const answer = parseShape(answerShape, data, "data");
      if (address.remoteId !== null) return mapNode(answer.nodes, ids.indexOf(address.remoteId), priorityField);
      const repository = containers.indexOf(address.container);
      const number = repositories[repository]?.numbers.indexOf(numberOf(address) ?? 0);
      return mapNode(answer[`repository${repository}`], `issue${number}`, priorityField);
    },
  };
}

const answerShape = z.looseObject({ nodes: z.unknown().optional() });

/** Pull requests have node ids too, but are no issues. */
function mapNode(parent: unknown, key: string | number, priorityField: string | null): Found {
  const node = (parent as Record<string | number, unknown> | null | undefined)?.[key];
  const isIssue = (node as { __typename?: unknown } | null | undefined)?.__typename === "Issue";
  return isIssue ? mapGraphqlIssue(node, priorityField) : null;
}

/** Largest `Int` of GraphQL. A larger number in one address would fail the query for all of them. */
const largestNumber = 2_147_483_647;

function numberOf(address: IssueAddress): number | null {
  const number = /^[1-9]\d{0,9}$/.test(address.item) ? Number(address.item) : null;
  return number !== null && number <= largestNumber ? number : null;
}
