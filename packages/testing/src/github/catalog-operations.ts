import { hasAccess, mustHaveRights } from "./access.ts";
import { presentFieldValues, presentIssueField, presentIssueType, presentMilestone } from "./catalog-view.ts";
import { forbidden, invalid, notFound } from "./failure.ts";
import { changeIssue } from "./issue-actions.ts";
import { wantedFieldValues } from "./issue-members.ts";
import type { IssueFieldValue, IssueRecord, RepositoryRecord } from "./model.ts";
import { paginate } from "./paging.ts";
import {
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

const valuesOf = "/repos/{owner}/{repo}/issues/{issue_number}/issue-field-values";

/** What organizations and repositories offer their issues. */
export const catalogOperations: readonly RestOperation[] = [
  { method: "GET", template: "/repos/{owner}/{repo}/issue-types", handle: listTypes },
  { method: "GET", template: "/orgs/{org}/issue-fields", handle: listFields },
  { method: "GET", template: "/repos/{owner}/{repo}/milestones", handle: listMilestones },
  { method: "GET", template: valuesOf, handle: listValues },
  { method: "POST", template: valuesOf, handle: addValues },
  { method: "DELETE", template: `${valuesOf}/{issue_field_id}`, handle: removeValue },
];

function listTypes(call: RestCall): RestAnswer {
  const { repository } = enter(call, { permission: "metadata", level: "read", role: "read" });
  const { catalog } = call.world;
  if (call.view.lacks.has("issue-types") || !catalog.isOrganization(repository.owner)) throw notFound();
  return { status: 200, body: catalog.typesOf(repository.owner).map(presentIssueType) };
}

function listFields(call: RestCall): RestAnswer {
  const { catalog } = call.world;
  const { org = "" } = call.params;
  if (call.view.lacks.has("issue-fields") || !catalog.isOrganization(org) || call.token === null) throw notFound();
  const { scopes, permissions } = call.token;
  const mayRead = permissions !== null || scopes.some((scope) => /^(read|write|admin):org$/.test(scope));
  if (!mayRead) {
    const headers = { "x-accepted-oauth-scopes": "admin:org, read:org, repo, user, write:org" };
    throw forbidden("You need at least read:org scope to list an organization's issue fields.", headers);
  }
  return { status: 200, body: catalog.fieldsOf(org).map(presentIssueField) };
}

function listMilestones(call: RestCall): RestAnswer {
  const { repository } = enter(call, readIssues);
  const state = call.query.get("state") ?? "open";
  const all = call.world.catalog
    .milestonesOf(repository.id)
    .filter((milestone) => state === "all" || milestone.state === state);
  const page = paginate(all, call.query, `${call.view.apiUrl}/repositories/${repository.id}/milestones`);
  const body = page.items.map((milestone) => presentMilestone(call.view, milestone));
  return { status: 200, body, headers: page.headers };
}

function listValues(call: RestCall): RestAnswer {
  const { repository } = enterIssues(call, readIssues);
  return { status: 200, body: presentFieldValues(call.view, findIssue(call, repository)) };
}

function addValues(call: RestCall): RestAnswer {
  const { repository, issue } = enterForValues(call);
  const wanted = wantedFieldValues(call, repository);
  if (wanted === undefined) throw invalid({ resource: "Issue", code: "invalid", field: "issue_field_values" });
  const ids = new Set(wanted.map(({ fieldId }) => fieldId));
  const kept = issue.fieldValues.filter(({ fieldId }) => !ids.has(fieldId));
  return written(call, repository, issue, wanted.length === 0 ? [] : [...kept, ...wanted]);
}

function removeValue(call: RestCall): RestAnswer {
  const { repository, issue } = enterForValues(call);
  const id = Number(call.params.issue_field_id);
  if (!issue.fieldValues.some(({ fieldId }) => fieldId === id)) throw notFound();
  written(
    call,
    repository,
    issue,
    issue.fieldValues.filter(({ fieldId }) => fieldId !== id),
  );
  return { status: 204 };
}

function enterForValues(call: RestCall): { repository: RepositoryRecord; issue: IssueRecord } {
  const { repository, access } = enterIssues(call, writeIssues);
  if (call.view.lacks.has("issue-fields") || !call.world.catalog.isOrganization(repository.owner)) throw notFound();
  const issue = findIssue(call, repository);
  if (!hasAccess(access, "write")) throw mustHaveRights(call.token);
  return { repository, issue };
}

function written(
  call: RestCall,
  repository: RepositoryRecord,
  issue: IssueRecord,
  fieldValues: readonly IssueFieldValue[],
): RestAnswer {
  const changed = changeIssue(call.world, sceneOf(call, repository), issue, { fieldValues });
  return { status: 200, body: presentFieldValues(call.view, changed) };
}
