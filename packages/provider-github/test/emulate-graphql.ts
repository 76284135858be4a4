import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, type GraphQLError, type GraphQLSchema, graphql } from "graphql";

interface RestIssue {
  readonly node_id: string;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly state_reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly user: RestUser | null;
  readonly assignees: readonly RestUser[];
  readonly labels: readonly { readonly name: string }[];
  readonly comments: number;
  readonly repository_url: string;
}

interface RestUser {
  readonly id: number;
  readonly login: string;
}

/** Asks the server's REST API in the name of whoever sent the query; null for 404. */
export type AskRest = (path: string) => Promise<unknown>;

let schema: GraphQLSchema | null = null;

/** GitHub's published schema: a document that it does not allow is refused. */
function loadSchema(): GraphQLSchema {
  schema ??= buildSchema(published.idl, { assumeValidSDL: true });
  return schema;
}

/** Answers a query about issues as GitHub would, with what REST shows. */
export async function answerQuery(
  { query, variables }: { readonly query: string; readonly variables: Record<string, unknown> },
  repositories: readonly string[],
  ask: AskRest,
): Promise<object> {
  const rootValue = {
    async nodes({ ids }: { readonly ids: readonly string[] }) {
      const lists = await Promise.all(repositories.map((name) => ask(`/repos/${name}/issues?state=all&per_page=100`)));
      const issues = lists.flatMap((list) => (list ?? []) as readonly RestIssue[]);
      return ids.map((id) => presentOrNull(issues.find((issue) => issue.node_id === id)));
    },
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) => ({
      issue: async ({ number }: { readonly number: number }) =>
        presentOrNull((await ask(`/repos/${owner}/${name}/issues/${number}`)) as RestIssue | null),
    }),
  };
  const result = await graphql({ schema: loadSchema(), source: query, rootValue, variableValues: variables });
  const { data = null, errors } = result;
  return { data, ...(errors !== undefined && { errors: errors.map(inGitHubsWords) }) };
}

function presentOrNull(issue: RestIssue | null | undefined): object | null {
  return issue === null || issue === undefined ? null : present(issue);
}

function present(issue: RestIssue): object {
  const person = ({ id, login }: RestUser) => ({ __typename: "User", databaseId: id, login });
  return {
    __typename: "Issue",
    id: issue.node_id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    state: issue.state.toUpperCase(),
    stateReason: issue.state_reason?.toUpperCase() ?? null,
    createdAt: issue.created_at,
    updatedAt: issue.updated_at,
    author: issue.user === null ? null : person(issue.user),
    assignees: { nodes: issue.assignees.map(person) },
    labels: { nodes: issue.labels.map(({ name }) => ({ name })) },
    comments: { totalCount: issue.comments },
    repository: { nameWithOwner: issue.repository_url.split("/").slice(-2).join("/") },
  };
}

/** GitHub's server is another one than this library's. */
function inGitHubsWords({ message, path }: GraphQLError): object {
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message) ?? [];
  if (field === undefined) return { message, path };
  return { message: `Field '${field}' doesn't exist on type '${type}'`, extensions: { code: "undefinedField" } };
}
