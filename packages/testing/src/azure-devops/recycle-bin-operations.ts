import type { JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  emitter,
  findItem,
  itemOf,
  projectOf,
  readScopes,
  require,
  writeScopes,
} from "./call.ts";
import { invalid } from "./failure.ts";
import { restoreItem } from "./issue-actions.ts";
import type { WorkItemRecord } from "./model.ts";
import { identityText, itemUrl, listOf, plainExpansion, presentItem } from "./views.ts";

const list = "/{project}/_apis/wit/recyclebin";
const one = `${list}/{id}`;

/** What was deleted, until it is restored or destroyed. */
export const recycleBinOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: list, scopes: readScopes, handle: readMany },
  { method: "GET", template: one, scopes: readScopes, handle: read },
  { method: "PATCH", template: one, scopes: writeScopes, handle: restore },
  { method: "DELETE", template: one, scopes: writeScopes, handle: destroy },
];

function present(call: AzureDevOpsCall, item: WorkItemRecord): JsonObject {
  return {
    id: item.id,
    code: 200,
    type: item.type,
    name: String(item.fields["System.Title"]),
    project: call.world.projectOf(item).name,
    deletedDate: new Date(item.changedAt).toLocaleString("en-US", { timeZone: "UTC" }),
    deletedBy: identityText(item.changedBy),
    url: `${call.url}/_apis/wit/recycleBin/${item.id}`,
  };
}

/** Those asked for by id, each with a code of its own where it is not there; else all of the project, by address alone. */
function readMany(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const ids = call.query.get("ids");
  if (ids !== null) {
    const found = ids.split(",").map((id) => {
      const item = findItem(call, Number(id), call.asOf, true);
      if (item !== null) return present(call, item);
      const message = `TF401232: Work item ${id} does not exist, or you do not have permissions to read it.`;
      return { id: Number(id), code: 404, message };
    });
    return { status: 200, body: listOf(found) };
  }
  const { id: projectId } = projectOf(call);
  const deleted = call.world.items.values(call.asOf).filter((item) => item.isDeleted && item.projectId === projectId);
  const shown = deleted.map(({ id }) => ({ id, url: `${call.url}/_apis/wit/recycleBin/${id}` }));
  return { status: 200, body: listOf(shown) };
}

function read(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, call.asOf, true);
  return { status: 200, body: { ...present(call, item), resource: presentItem(call, item, plainExpansion) } };
}

function restore(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, undefined, true);
  require(call, "delete");
  if (bodyOf(call)["isDeleted"] !== false) throw invalid("The isDeleted of a restored work item must be false.");
  const restored = restoreItem(call.world, emitter(call), item);
  const body = {
    ...present(call, item),
    url: itemUrl(call, item.id),
    resource: presentItem(call, restored, plainExpansion),
  };
  return { status: 200, body };
}

function destroy(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, undefined, true);
  require(call, "delete");
  call.world.destroyItem(item.id);
  return { status: 204 };
}
