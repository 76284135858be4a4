import { asNames, asText } from "../fake/json.ts";
import { hasAccess, mustHaveRights } from "./access.ts";
import { isAssignable } from "./assignees.ts";
import { invalid } from "./failure.ts";
import { changeIssue, createIssue, type IssueChange } from "./issue-actions.ts";
import { listIssues } from "./issue-list.ts";
import { wantedMembers } from "./issue-members.ts";
import { presentIssue } from "./issue-view.ts";
import type { IssueRecord, RepositoryRecord, StateReason, UserRecord } from "./model.ts";
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

const list = "/repos/{owner}/{repo}/issues";
const one = `${list}/{issue_number}`;

/** Creating, reading, changing issues and their assignees. */
export const issueOperations: readonly RestOperation[] = [
  { method: "GET", template: list, handle: listIssues },
  { method: "POST", template: list, handle: create },
  { method: "GET", template: one, handle: read },
  { method: "PATCH", template: one, handle: update },
  { method: "POST", template: `${one}/assignees`, handle: addAssignees },
  { method: "DELETE", template: `${one}/assignees`, handle: removeAssignees },
];

function create(call: RestCall): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const scene = sceneOf(call, repository);
  const title = asText(call.body.title) ?? "";
  if (title.trim() === "") throw invalid({ resource: "Issue", code: "missing_field", field: "title" });
  const members = wantedMembers(call, repository, access);
  const issue = createIssue(call.world, scene, {
    title,
    body: asText(call.body.body) ?? null,
    ...members,
    labels: members.labels ?? [],
    assignees: members.assignees ?? [],
  });
  const body = presentIssue(call.view, repository, issue);
  return created(body);
}

function read(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  const issue = findIssue(call, repository);
  return { status: 200, body: presentIssue(call.view, repository, issue), lastModified: issue.updatedAt };
}

function update(call: RestCall): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const scene = sceneOf(call, repository);
  const issue = findIssue(call, repository);
  const isAuthor = issue.user === scene.actor;
  const editsText = call.body.title != null || call.body.body !== undefined;
  const needed = isAuthor ? "read" : editsText ? "write" : "triage";
  if (!hasAccess(access, needed)) throw mustHaveRights(call.token);
  const change: IssueChange = {
    title: asText(call.body.title),
    body: call.body.body === undefined ? undefined : (asText(call.body.body) ?? null),
    state: call.body.state === "open" || call.body.state === "closed" ? call.body.state : undefined,
    stateReason: call.body.state_reason as StateReason | null | undefined,
    ...wantedMembers(call, repository, access),
  };
  return answer(call, repository, changeIssue(call.world, scene, issue, change));
}

function addAssignees(call: RestCall): RestAnswer {
  return changeAssignees(call, 201, (issue, repository, logins) => {
    const added = logins.flatMap((login) => {
      const user = call.world.findUser(login);
      return user !== undefined && isAssignable(repository, user) ? [user] : [];
    });
    return [...new Set([...issue.assignees, ...added])];
  });
}

function removeAssignees(call: RestCall): RestAnswer {
  return changeAssignees(call, 200, (issue, _repository, logins) => {
    const removed = new Set(logins.map((login) => login.toLowerCase()));
    return issue.assignees.filter((user) => !removed.has(user.login.toLowerCase()));
  });
}

function changeAssignees(
  call: RestCall,
  status: number,
  next: (issue: IssueRecord, repository: RepositoryRecord, logins: string[]) => UserRecord[],
): RestAnswer {
  const { repository, access } = enterIssues(call, writeIssues);
  const issue = findIssue(call, repository);
  // Without push access GitHub ignores the assignees and answers as if all were well.
  if (!hasAccess(access, "triage")) return { ...answer(call, repository, issue), status };
  const assignees = next(issue, repository, asNames(call.body.assignees, "login") ?? []);
  const changed = changeIssue(call.world, sceneOf(call, repository), issue, { assignees });
  return { ...answer(call, repository, changed), status };
}

function answer(call: RestCall, repository: RepositoryRecord, issue: IssueRecord): RestAnswer {
  return { status: 200, body: presentIssue(call.view, repository, issue) };
}
