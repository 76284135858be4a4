import type { OptionalField } from "./optional-fields.ts";

/** An organization has at most 25 issue fields. */
const optional: Readonly<Record<OptionalField, string>> = {
  issueType: "issueType { name }",
  issueFieldValues: `issueFieldValues(first: 25) {
    nodes { ... on IssueFieldSingleSelectValue { name field { ... on IssueFieldSingleSelect { name } } } }
  }`,
};

const fragments = (fields: ReadonlySet<OptionalField>) => `
fragment person on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}
fragment issueFields on Issue {
  __typename
  id
  number
  title
  body
  state
  stateReason(enableDuplicate: true)
  createdAt
  updatedAt
  repository { nameWithOwner }
  author { ...person }
  labels(first: 100) { nodes { name } }
  assignees(first: 10) { nodes { ...person } }
  comments(first: 1) { totalCount }
  ${[...fields].map((field) => optional[field]).join("\n  ")}
}`;

/** Numbers of issues in one repository. */
export interface NumbersInRepository {
  readonly owner: string;
  readonly name: string;
  readonly numbers: readonly number[];
}

export interface IssuesQuery {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * One document for issues known by node id and issues known by number. The answer has `nodes` in the order of the ids
 * and, for repository r and its number n, `repository{r}.issue{n}`.
 */
export function issuesQuery(
  ids: readonly string[],
  repositories: readonly NumbersInRepository[],
  fields: ReadonlySet<OptionalField>,
): IssuesQuery {
  const variables: Record<string, unknown> = {};
  const declarations: string[] = [];
  const selections: string[] = [];
  const declare = (name: string, type: string, value: unknown) => {
    declarations.push(`$${name}: ${type}`);
    variables[name] = value;
  };
  if (ids.length > 0) {
    declare("ids", "[ID!]!", ids);
    selections.push("nodes(ids: $ids) { __typename ...issueFields }");
  }
  repositories.forEach(({ owner, name, numbers }, r) => {
    declare(`owner${r}`, "String!", owner);
    declare(`name${r}`, "String!", name);
    const issues = numbers.map((number, n) => {
      declare(`number${r}_${n}`, "Int!", number);
      return `issue${n}: issue(number: $number${r}_${n}) { ...issueFields }`;
    });
    selections.push(`repository${r}: repository(owner: $owner${r}, name: $name${r}) { ${issues.join(" ")} }`);
  });
  const head = `query issues(${declarations.join(", ")})`;
  return { document: `${head} {\n${selections.join("\n")}\n}${fragments(fields)}`, variables };
}
