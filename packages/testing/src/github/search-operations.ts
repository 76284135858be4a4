import { accessOf, authorize } from "./access.ts";
import { ApiFailure, invalid } from "./failure.ts";
import { presentIssue } from "./issue-view.ts";
import type { IssueRecord, RepositoryRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import { repositoryName } from "./repository-view.ts";
import { type RestAnswer, type RestCall, type RestOperation, readIssues } from "./rest-call.ts";
import { parseSearchQuery, type SearchTerm, tokensOf } from "./search-query.ts";

/** `GET /search/issues`, over issues and pull requests that the caller reaches. */
export const searchOperations: readonly RestOperation[] = [
  { method: "GET", template: "/search/issues", handle: searchIssues },
];

interface Candidate {
  readonly repository: RepositoryRecord;
  readonly issue: IssueRecord;
  readonly title: string;
  readonly body: string;
}

function searchIssues(call: RestCall): RestAnswer {
  const { query, view, world } = call;
  for (const name of ["sort", "search_type"])
    if (query.has(name)) throw new ApiFailure(501, `The fake GitHub does not search with ${name}`);
  const term = parseSearchQuery(query.get("q") ?? "", query.get("advanced_search") === "true");
  const named = repositoriesIn(term);
  const reached = world.repositories().filter((repository) => accessOf(call.token, repository) !== "none");
  const isNamed = (repository: RepositoryRecord) => named.includes(repositoryName(repository).toLowerCase());
  const searched = named.length === 0 ? reached : reached.filter(isNamed);
  if (searched.length === 0) throw unsearchable();
  for (const repository of searched) authorize(call.token, repository, readIssues);
  const found = searched
    .filter(({ hasIssues }) => hasIssues)
    .flatMap((repository) =>
      world.issuesOf(repository.id, view.asOf).map((issue): Candidate => {
        const text = (value: string | null) => ` ${tokensOf(value ?? "").join(" ")} `;
        return { repository, issue, title: text(issue.title), body: text(issue.body) };
      }),
    )
    .filter((candidate) => matches(candidate, term))
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, term) }))
    .sort((a, b) => b.score - a.score || b.issue.updatedAt - a.issue.updatedAt || b.issue.number - a.issue.number);
  const page = paginate(found, query, `${view.apiUrl}/search/issues`);
  const items = page.items.map(({ repository, issue, score }) => {
    const { closed_by: _, body, ...shown } = presentIssue(view, repository, issue);
    return { ...shown, ...(body === null ? {} : { body }), score };
  });
  const body = { total_count: found.length, incomplete_results: false, items, search_type: "lexical" };
  return { status: 200, body, headers: page.headers };
}

/** GitHub leaves out what the caller does not reach, and refuses only where nothing is left. */
function unsearchable(): ApiFailure {
  const message =
    "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.";
  return invalid({ resource: "Search", field: "q", code: "invalid", message });
}

function repositoriesIn(term: SearchTerm): readonly string[] {
  if (term.kind === "and" || term.kind === "or") return term.terms.flatMap(repositoriesIn);
  return term.kind === "qualifier" && term.name === "repo" ? [term.value] : [];
}

function matches(candidate: Candidate, term: SearchTerm): boolean {
  switch (term.kind) {
    case "and":
      return term.terms.every((part) => matches(candidate, part));
    case "or":
      return term.terms.some((part) => matches(candidate, part));
    case "not":
      return !matches(candidate, term.term);
    case "phrase":
      return hasPhrase(candidate.title, term.tokens) || hasPhrase(candidate.body, term.tokens);
    case "qualifier":
      return hasQualifier(candidate, term.name, term.value);
  }
}

function hasPhrase(text: string, tokens: readonly string[]): boolean {
  return text.includes(` ${tokens.join(" ")} `);
}

/** Qualifiers that nobody here needs are refused: answering as if they were absent would be a lie. */
function hasQualifier({ repository, issue }: Candidate, name: string, value: string): boolean {
  switch (`${name}:${name === "repo" ? "" : value}`) {
    case "repo:":
      return repositoryName(repository).toLowerCase() === value;
    case "is:issue":
      return !issue.pullRequest;
    case "is:pull-request":
    case "is:pr":
      return issue.pullRequest;
    case "is:open":
    case "is:closed":
      return issue.state === value;
    default:
      throw new ApiFailure(501, `The fake GitHub does not search by ${name}:${value}`);
  }
}

/** What stands in the title counts more. */
function scoreOf(candidate: Candidate, term: SearchTerm): number {
  if (term.kind === "and" || term.kind === "or")
    return term.terms.reduce((sum, part) => sum + scoreOf(candidate, part), 0);
  if (term.kind !== "phrase") return 0;
  return hasPhrase(candidate.title, term.tokens) ? 2 : 1;
}
