import { type JiraAnswer, type JiraCall, type JiraOperation, numberOf, projectOf } from "./call.ts";
import { JiraFailure } from "./failure.ts";
import { assignable } from "./issue-actions.ts";
import { allPermissions, type Permission } from "./model.ts";
import { priorities } from "./scheme.ts";
import { toJiraTime } from "./time.ts";
import { presentField, presentProject, presentStatus, presentUser } from "./views.ts";

/** The site itself, its projects, its people, and what a new issue needs. */
export const siteOperations: readonly JiraOperation[] = [
  { method: "GET", template: "/serverInfo", scope: "none", handle: serverInfo },
  { method: "GET", template: "/myself", scope: "read", handle: myself },
  { method: "GET", template: "/mypermissions", scope: "read", handle: myPermissions },
  { method: "GET", template: "/project/search", only: "cloud", scope: "read", handle: searchProjects },
  { method: "GET", template: "/project", only: "data-center", scope: "read", handle: listProjects },
  { method: "GET", template: "/project/{projectIdOrKey}", scope: "read", handle: readProject },
  { method: "GET", template: "/project/{projectIdOrKey}/statuses", scope: "read", handle: listStatuses },
  { method: "GET", template: "/priority", scope: "read", handle: listPriorities },
  { method: "GET", template: "/user/assignable/search", scope: "read", handle: searchPeople },
  { method: "GET", template: "/issue/createmeta/{projectIdOrKey}/issuetypes", scope: "read", handle: listTypes },
  {
    method: "GET",
    template: "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    scope: "read",
    handle: listFields,
  },
];

function serverInfo(call: JiraCall): JiraAnswer {
  const isCloud = call.world.deployment === "cloud";
  const version = isCloud ? "1001.0.0-SNAPSHOT" : "10.3.2";
  const versionNumbers = isCloud ? [1001, 0, 0] : [10, 3, 2];
  return {
    status: 200,
    body: {
      baseUrl: call.siteUrl,
      version,
      versionNumbers,
      deploymentType: isCloud ? "Cloud" : "Server",
      buildNumber: isCloud ? 100_000 : 10_030_002,
      serverTime: toJiraTime(call.world.now()),
      serverTitle: "Jira",
    },
  };
}

function myself(call: JiraCall): JiraAnswer {
  return { status: 200, body: presentUser(call, call.token.user) };
}

function myPermissions(call: JiraCall): JiraAnswer {
  const project = call.query.get("projectKey");
  if (project !== null) projectOf(call, project);
  const asked = call.query.get("permissions")?.split(",") ?? [...allPermissions];
  const unknown = asked.find((name) => !allPermissions.includes(name as Permission));
  if (unknown !== undefined) throw new JiraFailure(400, [`Unrecognized permission: ${unknown}`]);
  const permissions = asked.map((key) => {
    const havePermission = call.token.permissions.has(key as Permission);
    return [key, { id: key, key, name: key, type: "PROJECT", description: key, havePermission }];
  });
  return { status: 200, body: { permissions: Object.fromEntries(permissions) } };
}

function mayBrowse(call: JiraCall) {
  return call.token.permissions.has("BROWSE_PROJECTS") ? call.world.projects() : [];
}

function searchProjects(call: JiraCall): JiraAnswer {
  const wanted = (call.query.get("query") ?? "").toLowerCase();
  const found = mayBrowse(call).filter(({ key, name }) =>
    [key, name].some((text) => text.toLowerCase().includes(wanted)),
  );
  const startAt = numberOf(call, "startAt", 0);
  const maxResults = numberOf(call, "maxResults", 50, 100);
  const values = found.slice(startAt, startAt + maxResults).map((project) => presentProject(call, project));
  const isLast = startAt + maxResults >= found.length;
  return { status: 200, body: { startAt, maxResults, total: found.length, isLast, values } };
}

function listProjects(call: JiraCall): JiraAnswer {
  return { status: 200, body: mayBrowse(call).map((project) => presentProject(call, project)) };
}

function readProject(call: JiraCall): JiraAnswer {
  const project = projectOf(call, call.params.projectIdOrKey ?? "");
  const issueTypes = project.issueTypes.map(({ id, name, subtask }) => ({ id, name, subtask }));
  return { status: 200, body: { ...presentProject(call, project), issueTypes } };
}

function listStatuses(call: JiraCall): JiraAnswer {
  const project = projectOf(call, call.params.projectIdOrKey ?? "");
  const used = new Set([project.workflow.initial, ...project.workflow.transitions.map(({ to }) => to)]);
  const statuses = [...used].map((id) => presentStatus(call, call.world.status(id)));
  return { status: 200, body: project.issueTypes.map(({ id, name, subtask }) => ({ id, name, subtask, statuses })) };
}

function listPriorities(call: JiraCall): JiraAnswer {
  return {
    status: 200,
    body: priorities.map(({ id, name }) => ({ self: `${call.selfUrl}/priority/${id}`, id, name })),
  };
}

function searchPeople(call: JiraCall): JiraAnswer {
  const key = call.query.get("project");
  if (key === null) throw new JiraFailure(400, ["The project or issue must be given."]);
  projectOf(call, key);
  const text = call.query.get("query") ?? call.query.get("username") ?? "";
  const startAt = numberOf(call, "startAt", 0);
  const maxResults = numberOf(call, "maxResults", 50, 1_000);
  const found = assignable(call.world, text).slice(startAt, startAt + maxResults);
  return { status: 200, body: found.map((user) => presentUser(call, user)) };
}

function paged(call: JiraCall, cloudName: string, all: readonly unknown[]): JiraAnswer {
  const startAt = numberOf(call, "startAt", 0);
  const maxResults = numberOf(call, "maxResults", 50, 200);
  const rows = all.slice(startAt, startAt + maxResults);
  const name = call.world.deployment === "cloud" ? cloudName : "values";
  return { status: 200, body: { startAt, maxResults, total: all.length, [name]: rows } };
}

function listTypes(call: JiraCall): JiraAnswer {
  const project = projectOf(call, call.params.projectIdOrKey ?? "");
  return paged(
    call,
    "issueTypes",
    project.issueTypes.map(({ id, name, subtask }) => ({ id, name, subtask })),
  );
}

function listFields(call: JiraCall): JiraAnswer {
  const project = projectOf(call, call.params.projectIdOrKey ?? "");
  const type = project.issueTypes.find(({ id }) => id === call.params.issueTypeId);
  if (type === undefined) throw new JiraFailure(404, ["The issue type was not found."]);
  const own = { kind: "text", options: [], defaultValue: null } as const;
  const fixed = [
    { ...own, id: "summary", name: "Summary", required: true },
    { ...own, id: "description", name: "Description", kind: "textarea", required: false },
    { ...own, id: "issuetype", name: "Issue Type", required: true },
    { ...own, id: "project", name: "Project", required: true },
  ] as const;
  return paged(
    call,
    "fields",
    [...fixed, ...project.fields].map((field) => ({ fieldId: field.id, ...presentField(call, project, field) })),
  );
}
