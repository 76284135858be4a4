import { asText } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  isTrue,
  numberOf,
  readScopes,
  scopeOf,
  sees,
} from "./call.ts";
import { AzureDevOpsFailure } from "./failure.ts";
import { iso } from "./time.ts";
import { itemUrl } from "./views.ts";
import { parseWiql } from "./wiql.ts";
import { checkCondition, fieldOf, matches, type QueryScene, sortItems } from "./wiql-match.ts";

/** Queries answer with ids alone. */
export const queryOperations: readonly AzureDevOpsOperation[] = [
  { method: "POST", template: "/{project}/{team}/_apis/wit/wiql", scopes: readScopes, handle: query },
];

const resultLimit = 20_000;

/** A project in the path is for `@Project` only: the whole organisation is looked through. */
function query(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const { columns, where, order } = parseWiql(asText(bodyOf(call)["query"]) ?? "");
  const hasTimePrecision = isTrue(call, "timePrecision");
  const scene: QueryScene = { world: call.world, me: call.token.user, project: scopeOf(call), hasTimePrecision };
  if (where !== null) checkCondition(where, scene);
  const seen = call.world.items
    .values(call.indexedAt)
    .filter((item) => !item.isDeleted && sees(call, call.world.projectOf(item)));
  const found = where === null ? seen : seen.filter((item) => matches(item, where, scene));
  const top = numberOf(call, "$top", resultLimit, resultLimit);
  if (found.length > resultLimit && call.query.get("$top") === null) {
    const message = `VS402337: The number of work items returned exceeds the size limit of ${resultLimit}. Change the query to return fewer items.`;
    throw new AzureDevOpsFailure(400, "WorkItemTrackingQueryResultSizeLimitExceededException", message);
  }
  const reference = (name: string) => {
    const { referenceName, name: title } = fieldOf(scene, name);
    return { referenceName, name: title, url: `${call.url}/_apis/wit/fields/${referenceName}` };
  };
  const body = {
    queryType: "flat",
    queryResultType: "workItem",
    asOf: iso(call.world.now()),
    columns: columns.map(reference),
    ...(order.length > 0 && {
      sortColumns: order.map(({ field, isDescending }) => ({ field: reference(field), descending: isDescending })),
    }),
    workItems: sortItems(found, order, scene)
      .slice(0, top)
      .map(({ id }) => ({ id, url: itemUrl(call, id) })),
  };
  return { status: 200, body };
}
