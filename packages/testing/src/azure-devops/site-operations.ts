import type { JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  findProject,
  numberOf,
  projectOf,
  readScopes,
  sees,
  typeOf,
} from "./call.ts";
import { fieldNotFound } from "./failure.ts";
import type { FieldRecord, ProjectRecord, TypeRecord } from "./model.ts";
import { listOf, presentIdentity, projectApi } from "./views.ts";

const types = "/{project}/_apis/wit/workitemtypes";

/** Who asks, the projects, and the types of work items with their fields and states. */
export const siteOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: "/_apis/connectionData", scopes: null, isUndocumented: true, handle: connection },
  {
    method: "GET",
    template: "/_apis/projects",
    scopes: ["vso.project", "vso.profile", ...readScopes],
    handle: projects,
  },
  {
    method: "GET",
    template: "/_apis/projects/{projectId}",
    scopes: ["vso.project", "vso.profile", ...readScopes],
    handle: project,
  },
  { method: "GET", template: types, scopes: readScopes, handle: listTypes },
  { method: "GET", template: `${types}/{type}`, scopes: readScopes, handle: readType },
  { method: "GET", template: `${types}/{type}/states`, scopes: readScopes, handle: states },
  { method: "GET", template: `${types}/{type}/fields`, scopes: readScopes, handle: typeFields },
  { method: "GET", template: `${types}/{type}/fields/{field}`, scopes: readScopes, handle: typeField },
  { method: "GET", template: "/{project}/_apis/wit/fields", scopes: readScopes, handle: fields },
  {
    method: "GET",
    template: "/{project}/_apis/wit/fields/{fieldNameOrRefName}",
    scopes: readScopes,
    handle: readField,
  },
];

