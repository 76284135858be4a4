import type { JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  findProject,
  numberOf,
  projectOf,
  readScopes,
} from "./call.ts";
import { AzureDevOpsFailure, invalid } from "./failure.ts";
import type { ProjectRecord, UserRecord } from "./model.ts";
import { listOf, presentIdentity, projectApi } from "./views.ts";

const nodes = "/{project}/_apis/wit/classificationnodes";
const teams = "/_apis/projects/{projectId}/teams";
const people = ["vso.project", "vso.profile", ...readScopes] as const;

/** People, teams, areas and iterations. */
export const directoryOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: nodes, scopes: readScopes, handle: rootNodes },
  { method: "GET", template: `${nodes}/{structureGroup}`, scopes: readScopes, isUndocumented: true, handle: node },
  { method: "GET", template: teams, scopes: people, handle: listTeams },
  { method: "GET", template: `${teams}/{teamId}/members`, scopes: people, handle: members },
  { method: "GET", template: "/_apis/identities", scopes: ["vso.identity"], isUndocumented: true, handle: identities },
];

type StructureGroup = "areas" | "iterations";

/** The tree below a path, as deep as asked; ids are places in the list of paths. */
function tree(
  call: AzureDevOpsCall,
  project: ProjectRecord,
  group: StructureGroup,
  path: string,
  depth: number,
): JsonObject {
  const paths = project[group];
  const isChild = (other: string) => other.startsWith(`${path}\\`) && !other.slice(path.length + 1).includes("\\");
  const children = paths.filter(isChild);
  const place = path.split("\\").slice(1).map(encodeURIComponent).join("/");
  const title = group === "areas" ? "Areas" : "Iterations";
  return {
    id: 3_000 + paths.indexOf(path) + (group === "areas" ? 0 : 1_000),
    identifier: project.id,
    name: path.split("\\").at(-1) ?? "",
    structureType: group === "areas" ? "area" : "iteration",
    hasChildren: children.length > 0,
    path: `\\${project.name}\\${title.slice(0, -1)}${path.slice(project.name.length)}`,
    ...(depth > 0 &&
      children.length > 0 && { children: children.map((child) => tree(call, project, group, child, depth - 1)) }),
    url: `${projectApi(call, project)}/classificationNodes/${title}${place === "" ? "" : `/${place}`}`,
  };
}

function rootNodes(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const project = projectOf(call);
  const depth = numberOf(call, "$depth", 0, 20);
  const both = (["areas", "iterations"] as const).map((group) => tree(call, project, group, project.name, depth));
  return { status: 200, body: listOf(both) };
}

function node(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const project = projectOf(call);
  const group = (call.params.structureGroup ?? "").toLowerCase();
  if (group !== "areas" && group !== "iterations")
    throw invalid(`${group} is no structure group.`, "ArgumentException");
  return { status: 200, body: tree(call, project, group, project.name, numberOf(call, "$depth", 0, 20)) };
}

/** A project has one team, with everybody in it. */
function listTeams(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const project = findProject(call, call.params.projectId ?? "");
  const url = `${call.url}/_apis/projects/${project.id}/teams/${project.id}`;
  const team = { id: project.id, name: `${project.name} Team`, url, projectName: project.name, projectId: project.id };
  return { status: 200, body: listOf([team]) };
}

function members(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const project = findProject(call, call.params.projectId ?? "");
  if (![project.id, `${project.name} Team`].includes(call.params.teamId ?? ""))
    throw new AzureDevOpsFailure(404, "TeamNotFoundException", `The team ${call.params.teamId} does not exist.`);
  const all = call.world.users();
  const skip = numberOf(call, "$skip", 0, all.length);
  const page = all.slice(skip, skip + numberOf(call, "$top", 100, 500));
  return { status: 200, body: listOf(page.map((user) => ({ identity: presentIdentity(call, user) }))) };
}

/** Whose name or address contains, or with another filter is, the text. */
function identities(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const text = (call.query.get("filterValue") ?? "").toLowerCase();
  const ids = (call.query.get("identityIds") ?? "").split(",");
  const isGeneral = (call.query.get("searchFilter") ?? "General").toLowerCase() === "general";
  const matches = (user: UserRecord): boolean => {
    if (text === "") return ids.includes(user.id);
    const names = [user.displayName, user.uniqueName].map((name) => name.toLowerCase());
    return names.some((name) => (isGeneral ? name.includes(text) : name === text));
  };
  const found = call.world.users().filter(matches);
  const shown = found.map((user) => ({
    id: user.id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${user.id}\\${user.uniqueName}`,
    subjectDescriptor: user.descriptor,
    providerDisplayName: user.displayName,
    isActive: true,
    properties: {
      SchemaClassName: { $type: "System.String", $value: "User" },
      Account: { $type: "System.String", $value: user.uniqueName },
      Mail: { $type: "System.String", $value: user.uniqueName },
    },
  }));
  return { status: 200, body: listOf(shown) };
}
