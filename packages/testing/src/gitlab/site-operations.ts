import { asText } from "../fake/json.ts";
import {
  type GitLabAnswer,
  type GitLabCall,
  type GitLabOperation,
  paged,
  projectOf,
  reaches,
  requireLevel,
} from "./call.ts";
import { badParameter, GitLabFailure, notFound } from "./failure.ts";
import { presentLabel, presentProject, presentUser, toTime } from "./views.ts";

const labels = "/projects/{id}/labels";

/** The site, its projects, their labels and people. */
export const siteOperations: readonly GitLabOperation[] = [
  { method: "GET", template: "/user", scope: "read_api", handle: readUser },
  { method: "GET", template: "/personal_access_tokens/self", scope: "none", handle: readToken },
  { method: "GET", template: "/metadata", scope: "read_api", handle: metadata },
  { method: "GET", template: "/projects", scope: "read_api", isOutsideExtract: true, handle: listProjects },
  { method: "GET", template: "/projects/{id}", scope: "read_api", handle: readProject },
  { method: "GET", template: "/projects/{id}/members/all", scope: "read_api", handle: listMembers },
  { method: "GET", template: labels, scope: "read_api", handle: listLabels },
  { method: "POST", template: labels, scope: "api", handle: createLabel },
  {
    method: "GET",
    template: "/projects/{id}/milestones",
    scope: "read_api",
    isOutsideExtract: true,
    handle: listMilestones,
  },
];

function readUser(call: GitLabCall): GitLabAnswer {
  return { status: 200, body: { ...presentUser(call, call.token.user), bot: call.token.user.isBot } };
}

/** Only of tokens that people make; the access token of an application is none of these. */
function readToken({ token }: GitLabCall): GitLabAnswer {
  if (token.kind === "oauth") throw notFound("Token");
  const { id, scopes, expiresAt, user } = token;
  const ends = expiresAt === null ? null : toTime(expiresAt).slice(0, "2026-12-24".length);
  return {
    status: 200,
    body: { id, name: "Backref", revoked: false, active: true, scopes, user_id: user.id, expires_at: ends },
  };
}

function metadata(): GitLabAnswer {
  return { status: 200, body: { version: "18.6.0", revision: "0123456789a", enterprise: false } };
}

/** Below three characters GitLab looks for the whole name. */
function listProjects(call: GitLabCall): GitLabAnswer {
  const text = (call.query.get("search") ?? "").toLowerCase();
  const isFound = (value: string) =>
    text.length < 3 ? text === "" || value.toLowerCase() === text : value.toLowerCase().includes(text);
  const withIssues = call.query.get("with_issues_enabled") === "true";
  const rows = call.world
    .projects()
    .filter((project) => reaches(call, project) && (!withIssues || project.issuesEnabled))
    .filter(({ archived }) => call.query.get("archived") !== "false" || !archived)
    .filter(({ path, name }) => isFound(path) || isFound(name));
  return paged(call, rows, (project) => presentProject(call, project, call.token.accessLevel));
}

function readProject(call: GitLabCall): GitLabAnswer {
  return { status: 200, body: presentProject(call, projectOf(call), call.token.accessLevel) };
}

function listMembers(call: GitLabCall): GitLabAnswer {
  projectOf(call);
  const text = (call.query.get("query") ?? "").toLowerCase();
  const rows = call.world
    .users()
    .filter(({ username, name }) => [username, name].some((value) => value.toLowerCase().includes(text)));
  return paged(call, rows, (user) => ({ ...presentUser(call, user), access_level: 30 }));
}

function listLabels(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  const withGroups = call.query.get("include_ancestor_groups") !== "false";
  const rows = call.world.labelsOf(project).filter(({ owner }) => withGroups || owner === project.path);
  return paged(call, rows, (label) => presentLabel(project, label));
}

function createLabel(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  requireLevel(call, 15);
  const [name, color, description = ""] = [call.body["name"], call.body["color"], call.body["description"]].map(asText);
  if (name === undefined) throw badParameter("name is missing");
  if (color === undefined) throw badParameter("color is missing");
  if (name.includes(",")) throw new GitLabFailure(400, { message: { title: ["is invalid"] } });
  if (!/^#[\da-f]{6}$/i.test(color))
    throw new GitLabFailure(400, { message: { color: ["must be a valid color code"] } });
  if (call.world.labelsOf(project).some((label) => label.name === name)) {
    throw new GitLabFailure(409, { message: "Label already exists" });
  }
  const label = { id: call.world.nextId("label"), name, color, description, owner: project.path };
  call.world.labels.set(label.id, label);
  return { status: 201, body: presentLabel(project, label) };
}

function listMilestones(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  const rows = [...call.world.milestones.values()].filter(({ projectId }) => projectId === project.id);
  return paged(call, rows, ({ id, title }) => ({ id, title, project_id: project.id, state: "active" }));
}