function connection(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const { user } = call.token;
  const shown = {
    id: user.id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${user.id}\\${user.uniqueName}`,
    subjectDescriptor: user.descriptor,
    providerDisplayName: user.displayName,
    customDisplayName: user.displayName,
    isActive: true,
    properties: { Account: { $type: "System.String", $value: user.uniqueName } },
  };
  const isServices = call.world.deployment === "services";
  const body = {
    authenticatedUser: shown,
    authorizedUser: shown,
    instanceId: "20cda608-32f0-4e6e-9b7c-8def7b38d15a",
    deploymentId: "7a66c9a1-2e43-4f0c-8aef-2d8b0b9fdb1f",
    deploymentType: isServices ? "hosted" : "onPremises",
    locationServiceData: {
      serviceOwner: "00025394-6065-48ca-87d9-7f5672854ef7",
      defaultAccessMappingMoniker: "PublicAccessMapping",
    },
  };
  return { status: 200, body };
}

function presentProject(call: AzureDevOpsCall, { id, name }: ProjectRecord): JsonObject {
  return {
    id,
    name,
    url: `${call.url}/_apis/projects/${id}`,
    state: "wellFormed",
    revision: 411,
    visibility: "private",
    lastUpdateTime: "2026-01-07T18:13:01.807Z",
  };
}

/** Pages by `$top` and `$skip`; the next one also by a token in a header. */
function projects(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const all = call.world.projects().filter((entry) => sees(call, entry));
  const top = numberOf(call, "$top", 100, 1_000);
  const skip = numberOf(call, "continuationToken", numberOf(call, "$skip", 0, all.length), all.length);
  const page = all.slice(skip, skip + top);
  const next = skip + page.length;
  const headers = next < all.length ? { headers: { "x-ms-continuationtoken": String(next) } } : {};
  return { status: 200, body: listOf(page.map((entry) => presentProject(call, entry))), ...headers };
}

function project(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const found = findProject(call, call.params.projectId ?? "");
  const defaultTeam = {
    id: found.id,
    name: `${found.name} Team`,
    url: `${call.url}/_apis/projects/${found.id}/teams/${found.id}`,
  };
  return { status: 200, body: { ...presentProject(call, found), defaultTeam } };
}

function presentType(call: AzureDevOpsCall, project: ProjectRecord, type: TypeRecord): JsonObject {
  const base = `${projectApi(call, project)}/workItemTypes/${encodeURIComponent(type.name)}`;
  const transitions = Object.fromEntries(
    type.states.map(({ name }) => {
      const next = type.transitions?.[name] ?? type.states.map((state) => state.name);
      return [name, [...new Set([name, ...next])].map((to) => ({ to, actions: null }))];
    }),
  );
  return {
    name: type.name,
    referenceName: type.referenceName,
    description: "",
    color: "CC293D",
    icon: { id: "icon_insect", url: `${call.url}/_apis/wit/workItemIcons/icon_insect?color=CC293D&v=2` },
    isDisabled: type.isDisabled,
    fields: type.fields.map((field) => presentInstance(call, type, field)),
    fieldInstances: type.fields.map((field) => presentInstance(call, type, field)),
    transitions: { "": [{ to: type.states[0]?.name ?? "", actions: null }], ...transitions },
    states: type.states.map(presentState),
    url: base,
  };
}

function presentState({ name, category }: TypeRecord["states"][number]): Readonly<Record<string, string>> {
  return { name, color: "b2b2b2", category };
}

function listTypes(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const found = projectOf(call);
  return { status: 200, body: listOf(found.types.map((type) => presentType(call, found, type))) };
}

function readType(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const found = projectOf(call);
  return { status: 200, body: presentType(call, found, typeOf(call, found)) };
}

function states(call: AzureDevOpsCall): AzureDevOpsAnswer {
  return { status: 200, body: listOf(typeOf(call, projectOf(call)).states.map(presentState)) };
}

/** Values of every kind are shown as text. */
function presentInstance(call: AzureDevOpsCall, type: TypeRecord, field: FieldRecord): JsonObject {
  const isState = field.referenceName === "System.State";
  const value = isState ? (type.states[0]?.name ?? null) : field.defaultValue;
  return {
    helpText: "",
    alwaysRequired: field.alwaysRequired,
    defaultValue: value === null ? null : String(value),
    referenceName: field.referenceName,
    name: field.name,
    url: `${call.url}/_apis/wit/fields/${field.referenceName}`,
  };
}

function expandInstance(call: AzureDevOpsCall, type: TypeRecord, field: FieldRecord): JsonObject {
  const expand = (call.query.get("$expand") ?? "none").toLowerCase();
  return {
    ...presentInstance(call, type, field),
    ...(["all", "allowedvalues"].includes(expand) && { allowedValues: allowedValues(call, type, field) }),
    ...(["all", "dependentfields"].includes(expand) && { dependentFields: dependents(call, field) }),
  };
}

/** A path has a number of its own. */
function dependents(call: AzureDevOpsCall, { kind, referenceName }: FieldRecord): readonly JsonObject[] {
  const field = call.world.findField(referenceName.replace("Path", "Id"));
  if (kind !== "treePath" || field === undefined) return [];
  const url = `${call.url}/_apis/wit/fields/${field.referenceName}`;
  return [{ referenceName: field.referenceName, name: field.name, url }];
}

function allowedValues(call: AzureDevOpsCall, type: TypeRecord, field: FieldRecord): readonly unknown[] {
  if (field.referenceName === "System.State") return type.states.map(({ name }) => name).sort();
  if (field.referenceName === "System.Reason") return type.states.flatMap(({ reasons }) => reasons).sort();
  if (field.kind === "identity") return call.world.users().map((user) => presentIdentity(call, user));
  return field.allowedValues.map(String);
}

function typeFields(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const type = typeOf(call, projectOf(call));
  return { status: 200, body: listOf(type.fields.map((field) => expandInstance(call, type, field))) };
}

function typeField(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const type = typeOf(call, projectOf(call));
  const wanted = call.params.field ?? "";
  const field = type.fields.find((entry) => [entry.referenceName, entry.name].includes(wanted));
  if (field === undefined) throw fieldNotFound(wanted);
  return { status: 200, body: expandInstance(call, type, field) };
}

function presentField(call: AzureDevOpsCall, field: FieldRecord): JsonObject {
  const isIdentity = field.kind === "identity";
  return {
    name: field.name,
    referenceName: field.referenceName,
    type: isIdentity ? "string" : field.kind,
    usage: "workItem",
    readOnly: field.readOnly === true,
    canSortBy: true,
    isQueryable: true,
    isIdentity,
    isPicklist: field.allowedValues.length > 0,
    supportedOperations: [{ referenceName: "SupportedOperations.Equals", name: "=" }],
    url: `${call.url}/_apis/wit/fields/${field.referenceName}`,
  };
}

function fields(call: AzureDevOpsCall): AzureDevOpsAnswer {
  return { status: 200, body: listOf(call.world.fields().map((field) => presentField(call, field))) };
}

function readField(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const wanted = call.params.fieldNameOrRefName ?? "";
  const field = call.world.findField(wanted);
  if (field === undefined) throw fieldNotFound(wanted);
  return { status: 200, body: presentField(call, field) };
}
