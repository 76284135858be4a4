import { asText } from "../fake/json.ts";
import { hasAccess, mustHaveRights } from "./access.ts";
import { createComment, deleteComment, editComment } from "./comment-actions.ts";
import { forbidden, notFound } from "./failure.ts";
import { presentComment } from "./issue-view.ts";
import type { CommentRecord, RepositoryAccess, RepositoryRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import {
  created,
  enterIssues,
  findIssue,
  type RestAnswer,
  type RestCall,
  type RestOperation,
  readIssues,
  sceneOf,
  writeIssues,
} from "./rest-call.ts";

const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const all = "/repos/{owner}/{repo}/issues/comments";

/** Comments of one issue, of a whole repository, and single ones. */
export const commentOperations: readonly RestOperation[] = [
  { method: "GET", template: all, handle: listAll },
  { method: "GET", template: `${all}/{comment_id}`, handle: read },
  { method: "PATCH", template: `${all}/{comment_id}`, handle: update },
  { method: "DELETE", template: `${all}/{comment_id}`, handle: remove },
  { method: "GET", template: ofIssue, handle: listOfIssue },
  { method: "POST", template: ofIssue, handle: create },
];

function listOfIssue(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  const issue = findIssue(call, repository);
  const comments = call.world.commentsOf(issue.id, call.view.asOf).filter(isSince(call));
  return page(call, repository, comments, `/issues/${issue.number}/comments`);
}

function listAll(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  const sort = call.query.get("sort");
  // GitHub ignores a direction without a sort and then answers in ascending order of ids.
  const sign = sort !== null && call.query.get("direction") !== "asc" ? -1 : 1;
  const keyOf = (comment: CommentRecord): number => (sort === "updated" ? comment.updatedAt : comment.createdAt);
  const comments = call.world
    .issuesOf(repository.id, call.view.asOf)
    .flatMap((issue) => call.world.commentsOf(issue.id, call.view.asOf))
    .filter(isSince(call))
    .sort((a, b) => sign * ((sort === null ? 0 : keyOf(a) - keyOf(b)) || a.id - b.id));
  return page(call, repository, comments, "/issues/comments");
}

function create(call: RestCall): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const issue = findIssue(call, repository);
  if (issue.locked && !hasAccess(access, "write")) throw forbidden("Unable to create comment because issue is locked.");
  const comment = createComment(call.world, sceneOf(call, repository), issue, asText(call.body.body) ?? "");
  const body = present(call, repository, comment);
  return created(body);
}

function read(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  const comment = find(call, repository);
  return { status: 200, body: present(call, repository, comment), lastModified: comment.updatedAt };
}

function update(call: RestCall): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const comment = find(call, repository);
  checkOwner(call, comment, access);
  const edited = editComment(call.world, sceneOf(call, repository), comment, asText(call.body.body) ?? "");
  return { status: 200, body: present(call, repository, edited) };
}

function remove(call: RestCall): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const comment = find(call, repository);
  checkOwner(call, comment, access);
  deleteComment(call.world, sceneOf(call, repository), comment);
  return { status: 204 };
}

function find(call: RestCall, repository: RepositoryRecord): CommentRecord {
  const comment = call.world.comments.get(Number(call.params.comment_id), call.view.asOf);
  if (comment === undefined || comment.repositoryId !== repository.id) throw notFound();
  return comment;
}

function checkOwner(call: RestCall, comment: CommentRecord, access: RepositoryAccess): void {
  if (comment.user !== call.token?.user && !hasAccess(access, "write")) throw mustHaveRights(call.token);
}

function isSince(call: RestCall): (comment: CommentRecord) => boolean {
  const since = call.query.get("since");
  return (comment) => since === null || comment.updatedAt >= Date.parse(since);
}

function present(call: RestCall, repository: RepositoryRecord, comment: CommentRecord) {
  const issue = call.world.issues.get(comment.issueId, call.view.asOf);
  if (issue === undefined) throw notFound();
  return presentComment(call.view, repository, issue, comment);
}

function page(call: RestCall, repository: RepositoryRecord, comments: CommentRecord[], path: string): RestAnswer {
  const cut = paginate(comments, call.query, `${call.view.apiUrl}/repositories/${repository.id}${path}`);
  const body = cut.items.map((comment) => present(call, repository, comment));
  return { status: 200, body, headers: cut.headers };
}
