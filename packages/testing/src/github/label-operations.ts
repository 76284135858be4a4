import { asNames, asText } from "../fake/json.ts";
import { hasAccess } from "./access.ts";
import { ApiFailure, notFound } from "./failure.ts";
import { changeIssue } from "./issue-actions.ts";
import { labelsOfIssue, presentLabel } from "./issue-view.ts";
import { createLabel, resolveLabels } from "./label-actions.ts";
import type { IssueRecord, RepositoryRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import {
  created,
  enter,
  enterIssues,
  findIssue,
  type RestAnswer,
  type RestCall,
  type RestOperation,
  readIssues,
  sceneOf,
  writeIssues,
} from "./rest-call.ts";

const list = "/repos/{owner}/{repo}/labels";
const ofIssue = "/repos/{owner}/{repo}/issues/{issue_number}/labels";

/** Labels of a repository and of one issue. */
export const labelOperations: readonly RestOperation[] = [
  { method: "GET", template: list, handle: listAll },
  { method: "POST", template: list, handle: create },
  { method: "GET", template: `${list}/{name}`, handle: read },
  { method: "GET", template: ofIssue, handle: listOfIssue },
  { method: "POST", template: ofIssue, handle: add },
  { method: "PUT", template: ofIssue, handle: replace },
  { method: "DELETE", template: `${ofIssue}/{name}`, handle: remove },
];

function listAll(call: RestCall): RestAnswer {
  const { repository } = enter(call, readIssues);
  const labels = call.world.labelsOf(repository.id, call.view.asOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = paginate(labels, call.query, `${call.view.apiUrl}/repositories/${repository.id}/labels`);
  const body = page.items.map((label) => presentLabel(call.view, repository, label));
  return { status: 200, body, headers: page.headers };
}

function create(call: RestCall): RestAnswer {
  const { repository } = enter(call, { ...writeIssues, role: "write", hidden: true });
  const label = createLabel(call.world, repository, {
    name: asText(call.body.name) ?? "",
    color: asText(call.body.color),
    description: asText(call.body.description),
  });
  const body = presentLabel(call.view, repository, label);
  return created(body);
}

function read(call: RestCall): RestAnswer {
  const { repository } = enter(call, readIssues);
  const label = call.world.findLabel(repository.id, call.params.name ?? "", call.view.asOf);
  if (label === undefined) throw notFound();
  return { status: 200, body: presentLabel(call.view, repository, label) };
}

function listOfIssue(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  const issue = findIssue(call, repository);
  const base = `${call.view.apiUrl}/repositories/${repository.id}/issues/${issue.number}/labels`;
  const page = paginate(labelsOfIssue(call.view, issue), call.query, base);
  const body = page.items.map((label) => presentLabel(call.view, repository, label));
  return { status: 200, body, headers: page.headers };
}

function add(call: RestCall): RestAnswer {
  return change(call, (issue, named) => [...new Set([...issue.labels, ...named])]);
}

function replace(call: RestCall): RestAnswer {
  return change(call, (_issue, named) => named);
}

function change(call: RestCall, next: (issue: IssueRecord, named: number[]) => number[]): RestAnswer {
  const { repository, access } = enterIssues(call, { ...writeIssues, role: "triage" });
  const issue = findIssue(call, repository);
  const names = asNames(call.body.labels, "name") ?? [];
  const named = resolveLabels(call.world, repository, names, hasAccess(access, "write"));
  const changed = changeIssue(call.world, sceneOf(call, repository), issue, { labels: next(issue, named) });
  return answer(call, repository, changed);
}

function remove(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, { ...writeIssues, role: "triage" });
  const issue = findIssue(call, repository);
  const label = call.world.findLabel(repository.id, call.params.name ?? "");
  if (label === undefined || !issue.labels.includes(label.id)) throw new ApiFailure(404, "Label does not exist");
  const labels = issue.labels.filter((id) => id !== label.id);
  return answer(call, repository, changeIssue(call.world, sceneOf(call, repository), issue, { labels }));
}

function answer(call: RestCall, repository: RepositoryRecord, issue: IssueRecord): RestAnswer {
  const body = labelsOfIssue(call.view, issue).map((label) => presentLabel(call.view, repository, label));
  return { status: 200, body };
}
