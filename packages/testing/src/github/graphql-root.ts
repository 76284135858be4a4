import type { JsonObject } from "../fake/json.ts";
import { accessOf } from "./access.ts";
import { type ConnectionArguments, connect, typedError } from "./graphql-connection.ts";
import { commentNode, type GraphQLScope, issueNode, labelNode, repositoryNode, userNode } from "./graphql-nodes.ts";
import { labelsOfIssue } from "./issue-view.ts";
import type { IssueRecord, RepositoryRecord } from "./model.ts";
import type { RateState } from "./rate-limits.ts";
import { toIsoSeconds } from "./time.ts";

interface IssuesArguments extends ConnectionArguments {
  readonly states?: readonly string[] | null;
  readonly labels?: readonly string[] | null;
  readonly filterBy?: { readonly since?: string | null; readonly states?: readonly string[] | null } | null;
  readonly orderBy?: { readonly field: "CREATED_AT" | "UPDATED_AT" | "COMMENTS"; readonly direction: string } | null;
}

const nodeLimit = 100;

/** The root fields the fake answers. `price` is read when the rest of the query has been resolved. */
export function createQueryRoot(scope: GraphQLScope, price: () => { cost: number; rate: RateState }): JsonObject {
  return {
    viewer: () => userNode(scope, scope.token.user),
    node: (asked: { id: string }) => resolveNode(scope, asked.id),
    nodes: (asked: { ids: readonly string[] }) => {
      if (asked.ids.length > nodeLimit) {
        const message = `You may not provide more than ${nodeLimit} node ids; you provided ${asked.ids.length}.`;
        throw typedError("ARGUMENT_LIMIT", message);
      }
      return asked.ids.map((id) => {
        try {
          return resolveNode(scope, id);
        } catch (error) {
          return error;
        }
      });
    },
    repository: (asked: { owner: string; name: string }) => findRepository(scope, asked.owner, asked.name),
    rateLimit: async () => {
      await Promise.resolve();
      const { cost, rate } = price();
      const { limit, remaining, used, reset } = rate;
      return { cost, limit, remaining, used, nodeCount: 0, resetAt: toIsoSeconds(reset * 1000) };
    },
  };
}

function resolveNode(scope: GraphQLScope, id: string): JsonObject {
  const { world, asOf } = scope.view;
  const issue = world.issueByNode(id, asOf);
  if (issue !== undefined && isVisible(scope, issue.repositoryId) && isOpenToIssues(scope, issue))
    return readIssue(scope, issue);
  const comment = world.commentByNode(id, asOf);
  if (comment !== undefined && isVisible(scope, comment.repositoryId)) return commentNode(scope, comment);
  const repository = world.repositories().find((candidate) => candidate.nodeId === id);
  if (repository !== undefined && isVisible(scope, repository.id)) return withIssues(scope, repository);
  const label = world.labels.values(asOf).find((candidate) => candidate.nodeId === id);
  if (label !== undefined && isVisible(scope, label.repositoryId)) return labelNode(label);
  throw typedError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function findRepository(scope: GraphQLScope, owner: string, name: string): JsonObject {
  const repository = scope.view.world.findRepository(`${owner}/${name}`);
  if (repository === undefined || !isVisible(scope, repository.id))
    throw typedError("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  return withIssues(scope, repository);
}

function withIssues(scope: GraphQLScope, repository: RepositoryRecord): JsonObject {
  const { world, asOf } = scope.view;
  return {
    ...repositoryNode(scope, repository),
    issue: (asked: { number: number }) => {
      const issue = world.findIssue(repository.id, asked.number, asOf);
      if (issue === undefined || issue.pullRequest || !repository.hasIssues)
        throw typedError("NOT_FOUND", `Could not resolve to an Issue with the number of ${asked.number}.`);
      return readIssue(scope, issue);
    },
    issueOrPullRequest: (asked: { number: number }) => {
      const issue = world.findIssue(repository.id, asked.number, asOf);
      if (issue !== undefined) return readIssue(scope, issue);
      const message = `Could not resolve to an issue or pull request with the number of ${asked.number}.`;
      throw typedError("NOT_FOUND", message);
    },
    issues: (asked: IssuesArguments) => {
      scope.countConnection();
      const issues = selectIssues(scope, repository, asked);
      return connect("issues", issues, asked, (issue) => readIssue(scope, issue));
    },
  };
}

function selectIssues(scope: GraphQLScope, repository: RepositoryRecord, asked: IssuesArguments): IssueRecord[] {
  const states = asked.states ?? asked.filterBy?.states;
  const since = asked.filterBy?.since;
  const { field = "CREATED_AT", direction = "ASC" } = asked.orderBy ?? {};
  const keyOf = (issue: IssueRecord): number => {
    if (field === "UPDATED_AT") return issue.updatedAt;
    return field === "COMMENTS" ? issue.comments : issue.createdAt;
  };
  const sign = direction === "DESC" ? -1 : 1;
  return scope.view.world
    .issuesOf(repository.id, scope.view.asOf)
    .filter((issue) => !issue.pullRequest)
    .filter((issue) => states == null || states.includes(issue.state.toUpperCase()))
    .filter((issue) => since == null || issue.updatedAt >= Date.parse(since))
    .filter((issue) => asked.labels == null || labelsOfIssue(scope.view, issue).some(isNamed(asked.labels)))
    .sort((a, b) => sign * (keyOf(a) - keyOf(b) || a.number - b.number));
}

function isNamed(names: readonly string[]): (label: { readonly name: string }) => boolean {
  return (label) => names.some((name) => name.toLowerCase() === label.name.toLowerCase());
}

/** Issues of a repository that has them switched off are not there; its pull requests are. */
function isOpenToIssues({ view }: GraphQLScope, issue: IssueRecord): boolean {
  return issue.pullRequest || view.world.repositoryById(issue.repositoryId)?.hasIssues === true;
}

function isVisible(scope: GraphQLScope, repositoryId: number): boolean {
  const repository = scope.view.world.repositoryById(repositoryId);
  return repository !== undefined && accessOf(scope.token, repository) !== "none";
}

function readIssue(scope: GraphQLScope, issue: IssueRecord): JsonObject {
  const { permissions } = scope.token;
  if (permissions !== null && permissions.issues === undefined)
    throw typedError("FORBIDDEN", "Resource not accessible by personal access token");
  return issueNode(scope, issue);
}
