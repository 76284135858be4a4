import type { JsonObject } from "../fake/json.ts";
import { accessOf } from "./access.ts";
import { type ConnectionArguments, connect } from "./graphql-connection.ts";
import { fieldValueNode, issueTypeNode } from "./graphql-filing.ts";
import { issuePage, labelsOfIssue } from "./issue-view.ts";
import type { CommentRecord, IssueRecord, LabelRecord, RepositoryRecord, TokenRecord, UserRecord } from "./model.ts";
import { repositoryName } from "./repository-view.ts";
import { toIsoSeconds } from "./time.ts";
import { botName, isBot } from "./user-view.ts";
import type { View } from "./view.ts";

/** What the objects of a GraphQL answer are made from. */
export interface GraphQLScope {
  readonly view: View;
  readonly token: TokenRecord;
  /** Told of every connection, for the price of the query. */
  readonly countConnection: () => void;
}

export function userNode(scope: GraphQLScope, user: UserRecord): JsonObject {
  if (isBot(user)) {
    return {
      __typename: "Bot",
      id: user.nodeId,
      databaseId: user.id,
      login: botName(user),
      url: `${scope.view.htmlUrl}/apps/${botName(user)}`,
      resourcePath: `/apps/${botName(user)}`,
      avatarUrl: `https://avatars.githubusercontent.com/in/${user.id}?v=4`,
    };
  }
  return {
    __typename: "User",
    id: user.nodeId,
    databaseId: user.id,
    login: user.login,
    name: user.name,
    url: `${scope.view.htmlUrl}/${user.login}`,
    resourcePath: `/${user.login}`,
    avatarUrl: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
  };
}

export function labelNode(label: LabelRecord): JsonObject {
  const { nodeId, name, color, description } = label;
  return { __typename: "Label", id: nodeId, name, color, description, isDefault: false };
}

/** An issue or pull request. Connections are functions of their arguments, read when they are asked for. */
export function issueNode(scope: GraphQLScope, issue: IssueRecord): JsonObject {
  const { view } = scope;
  const repository = repositoryOf(scope, issue.repositoryId);
  return {
    __typename: issue.pullRequest ? "PullRequest" : "Issue",
    id: issue.nodeId,
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    bodyText: issue.body ?? "",
    state: issue.state.toUpperCase(),
    stateReason: (asked: { enableDuplicate?: boolean | null }) => reasonOf(issue, asked.enableDuplicate === true),
    closed: issue.state === "closed",
    closedAt: issue.closedAt === null ? null : toIsoSeconds(issue.closedAt),
    createdAt: toIsoSeconds(issue.createdAt),
    updatedAt: toIsoSeconds(issue.updatedAt),
    url: issuePage(view, repository, issue),
    resourcePath: issuePage({ htmlUrl: "" }, repository, issue),
    locked: issue.locked,
    author: userNode(scope, issue.user),
    issueType: () => issueTypeNode(scope, issue),
    issueFieldValues: (asked: ConnectionArguments) => {
      scope.countConnection();
      return connect("issueFieldValues", issue.fieldValues, asked, (value) => fieldValueNode(scope, value));
    },
    repository: () => repositoryNode(scope, repository),
    assignees: (asked: ConnectionArguments) => {
      scope.countConnection();
      return connect("assignees", issue.assignees, asked, (user) => userNode(scope, user));
    },
    labels: (asked: ConnectionArguments) => {
      scope.countConnection();
      return connect("labels", labelsOfIssue(view, issue), asked, labelNode);
    },
    comments: (asked: ConnectionArguments) => {
      scope.countConnection();
      const comments = view.world.commentsOf(issue.id, view.asOf);
      return connect("comments", comments, asked, (comment) => commentNode(scope, comment));
    },
  };
}

export function commentNode(scope: GraphQLScope, comment: CommentRecord): JsonObject {
  const { view } = scope;
  const repository = repositoryOf(scope, comment.repositoryId);
  const issue = view.world.issues.get(comment.issueId, view.asOf);
  return {
    __typename: "IssueComment",
    id: comment.nodeId,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    createdAt: toIsoSeconds(comment.createdAt),
    updatedAt: toIsoSeconds(comment.updatedAt),
    lastEditedAt: comment.updatedAt === comment.createdAt ? null : toIsoSeconds(comment.updatedAt),
    url: issue === undefined ? "" : `${issuePage(view, repository, issue)}#issuecomment-${comment.id}`,
    author: userNode(scope, comment.user),
    issue: () => (issue === undefined ? null : issueNode(scope, issue)),
    repository: () => repositoryNode(scope, repository),
  };
}

/** A repository without its issue fields, which `graphql-root.ts` adds. */
export function repositoryNode(scope: GraphQLScope, repository: RepositoryRecord): JsonObject {
  const { view } = scope;
  return {
    __typename: "Repository",
    id: repository.nodeId,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repositoryName(repository),
    owner: userNode(scope, view.world.ensureUser(repository.owner)),
    url: `${view.htmlUrl}/${repositoryName(repository)}`,
    resourcePath: `/${repositoryName(repository)}`,
    isPrivate: repository.private,
    isArchived: repository.archived,
    hasIssuesEnabled: repository.hasIssues,
    viewerPermission: accessOf(scope.token, repository).toUpperCase(),
    assignableUsers: (asked: ConnectionArguments & { query?: string | null }) => {
      scope.countConnection();
      const words = asked.query?.toLowerCase() ?? "";
      const users = [...repository.collaborators.keys()].sort().flatMap((login) => view.world.findUser(login) ?? []);
      const found = users.filter(({ login, name }) => `${login}\n${name ?? ""}`.toLowerCase().includes(words));
      return connect("assignableUsers", found, asked, (user) => userNode(scope, user));
    },
    labels: (asked: ConnectionArguments) => {
      scope.countConnection();
      return connect("labels", view.world.labelsOf(repository.id, view.asOf), asked, labelNode);
    },
    label: (asked: { name: string }) => {
      const label = view.world.findLabel(repository.id, asked.name, view.asOf);
      return label === undefined ? null : labelNode(label);
    },
  };
}

function repositoryOf(scope: GraphQLScope, id: number): RepositoryRecord {
  const repository = scope.view.world.repositoryById(id);
  if (repository === undefined) throw new RangeError(`There is no repository ${id}`);
  return repository;
}

/** Clients that do not ask for `DUPLICATE` see such an issue as not planned. */
function reasonOf(issue: IssueRecord, enableDuplicate: boolean): string | null {
  if (issue.stateReason === "duplicate" && !enableDuplicate) return "NOT_PLANNED";
  return issue.stateReason?.toUpperCase() ?? null;
}
