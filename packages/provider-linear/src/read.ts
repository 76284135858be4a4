import type { IssueAddress, IssueSnapshot, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient, OpenClient } from "./client.ts";
import { issueDocument, issuesDocument } from "./documents.ts";
import { isGone, type Operation, saysTooComplex } from "./errors.ts";
import { type MappedIssue, mapIssue } from "./map-issue.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

export function createReadGroup(open: OpenClient): ReadGroup<LinearAuth, LinearOptions> {
  return {
    async issues(call: LinearCall, { issues }) {
      if (issues.length === 0) return [];
      const client = open(call);
      const found = await readMany(client, issues);
      const outcomes: ReadOutcome[] = [];
      for (const address of issues) outcomes.push(await outcomeOf(client, address, found));
      return outcomes;
    },
  };
}

/** Issues by id, and by the identifier that they have now. */
type Found = ReadonlyMap<string, MappedIssue>;

const keyOf = (container: string, item: string) => `${container.toUpperCase()}-${item}`;

/** One request where Linear takes it; where it is too much for one, by halves. */
async function readMany(client: LinearClient, issues: readonly IssueAddress[]): Promise<Found> {
  const filter = filterOf(issues);
  if (filter === null) return new Map();
  try {
    const nodes = await client.ask(operation, issuesDocument, { filter, first: issues.length }, (data) =>
      parseShape(nodesShape, data, "data").issues.nodes.map(mapIssue),
    );
    return new Map(
      nodes.flatMap((node) => [
        [node.issue.remoteId, node],
        [keyOf(node.issue.container, node.issue.item), node],
      ]),
    );
  } catch (error) {
    if (!saysTooComplex(error) || issues.length < 2) throw error;
    const half = issues.length >> 1;
    return new Map([
      ...(await readMany(client, issues.slice(0, half))),
      ...(await readMany(client, issues.slice(half))),
    ]);
  }
}

const nodesShape = z.object({ issues: z.object({ nodes: z.array(z.unknown()) }) });

/** Numbers are floating point there: larger ones are no issue's. */
const largestNumber = 2 ** 31 - 1;

/** Null where none of the addresses can be one of Linear's. */
function filterOf(issues: readonly IssueAddress[]): object | null {
  const ids = issues.flatMap(({ remoteId }) => (remoteId === null ? [] : [remoteId]));
  const numbers = new Map<string, number[]>();
  for (const { remoteId, container, item } of issues) {
    const number = Number(item);
    if (remoteId !== null || !/^[1-9]\d*$/.test(item) || number > largestNumber) continue;
    numbers.set(container, [...(numbers.get(container) ?? []), number]);
  }
  const parts = [
    ...(ids.length > 0 ? [{ id: { in: ids } }] : []),
    ...[...numbers].map(([key, wanted]) => ({ team: { key: { eq: key } }, number: { in: wanted } })),
  ];
  return parts.length === 0 ? null : { or: parts };
}

async function outcomeOf(client: LinearClient, address: IssueAddress, found: Found): Promise<ReadOutcome> {
  const { remoteId, container, item } = address;
  const read = found.get(remoteId ?? keyOf(container, item));
  // A page shows what identifiers lead to now; an old one is followed by a look of its own.
  const wanted = read ?? (remoteId === null ? await readOne(client, keyOf(container, item)) : null);
  if (wanted === null) return { kind: "no-access" };
  const { issue, isTrashed } = wanted.isCut ? ((await readOne(client, wanted.issue.remoteId)) ?? wanted) : wanted;
  if (isTrashed) return { kind: "deleted" };
  return isAt(issue, container) ? { kind: "live", issue } : { kind: "moved", to: addressOf(issue) };
}

const isAt = (issue: IssueSnapshot, container: string) => issue.container.toUpperCase() === container.toUpperCase();

const addressOf = ({ remoteId, container, item, raw }: IssueSnapshot): IssueAddress => ({
  remoteId,
  container,
  item,
  raw,
});

/** By id, or by any identifier that it ever had. Null where there is none, or not for this credential. */
export async function readOne(
  client: LinearClient,
  id: string,
  asked: Operation = operation,
): Promise<MappedIssue | null> {
  try {
    return await client.ask(asked, issueDocument, { id }, (data) =>
      mapIssue(parseShape(z.object({ issue: z.unknown() }), data, "data").issue),
    );
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
