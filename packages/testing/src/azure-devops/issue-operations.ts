import { asText } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  emitter,
  findItem,
  isTrue,
  itemOf,
  projectOf,
  readScopes,
  require,
  typeOf,
  writeScopes,
} from "./call.ts";
import { fieldNotFound, invalid, workItemNotFound } from "./failure.ts";
import { changeItem, createItem, deleteItem, emptyItem } from "./issue-actions.ts";
import type { WorkItemRecord } from "./model.ts";
import { applyPatch } from "./patch.ts";
import { type Expansion, listOf, plainExpansion, presentItem } from "./views.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: the contract writes the type's parameter after a dollar sign
const ofType = "/{project}/_apis/wit/workitems/${type}";
const one = "/{project}/_apis/wit/workitems/{id}";
const batchLimit = 200;

/** Creating, reading, changing and deleting work items. */
export const issueOperations: readonly AzureDevOpsOperation[] = [
  { method: "POST", template: ofType, scopes: writeScopes, handle: create },
  { method: "GET", template: "/{project}/_apis/wit/workitems", scopes: readScopes, handle: list },
  { method: "POST", template: "/{project}/_apis/wit/workitemsbatch", scopes: readScopes, handle: batch },
  { method: "GET", template: one, scopes: readScopes, handle: read },
  { method: "PATCH", template: one, scopes: writeScopes, handle: update },
  { method: "DELETE", template: one, scopes: writeScopes, handle: remove },
];

function create(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const project = projectOf(call);
  const type = typeOf(call, project);
  require(call, "edit");
  const scene = emitter(call);
  const mayCreateTags = call.token.permissions.has("create-tags");
  const patched = applyPatch(call.world, emptyItem(project, type, scene), call.body, mayCreateTags);
  const item = createItem(call.world, project, type, scene, patched, { validateOnly: isTrue(call, "validateOnly") });
  return { status: 200, body: presentItem(call, item, written(call)) };
}

/** What was written is shown with its relations. */
function written(call: AzureDevOpsCall): Expansion {
  const { all } = expansionOf(call.query.get("$expand"), null);
  return { ...plainExpansion, relations: true, all };
}

/** Fields and an expansion cannot both be asked for. */
function expansionOf(expand: string | null, fields: readonly string[] | null): Expansion {
  const wanted = (expand ?? "none").toLowerCase();
  if (!["none", "relations", "fields", "links", "all"].includes(wanted))
    throw invalid(`The value '${wanted}' is not valid for $expand.`, "VssPropertyValidationException");
  if (fields !== null && wanted !== "none" && wanted !== "links")
    throw invalid("The expand parameter can not be used with the fields parameter.", "ConflictingParametersException");
  const isAll = wanted === "all";
  return { fields, relations: isAll || wanted === "relations", links: isAll || wanted === "links", all: isAll };
}

function fieldsOf(call: AzureDevOpsCall, given: readonly string[]): readonly string[] | null {
  if (given.length === 0) return null;
  return given.map((name) => {
    const field = call.world.findField(name.trim());
    if (field === undefined) throw fieldNotFound(name.trim());
    return field.referenceName;
  });
}

function read(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const fields = fieldsOf(call, splitList(call.query.get("fields")));
  const expansion = expansionOf(call.query.get("$expand"), fields);
  return { status: 200, body: presentItem(call, itemOf(call, momentOf(call)), { ...expansion, links: true }) };
}

function momentOf(call: AzureDevOpsCall, given: string | null = call.query.get("asOf")): number | undefined {
  return given === null ? call.asOf : Date.parse(given);
}

function splitList(text: string | null): string[] {
  return (text ?? "").split(",").filter((entry) => entry !== "");
}

function list(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const fields = fieldsOf(call, splitList(call.query.get("fields")));
  const expansion = expansionOf(call.query.get("$expand"), fields);
  const policy = call.query.get("errorPolicy");
  return { status: 200, body: many(call, splitList(call.query.get("ids")), expansion, policy, momentOf(call)) };
}

function batch(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const { ids, fields: names, $expand, errorPolicy, asOf } = bodyOf(call);
  const fields = fieldsOf(call, Array.isArray(names) ? names.map(String) : []);
  const expansion = expansionOf(asText($expand) ?? null, fields);
  const wanted = Array.isArray(ids) ? ids.map(String) : [];
  const moment = momentOf(call, asText(asOf) ?? null);
  return { status: 200, body: many(call, wanted, expansion, asText(errorPolicy) ?? null, moment) };
}

/** In the order they were asked for. One that is not there fails the call, or stands as null where it may be left out. */
function many(
  call: AzureDevOpsCall,
  ids: readonly string[],
  expansion: Expansion,
  errorPolicy: string | null,
  asOf: number | undefined,
): unknown {
  if (ids.length === 0) throw invalid("The ids of the work items are missing.", "VssPropertyValidationException");
  if (ids.length > batchLimit)
    throw invalid(`VS402337: The number of work items returned exceeds the size limit of ${batchLimit}.`);
  const omits = errorPolicy?.toLowerCase() === "omit";
  const found = ids.map((id): WorkItemRecord | null => {
    const item = findItem(call, Number(id), asOf);
    if (item === null && !omits) throw workItemNotFound(id);
    return item;
  });
  return listOf(found.map((item) => (item === null ? null : presentItem(call, item, expansion))));
}

function update(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, undefined);
  require(call, "edit");
  const patched = applyPatch(call.world, item, call.body, call.token.permissions.has("create-tags"));
  const changed = changeItem(call.world, emitter(call), item, patched, { validateOnly: isTrue(call, "validateOnly") });
  return { status: 200, body: presentItem(call, changed, written(call)) };
}

/** Into the recycle bin, or with `destroy` away for good. */
function remove(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, undefined);
  require(call, "delete");
  const deleted = deleteItem(call.world, emitter(call), item);
  if (isTrue(call, "destroy")) call.world.destroyItem(item.id);
  const project = call.world.projectOf(item);
  const { actor } = emitter(call);
  const body = {
    id: item.id,
    type: item.type,
    name: asText(item.fields["System.Title"]) ?? "",
    project: project.name,
    deletedDate: new Date(deleted.changedAt).toISOString(),
    deletedBy: actor.displayName,
    code: 200,
    url: `${call.url}/_apis/wit/recycleBin/${item.id}`,
  };
  return { status: 200, body };
}
